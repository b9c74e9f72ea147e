/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "access.h"
#include "hex.h"
#include "metadata.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

#define TAG_METADATA 0x20
#define TAG_LCSO     0xC0

struct metadata_args {
	uint16_t oid;
	bool raw;
	struct opt_list set;
	const char *confirm;
};

/* Metadata as bytes: what is stored, or what to change. */
struct raw {
	uint8_t bytes[TRUSTX_METADATA_MAX];
	size_t len;
};

/* ---- parse ---- */

static enum trustx_err parse_hex(struct tool *t, struct raw *change, const char *text)
{
	struct trustx_metadata meta;
	struct fail *f = &t->fail;

	change->len = sizeof(change->bytes);
	if (hex_parse(change->bytes, &change->len, text) != TRUSTX_OK ||
		trustx_metadata_decode(&meta, change->bytes, change->len) != TRUSTX_OK ||
		change->len <= 2)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"'%.80s' is no metadata: 20, length, then tag, length, value", text);
	return TRUSTX_OK;
}

/* Decoding what was put together finds a tag that is there twice. */
static enum trustx_err parse_assignments(
	struct tool *t, struct raw *change, const struct opt_list *set)
{
	struct trustx_metadata meta;
	struct writer w;
	enum trustx_err err;

	writer_init(&w, change->bytes, sizeof(change->bytes));
	writer_u8(&w, TAG_METADATA);
	writer_u8(&w, 0);
	for (size_t i = 0; i < set->count; i++)
		if ((err = access_assignment(&w, set->at[i], &t->fail)) != TRUSTX_OK)
			return err;
	change->len = writer_len(&w);
	change->bytes[1] = (uint8_t)(change->len - 2);
	if (w.failed)
		return fail_set(&t->fail, TRUSTX_ERR_TOO_BIG, "more than %u bytes of metadata",
			TRUSTX_METADATA_MAX);
	if (trustx_metadata_decode(&meta, change->bytes, change->len) != TRUSTX_OK)
		return fail_set(&t->fail, TRUSTX_ERR_INPUT, "something is assigned twice");
	return TRUSTX_OK;
}

static enum trustx_err parse_change(struct tool *t, struct raw *change, const struct opt_list *set)
{
	enum trustx_err err;

	if (set->count == 1 && strchr(set->at[0], '=') == NULL)
		err = parse_hex(t, change, set->at[0]);
	else
		err = parse_assignments(t, change, set);
	if (err != TRUSTX_OK)
		fail_what(&t->fail, "--set");
	return err;
}

/* ---- run ---- */

static enum trustx_err read_raw(struct tool *t, struct raw *raw, uint16_t oid)
{
	enum trustx_err err;

	raw->len = sizeof(raw->bytes);
	if ((err = trustx_read_metadata(&t->dev.se, raw->bytes, &raw->len, oid)) != TRUSTX_OK)
		return device_fail(&t->dev, err, &t->fail, "read the metadata of 0x%04X", oid);
	return TRUSTX_OK;
}

static enum trustx_err decode(struct tool *t, struct trustx_metadata *meta, const struct raw *raw)
{
	if (trustx_metadata_decode(meta, raw->bytes, raw->len) != TRUSTX_OK)
		return fail_set(
			&t->fail, TRUSTX_ERR_PROTOCOL, "the chip's metadata is not well formed");
	return TRUSTX_OK;
}

/* What metadata becomes: the changed tags over the old ones. */
static struct trustx_metadata merge(
	const struct trustx_metadata *before, const struct raw *change, bool *rules)
{
	struct trustx_metadata after = *before, set;
	struct reader r;

	*rules = false;
	if (trustx_metadata_decode(&set, change->bytes, change->len) != TRUSTX_OK)
		return after;
	reader_init(&r, change->bytes + 2, change->len - 2);
	while (reader_left(&r) > 0) {
		uint8_t tag = reader_u8(&r);

		reader_skip(&r, reader_u8(&r));
		if (tag == TAG_LCSO || (tag & 0xF0) == 0xD0)
			*rules = true;
	}
	after.lcso = set.lcso != 0 ? set.lcso : before->lcso;
	after.change = set.change.len > 0 ? set.change : before->change;
	after.read = set.read.len > 0 ? set.read : before->read;
	after.execute = set.execute.len > 0 ? set.execute : before->execute;
	return after;
}

static void show_change(
	struct tool *t, const struct trustx_metadata *before, const struct trustx_metadata *after)
{
	char text[METADATA_TEXT_MAX];

	metadata_text(text, before);
	tool_say(t, "before: %s", text);
	metadata_text(text, after);
	tool_say(t, "after:  %s", text);
}

