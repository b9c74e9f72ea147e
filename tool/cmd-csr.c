/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "csrflow.h"
#include "options.h"
#include "words.h"

#include <openssl/x509.h>

#define NAME_MAX_BYTES ((size_t)8192)

struct create_args {
	struct subject_args subject;
	struct slot slot;
	enum trustx_curve curve;
	uint8_t usage;
	const char *out, *state;
	bool infineon_slot;
};

struct verify_args {
	const char *file;
};

static enum trustx_err print_name(struct out *o, const X509_NAME *name, const char *label)
{
	struct blob text;
	enum trustx_err err;

	blob_init(&text, NAME_MAX_BYTES);
	if ((err = name_print(&text, name, ",")) == TRUSTX_OK)
		out_str(o, "subject", label, blob_text(&text));
	blob_free(&text);
	return err;
}

static enum trustx_err print_created(
	struct tool *t, const struct create_args *a, const struct csrflow_result *r)
{
	struct out *o = &t->out;
	bool made = r->key.source == PUBKEY_GENERATED;
	enum trustx_err err;

	if ((err = tool_output(t, a->out, r->pem.data, r->pem.len)) != TRUSTX_OK ||
		(err = print_name(o, r->subject, NULL)) != TRUSTX_OK)
		return err;
	out_str(o, "uid", NULL, t->dev.uid_hex);
	out_num(o, "slot", NULL, a->slot.number);
	out_oid(o, "key_oid", a->slot.key);
	out_bool(o, "key_made", made);
	out_str(o, "key_source", NULL, pubkey_source_text(r->key.source));
	out_str(o, "curve", NULL, words_curve_name(r->key.curve));
	out_str(o, "pem", NULL, blob_text(&r->pem));
	tool_conclude(t, "request signed by the %s key in 0x%04X%s%s", made ? "new" : "existing",
		a->slot.key, tool_is_file(a->out) ? ", written to " : "",
		tool_is_file(a->out) ? a->out : "");
	return TRUSTX_OK;
}

static enum trustx_err create(
	struct tool *t, const struct create_args *a, const struct csrflow_options *opt)
{
	struct csrflow_result result = { .subject = NULL };
	enum trustx_err err;

	if ((err = tool_open(t, a->state)) != TRUSTX_OK ||
		(err = tool_check_output(t, a->out)) != TRUSTX_OK)
		return err;
	err = csrflow_create(&result, &t->dev, &a->slot, opt, &t->fail);
	if (err == TRUSTX_OK)
		err = print_created(t, a, &result);
	csrflow_free(&result);
	return err;
}

static enum trustx_err run_create(struct tool *t, const void *values)
{
	const struct create_args *a = values;
	struct csrflow_options opt = {
		.curve = a->curve, .usage = a->usage, .infineon_slot = a->infineon_slot
	};
	struct blob config;
	enum trustx_err err;

	if ((err = tool_subject(t, &opt.subject, &config, &a->subject)) == TRUSTX_OK)
		err = create(t, a, &opt);
	blob_free(&config);
	return err;
}

/* Requests of any key can be verified, not only those of a chip. */
static enum trustx_err print_verified(struct tool *t, X509_REQ *req)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(req);
	const char *curve = EVP_PKEY_get_bits(key) == 256 ? "P-256" : "P-384";
	enum trustx_err err;

	if (!EVP_PKEY_is_a(key, "EC"))
		curve = EVP_PKEY_get0_type_name(key);
	if ((err = print_name(&t->out, X509_REQ_get_subject_name(req), "Subject:")) != TRUSTX_OK)
		return err;
	out_str(&t->out, "key", "Key:", curve);
	out_str(&t->out, "signature", "Signature:", "right");
	return TRUSTX_OK;
}

static enum trustx_err run_verify(struct tool *t, const void *values)
{
	const struct verify_args *a = values;
	X509_REQ *req = NULL;
	struct blob data;
	enum trustx_err err;

	if ((err = tool_read_file(t, &data, a->file)) != TRUSTX_OK ||
		(err = csr_parse(&req, data.data, data.len, &t->fail)) != TRUSTX_OK ||
		(err = csr_verify(req, &t->fail)) != TRUSTX_OK) {
		fail_what(&t->fail, "verify %.120s", a->file);
		goto out;
	}
	err = print_verified(t, req);
out:
	X509_REQ_free(req);
	blob_free(&data);
	return err;
}

static const struct opt create_opts[] = {
	SUBJECT_OPTS(struct create_args),
	SLOT_OPT(struct create_args),
	CURVE_OPT(struct create_args,
		"of the key, p256 or p384; p256 if one is made and it is not given"),
	USAGE_OPT(struct create_args,
		"of the key, sign, auth, enc, agree; sign if one is made and it is not "
		"given"),
	OUT_OPT(struct create_args, "write the request there (PEM)"),
	STATE_OPT(struct create_args, "where public keys are kept"),
	INFINEON_SLOT_OPT(struct create_args, "make a key in slot 0 too"),
	{ .kind = OPT_END },
};

static const struct opt verify_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "FILE",
		.help = "request, PEM or DER",
		.at = offsetof(struct verify_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

const struct cmd cmd_csr_create = {
	.noun = "csr",
	.verb = "create",
	.help = "Make a certification request signed by the chip; makes the key if there is none.",
	.opts = create_opts,
	.flags = CMD_CHIP | CMD_KEY_USE | CMD_WRITES,
	.run = run_create,
};

const struct cmd cmd_csr_verify = {
	.noun = "csr",
	.verb = "verify",
	.help = "Check the signature of a certification request.",
	.args = verify_args,
	.run = run_verify,
};
