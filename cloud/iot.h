/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The calls of AWS IoT (API version 2015-05-28) and STS that trustx makes. Each *_start only
 * describes and starts the request; its answer is taken by cloud_finish, or by the *_take beside it.
 * iot_* without a suffix do both.
 */
#ifndef CLOUD_IOT_H
#define CLOUD_IOT_H

#include "blob.h"
#include "cloud.h"

#define IOT_ID_LEN     64 /* certificate id: SHA-256 of the DER certificate, lower-case hex */
#define IOT_ARN_MAX    256
#define IOT_NAME_MAX   128 /* characters of a thing, type, group or policy name */
#define IOT_CSR_MAX    4096
#define IOT_POLICY_MAX 2048 /* characters that are no white space */

struct iot_identity {
	char account[13], arn[IOT_ARN_MAX];
};
TRUSTX_MUST_CHECK enum trustx_err iot_whoami(
	struct iot_identity *who, struct cloud *cloud, struct fail *f);

/* The data endpoint (iot:Data-ATS). */
TRUSTX_MUST_CHECK enum trustx_err iot_endpoint(
	char host[static IOT_ARN_MAX], struct cloud *cloud, struct fail *f);

enum iot_status { /* of a certificate */
	IOT_INACTIVE,
	IOT_ACTIVE,
	IOT_REVOKED,
	IOT_OTHER, /* pending */
};

struct iot_certificate {
	char id[IOT_ID_LEN + 1], arn[IOT_ARN_MAX];
	enum iot_status status;
	double created;	 /* Unix seconds; 0 not known */
	struct blob pem; /* of describe and create; freed by iot_certificate_free */
};
void iot_certificate_free(struct iot_certificate *cert);

#endif
