/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "certparse.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define CERTIFICATE_MAX 1300
#define SERIAL_MAX	20
#define VERSION_3	2
#define FIRST_ARC_2	80 /* the first byte of an OID that begins with 2 */

/* Attributes such as emailAddress, whose OID begins with 1, are beyond this chip. */
static bool name_is_readable(const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const ASN1_OBJECT *o = X509_NAME_ENTRY_get_object(X509_NAME_get_entry(name, i));

		if (OBJ_length(o) == 0 || OBJ_get0_data(o)[0] < FIRST_ARC_2)
			return false;
	}
	return true;
}

static bool is_acceptable(const X509 *x)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	const X509_ALGOR *outer;
	const ASN1_BIT_STRING *unused;

	X509_get0_signature(&unused, &outer, x);
	return X509_get_version(x) == VERSION_3 && serial->length >= 1 &&
	       serial->length <= SERIAL_MAX && X509_NAME_entry_count(X509_get_issuer_name(x)) > 0 &&
	       name_is_readable(X509_get_issuer_name(x)) &&
	       name_is_readable(X509_get_subject_name(x)) &&
	       X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(x)) == 0;
}

static uint8_t curve_of(const EVP_PKEY *key)
{
	char name[32] = "";

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
		EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) != 1)
		return 0;
	if (strcmp(name, SN_X9_62_prime256v1) == 0)
		return CURVE_P256;
	return strcmp(name, SN_secp384r1) == 0 ? CURVE_P384 : 0;
}

static enum code key_of(struct public_key *pub, X509 *x)
{
	const ASN1_BIT_STRING *point = X509_get0_pubkey_bitstr(x);
	const EVP_PKEY *key = X509_get0_pubkey(x);

	if (key == NULL || (pub->alg = curve_of(key)) == 0)
		return CODE_UNSUPPORTED_CERTIFICATE;
	if ((size_t)point->length != 1 + 2 * curve_size(pub->alg) || point->data[0] != 0x04)
		return CODE_CERTIFICATE;
	if ((X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN)) == 0)
		return CODE_USAGE;
	memcpy(pub->xy, point->data + 1, (size_t)point->length - 1);
	return CODE_OK;
}

enum code certparse(struct public_key *pub, const uint8_t *data, size_t len)
{
	const unsigned char *at = data;
	enum code code;
	X509 *x;

	if (len == 0 || data[0] != 0x30)
		return CODE_CERTIFICATE;
	if ((x = d2i_X509(NULL, &at, (long)len)) == NULL)
		return CODE_CERTIFICATE;
	if (at - data > CERTIFICATE_MAX)
		code = CODE_UNSUPPORTED_CERTIFICATE;
	else if (!is_acceptable(x))
		code = CODE_CERTIFICATE;
	else
		code = key_of(pub, x);
	X509_free(x);
	return code;
}
