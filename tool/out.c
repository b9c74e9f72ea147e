/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "out.h"

#include "exitcode.h"
#include "file.h"
#include "hex.h"
#include "jsontext.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT_MAX	    ((size_t)16 << 20)
#define LABEL_WIDTH 16

void out_init(struct out *o, bool json)
{
	memset(o, 0, sizeof(*o));
	o->json = json;
	blob_init(&o->text, OUT_MAX);
	if (json && (o->open[0] = json_object()) == NULL)
		o->err = TRUSTX_ERR_MEMORY;
}

void out_free(struct out *o)
{
	blob_free(&o->text);
	json_decref(o->open[0]);
	o->open[0] = NULL;
}

static void keep(struct out *o, enum trustx_err err)
{
	if (o->err == TRUSTX_OK)
		o->err = err;
}

/* Text is for people; JSON has its own members for what a line says. */
void out_line(struct out *o, const char *fmt, ...)
{
	va_list ap;
	char *line;
	int n;

	if (o->json)
		return;
	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (line = malloc((size_t)n + 2)) == NULL) {
		keep(o, TRUSTX_ERR_MEMORY);
		return;
	}
	va_start(ap, fmt);
	vsnprintf(line, (size_t)n + 1, fmt, ap);
	va_end(ap);
	line[n] = '\n';
	keep(o, blob_add(&o->text, line, (size_t)n + 1));
	free(line);
}

void out_data(struct out *o, const void *data, size_t len)
{
	if (!o->json)
		keep(o, blob_add(&o->text, data, len));
}

/* Takes value over. */
static void put(struct out *o, const char *key, json_t *value)
{
	json_t *to = o->open[o->depth];
	int rc;

	if (!o->json || o->err != TRUSTX_OK) {
		json_decref(value);
		return;
	}
	rc = json_is_array(to) ? json_array_append_new(to, value)
			       : json_object_set_new(to, key, value);
	if (rc != 0)
		o->err = TRUSTX_ERR_MEMORY;
}

static void label_line(struct out *o, const char *label, const char *value)
{
	if (label != NULL)
		out_line(o, "%-*s%s", label[0] != '\0' ? LABEL_WIDTH : 0, label, value);
}

void out_str(struct out *o, const char *key, const char *label, const char *value)
{
	label_line(o, label, value);
	if (o->json)
		put(o, key, jsontext_words(value));
}

void out_num(struct out *o, const char *key, const char *label, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	label_line(o, label, text);
	if (o->json)
		put(o, key, json_integer((json_int_t)value));
}

void out_bool(struct out *o, const char *key, bool value)
{
	if (o->json)
		put(o, key, json_boolean(value));
}

void out_null(struct out *o, const char *key)
{
	if (o->json)
		put(o, key, json_null());
}

void out_hex(struct out *o, const char *key, const char *label, const uint8_t *data, size_t len)
{
	char *hex = malloc(2 * len + 1);

	if (hex == NULL) {
		keep(o, TRUSTX_ERR_MEMORY);
		return;
	}
	hex_print(hex, data, len);
	out_str(o, key, label, hex);
	free(hex);
}

void out_oid(struct out *o, const char *key, uint16_t oid)
{
	char text[8];

	snprintf(text, sizeof(text), "0x%04x", oid);
	out_str(o, key, NULL, text);
}

void out_json(struct out *o, const char *key, json_t *value)
{
	put(o, key, value);
}

/* The container belongs to the one around it; open[] lends it until out_end. */
static void open_value(struct out *o, const char *key, json_t *value)
{
	if (!o->json) {
		json_decref(value);
		return;
	}
	assert(o->depth + 1 < OUT_DEPTH);
	put(o, key, json_incref(value));
	o->open[++o->depth] = value;
	json_decref(value);
}

void out_object(struct out *o, const char *key)
{
	if (o->json)
		open_value(o, key, json_object());
}

void out_array(struct out *o, const char *key)
{
	if (o->json)
		open_value(o, key, json_array());
}

void out_end(struct out *o)
{
	if (!o->json)
		return;
	assert(o->depth > 0);
	o->depth--;
}

void out_stand(struct out *o)
{
	o->stands = true;
}

static void put_error(struct out *o, const struct fail *failed)
{
	char code[8];

	out_object(o, "error");
	out_num(o, "code", NULL, (uint64_t)exitcode_of(failed->err));
	out_str(o, "name", NULL, trustx_err_name(failed->err));
	out_str(o, "what", NULL, failed->what);
	out_str(o, "why", NULL, failed->why);
	if (failed->next[0] != '\0')
		out_str(o, "next", NULL, failed->next);
	else
		out_null(o, "next");
	snprintf(code, sizeof(code), "0x%02x", failed->chip_code);
	if (failed->chip_code != 0)
		out_str(o, "chip_code", NULL, code);
	else
		out_null(o, "chip_code");
	if (failed->oid != 0)
		out_oid(o, "oid", failed->oid);
	else
		out_null(o, "oid");
	out_end(o);
}

/* schema and ok come first, then what the command said; of a failed command only what stands. */
static enum trustx_err assemble(struct out *o, const char *schema, const struct fail *failed)
{
	json_t *said = o->open[0];

	if (o->err != TRUSTX_OK)
		return o->err;
	o->depth = 0;
	if ((o->open[0] = json_object()) == NULL) {
		json_decref(said);
		return TRUSTX_ERR_MEMORY;
	}
	out_str(o, "schema", NULL, schema);
	out_bool(o, "ok", failed == NULL);
	if ((failed == NULL || o->stands) && json_object_update(o->open[0], said) != 0)
		o->err = TRUSTX_ERR_MEMORY;
	if (failed != NULL)
		put_error(o, failed);
	json_decref(said);
	if (o->err == TRUSTX_OK)
		o->err = jsontext_add(&o->text, o->open[0]);
	return o->err;
}

enum trustx_err out_finish(
	struct out *o, const char *schema, const struct fail *failed, struct fail *f)
{
	enum trustx_err err = o->err;

	if (o->json && (err = assemble(o, schema, failed)) == TRUSTX_OK)
		err = blob_add(&o->text, "\n", 1);
	if (err != TRUSTX_OK)
		return fail_set(f, err, "cannot print the result: %s", trustx_err_text(err));
	if (failed != NULL && !o->json && !o->stands)
		return TRUSTX_OK;
	return file_write("-", blob_text(&o->text), o->text.len, FILE_PUBLIC, FILE_NO_SYNC, f);
}
