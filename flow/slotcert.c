/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "slotcert.h"

#include "possession.h"
#include "pubkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTENT_MAX 65535u
#define CODE_ACCESS 0x07 /* SRM table 17: access conditions not satisfied */

/* ---- bytes ---- */

enum trustx_err slotcert_encode(struct blob *content, STACK_OF(X509) *certs,
	enum cert_format format, const struct slot_state *state, struct fail *f)
{
	uint16_t max = state->cert_meta.max_size;
	enum trustx_err err;

	if ((err = cert_to_slot(content, certs, format, f)) != TRUSTX_OK)
		return err;
	if (state->cert_meta.has_max_size && content->len > max) {
		fail_set(f, TRUSTX_ERR_TOO_BIG,
			"the certificate takes %zu bytes, 0x%04X holds at most %u", content->len,
			state->slot.cert, max);
		return fail_next(f, "leave out the intermediate certificates, or use a shorter "
				    "subject");
	}
	return TRUSTX_OK;
}

enum trustx_err slotcert_put(
	struct device *dev, uint16_t oid, const struct blob *content, struct fail *f)
{
	enum trustx_err err;

	device_doing(dev, "write %zu bytes to 0x%04X", content->len, oid);
	err = trustx_replace(&dev->se, oid, content->data, content->len);
	return err == TRUSTX_OK ? TRUSTX_OK : device_fail(dev, err, f, "write 0x%04X", oid);
}

enum trustx_err slotcert_compare(
	struct device *dev, uint16_t oid, const struct blob *content, struct fail *f)
{
	size_t len = content->len + 1; /* one more, to see what is behind */
	uint8_t *data = malloc(len);
	enum trustx_err err;

	if (data == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	device_doing(dev, "read 0x%04X back", oid);
	if ((err = trustx_read(&dev->se, data, &len, oid, 0)) != TRUSTX_OK) {
		device_fail(dev, err, f, "read 0x%04X back", oid);
	} else if (len != content->len || memcmp(data, content->data, len) != 0) {
		err = fail_set(f, TRUSTX_ERR_MISMATCH,
			"the chip does not hold what was written to 0x%04X", oid);
		fail_what(f, "read 0x%04X back", oid);
		fail_next(f, "run it again");
		f->oid = oid;
	}
	free(data);
	return err;
}

static enum trustx_err write_and_compare(
	struct device *dev, uint16_t oid, const struct blob *content, struct fail *f)
{
	enum trustx_err err;

	if ((err = slotcert_put(dev, oid, content, f)) != TRUSTX_OK)
		return err;
	return slotcert_compare(dev, oid, content, f);
}

/* ---- checks ---- */

static enum trustx_err check_consent(const struct slot *slot, bool infineon_slot, struct fail *f)
{
	if (slot->number != 0 || infineon_slot)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_CONSENT, "0xE0E0 holds Infineon's own certificate");
	return fail_next(f, "use another slot (--slot 1), or say --infineon-slot");
}

static enum trustx_err check_locked(const struct slot_state *state, struct fail *f)
{
	char why[sizeof(f->why)];

	if (!state->cert_locked && !state->cert_unreadable)
		return TRUSTX_OK;
	if (state->cert_locked)
		device_locked_text(why, sizeof(why), &state->cert_meta);
	else
		device_unreadable_text(why, sizeof(why), &state->cert_meta);
	fail_set(f, TRUSTX_ERR_LOCKED, "%.400s%s", why,
		state->cert_locked ? "" : ", and so not be compared with what was written");
	fail_next(f, "use another slot; trustx info shows which are free");
	f->oid = state->slot.cert;
	return TRUSTX_ERR_LOCKED;
}

/* Byte for byte: the same certificate in the other format is something else. */
static bool same_content(const struct slot_state *state, const struct blob *content)
{
	return state->content.len == content->len && content->len > 0 &&
	       memcmp(state->content.data, content->data, content->len) == 0;
}

