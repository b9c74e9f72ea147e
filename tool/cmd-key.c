/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "file.h"
#include "keygen.h"
#include "options.h"
#include "state.h"
#include "words.h"

#define PEM_MAX ((size_t)1024)

struct key_args {
	struct slot slot;
	enum trustx_curve curve;
	uint8_t usage;
	const char *out, *state, *confirm;
	bool replace_key, infineon_slot;
};

/* No device is said before no output: the order of exit codes. */
static enum trustx_err prepare(struct tool *t, const struct key_args *a)
{
	enum trustx_err err;

	if ((err = tool_open(t, a->state)) != TRUSTX_OK)
		return err;
	return tool_check_output(t, a->out);
}

static void print_usage_bits(struct out *o, uint8_t bits)
{
	const char *name;

	out_array(o, "usage");
	while ((name = words_usage_next(&bits)) != NULL)
		out_str(o, NULL, NULL, name);
	out_end(o);
}

static enum trustx_err print(struct tool *t, const struct key_args *a, const struct pubkey *key)
{
	struct out *o = &t->out;
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, PEM_MAX);
	if ((err = pubkey_pem(&pem, key, &t->fail)) != TRUSTX_OK ||
		(err = tool_output(t, a->out, pem.data, pem.len)) != TRUSTX_OK) {
		fail_next(&t->fail, "the key is there; get its public part: trustx key public");
		goto out;
	}
	out_str(o, "uid", NULL, t->dev.uid_hex);
	out_num(o, "slot", NULL, a->slot.number);
	out_oid(o, "key_oid", a->slot.key);
	out_str(o, "curve", NULL, words_curve_name(key->curve));
	print_usage_bits(o, key->usage);
	out_str(o, "source", NULL, pubkey_source_text(key->source));
	out_bool(o, "proved", key->proved);
	out_hex(o, "point", NULL, key->point, key->point_len);
	out_str(o, "pem", NULL, blob_text(&pem));
	err = TRUSTX_OK;
out:
	blob_free(&pem);
	return err;
}

/* Made, and not saved: what was asked for is written all the same, then the failure reported. */
static enum trustx_err rescue(struct tool *t, const struct key_args *a, const struct pubkey *key)
{
	const char *path = a->out != NULL ? a->out : "-";
	struct fail first = t->fail;
	struct blob pem;

	blob_init(&pem, PEM_MAX);
	progress_clear(&t->progress);
	if (pubkey_pem(&pem, key, &t->fail) != TRUSTX_OK)
		goto out;
	if (a->out == NULL && t->out.json)
		tool_say(t, "%s", blob_text(&pem));
	else if (file_write(path, pem.data, pem.len, FILE_PUBLIC, FILE_SYNC, &t->fail) != TRUSTX_OK)
		tool_say(t, "%s\n%s", t->fail.why, blob_text(&pem));
out:
	blob_free(&pem);
	t->fail = first;
	return first.err;
}

static enum trustx_err run_generate(struct tool *t, const void *values)
{
	const struct key_args *a = values;
	const struct keygen_options opt = { .curve = a->curve,
		.usage = a->usage,
		.replace = a->replace_key,
		.confirm = a->confirm,
		.infineon_slot = a->infineon_slot };
	struct pubkey key;
	enum trustx_err err;

	if ((err = prepare(t, a)) != TRUSTX_OK)
		return err;
	err = keygen_run(&key, &t->dev, &a->slot, &opt, &t->fail);
	if (err != TRUSTX_OK)
		return key.point_len > 0 ? rescue(t, a, &key) : err;
	tool_conclude(t, "key pair made in 0x%04X (%s); its public key is kept in %s", a->slot.key,
		words_curve_text(key.curve), t->dev.state_dir);
	return print(t, a, &key);
}

static enum trustx_err run_public(struct tool *t, const void *values)
{
	const struct key_args *a = values;
	struct pubkey key;
	enum trustx_err err;

	if ((err = prepare(t, a)) != TRUSTX_OK ||
		(err = pubkey_find(&key, &t->dev, &a->slot, &t->fail)) != TRUSTX_OK)
		return err;
	tool_conclude(t, "public key of 0x%04X (%s) from: %s%s", a->slot.key,
		words_curve_text(key.curve), pubkey_source_text(key.source),
		key.proved ? "" : "; not proved, the key cannot sign");
	return print(t, a, &key);
}

static const struct opt generate_opts[] = {
	SLOT_OPT(struct key_args),
	CURVE_OPT(struct key_args, "p256 or p384, p256 if not given"),
	USAGE_OPT(struct key_args, "sign, auth, enc, agree, joined by commas; sign if not given"),
	OUT_OPT(struct key_args, "write the public key there (PEM)"),
	STATE_OPT(struct key_args, "where public keys are kept"),
	{ .kind = OPT_FLAG,
		.name = "replace-key",
		.help = "destroy the key that is in the slot; with --confirm",
		.at = offsetof(struct key_args, replace_key) },
	CONFIRM_OPT(struct key_args, "the chip this is meant for"),
	INFINEON_SLOT_OPT(struct key_args, "slot 0, Infineon's own, too"),
	{ .kind = OPT_END },
};

static const struct opt public_opts[] = {
	SLOT_OPT(struct key_args),
	OUT_OPT(struct key_args, "write the public key there (PEM)"),
	STATE_OPT(struct key_args, "where public keys are kept"),
	{ .kind = OPT_END },
};

const struct cmd cmd_key_generate = {
	.noun = "key",
	.verb = "generate",
	.help = "Make a key pair inside the chip.",
	.opts = generate_opts,
	.flags = CMD_CHIP | CMD_WRITES | CMD_IRREVERSIBLE,
	.run = run_generate,
};

const struct cmd cmd_key_public = {
	.noun = "key",
	.verb = "public",
	.help = "Get the public key of the key in a slot.",
	.opts = public_opts,
	.flags = CMD_CHIP | CMD_KEY_USE,
	.run = run_public,
};
