/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* CalcHash: SHA-256 in the chip, of data or objects (SRM "CalcHash"). */
#include "apdu.h"

#include "mem.h"

#define PARAM_SHA256 0xE2u
#define FROM_OBJECT  0x10u
#define TAG_DIGEST   0x01u
#define TAG_CONTEXT  0x06u
#define TAG_EXPORT   0x07u
#define OBJECT_MAX   0xFFFFu

#define STEP(step)   (1u << TRUSTX_HASH_##step)
#define GIVES_DIGEST (STEP(WHOLE) | STEP(FINAL) | STEP(PEEK))
#define MAY_IMPORT   (STEP(CONTINUE) | STEP(FINAL) | STEP(PEEK))
#define MAY_EXPORT   (STEP(START) | STEP(CONTINUE))

static bool is_possible(const struct trustx_hash *what)
{
	const unsigned step = what->step <= TRUSTX_HASH_PEEK ? 1u << what->step : 0;

	if (step == 0 || (what->context != NULL && (step & MAY_IMPORT) == 0) ||
		(what->export_context && (step & MAY_EXPORT) == 0))
		return false;
	if (what->offset > OBJECT_MAX ||
		what->len > (what->oid != 0 ? OBJECT_MAX : TRUSTX_HASH_PART))
		return false;
	return what->len > 0 ? what->step != TRUSTX_HASH_DROP : what->step != TRUSTX_HASH_WHOLE;
}

static size_t result_len(const struct trustx_hash *what)
{
	if (what->export_context)
		return TRUSTX_HASH_CONTEXT_LEN;
	return (1u << what->step & GIVES_DIGEST) != 0 ? TRUSTX_HASH_LEN : 0;
}

enum trustx_err trustx_hash(
	struct trustx *se, uint8_t *out, size_t *len, const struct trustx_hash *what)
{
	struct handle *h = handle_of(se);
	uint8_t want[] = { TAG_DIGEST, 0, 0 };
	size_t out_len = 0;
	struct apdu a;
	enum trustx_err err = TRUSTX_ERR_ARGUMENT;

	call_begin(h);
	apdu_begin(h, &a, CMD_HASH, PARAM_SHA256, what->oid);
	if (!is_possible(what))
		goto out;
	/* What goes on from the chip's state must not be counted twice. */
	a.once = what->step > TRUSTX_HASH_WHOLE;
	if (what->oid != 0) {
		apdu_tlv(&a, FROM_OBJECT | what->step, 6);
		apdu_u16(&a, what->oid);
		apdu_u16(&a, what->offset);
		apdu_u16(&a, what->len);
	} else {
		apdu_value(&a, what->step, what->data, what->len);
	}
	if (what->context != NULL)
		apdu_value(&a, TAG_CONTEXT, what->context, TRUSTX_HASH_CONTEXT_LEN);
	if (what->export_context) {
		apdu_tlv(&a, TAG_EXPORT, 0);
		want[0] = TAG_CONTEXT;
	}
	out_len = result_len(what);
	want[2] = (uint8_t)out_len;
	apdu_answer(&a, out_len != 0 ? sizeof(want) : 0, out, out_len);
	err = *len < out_len ? TRUSTX_ERR_TOO_SMALL : apdu_run_exact(h, &a);
	if (err == TRUSTX_OK && out_len != 0 && !mem_equal(a.head + APDU_HEAD, want, sizeof(want)))
		err = apdu_malformed(h, &a);
out:
	return call_end(h, err, out, len, out_len);
}
