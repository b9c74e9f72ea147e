/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "issuer.h"

#include "csr.h"
#include "exec.h"

#include <assert.h>
#include <string.h>

struct issuer_kind {
	const char *prefix, *missing; /* "ca:", "a directory" */
	enum trustx_err (*roots)(STACK_OF(X509) **roots, struct issuer *issuer, struct fail *f);
	enum trustx_err (*sign)(STACK_OF(X509) **certs, struct issuer *issuer,
		const struct issuer_request *request, struct fail *f);
};

static enum trustx_err ca_kind_roots(STACK_OF(X509) **roots, struct issuer *issuer, struct fail *f)
{
	return ca_roots(roots, issuer->arg, f);
}

static enum trustx_err ca_kind_sign(STACK_OF(X509) **certs, struct issuer *issuer,
	const struct issuer_request *request, struct fail *f)
{
	struct ca *ca = issuer->ca;
	X509_REQ *req = NULL;
	enum trustx_err err;

	if ((err = csr_parse(&req, request->csr_pem, strlen(request->csr_pem), f)) != TRUSTX_OK)
		return err;
	if (ca == NULL && (err = ca_open(&ca, issuer->arg, issuer->passphrase, f)) != TRUSTX_OK)
		goto out;
	err = ca_sign(certs, ca, req, request->days, f);
	if (issuer->ca == NULL)
		ca_close(ca);
out:
	X509_REQ_free(req);
	return err;
}

static enum trustx_err no_roots(STACK_OF(X509) **roots, struct issuer *issuer, struct fail *f)
{
	(void)issuer;
	(void)f;
	*roots = NULL;
	return TRUSTX_OK;
}

static enum trustx_err exec_kind_sign(STACK_OF(X509) **certs, struct issuer *issuer,
	const struct issuer_request *request, struct fail *f)
{
	struct exec_issuer program = { .program = issuer->arg,
		.uid = request->uid,
		.serial = request->serial,
		.stop = request->stop };

	return exec_issue(certs, &program, request->csr_pem, f);
}

static const struct issuer_kind kinds[] = {
	{ "ca:", "a directory", ca_kind_roots, ca_kind_sign },
	{ "exec:", "a program", no_roots, exec_kind_sign },
	{ "aws", NULL, no_roots, NULL },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static enum trustx_err name_all(struct fail *f)
{
	return fail_next(f, "issuers are ca:DIR (a local CA, see trustx ca init), exec:PROGRAM and "
			    "aws (AWS IoT)");
}

static enum trustx_err set_kind(
	struct issuer *issuer, const struct issuer_kind *kind, struct fail *f)
{
	issuer->kind = kind;
	issuer->arg = issuer->text + strlen(kind->prefix);
	if (issuer->arg[0] != '\0' || kind->missing == NULL)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "the issuer '%s' lacks %s", issuer->text, kind->missing);
	return name_all(f);
}

/* One that takes no argument has to be the whole word. */
static bool is_kind(const char *text, const struct issuer_kind *kind)
{
	return kind->missing != NULL ? strncmp(text, kind->prefix, strlen(kind->prefix)) == 0
				     : strcmp(text, kind->prefix) == 0;
}

enum trustx_err issuer_init(struct issuer *issuer, const char *text, const char *passphrase,
	struct ca *ca, struct fail *f)
{
	*issuer = (struct issuer){ .text = text, .passphrase = passphrase, .ca = ca };
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (is_kind(text, &kinds[i]))
			return set_kind(issuer, &kinds[i], f);
	fail_set(f, TRUSTX_ERR_INPUT, "there is no issuer '%s'", text);
	return name_all(f);
}

void issuer_free(struct issuer *issuer)
{
	memset(issuer, 0, sizeof(*issuer));
}

bool issuer_is_aws(const struct issuer *issuer)
{
	return issuer->kind->sign == NULL;
}

const char *issuer_ca_dir(const char *text)
{
	return strncmp(text, "ca:", 3) == 0 && text[3] != '\0' ? text + 3 : NULL;
}

enum trustx_err issuer_roots(STACK_OF(X509) **roots, struct issuer *issuer, struct fail *f)
{
	return issuer->kind->roots(roots, issuer, f);
}

enum trustx_err issuer_sign(STACK_OF(X509) **certs, struct issuer *issuer,
	const struct issuer_request *request, struct fail *f)
{
	*certs = NULL;
	assert(issuer->kind->sign != NULL);
	return issuer->kind->sign(certs, issuer, request, f);
}
