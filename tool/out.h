/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * What a command prints on standard output: text for people or one JSON object, by the same
 * calls, kept until the command has succeeded. A failure inside is remembered for out_finish.
 */
#ifndef TOOL_OUT_H
#define TOOL_OUT_H

#include "blob.h"
#include "fail.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUT_DEPTH 6
struct out {
	bool json;
	bool stands; /* out_stand */
	struct blob text;
	json_t *open[OUT_DEPTH]; /* open[0]: the object of the command; owned by it: the others */
	size_t depth;
	enum trustx_err err;
};

void out_init(struct out *o, bool json);
void out_free(struct out *o); /* fine on a zeroed struct */

/* Text only. */
void out_line(struct out *o, const char *fmt, ...) BLOB_PRINTF(2, 3);
void out_data(struct out *o, const void *data, size_t len);

/*
 * "Label:   value" in text (label "": the value alone, NULL: not in text), "key":value in JSON (key
 * NULL in an array).
 * out_null is JSON only.
 */
void out_str(struct out *o, const char *key, const char *label, const char *value);
void out_num(struct out *o, const char *key, const char *label, uint64_t value);
void out_bool(struct out *o, const char *key, bool value);
void out_null(struct out *o, const char *key);
void out_hex(struct out *o, const char *key, const char *label, const uint8_t *data, size_t len);
void out_oid(struct out *o, const char *key, uint16_t oid);   /* "0xe0f1", JSON only */
void out_json(struct out *o, const char *key, json_t *value); /* taken; JSON only */

/* JSON only. */
void out_object(struct out *o, const char *key);
void out_array(struct out *o, const char *key);
void out_end(struct out *o);

/* What was said is printed even if the command fails: findings. */
void out_stand(struct out *o);

/*
 * Write everything to standard output. failed NULL: the command succeeded. Else in text nothing,
 * in JSON the error object with its exit code; what stands, before it.
 */
TRUSTX_MUST_CHECK enum trustx_err out_finish(
	struct out *o, const char *schema, const struct fail *failed, struct fail *f);

#endif