static enum trustx_err check_free(const struct slot_state *state, const struct blob *content,
	const struct slotcert_options *opt, struct fail *f)
{
	if (opt->replace || same_content(state, content) || state->cert_empty)
		return TRUSTX_OK;
	if (state->certs != NULL)
		fail_set(f, TRUSTX_ERR_EXISTS, "there is another certificate in 0x%04X",
			state->slot.cert);
	else
		fail_set(f, TRUSTX_ERR_EXISTS, "0x%04X holds %zu bytes that are no certificate",
			state->slot.cert, state->content.len);
	return fail_next(f,
		"look at it (trustx cert read --slot %u), or replace it: "
		"--replace-cert",
		state->slot.number);
}

static enum trustx_err another_key(const struct slot_state *state, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_MISMATCH,
		"the certificate is for another key than the one in 0x%04X", state->slot.key);
	fail_next(f, "check that chip, slot and file belong together");
	f->oid = state->slot.key;
	return TRUSTX_ERR_MISMATCH;
}

/* A key that cannot sign: only the state file says what it is, never the certificate itself. */
static enum trustx_err check_silent_key(struct slotcert_result *result, struct device *dev,
	const struct slot_state *state, const struct trustx_public_key *want, struct fail *f)
{
	struct pubkey known;
	char why[240];
	bool found;
	enum trustx_err err;

	if ((err = pubkey_from_file(&known, &found, dev, state, f)) != TRUSTX_OK)
		return err;
	if (!found) {
		slot_silent_text(why, sizeof(why), state);
		fail_set(f, TRUSTX_ERR_NO_PUBLIC_KEY,
			"the key in 0x%04X cannot sign (%s) and there is no state file: "
			"whether the certificate fits cannot be known",
			state->slot.key, why);
		f->oid = state->slot.key;
		return fail_next(f, "name the state directory of the run that made the key with "
				    "--state");
	}
	if (known.point_len != want->point_len ||
		memcmp(known.point, want->point, want->point_len) != 0)
		return another_key(state, f);
	result->key_unproved = true;
	return TRUSTX_OK;
}

/* One use of the key answers both: the certificate is for it, and the chip has it. */
static enum trustx_err check_key(struct slotcert_result *result, struct device *dev,
	const struct slot_state *state, X509 *leaf, struct fail *f)
{
	uint8_t point[TRUSTX_POINT_MAX];
	struct trustx_public_key want = { TRUSTX_P256, point, sizeof(point) };
	struct possession proof;
	enum trustx_err err;

	if ((err = cert_point(point, &want.point_len, leaf, f)) != TRUSTX_OK)
		return err;
	want.curve = want.point_len == TRUSTX_POINT_MAX ? TRUSTX_P384 : TRUSTX_P256;
	if (!state->has_key) {
		fail_set(f, TRUSTX_ERR_MISMATCH,
			"there is no key in 0x%04X that the certificate could be for",
			state->slot.key);
		fail_next(f, "make the key first: trustx csr create --slot %u", state->slot.number);
		f->oid = state->slot.key;
		return TRUSTX_ERR_MISMATCH;
	}
	if (want.curve != state->curve)
		return another_key(state, f);
	if (!state->can_sign)
		return check_silent_key(result, dev, state, &want, f);
	if ((err = possession_sign(&proof, dev, state->slot.key, want.curve, f)) != TRUSTX_OK)
		return err;
	if (!possession_holds(&proof, &want))
		return another_key(state, f);
	result->key_fits = true;
	return TRUSTX_OK;
}

static enum trustx_err check_belongs(struct slotcert_result *result, struct device *dev,
	const struct slot_state *state, STACK_OF(X509) *certs, const struct slotcert_options *opt,
	struct fail *f)
{
	time_t now = opt->now != 0 ? opt->now : time(NULL);
	X509 *leaf = sk_X509_value(certs, 0);
	enum trustx_err err;

