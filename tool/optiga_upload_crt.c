/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The ancestor's program that writes a certificate into the chip, as a thin front end. */
#include "compat.h"

#include "cert.h"
#include "device-words.h"
#include "program.h"
#include "slotcert.h"

#include <openssl/x509.h>

#include <stdio.h>

#define SLOT_MAX 8192u
#define TEXT_MAX 65536u
#define USAGE	 "optiga_upload_crt -f DEVICE -c CERTIFICATE [-o OID | -0 OID] [-F]"

static const char help[] =
	"  -f DEVICE       the chip: " DEVICE_SOME " or any other device of trustx\n"
	"  -c CERTIFICATE  PEM or DER\n"
	"  -o OID          certificate slot, 0xE0E1 if not given\n"
	"  -0 OID          the same: the ancestor's manual prints it so\n"
	"  -F              a certificate for another key, and over another one, too\n"
	"  -h              print how it is used\n";

static enum trustx_err parse(
	struct tool *t, bool *answered, struct compat_args *args, int argc, char **argv)
{
	const struct compat_option options[] = {
		{ 'f', &args->device, NULL },
		{ 'c', &args->in, NULL },
		{ 'o', &args->object, NULL },
		{ '0', &args->object, NULL },
		{ 'F', NULL, &args->force },
		{ '\0', NULL, NULL },
	};
	const struct compat_syntax syntax = { "f:c:o:0:Fh", USAGE, help, options };
	enum trustx_err err;

	if ((err = compat_parse(t, answered, &syntax, argc, argv)) != TRUSTX_OK || *answered)
		return err;
	if (args->in == NULL)
		return compat_missing(t, "-c CERTIFICATE", "usage: " USAGE);
	return TRUSTX_OK;
}

static enum trustx_err load(struct tool *t, STACK_OF(X509) **certs, const char *path)
{
	struct blob data;
	enum trustx_err err;

	*certs = NULL;
	if ((err = tool_read_file(t, &data, path)) == TRUSTX_OK &&
		(err = cert_parse(certs, data.data, data.len, &t->fail)) != TRUSTX_OK)
		fail_what(&t->fail, "%.120s", path);
	blob_free(&data);
	return err;
}

static void title(const char *text)
{
	printf("\n********************    %-24s********************\n", text);
}

static enum trustx_err print_certificate(struct tool *t, X509 *cert)
{
	struct blob text;
	enum trustx_err err;

	blob_init(&text, TEXT_MAX);
	if ((err = cert_report(&text, cert, &t->fail)) != TRUSTX_OK)
		goto out;
	title("Parsing certificate");
	printf("%s", blob_text(&text));
	blob_free(&text);
	if ((err = cert_pem(&text, cert, &t->fail)) != TRUSTX_OK)
		goto out;
	title("Certificate read");
	printf("%s\n", blob_text(&text));

	err = TRUSTX_OK;
out:
	blob_free(&text);
	return err;
}

static enum trustx_err print_slot(struct tool *t, STACK_OF(X509) *certs)
{
	struct blob slot, text;
	enum trustx_err err;

	blob_init(&slot, SLOT_MAX);
	blob_init(&text, TEXT_MAX);
	if ((err = cert_to_slot(&slot, certs, CERT_FORMAT_TLS_IDENTITY, &t->fail)) != TRUSTX_OK)
		goto out;
	if ((err = cert_hexdump(&text, slot.data, slot.len)) != TRUSTX_OK) {
		fail_set(&t->fail, err, "the certificate cannot be printed");
		goto out;
	}
	title("Writing certificate");
	printf("%s\n", blob_text(&text));

	err = TRUSTX_OK;
out:
	blob_free(&slot);
	blob_free(&text);
	return err;
}

static enum trustx_err upload(struct tool *t, const struct compat_args *args,
	const struct slot *slot, STACK_OF(X509) *certs)
{
	const struct slotcert_options options = { .foreign = args->force, .replace = args->force };
	struct slotcert_result result;
	enum trustx_err err;

	if ((err = compat_open(t, args->device)) != TRUSTX_OK)
		return err;
	printf(COMPAT_GREETING);
	err = slotcert_write(&result, &t->dev, slot, certs, &options, &t->fail);
	if (err == TRUSTX_ERR_EXISTS || err == TRUSTX_ERR_MISMATCH)
		snprintf(t->fail.next, sizeof(t->fail.next), "to write it all the same: -F");
	/* The ancestor's lines are for a certificate that is written, not for one refused. */
	if (err != TRUSTX_OK ||
		(err = print_certificate(t, sk_X509_value(certs, 0))) != TRUSTX_OK ||
		(err = print_slot(t, certs)) != TRUSTX_OK)
		return err;
	printf("Certificate successfully written\n");
	return TRUSTX_OK;
}

static enum trustx_err run(struct tool *t, const struct compat_args *args)
{
	const char *object = args->object != NULL ? args->object : "0xE0E1";
	STACK_OF(X509) *certs = NULL;
	struct slot slot;
	enum trustx_err err;

	if ((err = slot_parse(&slot, object, &t->fail)) != TRUSTX_OK)
		return err;
	if ((err = load(t, &certs, args->in)) == TRUSTX_OK)
		err = upload(t, args, &slot, certs);
	sk_X509_pop_free(certs, X509_free);
	return err;
}

int main(int argc, char **argv)
{
	struct compat_args args = { 0 };
	struct tool t;
	enum trustx_err err;
	bool answered;

	program_begin(&argc, &argv);
	compat_begin(&t, "optiga_upload_crt");
	err = parse(&t, &answered, &args, argc, argv);
	if (err == TRUSTX_OK && !answered)
		err = run(&t, &args);
	return compat_end(&t, err, "-o 0xE0E1");
}
