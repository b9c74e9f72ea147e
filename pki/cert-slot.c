/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cert.h"

#include "buf.h"
#include "cert-der.h"
#include "ossl.h"
#include "x509-kind.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>

/* SRM "Public Key Certificate": C0, size of the rest, size of the chain, size and DER of each. */
#define TAG_DER		 0x30
#define TAG_TLS_IDENTITY 0xC0
#define TAG_USB_TYPE_C	 0xC2
#define REST_SIZE	 2
#define CHAIN_SIZE	 3
#define CERT_SIZE	 3
#define REST_MAX	 0xFFFFu

/* ---- to a slot ---- */

static enum trustx_err check_room(const struct blob *slot, size_t size, int count, struct fail *f)
{
	size_t room = slot->max - slot->len;

	if (size <= room && size <= REST_MAX)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_TOO_BIG, "%s needs %zu bytes, the slot has %zu",
		count == 1 ? "the certificate" : "the certificate chain", size,
		room < REST_MAX ? room : REST_MAX);
	if (count > 1)
		return fail_next(f, "write the leaf certificate alone");
	return f->err;
}

static enum trustx_err add_u8s(struct blob *slot, size_t value, size_t bytes)
{
	uint8_t be[4];

	for (size_t i = 0; i < bytes; i++)
		be[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
	return blob_add(slot, be, bytes);
}

static enum trustx_err add_cert(
	struct blob *slot, X509 *cert, enum cert_format format, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);

	if (len < 0)
		return ossl_fail(f, TRUSTX_ERR_CRYPTO, "the certificate could not be encoded");
	if (format == CERT_FORMAT_TLS_IDENTITY)
		err = add_u8s(slot, (size_t)len, CERT_SIZE);
	if (err == TRUSTX_OK)
		err = blob_add(slot, der, (size_t)len);
	OPENSSL_free(der);
	return err == TRUSTX_OK ? TRUSTX_OK : fail_set(f, err, "out of memory");
}

static enum trustx_err measure(
	size_t *chain, STACK_OF(X509) *certs, enum cert_format format, struct fail *f)
{
	*chain = 0;
	for (int i = 0; i < sk_X509_num(certs); i++) {
		int len = i2d_X509(sk_X509_value(certs, i), NULL);

		if (len < 0)
			return ossl_fail(
				f, TRUSTX_ERR_CRYPTO, "the certificate could not be encoded");
		*chain += (size_t)len + (format == CERT_FORMAT_DER ? 0 : CERT_SIZE);
	}
	return TRUSTX_OK;
}

enum trustx_err cert_to_slot(
	struct blob *slot, STACK_OF(X509) *certs, enum cert_format format, struct fail *f)
{
	size_t head = format == CERT_FORMAT_DER ? 0 : 1 + REST_SIZE + CHAIN_SIZE, chain;
	int count = sk_X509_num(certs);
	enum trustx_err err;

	if (count <= 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "there is no certificate to write");
	if (format == CERT_FORMAT_DER && count > 1) {
		fail_set(f, TRUSTX_ERR_INPUT,
			"%d certificates do not fit into the format der, which has one", count);
		return fail_next(f, "use --format tls-identity, or give the leaf alone");
	}
	if ((err = measure(&chain, certs, format, f)) != TRUSTX_OK ||
		(err = check_room(slot, head + chain, count, f)) != TRUSTX_OK)
		return err;
	if (head > 0 && ((err = add_u8s(slot, TAG_TLS_IDENTITY, 1)) != TRUSTX_OK ||
				(err = add_u8s(slot, CHAIN_SIZE + chain, REST_SIZE)) != TRUSTX_OK ||
				(err = add_u8s(slot, chain, CHAIN_SIZE)) != TRUSTX_OK))
		return fail_set(f, err, "out of memory");
	for (int i = 0; i < count; i++)
		if ((err = add_cert(slot, sk_X509_value(certs, i), format, f)) != TRUSTX_OK)
			return err;
	return TRUSTX_OK;
}

