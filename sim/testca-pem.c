/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include <openssl/evp.h>

#include "sim.h"
#include "testca.h"

#define LINE_BYTES 48 /* 64 characters */

static enum trustx_err add_pem(struct blob *pem, const struct der *cert)
{
	unsigned char line[4 * LINE_BYTES / 3 + 1];
	const uint8_t *at = der_data(cert), *end = at + der_len(cert);
	enum trustx_err err;

	if ((err = blob_addf(pem, "-----BEGIN CERTIFICATE-----\n")) != TRUSTX_OK)
		return err;
	while (at < end) {
		size_t n = end - at < LINE_BYTES ? (size_t)(end - at) : LINE_BYTES;

		EVP_EncodeBlock(line, at, (int)n);
		if ((err = blob_addf(pem, "%s\n", (const char *)line)) != TRUSTX_OK)
			return err;
		at += n;
	}
	return blob_addf(pem, "-----END CERTIFICATE-----\n");
}

enum trustx_err sim_root_pem(struct blob *pem, struct fail *f)
{
	struct curves *c = curves_new();
	enum trustx_err err = TRUSTX_ERR_MEMORY;
	struct der cert;

	fail_clear(f);
	if (c == NULL)
		goto out;
	if ((err = testca_root(&cert, c)) != TRUSTX_OK || (err = add_pem(pem, &cert)) != TRUSTX_OK)
		goto out;
	if ((err = testca_issuing(&cert, c)) != TRUSTX_OK ||
		(err = add_pem(pem, &cert)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	curves_free(c);
	return err == TRUSTX_OK ? err : fail_set(f, err, "cannot make the simulated root");
}
