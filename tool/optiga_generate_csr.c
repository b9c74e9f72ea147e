/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The ancestor's program for a certification request, as a thin front end. */
#include "compat.h"

#include "csrflow.h"
#include "device-words.h"
#include "file.h"
#include "keygen.h"
#include "program.h"

#include <openssl/rand.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <string.h>

#define RANDOM_MAX 16u
#define USAGE	   "optiga_generate_csr -f DEVICE -o FILE -i config.jsn [-p OID] [-r STRING] [-F]"

static const char help[] =
	"  -f DEVICE  the chip: " DEVICE_SOME " or any other device of trustx\n"
	"  -o FILE    write the certification request there (PEM)\n"
	"  -i FILE    subject as JSON, {\"CN\":\"...\",\"O\":\"...\"}\n"
	"  -p OID     key slot, 0xE0F1 if not given\n"
	"  -r STRING  up to 16 characters for the host's pool of random numbers\n"
	"  -F         replace the key in the slot; it is destroyed\n"
	"  -h         print how it is used\n";

static enum trustx_err parse(
	struct tool *t, bool *answered, struct compat_args *args, int argc, char **argv)
{
	const struct compat_option options[] = {
		{ 'f', &args->device, NULL },
		{ 'o', &args->out, NULL },
		{ 'i', &args->in, NULL },
		{ 'p', &args->object, NULL },
		{ 'r', &args->random, NULL },
		{ 'F', NULL, &args->force },
		{ '\0', NULL, NULL },
	};
	const struct compat_syntax syntax = { "f:o:i:p:r:Fh", USAGE, help, options };

	return compat_parse(t, answered, &syntax, argc, argv);
}

static enum trustx_err check(struct tool *t, struct slot *slot, const struct compat_args *args)
{
	enum trustx_err err;

	if (args->in == NULL)
		return compat_missing(t, "-i config.jsn", "usage: " USAGE);
	if (args->out == NULL)
		return compat_missing(t, "-o FILE", "usage: " USAGE);
	if (args->random != NULL && strlen(args->random) > RANDOM_MAX)
		return fail_set(
			&t->fail, TRUSTX_ERR_USAGE, "-r takes at most %u characters", RANDOM_MAX);
	if ((err = slot_parse(slot, args->object != NULL ? args->object : "0xE0F1", &t->fail)) !=
		TRUSTX_OK)
		return err;
	return file_check_writable(args->out, &t->fail);
}

static enum trustx_err print_subject(struct tool *t, const struct csrflow_subject *subject)
{
	X509_NAME *name = NULL;
	struct blob text;
	enum trustx_err err;

	blob_init(&text, 8192);
	if ((err = csrflow_name(&name, &t->dev, subject, &t->fail)) != TRUSTX_OK)
		goto out;
	if ((err = name_print(&text, name, ",")) != TRUSTX_OK) {
		fail_set(&t->fail, err, "the subject cannot be printed");
		goto out;
	}
	printf("%s\n", blob_text(&text));

	err = TRUSTX_OK;
out:
	X509_NAME_free(name);
	blob_free(&text);
	return err;
}

/* The key of the slot: the one that is there, or a new one in its place with -F. */
static enum trustx_err make_key(
	struct tool *t, struct pubkey *key, const struct slot *slot, bool replace)
{
	const struct keygen_options options = { .replace = replace, .confirm = t->dev.uid_hex };
	struct slot_state state = { 0 };
	enum trustx_err err;

	if ((err = slot_inspect(&state, &t->dev, slot, false, &t->fail)) != TRUSTX_OK)
		goto out;
	if (state.has_key && !replace)
		err = pubkey_of_state(key, &t->dev, &state, &t->fail);
	else
		err = keygen_run(key, &t->dev, slot, &options, &t->fail);
out:
	slot_state_free(&state);
	return err;
}

static void print_key(const struct pubkey *key)
{
	printf("%s\nPublic key is \n",
		key->source == PUBKEY_GENERATED ? "Keypair generated." : "Existing keypair used.");
	compat_print_hex(key->point, key->point_len);
	printf("\n  . Seeding the random number generator...\n");
	printf("  . Checking subject name...\n  . Loading the private key ...\n");
	printf("  . Writing the certificate request ...\n");
	printf("OPTIGA(TM) Trust X Signature generation\n");
}

static enum trustx_err print_signature(struct tool *t, const struct blob *pem)
{
	const ASN1_BIT_STRING *sig;
	X509_REQ *req = NULL;
	enum trustx_err err;

	if ((err = csr_parse(&req, pem->data, pem->len, &t->fail)) != TRUSTX_OK)
		return err;
	X509_REQ_get0_signature(req, &sig, NULL);
	compat_print_hex(ASN1_STRING_get0_data(sig), (size_t)ASN1_STRING_length(sig));
	printf(" Size %d\n", ASN1_STRING_length(sig));
	X509_REQ_free(req);
	return TRUSTX_OK;
}

static enum trustx_err generate(struct tool *t, const struct compat_args *args,
	const struct slot *slot, const struct csrflow_subject *subject)
{
	struct pubkey key = { 0 };
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, CSR_PEM_MAX);
	if ((err = compat_open(t, args->device)) != TRUSTX_OK)
		goto out;
	if ((err = print_subject(t, subject)) != TRUSTX_OK)
		goto out;
	printf(COMPAT_GREETING);
	if ((err = make_key(t, &key, slot, args->force)) != TRUSTX_OK)
		goto out;
	print_key(&key);
	if ((err = csrflow_sign(&pem, &t->dev, slot, subject, &key, &t->fail)) != TRUSTX_OK)
		goto out;
	if ((err = print_signature(t, &pem)) != TRUSTX_OK)
		goto out;
	err = file_write(args->out, pem.data, pem.len, FILE_PUBLIC, FILE_SYNC, &t->fail);
	if (err != TRUSTX_OK)
		goto out;
	printf("ok\n");

	err = TRUSTX_OK;
out:
	blob_free(&pem);
	return err;
}

static enum trustx_err run(struct tool *t, const struct compat_args *args)
{
	const struct subject_args source = { .config = args->in };
	struct csrflow_subject subject;
	struct blob config;
	struct slot slot;
	enum trustx_err err;

	if ((err = check(t, &slot, args)) != TRUSTX_OK)
		return err;
	if (args->random != NULL)
		RAND_add(args->random, (int)strlen(args->random), 0);
	if ((err = tool_subject(t, &subject, &config, &source)) == TRUSTX_OK) {
		printf("Data read:\n%s%s", blob_text(&config),
			blob_text(&config)[config.len - 1] == '\n' ? "" : "\n");
		err = generate(t, args, &slot, &subject);
	}
	blob_free(&config);
	return err;
}

int main(int argc, char **argv)
{
	struct compat_args args = { 0 };
	struct tool t;
	enum trustx_err err;
	bool answered;

	program_begin(&argc, &argv);
	compat_begin(&t, "optiga_generate_csr");
	err = parse(&t, &answered, &args, argc, argv);
	if (err == TRUSTX_OK && !answered)
		err = run(&t, &args);
	return compat_end(&t, err, "-p 0xE0F1");
}
