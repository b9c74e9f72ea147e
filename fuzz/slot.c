/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The content of a certificate slot. */
#include "cert.h"
#include "fuzz.h"

#define SLOT_MAX 1728

static void check_certs(STACK_OF(X509) *certs)
{
	uint8_t point[97];
	size_t len = sizeof(point);
	struct blob text;
	struct fail f = { 0 };

	blob_init(&text, 1u << 16);
	PROPERTY(sk_X509_num(certs) > 0);
	if (cert_report(&text, sk_X509_value(certs, 0), &f) == TRUSTX_OK)
		PROPERTY(strlen(blob_text(&text)) == text.len);
	if (cert_point(point, &len, sk_X509_value(certs, 0), &f) == TRUSTX_OK)
		PROPERTY(len == 65 || len == 97);
	if (cert_check_dates(sk_X509_value(certs, 0), 1700000000, &f) != TRUSTX_OK)
		PROPERTY(f.why[0] != '\0');
	if (cert_check_chain(certs, certs, 1700000000, &f) != TRUSTX_OK)
		PROPERTY(f.why[0] != '\0');
	blob_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	STACK_OF(X509) *certs = NULL, *again = NULL;
	enum cert_format format, same;
	struct fail f = { 0 };
	struct blob slot;

	(void)cert_slot_is_empty(data, size);
	if (cert_from_slot(&certs, &format, data, size, &f) != TRUSTX_OK) {
		PROPERTY(certs == NULL && f.why[0] != '\0');
		return 0;
	}
	check_certs(certs);
	blob_init(&slot, SLOT_MAX);
	if (cert_to_slot(&slot, certs, format, &f) == TRUSTX_OK) {
		PROPERTY(cert_from_slot(&again, &same, slot.data, slot.len, &f) == TRUSTX_OK);
		PROPERTY(same == format && sk_X509_num(again) == sk_X509_num(certs));
	}
	sk_X509_pop_free(again, X509_free);
	sk_X509_pop_free(certs, X509_free);
	blob_free(&slot);
	return 0;
}
