/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "hex.h"
#include "interrupt.h"
#include "metadata.h"
#include "options.h"
#include "slot.h"

#include <stdio.h>
#include <string.h>

#define OBJECT_MAX     65535u
#define BYTES_SHOWN    16u
#define BYTES_TEXT_MAX (2 * BYTES_SHOWN + 32)
#define NO_OBJECT      0x01 /* SRM table 17: invalid OID */

struct object_args {
	uint16_t oid;
	const char *in, *out, *confirm;
	bool replace_cert, foreign_cert, infineon_slot;
};

/* Models differ in what they have: an object that the chip does not know is left out. */
static enum trustx_err list_object(struct tool *t, uint16_t oid, const char *name)
{
	uint8_t raw[TRUSTX_METADATA_MAX];
	size_t len = sizeof(raw);
	struct trustx_metadata meta;
	struct trustx_error detail;
	enum trustx_err err;

	err = trustx_read_metadata(&t->dev.se, raw, &len, oid);
	trustx_error(&t->dev.se, &detail);
	if (err == TRUSTX_ERR_CHIP && detail.chip_code == NO_OBJECT)
		return TRUSTX_OK;
	if (err == TRUSTX_OK)
		err = trustx_metadata_decode(&meta, raw, len);
	if (err != TRUSTX_OK)
		return device_fail(&t->dev, err, &t->fail, NULL);
	metadata_print_row(&t->out, oid, name, &meta);
	return interrupt_check(&t->fail);
}

static enum trustx_err run_list(struct tool *t, const void *values)
{
	enum trustx_err err;
	uint16_t oid;
	const char *name;

	(void)values;
	if ((err = tool_open(t, NULL)) != TRUSTX_OK)
		return err;
	out_line(&t->out, "%-8s%-28s%-16s%-10s%s", "OID", "Name", "Life cycle", "Used/max",
		"Change rule");
	out_array(&t->out, "objects");
	for (size_t i = 0; metadata_object(&oid, &name, trustx_family(&t->dev.se), i); i++)
		if ((err = list_object(t, oid, name)) != TRUSTX_OK)
			return err;
	out_end(&t->out);
	return TRUSTX_OK;
}

static enum trustx_err read_object(struct tool *t, struct blob *data, uint16_t oid)
{
	static const uint8_t zeros[OBJECT_MAX];
	size_t len = sizeof(zeros);
	enum trustx_err err;

	blob_init(data, OBJECT_MAX);
	if ((err = blob_add(data, zeros, len)) != TRUSTX_OK)
		return fail_set(&t->fail, err, "%s", trustx_err_text(err));
	if ((err = trustx_read(&t->dev.se, data->data, &len, oid, 0)) != TRUSTX_OK)
		return device_fail(&t->dev, err, &t->fail, NULL);
	data->len = len;
	return TRUSTX_OK;
}

static enum trustx_err run_read(struct tool *t, const void *values)
{
	const struct object_args *a = values;
	struct blob data;
	enum trustx_err err;

	if ((err = tool_open(t, NULL)) != TRUSTX_OK ||
		(err = tool_check_output(t, a->out)) != TRUSTX_OK)
		return err;
	if ((err = read_object(t, &data, a->oid)) == TRUSTX_OK) {
		out_oid(&t->out, "oid", a->oid);
		out_num(&t->out, "bytes", NULL, data.len);
		out_hex(&t->out, "data", a->out == NULL ? "" : NULL, data.data, data.len);
		if (a->out != NULL)
			err = tool_output(t, a->out, data.data, data.len);
	}
	blob_free(&data);
	return err;
}

static bool is_life_cycle(uint16_t oid)
{
	return oid == TRUSTX_OID_LCSG || oid == TRUSTX_OID_LCSA;
}

static bool is_certificate(uint16_t oid)
{
	return oid >= TRUSTX_OID_CERT_0 && oid < TRUSTX_OID_CERT_0 + SLOT_COUNT;
}

