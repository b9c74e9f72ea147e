/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "options.h"
#include "slotcert.h"
#include "words.h"
#include "x509.h"

#include <openssl/x509.h>

#define PEM_MAX ((size_t)1 << 20)

struct cert_args {
	const char *file, *ca, *out, *state;
	struct slot slot;
	enum cert_format format;
	bool replace_cert, foreign_cert, infineon_slot;
};

static void free_certs(STACK_OF(X509) *certs)
{
	sk_X509_pop_free(certs, X509_free);
}

/* No path, no certificates: the file is optional in some places. */
static enum trustx_err load(struct tool *t, STACK_OF(X509) **certs, const char *path)
{
	struct blob data;
	enum trustx_err err;

	*certs = NULL;
	if (path == NULL)
		return TRUSTX_OK;
	if ((err = tool_read_file(t, &data, path)) == TRUSTX_OK &&
		(err = cert_parse(certs, data.data, data.len, &t->fail)) != TRUSTX_OK)
		fail_what(&t->fail, "%.120s", path);
	blob_free(&data);
	return err;
}

static void print_where(struct tool *t, const struct cert_args *a)
{
	out_str(&t->out, "uid", NULL, t->dev.uid_hex);
	out_num(&t->out, "slot", NULL, a->slot.number);
	out_oid(&t->out, "certificate_oid", a->slot.cert);
}

static const char *key_words(const struct slotcert_result *r)
{
	if (r->key_fits)
		return "fits, proved by a signature made now";
	return r->key_unproved ? "fits, but the key cannot sign: not proved"
			       : "not checked or not for the key in the slot";
}

static void print_checks(struct tool *t, const struct cert_args *a, const struct slotcert_result *r)
{
	print_where(t, a);
	out_bool(&t->out, "key_fits", r->key_fits || r->key_unproved);
	out_bool(&t->out, "key_proved", r->key_fits);
	out_bool(&t->out, "chain_checked", r->chain_checked);
	out_num(&t->out, "bytes", NULL, r->len);
}

static enum trustx_err print_written(struct tool *t, const struct cert_args *a,
	const struct slotcert_result *r, STACK_OF(X509) *certs)
{
	print_checks(t, a, r);
	out_bool(&t->out, "written", r->written);
	tool_conclude(t, "certificate %s 0x%04X, %zu bytes; key: %s; chain: %s",
		r->written ? "written to" : "was already in", a->slot.cert, r->len, key_words(r),
		r->chain_checked ? "checked" : "not checked");
	return x509_print_all(&t->out, "certificates", certs, &t->fail);
}

static enum trustx_err print_verified(struct tool *t, const struct cert_args *a,
	const struct slotcert_result *r, STACK_OF(X509) *certs)
{
	enum trustx_err err;

	print_checks(t, a, r);
	if ((err = x509_print_all(&t->out, "certificates", certs, &t->fail)) != TRUSTX_OK)
		return err;
	out_line(&t->out, "%-16s%s", "Key:", key_words(r));
	out_line(&t->out, "%-16s%s", "Chain:",
		r->chain_checked ? "ends at a certificate of --ca" : "not checked: no --ca given");
	out_line(&t->out, "%-16s%zu bytes in the slot", "Size:", r->len);
	return TRUSTX_OK;
}

struct loaded {
	STACK_OF(X509) *certs, *roots;
	struct slotcert_options opt;
};

/* What is wrong with the files is said before the chip is asked. */
static enum trustx_err prepare(struct tool *t, struct loaded *l, const struct cert_args *a)
{
	enum trustx_err err;

	if ((err = load(t, &l->certs, a->file)) != TRUSTX_OK ||
		(err = load(t, &l->roots, a->ca)) != TRUSTX_OK ||
		(err = tool_open(t, a->state)) != TRUSTX_OK)
		return err;
	l->opt = (struct slotcert_options){ .format = a->format,
		.roots = l->roots,
		.foreign = a->foreign_cert,
		.replace = a->replace_cert,
		.infineon_slot = a->infineon_slot };
	return TRUSTX_OK;
}

static void free_loaded(struct loaded *l)
{
	free_certs(l->certs);
	free_certs(l->roots);
}

static enum trustx_err run_write(struct tool *t, const void *values)
{
	const struct cert_args *a = values;
	struct loaded l = { .certs = NULL };
	struct slotcert_result result;
	enum trustx_err err;

	if ((err = prepare(t, &l, a)) == TRUSTX_OK &&
		(err = slotcert_write(&result, &t->dev, &a->slot, l.certs, &l.opt, &t->fail)) ==
			TRUSTX_OK)
		err = print_written(t, a, &result, l.certs);
	free_loaded(&l);
	return err;
}

static enum trustx_err run_verify(struct tool *t, const void *values)
{
	const struct cert_args *a = values;
	struct loaded l = { .certs = NULL };
	struct slotcert_result result = { .found = NULL };
	enum trustx_err err;

	if ((err = prepare(t, &l, a)) == TRUSTX_OK &&
		(err = slotcert_verify(&result, &t->dev, &a->slot, l.certs, &l.opt, &t->fail)) ==
			TRUSTX_OK)
		err = print_verified(t, a, &result, l.certs != NULL ? l.certs : result.found);
	free_certs(result.found);
	free_loaded(&l);
	return err;
}

