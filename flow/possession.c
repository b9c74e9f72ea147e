/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "possession.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <string.h>

static const char label[] = "trustx possession";

static enum trustx_err challenge(
	uint8_t digest[static 32], const struct device *dev, struct fail *f)
{
	uint8_t text[sizeof(label) - 1 + TRUSTX_UID_LEN + 32], *p = text;

	memcpy(p, label, sizeof(label) - 1);
	p += sizeof(label) - 1;
	memcpy(p, dev->uid, TRUSTX_UID_LEN);
	p += TRUSTX_UID_LEN;
	if (RAND_bytes(p, 32) != 1)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "no random numbers");
	if (EVP_Digest(text, sizeof(text), digest, NULL, EVP_sha256(), NULL) != 1)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "SHA-256 failed");
	return TRUSTX_OK;
}

enum trustx_err possession_sign(struct possession *proof, struct device *dev, uint16_t oid,
	enum trustx_curve curve, struct fail *f)
{
	enum trustx_err err;

	memset(proof, 0, sizeof(*proof));
	proof->curve = curve;
	proof->sig_len = sizeof(proof->sig);
	if ((err = challenge(proof->digest, dev, f)) != TRUSTX_OK)
		return err;
	if ((err = device_signs(dev, oid, f)) != TRUSTX_OK)
		return err;
	err = trustx_sign(&dev->se, proof->sig, &proof->sig_len, oid, curve, proof->digest,
		sizeof(proof->digest));
	return err == TRUSTX_OK ? TRUSTX_OK : device_fail(dev, err, f, "sign with 0x%04X", oid);
}

static EVP_PKEY *to_pkey(const struct trustx_public_key *key)
{
	uint8_t spki[TRUSTX_SPKI_MAX];
	const uint8_t *p = spki;
	size_t len = sizeof(spki);

	if (trustx_spki(spki, &len, key) != TRUSTX_OK)
		return NULL;
	return d2i_PUBKEY(NULL, &p, (long)len);
}

bool possession_holds(const struct possession *proof, const struct trustx_public_key *key)
{
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *pkey;
	bool holds;

	if (key->curve != proof->curve)
		return false;
	ERR_set_mark();
	if ((pkey = to_pkey(key)) != NULL)
		ctx = EVP_PKEY_CTX_new(pkey, NULL);
	holds = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
		EVP_PKEY_verify(
			ctx, proof->sig, proof->sig_len, proof->digest, sizeof(proof->digest)) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	ERR_pop_to_mark();
	return holds;
}

enum trustx_err possession_prove(
	struct device *dev, uint16_t oid, const struct trustx_public_key *key, struct fail *f)
{
	struct possession proof;
	enum trustx_err err;

	if ((err = possession_sign(&proof, dev, oid, key->curve, f)) != TRUSTX_OK)
		return err;
	if (!possession_holds(&proof, key)) {
		fail_set(f, TRUSTX_ERR_MISMATCH,
			"a signature made by 0x%04X just now does not verify under the public key",
			oid);
		f->oid = oid;
		return fail_what(f, "prove the possession of the private key");
	}
	return TRUSTX_OK;
}