/* ---- from a slot ---- */

bool cert_slot_is_empty(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != 0)
			return false;
	return true;
}

static enum trustx_err inconsistent(struct fail *f)
{
	return fail_set(f, TRUSTX_ERR_INPUT, "the lengths in the slot contradict each other");
}

static enum trustx_err check_tail(struct reader *r, struct fail *f)
{
	size_t left = reader_left(r);

	if (cert_slot_is_empty(r->at, left))
		return TRUSTX_OK;
	return fail_set(f, TRUSTX_ERR_INPUT, "%zu bytes behind the certificate are not zero", left);
}

static enum trustx_err take_der(STACK_OF(X509) *certs, struct reader *r, struct fail *f)
{
	const uint8_t *der;
	enum trustx_err err;
	size_t size;

	if (!x509_kind_size(&size, r->at, reader_left(r)) || (der = reader_bytes(r, size)) == NULL)
		return inconsistent(f);
	if ((err = cert_push_der(certs, der, size, f)) != TRUSTX_OK)
		return err;
	return check_tail(r, f);
}

static enum trustx_err take_chain(STACK_OF(X509) *certs, struct reader *chain, struct fail *f)
{
	enum trustx_err err;

	do {
		size_t size = reader_u24(chain);
		const uint8_t *der = reader_bytes(chain, size);

		if (der == NULL || size == 0)
			return inconsistent(f);
		if ((err = cert_push_der(certs, der, size, f)) != TRUSTX_OK)
			return err;
	} while (reader_left(chain) > 0);
	return TRUSTX_OK;
}

static enum trustx_err take_tls_identity(STACK_OF(X509) *certs, struct reader *r, struct fail *f)
{
	struct reader chain;
	const uint8_t *bytes;
	enum trustx_err err;
	size_t rest, size;

	reader_skip(r, 1);
	rest = reader_u16(r);
	size = reader_u24(r);
	bytes = reader_bytes(r, size);
	if (bytes == NULL || rest != CHAIN_SIZE + size)
		return inconsistent(f);
	reader_init(&chain, bytes, size);
	if ((err = take_chain(certs, &chain, f)) != TRUSTX_OK)
		return err;
	return check_tail(r, f);
}

static enum trustx_err take_slot(
	STACK_OF(X509) *certs, enum cert_format *format, struct reader *r, struct fail *f)
{
	uint8_t tag = r->at[0];

	*format = tag == TAG_DER ? CERT_FORMAT_DER : CERT_FORMAT_TLS_IDENTITY;
	if (tag == TAG_DER)
		return take_der(certs, r, f);
	if (tag == TAG_TLS_IDENTITY)
		return take_tls_identity(certs, r, f);
	if (tag == TAG_USB_TYPE_C)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the slot holds a USB Type-C identity, which is not supported");
	return fail_set(f, TRUSTX_ERR_INPUT,
		"the slot holds no certificate: its first byte is 0x%02X", tag);
}

enum trustx_err cert_from_slot(STACK_OF(X509) **certs, enum cert_format *format,
	const uint8_t *data, size_t len, struct fail *f)
{
	STACK_OF(X509) *made;
	enum trustx_err err;
	struct reader r;

	*certs = NULL;
	if (cert_slot_is_empty(data, len))
		return fail_set(f, TRUSTX_ERR_INPUT, "the slot is empty");
	if ((made = sk_X509_new_null()) == NULL)
		return ossl_fail(f, TRUSTX_ERR_MEMORY, "out of memory");
	reader_init(&r, data, len);
	if ((err = take_slot(made, format, &r, f)) != TRUSTX_OK)
		goto out;
	*certs = made;
	made = NULL; /* transferred */

	err = TRUSTX_OK;
out:
	sk_X509_pop_free(made, X509_free);
	return err;
}