static enum trustx_err print_read(
	struct tool *t, const struct cert_args *a, STACK_OF(X509) *certs, const struct blob *raw)
{
	struct out *o = &t->out;
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, PEM_MAX);
	if ((err = x509_pem_all(&pem, certs, &t->fail)) != TRUSTX_OK ||
		(err = tool_output(t, a->out, pem.data, pem.len)) != TRUSTX_OK)
		goto out;
	print_where(t, a);
	out_str(o, "format", NULL, raw->data[0] == 0x30 ? "der" : "tls-identity");
	out_str(o, "pem", NULL, blob_text(&pem));
	if (o->json)
		err = x509_print_all(o, "certificates", certs, &t->fail);
out:
	blob_free(&pem);
	return err;
}

static enum trustx_err run_read(struct tool *t, const void *values)
{
	const struct cert_args *a = values;
	STACK_OF(X509) *certs = NULL;
	struct blob raw;
	enum trustx_err err;

	if ((err = tool_open(t, NULL)) != TRUSTX_OK ||
		(err = tool_check_output(t, a->out)) != TRUSTX_OK)
		return err;
	blob_init(&raw, 65535);
	if ((err = slotcert_read(&certs, &raw, &t->dev, &a->slot, &t->fail)) == TRUSTX_OK)
		err = print_read(t, a, certs, &raw);
	free_certs(certs);
	blob_free(&raw);
	return err;
}

static enum trustx_err run_erase(struct tool *t, const void *values)
{
	const struct cert_args *a = values;
	bool erased;
	enum trustx_err err;

	if ((err = tool_open(t, NULL)) != TRUSTX_OK ||
		(err = slotcert_erase(&erased, &t->dev, &a->slot, a->infineon_slot, &t->fail)) !=
			TRUSTX_OK)
		return err;
	print_where(t, a);
	out_bool(&t->out, "erased", erased);
	tool_conclude(t, "0x%04X %s", a->slot.cert, erased ? "is empty now" : "was empty already");
	return TRUSTX_OK;
}

#define CA_OPT                                                                      \
	{                                                                           \
		.kind = OPT_TEXT, .name = "ca", .value = "FILE",                    \
		.help = "roots that the chain must end at; not checked without it", \
		.at = offsetof(struct cert_args, ca), .hint = HINT_FILE             \
	}

static const struct opt write_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "FILE",
		.help = "certificate or chain, leaf first: PEM, DER, PKCS#7",
		.at = offsetof(struct cert_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

static const struct opt verify_args[] = {
	{ .kind = OPT_TEXT,
		.value = "FILE",
		.help = "certificate or chain; without it the one in the slot",
		.at = offsetof(struct cert_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

static const struct opt write_opts[] = {
	SLOT_OPT(struct cert_args),
	FORMAT_OPT(struct cert_args),
	CA_OPT,
	STATE_OPT(struct cert_args, "where public keys are kept"),
	REPLACE_CERT_OPT(struct cert_args),
	FOREIGN_CERT_OPT(struct cert_args, "a certificate for another key"),
	INFINEON_SLOT_OPT(struct cert_args, "slot 0, Infineon's own, too"),
	{ .kind = OPT_END },
};

static const struct opt verify_opts[] = {
	SLOT_OPT(struct cert_args),
	FORMAT_OPT(struct cert_args),
	CA_OPT,
	STATE_OPT(struct cert_args, "where public keys are kept"),
	{ .kind = OPT_END },
};

static const struct opt read_opts[] = {
	SLOT_OPT(struct cert_args),
	OUT_OPT(struct cert_args, "write the certificate or chain there (PEM)"),
	{ .kind = OPT_END },
};

static const struct opt erase_opts[] = {
	SLOT_OPT(struct cert_args),
	INFINEON_SLOT_OPT(struct cert_args, "slot 0, Infineon's own, too"),
	{ .kind = OPT_END },
};

const struct cmd cmd_cert_write = {
	.noun = "cert",
	.verb = "write",
	.help = "Check a certificate against the key in the slot and write it into the slot.",
	.args = write_args,
	.opts = write_opts,
	.flags = CMD_CHIP | CMD_KEY_USE | CMD_WRITES,
	.run = run_write,
};

const struct cmd cmd_cert_verify = {
	.noun = "cert",
	.verb = "verify",
	.help = "Check a certificate against the key in the slot: key, dates, size, chain.",
	.args = verify_args,
	.opts = verify_opts,
	.flags = CMD_CHIP | CMD_KEY_USE,
	.run = run_verify,
};

const struct cmd cmd_cert_read = {
	.noun = "cert",
	.verb = "read",
	.help = "Read the certificate out of a slot.",
	.opts = read_opts,
	.flags = CMD_CHIP,
	.run = run_read,
};

const struct cmd cmd_cert_erase = {
	.noun = "cert",
	.verb = "erase",
	.help = "Empty the certificate slot; the key stays.",
	.opts = erase_opts,
	.flags = CMD_CHIP | CMD_WRITES,
	.run = run_erase,
};