	if ((err = cert_check_dates(leaf, now, f)) != TRUSTX_OK)
		return err;
	if (opt->roots != NULL) {
		if ((err = cert_check_chain(certs, opt->roots, now, f)) != TRUSTX_OK)
			return err;
		result->chain_checked = true;
	}
	return opt->foreign ? TRUSTX_OK : check_key(result, dev, state, leaf, f);
}

static bool is_about_key(const struct fail *f, const struct slot *slot)
{
	return f->oid == slot->key &&
	       (f->err == TRUSTX_ERR_MISMATCH || f->err == TRUSTX_ERR_NO_PUBLIC_KEY);
}

/* Only writing can be told to do it all the same. */
static void offer_foreign(struct fail *f, const struct slot *slot)
{
	size_t n = strlen(f->next);

	if (is_about_key(f, slot))
		snprintf(f->next + n, sizeof(f->next) - n, "; if it is meant so: --foreign-cert");
}

/* ---- write, verify, read, erase ---- */

struct job {
	struct slot_state state;
	struct blob content;
};

static enum trustx_err write_checked(struct slotcert_result *result, struct device *dev,
	const struct job *job, STACK_OF(X509) *certs, const struct slotcert_options *opt,
	struct fail *f)
{
	enum trustx_err err;

	if ((err = check_consent(&job->state.slot, opt->infineon_slot, f)) != TRUSTX_OK)
		return err;
	if (job->state.cert_unreadable && (err = check_locked(&job->state, f)) != TRUSTX_OK)
		return err;
	if ((err = check_free(&job->state, &job->content, opt, f)) != TRUSTX_OK)
		return err;
	if ((err = check_belongs(result, dev, &job->state, certs, opt, f)) != TRUSTX_OK) {
		offer_foreign(f, &job->state.slot);
		return err;
	}
	result->len = job->content.len;
	if (same_content(&job->state, &job->content))
		return TRUSTX_OK;
	if ((err = check_locked(&job->state, f)) != TRUSTX_OK)
		return err;
	if ((err = write_and_compare(dev, job->state.slot.cert, &job->content, f)) != TRUSTX_OK)
		return err;
	result->written = true;
	return TRUSTX_OK;
}

enum trustx_err slotcert_write(struct slotcert_result *result, struct device *dev,
	const struct slot *slot, STACK_OF(X509) *certs, const struct slotcert_options *opt,
	struct fail *f)
{
	struct job job;
	enum trustx_err err;

	memset(result, 0, sizeof(*result));
	blob_init(&job.content, CONTENT_MAX);
	if ((err = slot_inspect(&job.state, dev, slot, false, f)) != TRUSTX_OK)
		goto out;
	err = slotcert_encode(&job.content, certs, opt->format, &job.state, f);
	if (err == TRUSTX_OK)
		err = write_checked(result, dev, &job, certs, opt, f);
	if (err != TRUSTX_OK)
		fail_what(f, "write a certificate to 0x%04X", slot->cert);
out:
	slot_state_free(&job.state);
	blob_free(&job.content);
	return err;
}

static enum trustx_err no_certificate(const struct slot_state *state, struct fail *f)
{
	uint16_t oid = state->slot.cert;

	if (state->verdict == SLOT_NOT_READABLE)
		fail_set(f, TRUSTX_ERR_CHIP, "%s", state->problem);
	else if (state->cert_empty)
		fail_set(f, TRUSTX_ERR_MISMATCH, "there is no certificate in 0x%04X", oid);
	else
		fail_set(f, TRUSTX_ERR_MISMATCH, "0x%04X holds no certificate: %s", oid,
			state->problem);
	if (state->cert_empty)
		fail_next(f,
			"write one: trustx cert write --slot %u FILE, or all that it takes: trustx "
			"personalize --slot %u",
			state->slot.number, state->slot.number);
	else if (state->verdict == SLOT_NO_CERT)
		fail_next(f, "look at the bytes: trustx object read 0x%04X", oid);
	f->chip_code = state->verdict == SLOT_NOT_READABLE ? CODE_ACCESS : 0;
	f->oid = oid;
	return f->err;
}

