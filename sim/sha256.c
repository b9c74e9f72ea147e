/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sha256.h"

#include <string.h>

#include "mem.h"

/* FIPS 180-4, sections 4.2.2 and 5.3.3. */
static const uint32_t constants[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };
static const uint32_t initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
	0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void schedule(uint32_t w[static 64], const uint8_t *block)
{
	for (size_t i = 0; i < 16; i++, block += 4)
		w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
		       (uint32_t)block[2] << 8 | block[3];
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* FIPS 180-4, section 6.2.2; v holds a to h. */
static void compress(uint32_t h[static 8], const uint8_t *block)
{
	uint32_t w[64], v[8], t1, t2;

	schedule(w, block);
	memcpy(v, h, sizeof(v));
	for (size_t i = 0; i < 64; i++) {
		t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) +
		     ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[i] + w[i];
		t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
		     ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (size_t i = 0; i < 8; i++)
		h[i] += v[i];
	mem_wipe(w, sizeof(w));
	mem_wipe(v, sizeof(v));
}

void sha256_init(struct sha256 *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->h, initial, sizeof(s->h));
}

void sha256_update(struct sha256 *s, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t n; len > 0; p += n, len -= n) {
		size_t have = s->len % SHA256_BLOCK;

		n = len < SHA256_BLOCK - have ? len : SHA256_BLOCK - have;
		memcpy(s->block + have, p, n);
		s->len += n;
		if (have + n == SHA256_BLOCK)
			compress(s->h, s->block);
	}
}

void sha256_digest(const struct sha256 *s, uint8_t digest[static SHA256_LEN])
{
	static const uint8_t padding[SHA256_BLOCK] = { 0x80 };
	struct sha256 last = *s;
	uint8_t bits[8];

	for (size_t i = 0; i < 8; i++)
		bits[i] = (uint8_t)(s->len * 8 >> (56 - 8 * i));
	sha256_update(&last, padding, 1 + (119 - s->len % SHA256_BLOCK) % SHA256_BLOCK);
	sha256_update(&last, bits, sizeof(bits));
	for (size_t i = 0; i < SHA256_LEN; i++)
		digest[i] = (uint8_t)(last.h[i / 4] >> (24 - 8 * (i % 4)));
	mem_wipe(&last, sizeof(last));
}