/* Life cycle and access conditions: what is lost for good is said first. */
static enum trustx_err consent(struct tool *t, const struct metadata_args *a,
	const struct trustx_metadata *before, const struct raw *change)
{
	struct trustx_metadata after;
	bool rules, before_open, after_open;
	enum trustx_err err;

	after = merge(before, change, &rules);
	if (!rules)
		return TRUSTX_OK;
	show_change(t, before, &after);
	if ((err = device_can_change(&t->dev, &before_open, before, &t->fail)) != TRUSTX_OK ||
		(err = device_can_change(&t->dev, &after_open, &after, &t->fail)) != TRUSTX_OK)
		return err;
	if (before_open && !after_open)
		tool_note(t, "after this, 0x%04X can no longer be written", a->oid);
	return tool_confirm(t, a->confirm, "changing a life cycle or an access condition");
}

/* Is each tag of change in now, with the same value? */
static bool contains(const struct raw *now, const struct raw *change)
{
	struct reader r, in;

	reader_init(&r, change->bytes + 2, change->len - 2);
	while (reader_left(&r) > 0) {
		/* The form was checked: parse_change, read_raw through decode. */
		const uint8_t *want = r.at;
		size_t len = (size_t)want[1] + 2;
		bool found = false;

		reader_skip(&r, len);
		reader_init(&in, now->bytes + 2, now->len - 2);
		while (reader_left(&in) > 1 && !found) {
			const uint8_t *have = in.at;
			size_t left = reader_left(&in), size = (size_t)have[1] + 2;

			found = left >= len && memcmp(have, want, len) == 0;
			reader_skip(&in, size);
		}
		if (!found)
			return false;
	}
	return true;
}

/* The chip answers before a wrong byte shows: only reading back tells. */
static enum trustx_err write_change(
	struct tool *t, struct raw *now, const struct metadata_args *a, const struct raw *change)
{
	struct trustx_metadata before;
	enum trustx_err err;

	if ((err = decode(t, &before, now)) != TRUSTX_OK ||
		(err = consent(t, a, &before, change)) != TRUSTX_OK)
		return err;
	if ((err = trustx_write_metadata(&t->dev.se, a->oid, change->bytes, change->len)) !=
		TRUSTX_OK)
		return device_fail(&t->dev, err, &t->fail, "write the metadata of 0x%04X", a->oid);
	if ((err = read_raw(t, now, a->oid)) != TRUSTX_OK)
		return err;
	if (!contains(now, change))
		return fail_set(&t->fail, TRUSTX_ERR_MISMATCH,
			"the metadata of 0x%04X read back other than they were written", a->oid);
	return TRUSTX_OK;
}

/* ---- print ---- */

static enum trustx_err print(struct tool *t, const struct metadata_args *a, const struct raw *now)
{
	struct trustx_metadata meta;
	struct out *o = &t->out;
	enum trustx_err err;

	if ((err = decode(t, &meta, now)) != TRUSTX_OK)
		return err;
	if (a->raw && !o->json) {
		out_hex(o, NULL, "", now->bytes, now->len);
		return TRUSTX_OK;
	}
	metadata_print(o, a->oid, metadata_name(a->oid, trustx_family(&t->dev.se)), &meta);
	out_hex(o, "raw", NULL, now->bytes, now->len);
	return TRUSTX_OK;
}

static enum trustx_err run_metadata(struct tool *t, const void *values)
{
	const struct metadata_args *a = values;
	struct raw now, change = { .len = 0 };
	enum trustx_err err;

	if (a->set.count > 0 && (err = parse_change(t, &change, &a->set)) != TRUSTX_OK)
		return err;
	if ((err = tool_open(t, NULL)) != TRUSTX_OK ||
		(err = read_raw(t, &now, a->oid)) != TRUSTX_OK)
		return err;
	if (change.len > 0 && (err = write_change(t, &now, a, &change)) != TRUSTX_OK)
		return err;
	return print(t, a, &now);
}

static const struct opt args[] = {
	{ .kind = OPT_OID,
		.required = true,
		.value = "OID",
		.help = "object, as 0xF1D0",
		.at = offsetof(struct metadata_args, oid) },
	{ .kind = OPT_END },
};

static const struct opt opts[] = {
	{ .kind = OPT_FLAG,
		.name = "raw",
		.help = "print the bytes in hexadecimal",
		.at = offsetof(struct metadata_args, raw) },
	{ .kind = OPT_LIST,
		.name = "set",
		.value = "WHAT",
		.help = "change: lcso= change= read= execute= usage= type=, or 20... in hex",
		.at = offsetof(struct metadata_args, set),
		.hint = HINT_WORDS,
		.words = "lcso=operational change=never change=always read=always execute=always" },
	CONFIRM_OPT(struct metadata_args,
		"the chip this is meant for: rules and life cycles do not come back"),
	{ .kind = OPT_END },
};

const struct cmd cmd_object_metadata = {
	.noun = "object",
	.verb = "metadata",
	.help = "Show the life cycle, sizes and access rules of an object, or change them.",
	.args = args,
	.opts = opts,
	.flags = CMD_CHIP | CMD_WRITES | CMD_IRREVERSIBLE,
	.run = run_metadata,
};
