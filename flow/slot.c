/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "slot.h"

#include "possession.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_MAX  65535u  /* an offset has 16 bits */
#define CODE_ACCESS  0x07    /* SRM table 17: access conditions not satisfied */
#define OID_RSA_KEYS 0xE0FCu /* two of them */

struct verdict_words {
	const char *name, *text;
};

static const struct verdict_words verdicts[] = {
	[SLOT_EMPTY] = { "empty", "empty" },
	[SLOT_KEY_ONLY] = { "key_only", "key only" },
	[SLOT_FITS] = { "fits", "certificate fits the key" },
	[SLOT_DIFFERS] = { "differs", "certificate is for another key" },
	[SLOT_UNPROVED] = { "unproved", "key and certificate, not tested" },
	[SLOT_CERT_ONLY] = { "cert_only", "certificate without a key" },
	[SLOT_NOT_READABLE] = { "not_readable", "certificate object may not be read" },
	[SLOT_NO_CERT] = { "no_cert", "holds something that is no certificate" },
};

const char *slot_verdict_text(enum slot_verdict verdict)
{
	return verdicts[verdict].text;
}

const char *slot_verdict_name(enum slot_verdict verdict)
{
	return verdicts[verdict].name;
}

struct slot slot_number(uint8_t number)
{
	return (struct slot){ number, (uint16_t)(TRUSTX_OID_KEY_0 + number),
		(uint16_t)(TRUSTX_OID_CERT_0 + number) };
}

/* E0F1, 0xE0E1: hexadecimal digits of any case and nothing else. */
static bool is_oid(unsigned *oid, const char *text)
{
	char *end;

	if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0)
		text += 2;
	if (strlen(text) != 4 || strspn(text, "0123456789abcdefABCDEF") != 4)
		return false;
	*oid = (unsigned)strtoul(text, &end, 16);
	return true;
}

enum trustx_err slot_parse(struct slot *slot, const char *text, struct fail *f)
{
	unsigned oid;

	if (strlen(text) == 1 && text[0] >= '0' && text[0] <= '3') {
		*slot = slot_number((uint8_t)(text[0] - '0'));
		return TRUSTX_OK;
	}
	if (is_oid(&oid, text) &&
		((oid & 0xFFFC) == TRUSTX_OID_KEY_0 || (oid & 0xFFFC) == TRUSTX_OID_CERT_0)) {
		*slot = slot_number((uint8_t)(oid & 3));
		return TRUSTX_OK;
	}
	if (is_oid(&oid, text) && (oid & 0xFFFE) == OID_RSA_KEYS)
		fail_set(f, TRUSTX_ERR_INPUT,
			"0x%04X is for an RSA key of a Trust M, which trustx does not use", oid);
	else
		fail_set(f, TRUSTX_ERR_INPUT, "there is no slot '%s'", text);
	return fail_next(f, "slots are 0 to 3, or by object: 0xE0F0 to 0xE0F3, 0xE0E0 to 0xE0E3");
}

static enum trustx_err read_key(struct slot_state *state, struct device *dev, struct fail *f)
{
	const struct trustx_metadata *meta = &state->key_meta;
	bool can;
	enum trustx_err err;

	if ((err = device_metadata(dev, &state->key_meta, state->slot.key, f)) != TRUSTX_OK)
		return err;
	state->has_key = meta->has_algorithm;
	state->curve = (enum trustx_curve)meta->algorithm;
	state->usage = meta->usage;
	state->can_execute = true;
	if (meta->execute.len > 0 && (err = device_access(dev, &state->can_execute, &meta->execute,
					      meta->lcso, f)) != TRUSTX_OK)
		return err;
	state->can_sign = state->has_key && state->can_execute &&
			  (meta->usage & (TRUSTX_USAGE_SIGN | TRUSTX_USAGE_AUTH)) != 0;
	if ((err = device_can_change(dev, &can, meta, f)) != TRUSTX_OK)
		return err;
	state->key_locked = !can;
	return TRUSTX_OK;
}

static void keep_problem(struct slot_state *state, const struct fail *problem)
{
	snprintf(state->problem, sizeof(state->problem), "%.*s", (int)sizeof(state->problem) - 1,
		problem->why);
}

static enum trustx_err keep_content(
	struct slot_state *state, const uint8_t *data, size_t len, struct fail *f)
{
	struct fail damage;
	enum trustx_err err;

	if ((err = blob_add(&state->content, data, len)) != TRUSTX_OK)
		return fail_set(f, err, "%s", trustx_err_text(err));
	state->cert_empty = cert_slot_is_empty(data, len);
	if (state->cert_empty)
		return TRUSTX_OK;
	err = cert_from_slot(&state->certs, &state->format, data, len, &damage);
	/* Only of the bytes themselves the slot is to be told. */
	if (err == TRUSTX_ERR_MEMORY || err == TRUSTX_ERR_CRYPTO)
		return fail_set(f, err, "%s", damage.why);
	if (err != TRUSTX_OK)
		keep_problem(state, &damage);
	return TRUSTX_OK;
}

/*
 * A slot that may not be read is a finding, not a failure. An empty object is not asked for. A
 * fresh slot counts as full of zeros, and a write at an offset that erases nothing keeps that size:
 * only all of it tells that nothing of the user's is in it.
 */
