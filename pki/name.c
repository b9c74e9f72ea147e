/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "name.h"

#include "name-attr.h"
#include "ossl.h"
#include "value.h"

#include <openssl/err.h>

#include <string.h>
#include <strings.h>

#define VALUE_MAX 1024

/* RFC 5280 appendix A; dnQualifier has no bound there. */
static const struct name_attr attrs[] = {
	{ "CN", NID_commonName, 64, NAME_TEXT },
	{ "O", NID_organizationName, 64, NAME_TEXT },
	{ "C", NID_countryName, 2, NAME_COUNTRY },
	{ "ST", NID_stateOrProvinceName, 128, NAME_TEXT },
	{ "OU", NID_organizationalUnitName, 64, NAME_TEXT },
	{ "L", NID_localityName, 128, NAME_TEXT },
	{ "serialNumber", NID_serialNumber, 64, NAME_PRINTABLE },
	{ "emailAddress", NID_pkcs9_emailAddress, 255, NAME_EMAIL },
	{ "dnQualifier", NID_dnQualifier, VALUE_MAX, NAME_PRINTABLE },
};

static bool is_key(const struct name_attr *attr, const char *key, size_t len, enum name_case how)
{
	if (strlen(attr->key) != len)
		return false;
	if (how == NAME_ANY_CASE)
		return strncasecmp(attr->key, key, len) == 0;
	return strncmp(attr->key, key, len) == 0;
}

enum trustx_err name_attr_find(const struct name_attr **attr, const char *key, size_t len,
	enum name_case how, struct fail *f)
{
	char shown[VALUE_SHOW];

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
		if (!is_key(&attrs[i], key, len, how))
			continue;
		*attr = &attrs[i];
		return TRUSTX_OK;
	}
	value_show(shown, key, len);
	fail_set(f, TRUSTX_ERR_INPUT, "unknown key \"%s\"", shown);
	return fail_next(f, "known keys: CN, O, C, ST, OU, L, serialNumber, emailAddress, "
			    "dnQualifier");
}

/* ---- placeholders ---- */

static enum trustx_err unknown_placeholder(const char *at, size_t len, struct fail *f)
{
	char shown[VALUE_SHOW];

	value_show(shown, at, len);
	return fail_set(
		f, TRUSTX_ERR_INPUT, "unknown placeholder %s; known are {uid} and {serial}", shown);
}

/* The value of the placeholder of len characters at at, braces included. */
static enum trustx_err look_up(const char **value, const struct name_vars *vars, const char *at,
	size_t len, struct fail *f)
{
	if (len == strlen("{uid}") && strncmp(at, "{uid}", len) == 0)
		*value = vars != NULL ? vars->uid : NULL;
	else if (len == strlen("{serial}") && strncmp(at, "{serial}", len) == 0)
		*value = vars != NULL ? vars->serial : NULL;
	else
		return unknown_placeholder(at, len, f);
	if (*value == NULL)
		return fail_set(
			f, TRUSTX_ERR_INPUT, "there is no value here for %.*s", (int)len, at);
	return TRUSTX_OK;
}

/* Append, and say so if it does not fit. */
static enum trustx_err append(struct blob *out, const char *data, size_t len, struct fail *f)
{
	enum trustx_err err = blob_add(out, data, len);

	if (err == TRUSTX_ERR_TOO_BIG)
		return fail_set(f, TRUSTX_ERR_INPUT, "longer than %zu bytes", out->max);
	return err == TRUSTX_OK ? TRUSTX_OK : fail_set(f, err, "out of memory");
}

enum trustx_err name_fill(
	struct blob *out, const struct name_vars *vars, const char *value, struct fail *f)
{
	const char *at = value, *filled = NULL;
	enum trustx_err err;
	size_t len;

	for (;;) {
		len = strcspn(at, "{");
		if ((err = append(out, at, len, f)) != TRUSTX_OK)
			return err;
		at += len;
		if (*at == '\0')
			return TRUSTX_OK;
		len = strcspn(at, "}");
		if (at[len] == '\0')
			return fail_set(f, TRUSTX_ERR_INPUT,
				"{ begins a placeholder, and its } is missing");
		if ((err = look_up(&filled, vars, at, len + 1, f)) != TRUSTX_OK ||
			(err = append(out, filled, strlen(filled), f)) != TRUSTX_OK)
			return err;
		at += len + 1;
	}
}