/* An object that may not be read can be written all the same, but for those that want consent. */
static enum trustx_err read_before(struct tool *t, struct blob *before, uint16_t oid)
{
	enum trustx_err err = read_object(t, before, oid);

	if (err != TRUSTX_ERR_CHIP || is_life_cycle(oid) || is_certificate(oid))
		return err;
	before->len = 0;
	fail_clear(&t->fail);
	return TRUSTX_OK;
}

static enum trustx_err refuse(struct tool *t, const char *why, const char *next)
{
	fail_set(&t->fail, TRUSTX_ERR_CONSENT, "%s", why);
	return fail_next(&t->fail, "%s", next);
}

/* Nothing here looks into a certificate: writing one so is writing a foreign one. */
static enum trustx_err consent_certificate(
	struct tool *t, const struct object_args *a, const struct blob *before)
{
	if (a->oid == TRUSTX_OID_CERT_0 && !a->infineon_slot)
		return refuse(t, "0xE0E0 is Infineon's own identity",
			"use another object, or say --infineon-slot");
	if (!a->foreign_cert)
		return refuse(t, "this is a certificate slot, and object write checks nothing",
			"use trustx cert write, which does; or say --foreign-cert");
	if (!a->replace_cert && !cert_slot_is_empty(before->data, before->len)) {
		fail_set(&t->fail, TRUSTX_ERR_EXISTS, "the certificate slot is in use");
		return fail_next(&t->fail, "to replace what it holds: --replace-cert");
	}
	return TRUSTX_OK;
}

static void bytes_text(char out[BYTES_TEXT_MAX], const struct blob *bytes)
{
	size_t shown = bytes->len < BYTES_SHOWN ? bytes->len : BYTES_SHOWN;
	size_t n = 2 * shown;

	hex_print(out, bytes->data, shown);
	if (bytes->len > shown)
		snprintf(out + n, BYTES_TEXT_MAX - n, ".. (%zu bytes)", bytes->len);
}

/* What is overwritten is gone: it is shown, also to who asked for quiet. */
static void show_change(
	struct tool *t, uint16_t oid, const struct blob *before, const struct blob *after)
{
	char old[BYTES_TEXT_MAX], new[BYTES_TEXT_MAX];

	if (cert_slot_is_empty(before->data, before->len) ||
		(before->len == after->len && memcmp(before->data, after->data, after->len) == 0))
		return;
	bytes_text(old, before);
	bytes_text(new, after);
	tool_say(t, "0x%04X before: %s, after: %s", oid, old, new);
}

static enum trustx_err consent(
	struct tool *t, const struct object_args *a, const struct blob *before)
{
	if (is_life_cycle(a->oid))
		return tool_confirm(t, a->confirm, "moving this life cycle forward");
	if (is_certificate(a->oid))
		return consent_certificate(t, a, before);
	return TRUSTX_OK;
}

/* A long write is several commands, and the first one erases: too long must be known before. */
static enum trustx_err check_size(struct tool *t, const struct object_args *a, size_t len)
{
	struct trustx_metadata meta;
	enum trustx_err err;

	if ((err = device_metadata(&t->dev, &meta, a->oid, &t->fail)) != TRUSTX_OK)
		return err;
	if (meta.has_max_size && len > meta.max_size)
		return fail_set(&t->fail, TRUSTX_ERR_TOO_BIG,
			"%zu bytes do not fit into 0x%04X, which holds %u", len, a->oid,
			meta.max_size);
	return TRUSTX_OK;
}

/* The chip's own registers are one or two bytes: nothing to erase first. */
static enum trustx_err put(struct tool *t, uint16_t oid, const struct blob *data)
{
	bool fixed = (oid & 0xFFF8) == TRUSTX_OID_LCSG || (oid & 0xFFFC) == TRUSTX_OID_LCSA;
	enum trustx_err err;

