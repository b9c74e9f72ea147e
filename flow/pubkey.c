/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "pubkey.h"

#include "possession.h"
#include "recover.h"
#include "state.h"

#include <openssl/pem.h>

#include <string.h>

#define PUB_FILE_MAX 4096u

static const char *const sources[] = {
	[PUBKEY_GENERATED] = "generated",
	[PUBKEY_CERTIFICATE] = "certificate",
	[PUBKEY_STATE_FILE] = "state file",
	[PUBKEY_RECOVERED] = "recovered",
};

const char *pubkey_source_text(enum pubkey_source source)
{
	return sources[source];
}

static size_t point_size(enum trustx_curve curve)
{
	return curve == TRUSTX_P384 ? 97 : 65;
}

struct trustx_public_key pubkey_view(const struct pubkey *key)
{
	return (struct trustx_public_key){ key->curve, key->point, key->point_len };
}

enum trustx_err pubkey_pem(struct blob *pem, const struct pubkey *key, struct fail *f)
{
	struct trustx_public_key view = pubkey_view(key);
	uint8_t spki[TRUSTX_SPKI_MAX];
	size_t len = sizeof(spki);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;
	enum trustx_err err = TRUSTX_ERR_CRYPTO;

	if (bio == NULL || trustx_spki(spki, &len, &view) != TRUSTX_OK ||
		PEM_write_bio(bio, PEM_STRING_PUBLIC, "", spki, (long)len) <= 0)
		goto out;
	n = BIO_get_mem_data(bio, &text);
	err = blob_add(pem, text, (size_t)n);
out:
	BIO_free(bio);
	if (err != TRUSTX_OK)
		fail_set(f, err, "cannot encode the public key");
	return err;
}

/* The point is the end of the SubjectPublicKeyInfo; encoding it again must give the same bytes. */
static bool point_from_spki(struct pubkey *key, const uint8_t *der, size_t len)
{
	struct trustx_public_key view;
	uint8_t spki[TRUSTX_SPKI_MAX];
	size_t spki_len = sizeof(spki);

	key->point_len = point_size(key->curve);
	if (len < key->point_len)
		return false;
	memcpy(key->point, der + len - key->point_len, key->point_len);
	view = pubkey_view(key);
	return trustx_spki(spki, &spki_len, &view) == TRUSTX_OK && spki_len == len &&
	       memcmp(spki, der, len) == 0;
}

/* A damaged file counts as missing: whatever it says would have to be proved anyway. */
static bool point_from_pem(struct pubkey *key, const struct blob *pem)
{
	BIO *bio = pem->len > 0 ? BIO_new_mem_buf(pem->data, (int)pem->len) : NULL;
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	long len;
	bool ok = bio != NULL && PEM_read_bio(bio, &name, &header, &der, &len) == 1 &&
		  strcmp(name, PEM_STRING_PUBLIC) == 0 && point_from_spki(key, der, (size_t)len);

	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(bio);
	return ok;
}

enum trustx_err pubkey_from_file(struct pubkey *key, bool *found, const struct device *dev,
	const struct slot_state *slot, struct fail *f)
{
	struct blob pem;
	enum trustx_err err;

	*found = false;
	blob_init(&pem, PUB_FILE_MAX);
	*key = (struct pubkey){
		.curve = slot->curve, .usage = slot->usage, .source = PUBKEY_STATE_FILE
	};
	if ((err = state_load(&pem, dev, slot->slot.key, STATE_PUBLIC_KEY, f)) == TRUSTX_OK)
		*found = point_from_pem(key, &pem);
	else if (err == TRUSTX_ERR_TOO_BIG)
		err = TRUSTX_OK;
	blob_free(&pem);
	return err;
}

static bool from_certificate(struct pubkey *key, const struct slot_state *slot)
{
	struct fail ignored;

	*key = (struct pubkey){ .curve = slot->curve,
		.usage = slot->usage,
		.point_len = sizeof(key->point),
		.source = PUBKEY_CERTIFICATE };
	return slot->certs != NULL &&
	       cert_point(key->point, &key->point_len, sk_X509_value(slot->certs, 0), &ignored) ==
		       TRUSTX_OK &&
	       key->point_len == point_size(slot->curve);
}

enum trustx_err pubkey_save(
	const struct pubkey *key, const struct device *dev, uint16_t oid, struct fail *f)
{
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, PUB_FILE_MAX);
	if ((err = pubkey_pem(&pem, key, f)) == TRUSTX_OK)
		err = state_save(dev, oid, STATE_PUBLIC_KEY, &pem, f);
	blob_free(&pem);
	return err;
}