/* ---- one attribute ---- */

static bool is_country(const char *value)
{
	return strlen(value) == 2 && value[0] >= 'A' && value[0] <= 'Z' && value[1] >= 'A' &&
	       value[1] <= 'Z';
}

static int string_type(const struct name_attr *attr, const char *value)
{
	if (attr->kind == NAME_EMAIL)
		return V_ASN1_IA5STRING;
	return value_is_printable_string(value) ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
}

static enum trustx_err check_kind(const struct name_attr *attr, const char *value, struct fail *f)
{
	char shown[VALUE_SHOW];

	value_show(shown, value, strlen(value));
	if (attr->kind == NAME_COUNTRY && !is_country(value))
		return fail_set(f, TRUSTX_ERR_INPUT,
			"a country is two capital letters such as DE, not \"%s\"", shown);
	if (attr->kind == NAME_PRINTABLE && !value_is_printable_string(value))
		return fail_set(f, TRUSTX_ERR_INPUT,
			"\"%s\" may contain only letters, digits, space and '()+,-./:=?", shown);
	if (attr->kind == NAME_EMAIL && !value_is_email(value))
		return fail_set(f, TRUSTX_ERR_INPUT, "\"%s\" is no e-mail address", shown);
	return TRUSTX_OK;
}

static enum trustx_err check_value(const struct name_attr *attr, const char *value, struct fail *f)
{
	size_t len = strlen(value), count;

	if (value[strspn(value, " ")] == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the value is empty");
	if (!value_is_utf8(&count, value, len))
		return fail_set(f, TRUSTX_ERR_INPUT, "the value is not UTF-8");
	if (value_has_control(value, len))
		return fail_set(f, TRUSTX_ERR_INPUT, "the value contains a control character");
	if (attr->kind != NAME_COUNTRY && count > attr->max)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the value has %zu characters, at most %zu are allowed", count, attr->max);
	return check_kind(attr, value, f);
}

static enum trustx_err add_checked(X509_NAME *name, const struct name_attr *attr,
	const struct name_vars *vars, const char *value, struct fail *f)
{
	enum trustx_err err;
	struct blob filled;

	blob_init(&filled, VALUE_MAX);
	if (X509_NAME_get_index_by_NID(name, attr->nid, -1) >= 0) {
		err = fail_set(f, TRUSTX_ERR_INPUT, "it is there twice");
		goto out;
	}
	if ((err = name_fill(&filled, vars, value, f)) != TRUSTX_OK ||
		(err = check_value(attr, blob_text(&filled), f)) != TRUSTX_OK)
		goto out;
	if (X509_NAME_add_entry_by_NID(name, attr->nid, string_type(attr, blob_text(&filled)),
		    filled.data, (int)filled.len, -1, 0) != 1) {
		err = ossl_fail(f, TRUSTX_ERR_CRYPTO, "libcrypto refuses it");
		goto out;
	}

	err = TRUSTX_OK;
out:
	blob_free(&filled);
	return err;
}

enum trustx_err name_attr_add(X509_NAME *name, const struct name_attr *attr,
	const struct name_vars *vars, const char *value, struct fail *f)
{
	enum trustx_err err;
	struct fail inner;

	if ((err = add_checked(name, attr, vars, value, &inner)) != TRUSTX_OK)
		return fail_set(f, err, "key %s: %s", attr->key, inner.why);
	return TRUSTX_OK;
}

/* ---- to text ---- */

enum trustx_err name_print(struct blob *text, const X509_NAME *name, const char *separator)
{
	unsigned long flags = (ASN1_STRFLGS_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) |
			      XN_FLAG_FN_SN | XN_FLAG_DUMP_UNKNOWN_FIELDS;
	BIO *out = BIO_new(BIO_s_mem());
	enum trustx_err err;

	flags |= separator[1] == ' ' ? XN_FLAG_SEP_CPLUS_SPC : XN_FLAG_SEP_COMMA_PLUS;
	if (out == NULL || X509_NAME_print_ex(out, name, 0, flags) < 0) {
		ERR_clear_error();
		err = TRUSTX_ERR_MEMORY;
		goto out;
	}
	err = ossl_take(text, out);
out:
	BIO_free(out);
	return err;
}
