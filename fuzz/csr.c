/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Certification requests, from the file to the leaf that the CA would make of them. */
#include "ca-leaf.h"
#include "csr.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ca_leaf leaf;
	X509_REQ *req = NULL;
	struct fail f = { 0 };

	if (csr_parse(&req, data, size, &f) != TRUSTX_OK) {
		PROPERTY(req == NULL && f.why[0] != '\0');
		return 0;
	}
	if (csr_verify(req, &f) != TRUSTX_OK)
		PROPERTY(f.why[0] != '\0');
	if (ca_leaf_take(&leaf, req, &f) == TRUSTX_OK)
		PROPERTY(strlen(leaf.key_hash) == 64);
	else
		PROPERTY(f.why[0] != '\0');
	ca_leaf_free(&leaf);
	X509_REQ_free(req);
	return 0;
}
