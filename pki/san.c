/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "san.h"

#include "net.h"
#include "ossl.h"
#include "value.h"

#include <openssl/err.h>

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_address(const char *text)
{
	uint8_t address[16];

	return net_parse_ip(address, text) > 0;
}

static const struct kind {
	const char *prefix;
	int type;
	bool (*check)(const char *value);
	const char *expected;
} kinds[] = {
	{ "dns:", GEN_DNS, value_is_host,
		"a host name: labels of letters, digits and hyphens, joined by dots" },
	{ "uri:", GEN_URI, value_is_uri, "an absolute URI such as urn:dev:os:32473-123456" },
	{ "ip:", GEN_IPADD, is_address, "an IPv4 or IPv6 address" },
	{ "email:", GEN_EMAIL, value_is_email, "an e-mail address such as ops@example.com" },
};

static const struct kind *find_prefix(const char *san)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncasecmp(san, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return &kinds[i];
	return NULL;
}

static const struct kind *find_type(int type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

static bool set_value(GENERAL_NAME *name, int type, const char *value)
{
	ASN1_STRING *string;
	uint8_t address[16];
	int len = (int)strlen(value);
	const void *data = value;

	if (type == GEN_IPADD) {
		if ((len = (int)net_parse_ip(address, value)) == 0)
			return false;
		data = address;
	}
	string = ASN1_STRING_type_new(type == GEN_IPADD ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
	if (string == NULL || ASN1_STRING_set(string, data, len) != 1) {
		ASN1_STRING_free(string);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, string);
	return true;
}

static bool contains(const GENERAL_NAMES *names, GENERAL_NAME *wanted)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(names, i), wanted) == 0)
			return true;
	return false;
}

static enum trustx_err add(GENERAL_NAMES *names, const char *san, struct fail *f)
{
	const struct kind *kind = find_prefix(san);
	GENERAL_NAME *name = NULL;
	char shown[VALUE_SHOW];
	enum trustx_err err;
	const char *value;

	value_show(shown, san, strlen(san));
	if (kind == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"SAN \"%s\": it must begin with dns:, uri:, ip: or email:", shown);
	value = san + strlen(kind->prefix);
	if (!kind->check(value))
		return fail_set(
			f, TRUSTX_ERR_INPUT, "SAN \"%s\": %s is expected", shown, kind->expected);
	if ((name = GENERAL_NAME_new()) == NULL || !set_value(name, kind->type, value)) {
		err = ossl_fail(f, TRUSTX_ERR_MEMORY, "SAN \"%s\" could not be made", shown);
		goto out;
	}
	if (contains(names, name)) {
		err = fail_set(f, TRUSTX_ERR_INPUT, "SAN \"%s\" is there twice", shown);
		goto out;
	}
	if (sk_GENERAL_NAME_push(names, name) == 0) {
		err = ossl_fail(f, TRUSTX_ERR_MEMORY, "SAN \"%s\" could not be made", shown);
		goto out;
	}
	name = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	GENERAL_NAME_free(name);
	return err;
}

enum trustx_err san_parse(
	GENERAL_NAMES **names, const char *const *san, size_t count, struct fail *f)
{
	GENERAL_NAMES *made = GENERAL_NAMES_new();
	enum trustx_err err;

	*names = NULL;
	if (made == NULL)
		return ossl_fail(f, TRUSTX_ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < count; i++)
		if ((err = add(made, san[i], f)) != TRUSTX_OK)
			goto out;
	*names = made;
	made = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	GENERAL_NAMES_free(made);
	return err;
}

/* ---- to text ---- */

static enum trustx_err print_address(struct blob *text, const ASN1_STRING *address)
{
	int len = ASN1_STRING_length(address);
	char out[NET_IP_TEXT_MAX];

	if (len != 4 && len != 16)
		return blob_addf(text, "ip:(%d bytes)", len);
	if (!net_print_ip(out, ASN1_STRING_get0_data(address), (size_t)len))
		return TRUSTX_ERR_INTERNAL;
	return blob_addf(text, "ip:%s", out);
}

static int print_other(
	BIO *out, GENERAL_NAME *name, const struct kind *kind, const ASN1_STRING *value)
{
	if (kind == NULL)
		return GENERAL_NAME_print(out, name);
	BIO_puts(out, kind->prefix);
	return ASN1_STRING_print_ex(out, value, ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB);
}

enum trustx_err san_print(struct blob *text, GENERAL_NAME *name)
{
	const ASN1_STRING *value;
	enum trustx_err err;
	BIO *out;
	int type;

	value = GENERAL_NAME_get0_value(name, &type);
	if (type == GEN_IPADD)
		return print_address(text, value);
	out = BIO_new(BIO_s_mem());
	if (out == NULL || print_other(out, name, find_type(type), value) < 0)
		err = TRUSTX_ERR_MEMORY;
	else
		err = ossl_take(text, out);
	ERR_clear_error();
	BIO_free(out);
	return err;
}

/* ---- in certificates and requests ---- */

static enum trustx_err check_found(
	const GENERAL_NAMES *names, int critical, const char *what, struct fail *f)
{
	if (names != NULL || critical == -1)
		return TRUSTX_OK;
	return ossl_fail(f, TRUSTX_ERR_INPUT, "the SAN of the %s is malformed", what);
}

enum trustx_err san_of_cert(GENERAL_NAMES **names, const X509 *cert, struct fail *f)
{
	int critical;

	*names = X509_get_ext_d2i(cert, NID_subject_alt_name, &critical, NULL);
	return check_found(*names, critical, "certificate", f);
}

/* OpenSSL says NULL both when there are none and when it cannot read them. */
enum trustx_err san_extensions(X509_EXTENSIONS **list, X509_REQ *req, struct fail *f)
{
	*list = X509_REQ_get_extensions(req);
	if (*list == NULL && (X509_REQ_get_attr_by_NID(req, NID_ext_req, -1) >= 0 ||
				     X509_REQ_get_attr_by_NID(req, NID_ms_ext_req, -1) >= 0))
		return ossl_fail(f, TRUSTX_ERR_INPUT,
			"the extensions that the request asks for are malformed");
	return TRUSTX_OK;
}

enum trustx_err san_of_request(GENERAL_NAMES **names, X509_REQ *req, struct fail *f)
{
	X509_EXTENSIONS *extensions;
	enum trustx_err err;
	int critical = -1;

	*names = NULL;
	if ((err = san_extensions(&extensions, req, f)) != TRUSTX_OK)
		return err;
	*names = X509V3_get_d2i(extensions, NID_subject_alt_name, &critical, NULL);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return check_found(*names, critical, "request", f);
}

GENERAL_NAME *san_missing(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
		if (!contains(b, sk_GENERAL_NAME_value(a, i)))
			return sk_GENERAL_NAME_value(a, i);
	return NULL;
}
