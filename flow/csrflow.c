/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "csrflow.h"

#include "keygen.h"

#include <openssl/ec.h>

#include <stdlib.h>
#include <string.h>

#define SAN_MAX	      4096u /* a request is at most as long */
#define SAN_COUNT_MAX 64u

enum trustx_err csrflow_name(X509_NAME **name, const struct device *dev,
	const struct csrflow_subject *subject, struct fail *f)
{
	struct name_vars vars = { dev->uid_hex, dev->serial_hex };

	if (subject->config != NULL)
		return name_from_config(name, &vars, subject->config, subject->config_len, f);
	if (subject->text != NULL)
		return name_from_text(name, &vars, subject->text, f);
	fail_set(f, TRUSTX_ERR_INPUT, "there is no subject");
	return fail_next(f, "give one: -i config.jsn or --subject CN=..");
}

/* Names with their placeholders filled in. */
struct names {
	X509_NAME *subject;
	struct blob text[SAN_COUNT_MAX];
	const char *san[SAN_COUNT_MAX];
	size_t count;
};

static void names_free(struct names *names)
{
	X509_NAME_free(names->subject);
	for (size_t i = 0; i < names->count; i++)
		blob_free(&names->text[i]);
}

static enum trustx_err names_fill(struct names *names, const struct device *dev,
	const struct csrflow_subject *subject, struct fail *f)
{
	struct name_vars vars = { dev->uid_hex, dev->serial_hex };
	enum trustx_err err;

	names->subject = NULL;
	names->count = 0;
	if ((err = csrflow_name(&names->subject, dev, subject, f)) != TRUSTX_OK)
		return err;
	if (subject->san_count > SAN_COUNT_MAX)
		return fail_set(
			f, TRUSTX_ERR_INPUT, "more than %u alternative names", SAN_COUNT_MAX);
	for (size_t i = 0; i < subject->san_count; i++) {
		blob_init(&names->text[i], SAN_MAX);
		names->count++;
		if ((err = name_fill(&names->text[i], &vars, subject->san[i], f)) != TRUSTX_OK)
			return err;
		names->san[i] = blob_text(&names->text[i]);
	}
	return TRUSTX_OK;
}

static enum trustx_err make_request(struct blob *pem, const struct names *names,
	OSSL_LIB_CTX *libctx, EVP_PKEY *key, struct fail *f)
{
	struct csr_request request = { .subject = names->subject,
		.san = names->san,
		.san_count = names->count,
		.libctx = libctx };

	return csr_create(pem, &request, key, f);
}

enum trustx_err csrflow_sample(X509_REQ **req, const struct device *dev,
	const struct csrflow_subject *subject, struct fail *f)
{
	EVP_PKEY *key = NULL;
	struct names names;
	struct blob pem;
	enum trustx_err err;

	*req = NULL;
	blob_init(&pem, CSR_PEM_MAX);
	if ((err = names_fill(&names, dev, subject, f)) != TRUSTX_OK)
		goto out;
	if ((key = EVP_EC_gen("P-256")) == NULL) {
		err = fail_set(f, TRUSTX_ERR_CRYPTO, "cannot make a key");
		goto out;
	}
	if ((err = make_request(&pem, &names, NULL, key, f)) == TRUSTX_OK)
		err = csr_parse(req, pem.data, pem.len, f);
out:
	EVP_PKEY_free(key);
	names_free(&names);
	blob_free(&pem);
	return err;
}

/* What the chip refused is known to its handle; OpenSSL passes on only that it failed. */
static enum trustx_err explain_chip(struct device *dev, enum trustx_err err, struct fail *f)
{
	struct trustx_error detail;

	trustx_error(&dev->se, &detail);
	if (err != TRUSTX_ERR_CRYPTO || detail.err == TRUSTX_OK)
		return err;
	return device_fail(dev, detail.err, f, "sign the request with 0x%04X", detail.oid);
}

enum trustx_err csrflow_sign(struct blob *pem, struct device *dev, const struct slot *slot,
	const struct csrflow_subject *subject, const struct pubkey *key, struct fail *f)
{
	struct trustx_public_key view = pubkey_view(key);
	EVP_PKEY *pkey = NULL;
	struct names names;
	enum trustx_err err;

	if ((err = names_fill(&names, dev, subject, f)) != TRUSTX_OK)
		goto out;
	if ((err = device_key(&pkey, dev, slot->key, &view, f)) != TRUSTX_OK)
		goto out;
	if ((err = device_signs(dev, slot->key, f)) != TRUSTX_OK)
		goto out;
	if ((err = make_request(pem, &names, dev->provider.libctx, pkey, f)) != TRUSTX_OK)
		err = explain_chip(dev, err, f);
out:
	EVP_PKEY_free(pkey);
	names_free(&names);
	return err;
}

static enum trustx_err get_key(struct pubkey *key, struct device *dev, const struct slot *slot,
	const struct csrflow_options *opt, struct fail *f)
{
	struct keygen_options keygen = {
		.curve = opt->curve, .usage = opt->usage, .infineon_slot = opt->infineon_slot
	};
	struct trustx_metadata meta;
	enum trustx_err err;

	if ((err = device_metadata(dev, &meta, slot->key, f)) != TRUSTX_OK)
		return err;
	if (!meta.has_algorithm)
		return keygen_run(key, dev, slot, &keygen, f);
	if ((err = keygen_fits(&meta, slot, &keygen, f)) != TRUSTX_OK)
		return err;
	return pubkey_find(key, dev, slot, f);
}

/* The sample finds every fault of subject and SAN before a key is made for them. */
enum trustx_err csrflow_create(struct csrflow_result *result, struct device *dev,
	const struct slot *slot, const struct csrflow_options *opt, struct fail *f)
{
	X509_REQ *sample = NULL;
	enum trustx_err err;

	memset(result, 0, sizeof(*result));
	blob_init(&result->pem, CSR_PEM_MAX);
	if ((err = csrflow_sample(&sample, dev, &opt->subject, f)) != TRUSTX_OK)
		goto out;
	if ((result->subject = X509_NAME_dup(X509_REQ_get_subject_name(sample))) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if ((err = get_key(&result->key, dev, slot, opt, f)) != TRUSTX_OK)
		goto out;
	err = csrflow_sign(&result->pem, dev, slot, &opt->subject, &result->key, f);
out:
	X509_REQ_free(sample);
	return err;
}

void csrflow_free(struct csrflow_result *result)
{
	X509_NAME_free(result->subject);
	blob_free(&result->pem);
	memset(result, 0, sizeof(*result));
}
