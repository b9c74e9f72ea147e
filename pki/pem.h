/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* PEM (RFC 7468), read strictly: text in front of and between blocks, and nothing that is none. */
#ifndef PKI_PEM_H
#define PKI_PEM_H

#include "blob.h"
#include "fail.h"

#include <stdbool.h>

struct pem {
	const char *at, *end; /* borrowed */
	unsigned line;	      /* the one at at, from 1 */
	char label[64];	      /* of the block begun last */
	size_t skipped;	      /* bytes of text passed over in search of the next block */
};

/* A byte order mark in front is passed over. */
void pem_init(struct pem *p, const void *data, size_t len);

/* Go behind the next BEGIN line; *found is false at the end. TRUSTX_ERR_INPUT: not text. */
TRUSTX_MUST_CHECK enum trustx_err pem_begin(struct pem *p, bool *found, struct fail *f);

/* Append the content of the block just begun, to the END line. TRUSTX_ERR_INPUT: cut off, or not
 * base64, or empty. */
TRUSTX_MUST_CHECK enum trustx_err pem_body(struct blob *der, struct pem *p, struct fail *f);

#endif