	err = fixed ? trustx_write(&t->dev.se, oid, 0, data->data, data->len)
		    : trustx_replace(&t->dev.se, oid, data->data, data->len);
	return err == TRUSTX_OK ? err : device_fail(&t->dev, err, &t->fail, NULL);
}

static enum trustx_err compare(struct tool *t, uint16_t oid, const struct blob *data)
{
	struct blob back;
	enum trustx_err err;

	if ((err = read_object(t, &back, oid)) == TRUSTX_OK &&
		(back.len != data->len || memcmp(back.data, data->data, data->len) != 0)) {
		err = fail_set(&t->fail, TRUSTX_ERR_MISMATCH,
			"0x%04X reads back other than it was written", oid);
		fail_next(&t->fail, "read it with trustx object read %04x, write it again", oid);
	}
	blob_free(&back);
	return err;
}

static enum trustx_err write_object(
	struct tool *t, const struct object_args *a, const struct blob *data)
{
	struct blob before;
	enum trustx_err err;

	if ((err = check_size(t, a, data->len)) != TRUSTX_OK)
		return err;
	if ((err = read_before(t, &before, a->oid)) == TRUSTX_OK) {
		show_change(t, a->oid, &before, data);
		err = consent(t, a, &before);
	}
	blob_free(&before);
	if (err != TRUSTX_OK || (err = put(t, a->oid, data)) != TRUSTX_OK)
		return err;
	return compare(t, a->oid, data);
}

static enum trustx_err run_write(struct tool *t, const void *values)
{
	const struct object_args *a = values;
	struct blob data;
	enum trustx_err err;

	if ((err = tool_read_file(t, &data, a->in)) == TRUSTX_OK &&
		(err = tool_open(t, NULL)) == TRUSTX_OK &&
		(err = write_object(t, a, &data)) == TRUSTX_OK) {
		out_oid(&t->out, "oid", a->oid);
		out_num(&t->out, "bytes", NULL, data.len);
		tool_conclude(t, "%zu bytes written to 0x%04X and read back", data.len, a->oid);
	}
	blob_free(&data);
	return err;
}

static const struct opt oid_args[] = {
	{ .kind = OPT_OID,
		.required = true,
		.value = "OID",
		.help = "object, as 0xF1D0",
		.at = offsetof(struct object_args, oid) },
	{ .kind = OPT_END },
};

static const struct opt read_opts[] = {
	OUT_OPT(struct object_args,
		"write the bytes there; without it they are printed in hexadecimal"),
	{ .kind = OPT_END },
};

static const struct opt write_opts[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.letter = 'i',
		.name = "in",
		.value = "FILE",
		.help = "the bytes, which replace what the object holds",
		.at = offsetof(struct object_args, in),
		.hint = HINT_FILE },
	CONFIRM_OPT(struct object_args,
		"the chip this is meant for: 0xE0C0 and 0xF1C0 go forward only"),
	FOREIGN_CERT_OPT(struct object_args, "into a certificate slot, unchecked"),
	REPLACE_CERT_OPT(struct object_args),
	INFINEON_SLOT_OPT(struct object_args, "0xE0E0, Infineon's own, too"),
	{ .kind = OPT_END },
};

const struct cmd cmd_object_list = {
	.noun = "object",
	.verb = "list",
	.help = "List the objects of the chip with their sizes, life cycles and access rules.",
	.flags = CMD_CHIP,
	.run = run_list,
};

const struct cmd cmd_object_read = {
	.noun = "object",
	.verb = "read",
	.help = "Read the bytes of an object.",
	.args = oid_args,
	.opts = read_opts,
	.flags = CMD_CHIP,
	.run = run_read,
};

const struct cmd cmd_object_write = {
	.noun = "object",
	.verb = "write",
	.help = "Replace the bytes of an object.",
	.args = oid_args,
	.opts = write_opts,
	.flags = CMD_CHIP | CMD_WRITES | CMD_IRREVERSIBLE,
	.run = run_write,
};
