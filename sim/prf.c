/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "prf.h"

#include <assert.h>
#include <string.h>

#include "mem.h"
#include "sha256.h"

#define INNER 0x36
#define OUTER 0x5C

/* Both hashes of HMAC (RFC 2104) after the key, which is at most one block here. */
struct hmac {
	struct sha256 inner, outer;
};

static void start(struct sha256 *s, const uint8_t *key, size_t len, uint8_t pad)
{
	uint8_t block[SHA256_BLOCK];

	memset(block, pad, sizeof(block));
	for (size_t i = 0; i < len; i++)
		block[i] ^= key[i];
	sha256_init(s);
	sha256_update(s, block, sizeof(block));
	mem_wipe(block, sizeof(block));
}

static void finish(uint8_t mac[static SHA256_LEN], struct hmac *m)
{
	sha256_digest(&m->inner, mac);
	sha256_update(&m->outer, mac, SHA256_LEN);
	sha256_digest(&m->outer, mac);
}

void prf(uint8_t *out, size_t len, const uint8_t *secret, size_t secret_len, const uint8_t *seed,
	size_t seed_len)
{
	uint8_t a[SHA256_LEN], block[SHA256_LEN];
	struct hmac keyed, m;

	assert(secret_len <= PRF_SECRET_MAX);
	start(&keyed.inner, secret, secret_len, INNER);
	start(&keyed.outer, secret, secret_len, OUTER);
	m = keyed;
	sha256_update(&m.inner, seed, seed_len);
	finish(a, &m);
	for (size_t n; len > 0; out += n, len -= n) {
		m = keyed;
		sha256_update(&m.inner, a, sizeof(a));
		sha256_update(&m.inner, seed, seed_len);
		finish(block, &m);
		n = len < sizeof(block) ? len : sizeof(block);
		memcpy(out, block, n);
		m = keyed;
		sha256_update(&m.inner, a, sizeof(a));
		finish(a, &m);
	}
	mem_wipe(&keyed, sizeof(keyed));
	mem_wipe(&m, sizeof(m));
	mem_wipe(a, sizeof(a));
	mem_wipe(block, sizeof(block));
}
