/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Simulated chips with fresh keys, reached through a provider, and what is asked of such keys. */
#ifndef TESTS_PROVIDER_WORLD_H
#define TESTS_PROVIDER_WORLD_H

#include "test.h"

#include <stdbool.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "bus.h"
#include "provider.h"

#define SLOT 0xE0F1

/* A simulated chip with a fresh key, reached through a provider that other chips may share. */
struct device {
	struct trustx_bus bus;
	struct trustx se;
	enum trustx_curve curve;
	uint8_t point[TRUSTX_POINT_MAX];
	size_t point_len;
	EVP_PKEY *key;
};

static inline void device_open(struct device *d, const char *name, enum trustx_curve curve)
{
	char uri[64];
	struct fail f;

	snprintf(uri, sizeof(uri), "sim:%s?seed=7", name);
	unlink(name);
	*d = (struct device){ .curve = curve, .point_len = sizeof(d->point) };
	if (trustx_bus_open(&d->bus, uri, &f) != TRUSTX_OK)
		test_die(uri, 0, f.why);
	if (trustx_open(&d->se, &d->bus, NULL) != TRUSTX_OK)
		test_die(uri, 0, trustx_error_text(&d->se));
	if (trustx_generate_key(&d->se, d->point, &d->point_len, SLOT, curve, TRUSTX_USAGE_SIGN) !=
		TRUSTX_OK)
		test_die(uri, 0, trustx_error_text(&d->se));
}

static inline void device_key(struct device *d, const struct provider *p)
{
	struct trustx_public_key public = { d->curve, d->point, d->point_len };
	struct fail f;

	if (provider_key(&d->key, p, &d->se, SLOT, &public, &f) != TRUSTX_OK)
		test_die("provider_key", 0, f.why);
}

static inline void device_close(struct device *d)
{
	EVP_PKEY_free(d->key);
	trustx_close(&d->se);
	trustx_bus_close(&d->bus);
}

/* One chip, one provider: what most tests need. */
struct setup {
	struct provider p;
	struct device d;
};

static inline void setup(struct setup *s, enum trustx_curve curve)
{
	struct fail f;

	if (provider_open(&s->p, &f) != TRUSTX_OK)
		test_die("provider_open", 0, f.why);
	device_open(&s->d, "provider.chip", curve);
	device_key(&s->d, &s->p);
}

static inline void teardown(struct setup *s)
{
	device_close(&s->d);
	provider_close(&s->p);
	CHECK(ERR_peek_error() == 0);
}

/* A key of OpenSSL's default context with this point, independent of the provider. */
static inline EVP_PKEY *plain_key(const struct device *d)
{
	struct trustx_public_key public = { d->curve, d->point, d->point_len };
	uint8_t spki[TRUSTX_SPKI_MAX];
	size_t len = sizeof(spki);
	const unsigned char *at = spki;
	EVP_PKEY *key;

	CHECK_OK(trustx_spki(spki, &len, &public));
	CHECK((key = d2i_PUBKEY(NULL, &at, (long)len)) != NULL);
	return key;
}

static inline bool verifies(
	EVP_PKEY *key, const char *md, const uint8_t *sig, size_t len, const char *text)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	CHECK(EVP_DigestVerifyInit_ex(ctx, NULL, md, NULL, NULL, key, NULL) == 1);
	ok = EVP_DigestVerify(ctx, sig, len, (const uint8_t *)text, strlen(text)) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

static inline size_t sign_text(
	uint8_t *sig, const struct setup *s, const char *md, const char *text)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = TRUSTX_SIG_MAX;

	CHECK(EVP_DigestSignInit_ex(ctx, NULL, md, s->p.libctx, NULL, s->d.key, NULL) == 1);
	CHECK(EVP_DigestSignUpdate(ctx, text, strlen(text)) == 1);
	CHECK(EVP_DigestSignFinal(ctx, sig, &len) == 1);
	EVP_MD_CTX_free(ctx);
	return len;
}

/* Text given with the oldest error, where it began; the queue is emptied. */
static inline const char *first_error(char out[static 512])
{
	const char *data = "";
	unsigned long code = ERR_peek_error_data(&data, NULL);
	const char *reason = ERR_reason_error_string(code);

	snprintf(out, 512, "%s: %s", reason != NULL ? reason : "?", data);
	ERR_clear_error();
	return out;
}

static inline int sign_digest(const struct setup *s, uint8_t *sig, size_t *sig_len, size_t len)
{
	uint8_t digest[64];
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(s->p.libctx, s->d.key, NULL);
	int rc;

	memset(digest, 0x5A, sizeof(digest));
	CHECK(ctx != NULL && EVP_PKEY_sign_init(ctx) == 1);
	rc = EVP_PKEY_sign(ctx, sig, sig_len, digest, len);
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

static inline int verify_digest(EVP_PKEY *key, const uint8_t *sig, size_t sig_len, size_t len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t digest[64];
	int rc;

	memset(digest, 0x5A, sizeof(digest));
	CHECK(ctx != NULL && EVP_PKEY_verify_init(ctx) == 1);
	rc = EVP_PKEY_verify(ctx, sig, sig_len, digest, len);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}

#endif