static enum trustx_err read_content(
	struct slot_state *state, bool *readable, struct device *dev, struct fail *f)
{
	size_t len = state->cert_meta.has_used_size ? state->cert_meta.used_size
						    : state->cert_meta.max_size;
	uint8_t *data = malloc(len + 1);
	enum trustx_err err;

	if (data == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	*readable = true;
	err = len > 0 ? trustx_read(&dev->se, data, &len, state->slot.cert, 0) : TRUSTX_OK;
	if (err == TRUSTX_OK) {
		err = keep_content(state, data, len, f);
	} else {
		device_fail(dev, err, f, "read 0x%04X", state->slot.cert);
		*readable = err != TRUSTX_ERR_CHIP || f->chip_code != CODE_ACCESS;
	}
	if (!*readable)
		keep_problem(state, f);
	free(data);
	return *readable ? err : TRUSTX_OK;
}

static enum trustx_err read_cert(
	struct slot_state *state, bool *readable, struct device *dev, struct fail *f)
{
	bool can;
	enum trustx_err err;

	if ((err = device_metadata(dev, &state->cert_meta, state->slot.cert, f)) != TRUSTX_OK)
		return err;
	if ((err = device_can_change(dev, &can, &state->cert_meta, f)) != TRUSTX_OK)
		return err;
	state->cert_locked = !can;
	can = true;
	if (state->cert_meta.read.len > 0 && (err = device_access(dev, &can, &state->cert_meta.read,
						      state->cert_meta.lcso, f)) != TRUSTX_OK)
		return err;
	err = read_content(state, readable, dev, f);
	state->cert_unreadable = !can || !*readable;
	return err;
}

/* As far as reading goes: only a signature tells fits from differs. */
static enum slot_verdict first_verdict(const struct slot_state *state, bool readable)
{
	if (!readable)
		return SLOT_NOT_READABLE;
	if (state->cert_empty)
		return state->has_key ? SLOT_KEY_ONLY : SLOT_EMPTY;
	if (state->certs == NULL)
		return SLOT_NO_CERT;
	return state->has_key ? SLOT_UNPROVED : SLOT_CERT_ONLY;
}

static enum trustx_err prove(struct slot_state *state, struct device *dev, struct fail *f)
{
	uint8_t point[TRUSTX_POINT_MAX];
	struct trustx_public_key key = { state->curve, point, sizeof(point) };
	struct possession proof;
	struct fail ignored;
	enum trustx_err err;

	if ((err = possession_sign(&proof, dev, state->slot.key, state->curve, f)) != TRUSTX_OK)
		return err;
	state->verdict = SLOT_DIFFERS;
	if (cert_point(point, &key.point_len, sk_X509_value(state->certs, 0), &ignored) ==
			TRUSTX_OK &&
		possession_holds(&proof, &key))
		state->verdict = SLOT_FITS;
	return TRUSTX_OK;
}

void slot_silent_text(char *out, size_t cap, const struct slot_state *state)
{
	if ((state->usage & (TRUSTX_USAGE_SIGN | TRUSTX_USAGE_AUTH)) == 0)
		snprintf(out, cap, "its usage is 0x%02X", state->usage);
	else
		device_unusable_text(out, cap, &state->key_meta);
}

static void judge(struct slot_state *state)
{
	char *out = state->obstacle;
	size_t cap = sizeof(state->obstacle);
	int n = 0;

	if (!state->has_key && state->key_locked) {
		n = snprintf(out, cap, "no key can be made in 0x%04X: ", state->slot.key);
		device_locked_text(out + n, cap - (size_t)n, &state->key_meta);
	} else if (state->has_key && !state->can_sign) {
		n = snprintf(out, cap, "the key in 0x%04X cannot sign: ", state->slot.key);
		slot_silent_text(out + n, cap - (size_t)n, state);
	} else if (state->cert_locked) {
		n = snprintf(
			out, cap, "no certificate can be written to 0x%04X: ", state->slot.cert);
		device_locked_text(out + n, cap - (size_t)n, &state->cert_meta);
	} else if (state->cert_unreadable) {
		n = snprintf(out, cap,
			"a certificate in 0x%04X could not be read back: ", state->slot.cert);
		device_unreadable_text(out + n, cap - (size_t)n, &state->cert_meta);
	}
	state->can_personalize = out[0] == '\0';
}

enum trustx_err slot_inspect(struct slot_state *state, struct device *dev, const struct slot *slot,
	bool with_proof, struct fail *f)
{
	bool readable = false;
	enum trustx_err err;

	device_doing(dev, "look at slot %u", slot->number);
	memset(state, 0, sizeof(*state));
	state->slot = *slot;
	blob_init(&state->content, CONTENT_MAX);
	if ((err = read_key(state, dev, f)) != TRUSTX_OK)
		return err;
	if ((err = read_cert(state, &readable, dev, f)) != TRUSTX_OK)
		return err;
	state->verdict = first_verdict(state, readable);
	judge(state);
	if (with_proof && state->verdict == SLOT_UNPROVED && state->can_sign)
		return prove(state, dev, f);
	return TRUSTX_OK;
}

void slot_state_free(struct slot_state *state)
{
	sk_X509_pop_free(state->certs, X509_free);
	blob_free(&state->content);
	memset(state, 0, sizeof(*state));
}
