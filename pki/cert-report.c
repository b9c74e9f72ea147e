/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"

#include "name.h"
#include "san.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string.h>

#define ROW 16

/* The names that the ancestor's TLS library gives them. */
static const struct {
	int nid;
	const char *name;
} algorithms[] = {
	{ NID_md5WithRSAEncryption, "RSA with MD5" },
	{ NID_sha1WithRSAEncryption, "RSA with SHA1" },
	{ NID_sha224WithRSAEncryption, "RSA with SHA-224" },
	{ NID_sha256WithRSAEncryption, "RSA with SHA-256" },
	{ NID_sha384WithRSAEncryption, "RSA with SHA-384" },
	{ NID_sha512WithRSAEncryption, "RSA with SHA-512" },
	{ NID_rsassaPss, "RSASSA-PSS" },
	{ NID_ecdsa_with_SHA1, "ECDSA with SHA1" },
	{ NID_ecdsa_with_SHA224, "ECDSA with SHA224" },
	{ NID_ecdsa_with_SHA256, "ECDSA with SHA256" },
	{ NID_ecdsa_with_SHA384, "ECDSA with SHA384" },
	{ NID_ecdsa_with_SHA512, "ECDSA with SHA512" },
};

static const struct {
	uint32_t bit;
	const char *name;
} usages[] = {
	{ KU_DIGITAL_SIGNATURE, "Digital Signature" },
	{ KU_NON_REPUDIATION, "Non Repudiation" },
	{ KU_KEY_ENCIPHERMENT, "Key Encipherment" },
	{ KU_DATA_ENCIPHERMENT, "Data Encipherment" },
	{ KU_KEY_AGREEMENT, "Key Agreement" },
	{ KU_KEY_CERT_SIGN, "Key Cert Sign" },
	{ KU_CRL_SIGN, "CRL Sign" },
	{ KU_ENCIPHER_ONLY, "Encipher Only" },
	{ KU_DECIPHER_ONLY, "Decipher Only" },
};

/* Each step appends its line, or nothing if the certificate has nothing to say there. */
typedef enum trustx_err report_line(struct blob *text, X509 *cert);

static enum trustx_err add_object(struct blob *text, const ASN1_OBJECT *object)
{
	char name[80];

	OBJ_obj2txt(name, sizeof(name), object, 0);
	return blob_addf(text, "%s", name);
}

static enum trustx_err add_version(struct blob *text, X509 *cert)
{
	return blob_addf(text, "cert. version     : %ld\n", X509_get_version(cert) + 1);
}

static enum trustx_err add_serial(struct blob *text, X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	const unsigned char *data = ASN1_STRING_get0_data(serial);
	bool negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;
	enum trustx_err err;

	err = blob_addf(text, "serial number     : %s", negative ? "-" : "");
	for (int i = 0; i < ASN1_STRING_length(serial) && err == TRUSTX_OK; i++)
		err = blob_addf(text, "%s%02X", i > 0 ? ":" : "", data[i]);
	return err == TRUSTX_OK ? blob_add(text, "\n", 1) : err;
}

static enum trustx_err add_name(struct blob *text, const char *label, const X509_NAME *name)
{
	enum trustx_err err;

	if ((err = blob_addf(text, "%s : ", label)) != TRUSTX_OK ||
		(err = name_print(text, name, ", ")) != TRUSTX_OK)
		return err;
	return blob_add(text, "\n", 1);
}

static enum trustx_err add_names(struct blob *text, X509 *cert)
{
	enum trustx_err err;

	if ((err = add_name(text, "issuer name      ", X509_get_issuer_name(cert))) != TRUSTX_OK)
		return err;
	return add_name(text, "subject name     ", X509_get_subject_name(cert));
}

