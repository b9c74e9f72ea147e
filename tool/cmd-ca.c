/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "ca.h"
#include "csr.h"
#include "options.h"
#include "passphrase.h"
#include "x509.h"

#include <openssl/x509.h>

#include <stdlib.h>

#define DAYS_MAX 36500u
#define PEM_MAX	 ((size_t)1 << 17)

struct init_args {
	const char *dir, *subject, *passphrase_file;
	bool intermediate, encrypt;
};

struct sign_args {
	const char *dir, *csr, *out, *passphrase_file;
	struct opt_number days;
};

struct show_args {
	const char *dir;
};

static enum trustx_err run_init(struct tool *t, const void *values)
{
	const struct init_args *a = values;
	struct passphrase_source source = {
		.file = a->passphrase_file, .prompt = "New passphrase of the CA", .twice = true
	};
	struct ca_options opt = { .subject = a->subject, .intermediate = a->intermediate };
	struct blob secret;
	enum trustx_err err = TRUSTX_OK;

	blob_init(&secret, PASSPHRASE_MAX);
	if (a->encrypt || a->passphrase_file != NULL)
		err = passphrase_get(&secret, &source, &t->fail);
	opt.passphrase = secret.len > 0 ? blob_text(&secret) : NULL;
	if (err == TRUSTX_OK && (err = ca_init(a->dir, &opt, &t->fail)) == TRUSTX_OK) {
		out_str(&t->out, "dir", NULL, a->dir);
		out_bool(&t->out, "intermediate", a->intermediate);
		out_bool(&t->out, "encrypted", secret.len > 0);
		tool_conclude(
			t, "CA made in %s; its root certificate is %s/root.pem", a->dir, a->dir);
	}
	blob_free(&secret);
	return err;
}

/* The request first, then the passphrase: nobody types one for a file that is no request. */
static enum trustx_err load_request(struct tool *t, X509_REQ **req, const char *path)
{
	struct blob data;
	enum trustx_err err;

	*req = NULL;
	if ((err = tool_read_file(t, &data, path)) == TRUSTX_OK &&
		(err = csr_parse(req, data.data, data.len, &t->fail)) != TRUSTX_OK)
		fail_what(&t->fail, "%.120s", path);
	blob_free(&data);
	return err;
}

static enum trustx_err sign_request(
	struct tool *t, STACK_OF(X509) **certs, const struct sign_args *a, X509_REQ *req)
{
	struct passphrase_source source = { .file = a->passphrase_file,
		.prompt = "Passphrase of the CA" };
	unsigned days = a->days.given ? (unsigned)a->days.v : CA_FOREVER;
	struct ca *ca = NULL;
	struct blob secret;
	enum trustx_err err = TRUSTX_OK;

	blob_init(&secret, PASSPHRASE_MAX);
	if (ca_is_encrypted(a->dir))
		err = passphrase_get(&secret, &source, &t->fail);
	if (err == TRUSTX_OK &&
		(err = ca_open(&ca, a->dir, secret.len > 0 ? blob_text(&secret) : NULL,
			 &t->fail)) == TRUSTX_OK)
		err = ca_sign(certs, ca, req, days, &t->fail);
	ca_close(ca);
	blob_free(&secret);
	return err;
}

static enum trustx_err print_signed(
	struct tool *t, const struct sign_args *a, STACK_OF(X509) *certs)
{
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, PEM_MAX);
	if ((err = x509_pem_all(&pem, certs, &t->fail)) == TRUSTX_OK &&
		(err = tool_output(t, a->out, pem.data, pem.len)) == TRUSTX_OK) {
		out_str(&t->out, "pem", NULL, blob_text(&pem));
		tool_conclude(t, "certificate issued%s%s",
			tool_is_file(a->out) ? ", written to " : "",
			tool_is_file(a->out) ? a->out : "");
		if (t->out.json)
			err = x509_print_all(&t->out, "certificates", certs, &t->fail);
	}
	blob_free(&pem);
	return err;
}

static enum trustx_err run_sign(struct tool *t, const void *values)
{
	const struct sign_args *a = values;
	STACK_OF(X509) *certs = NULL;
	X509_REQ *req = NULL;
	enum trustx_err err;

	if (a->days.given && (a->days.v < 1 || a->days.v > DAYS_MAX))
		return fail_set(&t->fail, TRUSTX_ERR_INPUT, "--days must be 1 to %u", DAYS_MAX);
	if ((err = load_request(t, &req, a->csr)) == TRUSTX_OK &&
		(err = tool_check_output(t, a->out)) == TRUSTX_OK &&
		(err = sign_request(t, &certs, a, req)) == TRUSTX_OK)
		err = print_signed(t, a, certs);
	sk_X509_pop_free(certs, X509_free);
	X509_REQ_free(req);
	return err;
}

