/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A local CA made known to AWS IoT, so that it takes the CA's certificates on their first use. */
#ifndef FLOW_AWS_CA_H
#define FLOW_AWS_CA_H

#include "ca.h"
#include "iot.h"

struct aws_ca_result {
	char id[IOT_ID_LEN + 1], arn[IOT_ARN_MAX];
	bool was_there, active;
};

/*
 * Register the certificate that signs leaves. sni_only: for several accounts, without a proof;
 * else the CA proves to AWS that it has its key: it signs a certificate for AWS's registration
 * code. An authority that is registered already is left alone; TRUSTX_ERR_EXISTS: in the other
 * mode. Errors of ca_open, ca_sign, cloud_finish.
 */
struct aws_ca_wish {
	const char *dir, *passphrase; /* of the CA; passphrase NULL: none */
	bool sni_only;
};
TRUSTX_MUST_CHECK enum trustx_err aws_ca_register(struct aws_ca_result *result, struct cloud *cloud,
	const struct aws_ca_wish *wish, struct fail *f);

#endif
