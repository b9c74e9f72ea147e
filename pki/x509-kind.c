/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "x509-kind.h"

#include "buf.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <limits.h>
#include <string.h>

static const char *const texts[] = {
	[X509_KIND_UNKNOWN] = "something else",
	[X509_KIND_CERTIFICATE] = "a certificate",
	[X509_KIND_REQUEST] = "a certificate request",
	[X509_KIND_PKCS7] = "a PKCS#7 file",
	[X509_KIND_PRIVATE_KEY] = "a private key",
	[X509_KIND_PUBLIC_KEY] = "a public key",
	[X509_KIND_PARAMETERS] = "a set of EC parameters",
	[X509_KIND_CRL] = "a certificate revocation list",
	[X509_KIND_PKCS12] = "a PKCS#12 file",
	[X509_KIND_TRUSTED] = "a certificate with OpenSSL's trust settings",
};

static const struct {
	const char *label;
	enum x509_kind kind;
} labels[] = {
	{ "CERTIFICATE", X509_KIND_CERTIFICATE },
	{ "X509 CERTIFICATE", X509_KIND_CERTIFICATE },
	{ "CERTIFICATE REQUEST", X509_KIND_REQUEST },
	{ "NEW CERTIFICATE REQUEST", X509_KIND_REQUEST },
	{ "PKCS7", X509_KIND_PKCS7 },
	{ "PKCS #7 SIGNED DATA", X509_KIND_PKCS7 },
	{ "PRIVATE KEY", X509_KIND_PRIVATE_KEY },
	{ "EC PRIVATE KEY", X509_KIND_PRIVATE_KEY },
	{ "RSA PRIVATE KEY", X509_KIND_PRIVATE_KEY },
	{ "ENCRYPTED PRIVATE KEY", X509_KIND_PRIVATE_KEY },
	{ "OPENSSH PRIVATE KEY", X509_KIND_PRIVATE_KEY },
	{ "PUBLIC KEY", X509_KIND_PUBLIC_KEY },
	{ "EC PARAMETERS", X509_KIND_PARAMETERS },
	{ "X509 CRL", X509_KIND_CRL },
	{ "TRUSTED CERTIFICATE", X509_KIND_TRUSTED },
};

/* The order matters: X509_SIG and X509_PUBKEY are nearly as general as a pair. */
static const struct {
	ASN1_ITEM_EXP *item;
	enum x509_kind kind;
} items[] = {
	{ X509_it, X509_KIND_CERTIFICATE },
	{ X509_REQ_it, X509_KIND_REQUEST },
	{ X509_CRL_it, X509_KIND_CRL },
	{ PKCS7_it, X509_KIND_PKCS7 },
	{ PKCS12_it, X509_KIND_PKCS12 },
	{ PKCS8_PRIV_KEY_INFO_it, X509_KIND_PRIVATE_KEY },
	{ X509_PUBKEY_it, X509_KIND_PUBLIC_KEY },
	{ X509_SIG_it, X509_KIND_PRIVATE_KEY },
};

enum x509_kind x509_kind_of_label(const char *label)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(labels[i].label, label) == 0)
			return labels[i].kind;
	return X509_KIND_UNKNOWN;
}

bool x509_kind_is_binary(const uint8_t *data, size_t len)
{
	return len >= 2 && data[0] == 0x30 && data[1] >= 0x80;
}

bool x509_kind_size(size_t *size, const uint8_t *der, size_t len)
{
	struct reader r;
	size_t bytes, head;

	reader_init(&r, der, len);
	if (reader_u8(&r) != 0x30 || (bytes = reader_u8(&r)) == 0x80)
		return false;
	*size = bytes;
	if (bytes > 0x80) {
		bytes -= 0x80;
		if (bytes > 4)
			return false;
		*size = 0;
		for (size_t i = 0; i < bytes; i++)
			*size = *size << 8 | reader_u8(&r);
	}
	/* Four bytes of length and the header are more than 32 bits hold. */
	head = (size_t)(r.at - der);
	*size = *size < SIZE_MAX - head ? *size + head : SIZE_MAX;
	return !r.failed;
}

/* SEC 1 C.4 and RFC 8017 A.1.2 begin with a version, then the key. */
static bool is_bare_private_key(const uint8_t *der, size_t len)
{
	static const uint8_t ec[] = { 2, 1, 1, 4 }, rsa[] = { 2, 1, 0, 2 };
	struct reader r;
	const uint8_t *start;
	uint8_t first;

	reader_init(&r, der, len);
	reader_skip(&r, 1);
	if ((first = reader_u8(&r)) > 0x80)
		reader_skip(&r, first & 0x7Fu);
	start = reader_bytes(&r, sizeof(ec));
	return start != NULL && der[0] == 0x30 &&
	       (memcmp(start, ec, sizeof(ec)) == 0 || memcmp(start, rsa, sizeof(rsa)) == 0);
}

enum x509_kind x509_kind_of_der(const uint8_t *der, size_t len)
{
	if (len > LONG_MAX)
		return X509_KIND_UNKNOWN;
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		const ASN1_ITEM *item = items[i].item();
		const unsigned char *at = der;
		ASN1_VALUE *value = ASN1_item_d2i(NULL, &at, (long)len, item);

		ERR_clear_error();
		ASN1_item_free(value, item);
		if (value != NULL)
			return items[i].kind;
	}
	return is_bare_private_key(der, len) ? X509_KIND_PRIVATE_KEY : X509_KIND_UNKNOWN;
}

const char *x509_kind_text(enum x509_kind kind)
{
	return texts[kind];
}

enum trustx_err x509_kind_wrong(enum x509_kind kind, const char *wanted, struct fail *f)
{
	if (kind == X509_KIND_UNKNOWN)
		return fail_set(f, TRUSTX_ERR_INPUT, "this is not %s", wanted);
	return fail_set(f, TRUSTX_ERR_INPUT, "this is %s, not %s", texts[kind], wanted);
}

enum trustx_err x509_kind_check_length(const uint8_t *der, size_t len, struct fail *f)
{
	size_t size;

	if (!x509_kind_size(&size, der, len))
		return fail_set(f, TRUSTX_ERR_INPUT, "this is not DER");
	if (size > len)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"it is cut off: its DER has %zu bytes, %zu are there", size, len);
	if (size < len)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"%zu bytes too many: its DER ends after %zu bytes", len - size, size);
	return TRUSTX_OK;
}