static void print_entry(struct out *o, const struct ca_entry *entry)
{
	out_line(o, "%s  %s  %s  %s", entry->serial, entry->issued, entry->expires, entry->subject);
	out_object(o, NULL);
	out_str(o, "serial", NULL, entry->serial);
	out_str(o, "issued", NULL, entry->issued);
	out_str(o, "expires", NULL, entry->expires);
	out_str(o, "subject", NULL, entry->subject);
	out_str(o, "key_hash", NULL, entry->key_hash);
	out_end(o);
}

static enum trustx_err print_roots(struct tool *t, const char *dir)
{
	STACK_OF(X509) *roots = NULL;
	enum trustx_err err;

	if ((err = ca_roots(&roots, dir, &t->fail)) == TRUSTX_OK)
		err = x509_print_all(&t->out, "roots", roots, &t->fail);
	sk_X509_pop_free(roots, X509_free);
	return err;
}

static enum trustx_err run_show(struct tool *t, const void *values)
{
	const struct show_args *a = values;
	struct ca_entry *entries = NULL;
	size_t count = 0;
	enum trustx_err err;

	if ((err = print_roots(t, a->dir)) != TRUSTX_OK ||
		(err = ca_list(&entries, &count, a->dir, &t->fail)) != TRUSTX_OK)
		return err;
	out_line(&t->out, "%-16s%zu certificate%s", "Issued:", count, count == 1 ? "" : "s");
	out_array(&t->out, "issued");
	for (size_t i = 0; i < count; i++)
		print_entry(&t->out, &entries[i]);
	out_end(&t->out);
	free(entries);
	return TRUSTX_OK;
}

static const struct opt init_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "DIR",
		.help = "directory, made for it",
		.at = offsetof(struct init_args, dir),
		.hint = HINT_DIR },
	{ .kind = OPT_END },
};

static const struct opt init_opts[] = {
	{ .kind = OPT_TEXT,
		.name = "subject",
		.value = "NAME",
		.help = "name of the CA, if not given \"CN=trustx local CA\" and 8 random digits",
		.at = offsetof(struct init_args, subject) },
	{ .kind = OPT_FLAG,
		.name = "intermediate",
		.help = "certificates are signed by an intermediate CA, not by the root",
		.at = offsetof(struct init_args, intermediate) },
	{ .kind = OPT_FLAG,
		.name = "encrypt",
		.help = "encrypt the keys; the passphrase is asked for at the terminal",
		.at = offsetof(struct init_args, encrypt) },
	PASSPHRASE_FILE_OPT(
		struct init_args, "encrypt the keys; the passphrase is the first line there"),
	{ .kind = OPT_END },
};

static const struct opt sign_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "DIR",
		.help = "directory of the CA",
		.at = offsetof(struct sign_args, dir),
		.hint = HINT_DIR },
	{ .kind = OPT_END },
};

static const struct opt sign_opts[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.letter = 'i',
		.name = "in",
		.value = "FILE",
		.help = "request, PEM or DER",
		.at = offsetof(struct sign_args, csr),
		.hint = HINT_FILE },
	OUT_OPT(struct sign_args, "write the certificate or chain there (PEM)"),
	{ .kind = OPT_NUMBER,
		.name = "days",
		.value = "N",
		.help = "validity; without it the certificate does not expire",
		.at = offsetof(struct sign_args, days) },
	PASSPHRASE_FILE_OPT(
		struct sign_args, "passphrase of the CA's key, first line; else the terminal"),
	{ .kind = OPT_END },
};

static const struct opt show_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "DIR",
		.help = "directory of the CA",
		.at = offsetof(struct show_args, dir),
		.hint = HINT_DIR },
	{ .kind = OPT_END },
};

const struct cmd cmd_ca_init = {
	.noun = "ca",
	.verb = "init",
	.help = "Make a certificate authority of your own in a directory.",
	.args = init_args,
	.opts = init_opts,
	.run = run_init,
};

const struct cmd cmd_ca_sign = {
	.noun = "ca",
	.verb = "sign",
	.help = "Issue a certificate for a request.",
	.args = sign_args,
	.opts = sign_opts,
	.run = run_sign,
};

const struct cmd cmd_ca_show = {
	.noun = "ca",
	.verb = "show",
	.help = "Show a certificate authority and what it has issued.",
	.args = show_args,
	.run = run_show,
};
