/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A certification request signed by a key in the chip. */
#ifndef FLOW_CSRFLOW_H
#define FLOW_CSRFLOW_H

#include "csr.h"
#include "name.h"
#include "pubkey.h"

/* Who the certificate is for: a config.jsn or a subject as text, exactly one; {uid} and {serial}
 * in subject and SAN become the chip's. */
struct csrflow_subject {
	const void *config; /* bytes of config.jsn */
	size_t config_len;
	const char *text; /* --subject */
	const char *const *san;
	size_t san_count;
};

struct csrflow_options {
	struct csrflow_subject subject;
	enum trustx_curve curve; /* 0: P-256 if a key is made, else that of the key */
	uint8_t usage;		 /* 0: Sign if a key is made, else that of the key */
	bool infineon_slot;	 /* a key may be made in 0xE0F0 */
};

struct csrflow_result {
	struct blob pem;   /* the request */
	struct pubkey key; /* key.source PUBKEY_GENERATED: made by this call */
	X509_NAME *subject;
};

/*
 * Parse the subject, make a key if the slot is empty, let the chip sign the request. Errors, the
 * subject first, before the chip is asked for anything: those of name_from_config,
 * name_from_text and csr_create (TRUSTX_ERR_INPUT, _TOO_BIG), then those of keygen_run,
 * keygen_fits and pubkey_find. Free with csrflow_free.
 */
TRUSTX_MUST_CHECK enum trustx_err csrflow_create(struct csrflow_result *result, struct device *dev,
	const struct slot *slot, const struct csrflow_options *opt, struct fail *f);
void csrflow_free(struct csrflow_result *result); /* fine on a zeroed struct */

/* The pieces, for who has the key already. *name: X509_NAME_free. */
TRUSTX_MUST_CHECK enum trustx_err csrflow_name(X509_NAME **name, const struct device *dev,
	const struct csrflow_subject *subject, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err csrflow_sign(struct blob *pem, struct device *dev,
	const struct slot *slot, const struct csrflow_subject *subject, const struct pubkey *key,
	struct fail *f);

/*
 * The request that csrflow_create would make, signed by a key thrown away: to compare subject and
 * SAN without a use of the chip's key. *req: X509_REQ_free.
 */
TRUSTX_MUST_CHECK enum trustx_err csrflow_sample(X509_REQ **req, const struct device *dev,
	const struct csrflow_subject *subject, struct fail *f);

#endif