/* SEC 1 4.1.6 gives a few candidates; the one under which a second signature verifies is it. */
static enum trustx_err recover(struct pubkey *key, struct device *dev,
	const struct slot_state *slot, const struct possession *first, struct fail *f)
{
	struct recover_input in = { slot->curve, first->digest, sizeof(first->digest), first->sig,
		first->sig_len };
	struct recover_point points[RECOVER_MAX];
	struct possession second;
	size_t count, hits = 0;
	enum trustx_err err;

	if (recover_points(points, &count, &in) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_PROTOCOL, "the chip's signature is malformed");
	if ((err = possession_sign(&second, dev, slot->slot.key, slot->curve, f)) != TRUSTX_OK)
		return err;
	*key = (struct pubkey){ .curve = slot->curve,
		.usage = slot->usage,
		.source = PUBKEY_RECOVERED,
		.proved = true };
	for (size_t i = 0; i < count; i++) {
		struct trustx_public_key view = { slot->curve, points[i].bytes, points[i].len };

		if (!possession_holds(&second, &view))
			continue;
		memcpy(key->point, points[i].bytes, points[i].len);
		key->point_len = points[i].len;
		hits++;
	}
	if (hits != 1)
		return fail_set(f, TRUSTX_ERR_PROTOCOL,
			"two signatures of the key in 0x%04X do not lead to one public key",
			slot->slot.key);
	return pubkey_save(key, dev, slot->slot.key, f);
}

/* One signature tries certificate and state file, and is the first of a recovery. */
static enum trustx_err find_proved(
	struct pubkey *key, struct device *dev, const struct slot_state *slot, struct fail *f)
{
	struct trustx_public_key view;
	struct possession proof;
	bool found;
	enum trustx_err err;

	if ((err = possession_sign(&proof, dev, slot->slot.key, slot->curve, f)) != TRUSTX_OK)
		return err;
	found = from_certificate(key, slot);
	view = pubkey_view(key);
	if (found && possession_holds(&proof, &view))
		goto proved;
	if ((err = pubkey_from_file(key, &found, dev, slot, f)) != TRUSTX_OK)
		return err;
	view = pubkey_view(key);
	if (!found || !possession_holds(&proof, &view))
		return recover(key, dev, slot, &proof, f);
proved:
	key->proved = true;
	return TRUSTX_OK;
}

static enum trustx_err find_unproved(
	struct pubkey *key, struct device *dev, const struct slot_state *slot, struct fail *f)
{
	char why[240];
	bool found;
	enum trustx_err err;

	if (from_certificate(key, slot))
		return TRUSTX_OK;
	if ((err = pubkey_from_file(key, &found, dev, slot, f)) != TRUSTX_OK)
		return err;
	if (found)
		return TRUSTX_OK;
	slot_silent_text(why, sizeof(why), slot);
	fail_set(f, TRUSTX_ERR_NO_PUBLIC_KEY,
		"the key in 0x%04X cannot sign (%s), there is no certificate for it and "
		"no state file: its public key cannot be obtained any more",
		slot->slot.key, why);
	fail_next(f, "name the state directory of the run that made the key with --state, or make "
		     "a new key: trustx key generate --replace-key");
	f->oid = slot->slot.key;
	return TRUSTX_ERR_NO_PUBLIC_KEY;
}

enum trustx_err pubkey_of_state(
	struct pubkey *key, struct device *dev, const struct slot_state *slot, struct fail *f)
{
	enum trustx_err err;

	memset(key, 0, sizeof(*key));
	if (!slot->has_key) {
		fail_set(f, TRUSTX_ERR_MISMATCH, "there is no key in 0x%04X", slot->slot.key);
		fail_next(f, "make one: trustx key generate --slot %u", slot->slot.number);
		f->oid = slot->slot.key;
		return TRUSTX_ERR_MISMATCH;
	}
	err = slot->can_sign ? find_proved(key, dev, slot, f) : find_unproved(key, dev, slot, f);
	if (err != TRUSTX_OK)
		memset(key, 0, sizeof(*key));
	return err;
}

enum trustx_err pubkey_find(
	struct pubkey *key, struct device *dev, const struct slot *slot, struct fail *f)
{
	struct slot_state state;
	enum trustx_err err;

	memset(key, 0, sizeof(*key));
	if ((err = slot_inspect(&state, dev, slot, false, f)) == TRUSTX_OK)
		err = pubkey_of_state(key, dev, &state, f);
	slot_state_free(&state);
	return err;
}
