/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "file.h"
#include "interrupt.h"
#include "options.h"
#include "passphrase.h"
#include "personalize.h"
#include "state.h"
#include "words.h"
#include "x509.h"

#include <openssl/x509.h>

#define DAYS_MAX 36500u

struct personalize_args {
	struct subject_args subject;
	struct slot slot;
	enum trustx_curve curve;
	enum cert_format format;
	struct opt_number days;
	const char *issuer, *passphrase_file, *state;
	bool replace_cert, infineon_slot;
};

static void tell(void *ctx, unsigned step, unsigned total, const char *text)
{
	struct tool *t = ctx;

	if (t->globals.verbose > 0)
		tool_note(t, "[%u/%u] %s", step, total, text);
	else
		progress_show(&t->progress, "[%u/%u] %s", step, total, text);
}

static enum trustx_err print_file(
	struct tool *t, const struct personalize_args *a, const char *key, enum state_kind kind)
{
	struct blob path;
	enum trustx_err err;

	blob_init(&path, 4096);
	err = state_path(&path, &t->dev, a->slot.key, kind, &t->fail);
	if (err == TRUSTX_OK && file_exists(blob_text(&path)))
		out_str(&t->out, key,
			kind == STATE_PUBLIC_KEY ? "Public key:" : "Journal:", blob_text(&path));
	else
		out_null(&t->out, key);
	blob_free(&path);
	return err;
}

/* For people; the same is in the members of the JSON object. */
static void summarize(
	struct tool *t, const struct personalize_args *a, const struct personalize_result *r)
{
	const char *key = r->made_key ? "new key" : "existing key";

	if (r->was_finished) {
		tool_conclude(
			t, "slot %u is personalized already; nothing was written", a->slot.number);
		return;
	}
	tool_conclude(t, "slot %u personalized: %s in 0x%04X, %scertificate in 0x%04X, %s",
		a->slot.number, key, a->slot.key, r->reused_certificate ? "earlier issued " : "",
		a->slot.cert,
		r->chain_checked ? "chain checked, possession proved"
				 : "chain not checked, possession proved");
}

static enum trustx_err print(
	struct tool *t, const struct personalize_args *a, const struct personalize_result *r)
{
	struct out *o = &t->out;
	enum trustx_err err;

	out_str(o, "uid", "UID:", t->dev.uid_hex);
	out_num(o, "slot", "Slot:", a->slot.number);
	out_oid(o, "key_oid", a->slot.key);
	out_oid(o, "certificate_oid", a->slot.cert);
	out_bool(o, "was_finished", r->was_finished);
	out_bool(o, "made_key", r->made_key);
	out_bool(o, "reused_certificate", r->reused_certificate);
	out_bool(o, "chain_checked", r->chain_checked);
	if ((err = x509_print(o, "certificate", sk_X509_value(r->certs, 0), &t->fail)) != TRUSTX_OK)
		return err;
	out_object(o, "files");
	if ((err = print_file(t, a, "public_key", STATE_PUBLIC_KEY)) == TRUSTX_OK)
		err = print_file(t, a, "journal", STATE_JOURNAL);
	out_end(o);
	summarize(t, a, r);
	return err;
}

static enum trustx_err personalize(struct tool *t, const struct personalize_args *a,
	const struct csrflow_subject *subject, struct issuer *issuer)
{
	const struct personalize_options opt = { .subject = *subject,
		.issuer = issuer,
		.days = a->days.given ? (unsigned)a->days.v : CA_FOREVER,
		.format = a->format,
		.curve = a->curve,
		.replace_cert = a->replace_cert,
		.infineon_slot = a->infineon_slot,
		.progress = { tell, t },
		.stop = interrupt_seen };
	struct personalize_result result = { .certs = NULL };
	enum trustx_err err;

	if ((err = tool_open(t, a->state)) != TRUSTX_OK)
		return err;
	t->dev.watch.doing = NULL; /* the steps are told */
	err = personalize_run(&result, &t->dev, &a->slot, &opt, &t->fail);
	if (err == TRUSTX_OK)
		err = print(t, a, &result);
	personalize_free(&result);
	return err;
}

/* The CA's passphrase is asked for before the chip is touched, and only if there is one. */
static enum trustx_err get_passphrase(
	struct tool *t, struct blob *secret, const struct personalize_args *a)
{
	struct passphrase_source source = { .file = a->passphrase_file,
		.prompt = "Passphrase of the CA" };
	const char *dir = issuer_ca_dir(a->issuer);

	blob_init(secret, PASSPHRASE_MAX);
	if (dir == NULL || !ca_is_encrypted(dir))
		return TRUSTX_OK;
	return passphrase_get(secret, &source, &t->fail);
}

static enum trustx_err check(struct tool *t, const struct personalize_args *a)
{
	if (!a->days.given || (a->days.v >= 1 && a->days.v <= DAYS_MAX))
		return TRUSTX_OK;
	return fail_set(&t->fail, TRUSTX_ERR_INPUT, "--days must be 1 to %u", DAYS_MAX);
}

static enum trustx_err run_personalize(struct tool *t, const void *values)
{
	const struct personalize_args *a = values;
	struct csrflow_subject subject;
	struct issuer issuer = { .kind = NULL };
	struct blob config, secret;
	enum trustx_err err;

	blob_init(&secret, PASSPHRASE_MAX);
	if ((err = tool_subject(t, &subject, &config, &a->subject)) != TRUSTX_OK ||
		(err = check(t, a)) != TRUSTX_OK)
		goto out;
	/* What is no issuer at all is said before its passphrase is asked for. */
	if ((err = issuer_init(&issuer, a->issuer, NULL, NULL, &t->fail)) != TRUSTX_OK ||
		(err = get_passphrase(t, &secret, a)) != TRUSTX_OK)
		goto out;
	issuer.passphrase = secret.len > 0 ? blob_text(&secret) : NULL;
	err = personalize(t, a, &subject, &issuer);
out:
	issuer_free(&issuer);
	blob_free(&secret);
	blob_free(&config);
	return err;
}

static const struct opt opts[] = {
	SUBJECT_OPTS(struct personalize_args),
	{ .kind = OPT_TEXT,
		.required = true,
		.name = "issuer",
		.value = "WHO",
		.help = "who signs: ca:DIR or exec:PROGRAM",
		.at = offsetof(struct personalize_args, issuer),
		.hint = HINT_WORDS,
		.words = "ca: exec:" },
	SLOT_OPT(struct personalize_args),
	CURVE_OPT(struct personalize_args,
		"of the key, p256 or p384; p256 if one is made and it is not given"),
	FORMAT_OPT(struct personalize_args),
	{ .kind = OPT_NUMBER,
		.name = "days",
		.value = "N",
		.help = "validity asked of a ca; without it the certificate does not expire",
		.at = offsetof(struct personalize_args, days) },
	PASSPHRASE_FILE_OPT(struct personalize_args,
		"passphrase of the CA's key, first line; else the terminal"),
	STATE_OPT(struct personalize_args, "where public keys and the journal are kept"),
	REPLACE_CERT_OPT(struct personalize_args),
	INFINEON_SLOT_OPT(struct personalize_args, "slot 0, Infineon's own, too"),
	{ .kind = OPT_END },
};

const struct cmd cmd_personalize = {
	.noun = "personalize",
	.help = "Turn a chip into a device: key, request, certificate, proof; continues if "
		"stopped.",
	.opts = opts,
	.flags = CMD_CHIP | CMD_KEY_USE | CMD_WRITES,
	.run = run_personalize,
};
