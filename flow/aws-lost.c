/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-lost.h"

#include "cert.h"
#include "hex.h"

#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

struct candidates {
	const struct record *record;
	char (*ids)[IOT_ID_LEN + 1];
	size_t count;
	bool out_of_memory;
};

static bool gather(void *ctx, const struct iot_certificate *cert)
{
	struct candidates *c = ctx;
	void *more;

	if (cert->status != IOT_INACTIVE || record_has_orphan(c->record, cert->id) ||
		strcmp(cert->id, c->record->cert.id) == 0 ||
		strcmp(cert->id, c->record->retired.id) == 0)
		return true;
	if ((more = realloc(c->ids, (c->count + 1) * sizeof(*c->ids))) == NULL) {
		c->out_of_memory = true;
		return false;
	}
	c->ids = more;
	memcpy(c->ids[c->count++], cert->id, sizeof(cert->id));
	return true;
}

static bool is_of_key(const struct iot_certificate *cert, const char *key)
{
	unsigned char *der = NULL, hash[EVP_MAX_MD_SIZE];
	STACK_OF(X509) *certs = NULL;
	struct fail ignored;
	char text[65] = "";
	size_t hash_len;
	int len = 0;

	if (cert_parse(&certs, cert->pem.data, cert->pem.len, &ignored) == TRUSTX_OK)
		len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(sk_X509_value(certs, 0)), &der);
	if (len > 0 && EVP_Q_digest(NULL, "SHA256", NULL, der, (size_t)len, hash, &hash_len) == 1)
		hex_print(text, hash, 32);
	OPENSSL_free(der);
	sk_X509_pop_free(certs, X509_free);
	return strcmp(text, key) == 0;
}

static enum trustx_err look(
	const struct aws_lost *lost, const char *id, const char *key, struct fail *f)
{
	struct iot_certificate cert;
	enum trustx_err err;

	err = iot_describe_certificate(&cert, lost->cloud, id, f);
	if (err == TRUSTX_ERR_INPUT) /* scrapped meanwhile */
		err = TRUSTX_OK;
	else if (err == TRUSTX_OK && is_of_key(&cert, key))
		err = lost->told(lost->ctx, id, f);
	iot_certificate_free(&cert);
	return err;
}

enum trustx_err aws_lost_each(const struct aws_lost *lost, const char *key, struct fail *f)
{
	struct candidates c = { .record = lost->record };
	enum trustx_err err;

	err = iot_list_certificates(lost->cloud, gather, &c, f);
	if (err == TRUSTX_OK && c.out_of_memory)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	for (size_t i = 0; i < c.count && err == TRUSTX_OK; i++)
		err = look(lost, c.ids[i], key, f);
	free(c.ids);
	return err;
}
