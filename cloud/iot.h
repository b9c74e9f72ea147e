/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The calls of AWS IoT (API reference, version 2015-05-28) and STS that trustx makes. Each is
 * started, and its answer taken: iot_X_start, then iot_X_take, which waits for it and frees the
 * call; the request goes on whenever cloud_pump is called in between. Errors are those of
 * cloud_finish; *error (never NULL) has AWS's own name for what it refused.
 */
#ifndef CLOUD_IOT_H
#define CLOUD_IOT_H

#include "blob.h"
#include "cloud.h"

#define IOT_ID_LEN    64  /* certificate id: SHA-256 of the DER certificate, lower-case hex */
#define IOT_ARN_MAX   256 /* characters, NUL included */
#define IOT_NAME_MAX  128 /* characters of a thing, type, group or policy name */
#define IOT_CSR_MAX   4096
#define IOT_VALUE_MAX 800 /* of an attribute */

enum iot_status { IOT_INACTIVE, IOT_ACTIVE, IOT_REVOKED, IOT_PENDING };
const char *iot_status_text(enum iot_status status); /* "INACTIVE" */

/* ---- whose account ---- */

struct iot_identity {
	char account[13], arn[IOT_ARN_MAX];
};
TRUSTX_MUST_CHECK enum trustx_err iot_whoami(
	struct iot_identity *who, struct cloud *cloud, struct fail *f);

/* iot:Data-ATS, the host that devices connect to. */
TRUSTX_MUST_CHECK enum trustx_err iot_endpoint(
	char host[static IOT_ARN_MAX], struct cloud *cloud, struct fail *f);

/* ---- certificates ---- */

struct iot_certificate {
	char id[IOT_ID_LEN + 1], arn[IOT_ARN_MAX];
	enum iot_status status;
	double created;	 /* Unix seconds; 0: not in the answer */
	struct blob pem; /* empty: not in the answer */
};
void iot_certificate_free(struct iot_certificate *cert); /* fine on a zeroed struct */

/* CreateCertificateFromCsr, INACTIVE. Not repeatable: each call makes another certificate. */
TRUSTX_MUST_CHECK enum trustx_err iot_create_certificate_start(
	struct cloud_call **call, struct cloud *cloud, const char *csr_pem, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_create_certificate_take(struct iot_certificate *cert,
	struct cloud_call *call, struct cloud_error *error, struct fail *f);

/* RegisterCertificateWithoutCA, INACTIVE. It is there already: TRUSTX_ERR_EXISTS, with its id. */
TRUSTX_MUST_CHECK enum trustx_err iot_register_certificate_start(
	struct cloud_call **call, struct cloud *cloud, const char *pem, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_register_certificate_take(struct iot_certificate *cert,
	struct cloud_call *call, struct cloud_error *error, struct fail *f);

/* DescribeCertificate. TRUSTX_ERR_INPUT: there is none. */
TRUSTX_MUST_CHECK enum trustx_err iot_describe_certificate(
	struct iot_certificate *cert, struct cloud *cloud, const char *id, struct fail *f);

/*
 * ListCertificates, newest first: told one by one, without PEM, until told returns false or there
 * are no more.
 */
TRUSTX_MUST_CHECK enum trustx_err iot_list_certificates(struct cloud *cloud,
	bool (*told)(void *ctx, const struct iot_certificate *cert), void *ctx, struct fail *f);

/* UpdateCertificate. */
TRUSTX_MUST_CHECK enum trustx_err iot_update_certificate_start(struct cloud_call **call,
	struct cloud *cloud, const char *id, enum iot_status status, struct fail *f);

/* DeleteCertificate. */
TRUSTX_MUST_CHECK enum trustx_err iot_delete_certificate_start(
	struct cloud_call **call, struct cloud *cloud, const char *id, struct fail *f);

/* ---- things ---- */

struct iot_attribute {
	const char *name, *value;
};

/* Sent as it is by every repetition: AWS compares. */
struct iot_thing_wish {
	const char *name, *type; /* type NULL: none */
	const struct iot_attribute *attributes;
	size_t attribute_count;
};

/* TRUSTX_ERR_EXISTS: one of that name with other attributes. */
TRUSTX_MUST_CHECK enum trustx_err iot_create_thing_start(struct cloud_call **call,
	struct cloud *cloud, const struct iot_thing_wish *wish, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_create_thing_take(char arn[static IOT_ARN_MAX],
	struct cloud_call *call, struct cloud_error *error, struct fail *f);

/* DescribeThing: the answer as it is, an object with thingName, attributes; the caller's. */
TRUSTX_MUST_CHECK enum trustx_err iot_describe_thing(
	json_t **thing, struct cloud *cloud, const char *name, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_delete_thing_start(
	struct cloud_call **call, struct cloud *cloud, const char *name, struct fail *f);

/* AttachThingPrincipal, EXCLUSIVE_THING; DetachThingPrincipal, asynchronous on AWS's side. */
TRUSTX_MUST_CHECK enum trustx_err iot_attach_thing_start(struct cloud_call **call,
	struct cloud *cloud, const char *thing, const char *cert_arn, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_detach_thing_start(struct cloud_call **call,
	struct cloud *cloud, const char *thing, const char *cert_arn, struct fail *f);

/* AddThingToThingGroup. */
TRUSTX_MUST_CHECK enum trustx_err iot_add_to_group_start(struct cloud_call **call,
	struct cloud *cloud, const char *thing, const char *group, struct fail *f);

/* ListThingPrincipals, ListPrincipalThings: an array of ARNs or names; the caller's. */
TRUSTX_MUST_CHECK enum trustx_err iot_thing_principals(
	json_t **arns, struct cloud *cloud, const char *thing, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_principal_things(
	json_t **names, struct cloud *cloud, const char *cert_arn, struct fail *f);

/* ---- policies, groups, types ---- */

/* TRUSTX_ERR_EXISTS: one of that name, whatever its document. */
TRUSTX_MUST_CHECK enum trustx_err iot_create_policy(
	struct cloud *cloud, const char *name, const char *document, struct fail *f);
/* GetPolicy: its document, as text. TRUSTX_ERR_INPUT: there is none. */
TRUSTX_MUST_CHECK enum trustx_err iot_get_policy(
	struct blob *document, struct cloud *cloud, const char *name, struct fail *f);
/* target: ARN of a certificate or thing group. */
TRUSTX_MUST_CHECK enum trustx_err iot_attach_policy_start(struct cloud_call **call,
	struct cloud *cloud, const char *policy, const char *target, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_detach_policy_start(struct cloud_call **call,
	struct cloud *cloud, const char *policy, const char *target, struct fail *f);
/* ListAttachedPolicies: an array of names; recursive: also of the groups above. */
TRUSTX_MUST_CHECK enum trustx_err iot_attached_policies(
	json_t **names, struct cloud *cloud, const char *target, bool recursive, struct fail *f);

/* ---- a call whose answer says nothing ---- */

/* TRUSTX_ERR_INPUT: AWS knows no such resource (404). */
TRUSTX_MUST_CHECK enum trustx_err iot_take(
	struct cloud_call *call, struct cloud_error *error, struct fail *f);

#endif