static enum trustx_err add_date(struct blob *text, const char *label, const ASN1_TIME *date)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(date, &tm) != 1)
		return blob_addf(text, "%s : not a valid date\n", label);
	return blob_addf(text, "%s : %04d-%02d-%02d %02d:%02d:%02d\n", label, tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static enum trustx_err add_dates(struct blob *text, X509 *cert)
{
	enum trustx_err err;

	if ((err = add_date(text, "issued  on       ", X509_get0_notBefore(cert))) != TRUSTX_OK)
		return err;
	return add_date(text, "expires on       ", X509_get0_notAfter(cert));
}

static enum trustx_err add_algorithm(struct blob *text, X509 *cert)
{
	int nid = X509_get_signature_nid(cert);
	const ASN1_OBJECT *object;
	enum trustx_err err;

	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (algorithms[i].nid == nid)
			return blob_addf(text, "signed using      : %s\n", algorithms[i].name);
	X509_ALGOR_get0(&object, NULL, NULL, X509_get0_tbs_sigalg(cert));
	if ((err = blob_addf(text, "signed using      : ")) != TRUSTX_OK ||
		(err = add_object(text, object)) != TRUSTX_OK)
		return err;
	return blob_add(text, "\n", 1);
}

static enum trustx_err add_key(struct blob *text, X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;
	char label[32];

	ERR_clear_error();
	if (type == NULL)
		return blob_addf(text, "key size          : unknown kind of key\n");
	snprintf(label, sizeof(label), "%s key size", type);
	return blob_addf(text, "%-18s: %d bits\n", label, EVP_PKEY_get_bits(key));
}

static enum trustx_err add_constraints(struct blob *text, X509 *cert)
{
	uint32_t flags = X509_get_extension_flags(cert);
	long path = X509_get_pathlen(cert);
	enum trustx_err err;

	if ((flags & EXFLAG_BCONS) == 0)
		return TRUSTX_OK;
	err = blob_addf(
		text, "basic constraints : CA=%s", (flags & EXFLAG_CA) != 0 ? "true" : "false");
	if (err == TRUSTX_OK && path >= 0)
		err = blob_addf(text, ", max_pathlen=%ld", path);
	return err == TRUSTX_OK ? blob_add(text, "\n", 1) : err;
}

/* The ancestor showed host names bare and the other kinds not at all. */
static enum trustx_err add_alternative_name(struct blob *text, GENERAL_NAME *name)
{
	enum trustx_err err;
	struct blob one;

	blob_init(&one, text->max);
	if ((err = san_print(&one, name)) == TRUSTX_OK)
		err = blob_addf(text, "%s", blob_text(&one) + (name->type == GEN_DNS ? 4 : 0));
	blob_free(&one);
	return err;
}

static enum trustx_err add_alternative_names(struct blob *text, X509 *cert)
{
	GENERAL_NAMES *names;
	enum trustx_err err;
	struct fail ignored;

	if (san_of_cert(&names, cert, &ignored) != TRUSTX_OK)
		return blob_addf(text, "subject alt name  : malformed\n");
	if (names == NULL)
		return TRUSTX_OK;
	err = blob_addf(text, "subject alt name  : ");
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && err == TRUSTX_OK; i++) {
		if (i > 0)
			err = blob_add(text, ", ", 2);
		if (err == TRUSTX_OK)
			err = add_alternative_name(text, sk_GENERAL_NAME_value(names, i));
	}
	GENERAL_NAMES_free(names);
	return err == TRUSTX_OK ? blob_add(text, "\n", 1) : err;
}

static enum trustx_err add_usage(struct blob *text, X509 *cert)
{
	enum trustx_err err;
	uint32_t usage;
	bool first = true;

	if ((X509_get_extension_flags(cert) & EXFLAG_KUSAGE) == 0)
		return TRUSTX_OK;
	usage = X509_get_key_usage(cert);
	err = blob_addf(text, "key usage         : ");
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]) && err == TRUSTX_OK; i++) {
		if ((usage & usages[i].bit) == 0)
			continue;
		err = blob_addf(text, "%s%s", first ? "" : ", ", usages[i].name);
		first = false;
	}
	return err == TRUSTX_OK ? blob_add(text, "\n", 1) : err;
}

static enum trustx_err add_extended_usage(struct blob *text, X509 *cert)
{
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	enum trustx_err err;

	ERR_clear_error();
	if (list == NULL)
		return TRUSTX_OK;
	err = blob_addf(text, "ext key usage     : ");
	for (int i = 0; i < sk_ASN1_OBJECT_num(list) && err == TRUSTX_OK; i++) {
		if (i > 0)
			err = blob_add(text, ", ", 2);
		if (err == TRUSTX_OK)
			err = add_object(text, sk_ASN1_OBJECT_value(list, i));
	}
	EXTENDED_KEY_USAGE_free(list);
	return err == TRUSTX_OK ? blob_add(text, "\n", 1) : err;
}

static report_line *const lines[] = { add_version, add_serial, add_names, add_dates, add_algorithm,
	add_key, add_constraints, add_alternative_names, add_usage, add_extended_usage };

enum trustx_err cert_report(struct blob *text, X509 *cert, struct fail *f)
{
	enum trustx_err err;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if ((err = lines[i](text, cert)) != TRUSTX_OK)
			return fail_set(f, err, "the certificate could not be described");
	ERR_clear_error();
	return TRUSTX_OK;
}

static enum trustx_err add_row(struct blob *text, size_t offset, const uint8_t *data, size_t len)
{
	char hex[3 * ROW + 1] = "", readable[ROW + 1] = "";

	for (size_t i = 0; i < len; i++) {
		snprintf(hex + 3 * i, 4, "%02x ", data[i]);
		readable[i] = data[i] >= 0x20 && data[i] < 0x7F ? (char)data[i] : '.';
	}
	return blob_addf(text, "0x%06zx: %-48s%s\n", offset, hex, readable);
}

enum trustx_err cert_hexdump(struct blob *text, const uint8_t *data, size_t len)
{
	enum trustx_err err;

	for (size_t at = 0; at < len; at += ROW) {
		size_t left = len - at;

		if ((err = add_row(text, at, data + at, left < ROW ? left : ROW)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}