static enum trustx_err verify_given(struct slotcert_result *result, struct device *dev,
	const struct slot_state *state, STACK_OF(X509) *certs, const struct slotcert_options *opt,
	struct fail *f)
{
	struct blob content;
	enum trustx_err err;

	blob_init(&content, CONTENT_MAX);
	if ((err = slotcert_encode(&content, certs, opt->format, state, f)) == TRUSTX_OK)
		err = check_belongs(result, dev, state, certs, opt, f);
	result->len = content.len;
	blob_free(&content);
	return err;
}

enum trustx_err slotcert_verify(struct slotcert_result *result, struct device *dev,
	const struct slot *slot, STACK_OF(X509) *certs, const struct slotcert_options *opt,
	struct fail *f)
{
	struct slot_state state;
	enum trustx_err err;

	memset(result, 0, sizeof(*result));
	if ((err = slot_inspect(&state, dev, slot, false, f)) != TRUSTX_OK)
		goto out;
	if (certs != NULL) {
		err = verify_given(result, dev, &state, certs, opt, f);
	} else if (state.certs == NULL) {
		err = no_certificate(&state, f);
	} else {
		result->len = state.content.len;
		err = check_belongs(result, dev, &state, state.certs, opt, f);
		if (err == TRUSTX_ERR_MISMATCH && state.has_key && is_about_key(f, slot))
			snprintf(f->next, sizeof(f->next),
				"look at it (trustx cert read --slot %u), and write the right one: "
				"trustx cert write --slot %u --replace-cert",
				slot->number, slot->number);
		if (err == TRUSTX_OK)
			result->found = state.certs, state.certs = NULL; /* transferred */
	}
	if (err != TRUSTX_OK)
		fail_what(f, "verify the certificate for slot %u", slot->number);
out:
	slot_state_free(&state);
	return err;
}

enum trustx_err slotcert_read(STACK_OF(X509) **certs, struct blob *raw, struct device *dev,
	const struct slot *slot, struct fail *f)
{
	struct slot_state state;
	enum trustx_err err;

	*certs = NULL;
	if ((err = slot_inspect(&state, dev, slot, false, f)) != TRUSTX_OK)
		goto out;
	if (state.certs == NULL) {
		err = no_certificate(&state, f);
		fail_what(f, "read the certificate of slot %u", slot->number);
		goto out;
	}
	if (raw != NULL &&
		(err = blob_add(raw, state.content.data, state.content.len)) != TRUSTX_OK) {
		fail_set(f, err, "%s", trustx_err_text(err));
		goto out;
	}
	*certs = state.certs;
	state.certs = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	slot_state_free(&state);
	return err;
}

enum trustx_err slotcert_erase(bool *erased, struct device *dev, const struct slot *slot,
	bool infineon_slot, struct fail *f)
{
	uint8_t zero = 0;
	const struct blob cleared = { .data = &zero, .len = sizeof(zero) };
	struct slot_state state;
	enum trustx_err err;

	*erased = false;
	if (check_consent(slot, infineon_slot, f) != TRUSTX_OK)
		return fail_what(f, "erase 0x%04X", slot->cert);
	if ((err = slot_inspect(&state, dev, slot, false, f)) != TRUSTX_OK)
		goto out;
	if (state.cert_empty)
		goto out;
	if ((err = check_locked(&state, f)) != TRUSTX_OK) {
		fail_what(f, "erase 0x%04X", slot->cert);
		goto out;
	}
	if ((err = write_and_compare(dev, slot->cert, &cleared, f)) != TRUSTX_OK)
		goto out;
	*erased = true;

	err = TRUSTX_OK;
out:
	slot_state_free(&state);
	return err;
}
