/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "exec.h"

#include "blob.h"
#include "cert.h"
#include "child.h"

#include <stdio.h>
#include <string.h>

#define OUTPUT_MAX   65536u
#define VARIABLE_MAX 256

static enum trustx_err parse_output(
	STACK_OF(X509) **certs, const char *program, const struct blob *output, struct fail *f)
{
	struct fail inner;

	if (output->len == 0)
		fail_set(f, TRUSTX_ERR_ISSUER, "%s wrote no certificate", program);
	else if (cert_parse(certs, output->data, output->len, &inner) == TRUSTX_OK)
		return TRUSTX_OK;
	else
		fail_set(f, TRUSTX_ERR_ISSUER, "what %s wrote is no certificate: %s", program,
			inner.why);
	return fail_next(f, "it must write the certificate as PEM to standard output");
}

/* What the program did, in the words of an issuer. */
static enum trustx_err explain(const char *program, enum trustx_err err, struct fail *f)
{
	if (err == TRUSTX_ERR_TOO_BIG)
		return fail_set(f, TRUSTX_ERR_ISSUER,
			"%s wrote more than %u bytes: no certificate chain is that long", program,
			OUTPUT_MAX);
	if (err == TRUSTX_ERR_ISSUER && strchr(program, ' ') != NULL) {
		f->next[0] = '\0';
		fail_next(f, "it gets no arguments: write a script that contains the command");
		return err;
	}
	if (err == TRUSTX_ERR_ISSUER)
		fail_next(f, "its own messages say why; it reads the CSR from standard input");
	return err;
}

static enum trustx_err run(
	struct blob *output, const struct exec_issuer *issuer, const char *csr_pem, struct fail *f)
{
	char uid[VARIABLE_MAX], serial[VARIABLE_MAX];
	const char *argv[] = { issuer->program, NULL };
	const char *env[] = { NULL, NULL, NULL };
	struct child child = { .argv = argv,
		.env = env,
		.input = csr_pem,
		.timeout_s = issuer->timeout_s,
		.stop = issuer->stop };

	snprintf(uid, sizeof(uid), "TRUSTX_UID=%s", issuer->uid != NULL ? issuer->uid : "");
	snprintf(serial, sizeof(serial), "TRUSTX_SERIAL=%s",
		issuer->serial != NULL ? issuer->serial : "");
	env[0] = uid;
	env[1] = serial;
	return child_run(output, &child, f);
}

enum trustx_err exec_issue(STACK_OF(X509) **certs, const struct exec_issuer *issuer,
	const char *csr_pem, struct fail *f)
{
	struct blob output;
	enum trustx_err err;

	*certs = NULL;
	blob_init(&output, OUTPUT_MAX);
	if ((err = run(&output, issuer, csr_pem, f)) == TRUSTX_OK)
		err = parse_output(certs, issuer->program, &output, f);
	else
		err = explain(issuer->program, err, f);
	if (err != TRUSTX_OK)
		fail_what(f, "let exec:%s issue the certificate", issuer->program);
	blob_free(&output);
	return err;
}
