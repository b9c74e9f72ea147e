/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "rng.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "buf.h"
#include "mem.h"

static enum trustx_err next_block(struct rng *r, uint8_t block[static 32])
{
	uint8_t in[16];
	struct writer w;

	writer_init(&w, in, sizeof(in));
	writer_u64(&w, r->seed);
	writer_u64(&w, r->drawn++);
	if (EVP_Digest(in, sizeof(in), block, NULL, EVP_sha256(), NULL) != 1)
		return TRUSTX_ERR_CRYPTO;
	return TRUSTX_OK;
}

enum trustx_err rng_bytes(struct rng *r, uint8_t *out, size_t len)
{
	enum trustx_err err = TRUSTX_OK;
	uint8_t block[32];

	if (!r->seeded)
		return RAND_bytes(out, (int)len) == 1 ? TRUSTX_OK : TRUSTX_ERR_CRYPTO;
	for (size_t n; err == TRUSTX_OK && len > 0; out += n, len -= n) {
		n = len < sizeof(block) ? len : sizeof(block);
		err = next_block(r, block);
		memcpy(out, block, n);
	}
	mem_wipe(block, sizeof(block));
	return err;
}
