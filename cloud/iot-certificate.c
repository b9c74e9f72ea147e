/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-call.h"

#include <stdio.h>
#include <string.h>

#define IOT	"iot"
#define PEM_MAX 65536u

const char *iot_status_text(enum iot_status status)
{
	static const char *const texts[] = {
		[IOT_INACTIVE] = "INACTIVE",
		[IOT_ACTIVE] = "ACTIVE",
		[IOT_REVOKED] = "REVOKED",
		[IOT_PENDING] = "PENDING",
	};

	return texts[status];
}

void iot_certificate_free(struct iot_certificate *cert)
{
	blob_free(&cert->pem);
}

static bool is_id(const char *id)
{
	return strlen(id) == IOT_ID_LEN && strspn(id, "0123456789abcdef") == IOT_ID_LEN;
}

static enum iot_status parse_status(const char *text)
{
	for (int s = IOT_INACTIVE; text != NULL && s < IOT_PENDING; s++)
		if (strcmp(text, iot_status_text((enum iot_status)s)) == 0)
			return (enum iot_status)s;
	return IOT_PENDING;
}

static enum trustx_err read_certificate(
	struct iot_certificate *cert, const json_t *answer, struct fail *f)
{
	const json_t *status = json_object_get(answer, "status");
	const json_t *pem = json_object_get(answer, "certificatePem");
	enum trustx_err err;

	memset(cert, 0, sizeof(*cert));
	blob_init(&cert->pem, PEM_MAX);
	if ((err = iot_copy(cert->id, sizeof(cert->id), answer, "certificateId", f)) != TRUSTX_OK ||
		(err = iot_copy(cert->arn, sizeof(cert->arn), answer, "certificateArn", f)) !=
			TRUSTX_OK)
		return err;
	if (!is_id(cert->id))
		return fail_set(
			f, TRUSTX_ERR_ISSUER, "AWS's certificate id '%s' is none", cert->id);
	cert->status = status != NULL ? parse_status(json_string_value(status)) : IOT_INACTIVE;
	cert->created = json_number_value(json_object_get(answer, "creationDate"));
	if (!json_is_string(pem))
		return TRUSTX_OK;
	if (blob_addf(&cert->pem, "%s", json_string_value(pem)) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_ISSUER, "AWS's certificate is too long");
	return TRUSTX_OK;
}

enum trustx_err iot_create_certificate_start(
	struct cloud_call **call, struct cloud *cloud, const char *csr_pem, struct fail *f)
{
	struct cloud_request rq = { .operation = "CreateCertificateFromCsr",
		.service = IOT,
		.method = "POST",
		.path = { "certificates" } };

	*call = NULL;
	if (strlen(csr_pem) > IOT_CSR_MAX)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the request is longer than the %d characters that AWS takes", IOT_CSR_MAX);
	return iot_start_json(
		call, cloud, &rq, json_pack("{ss}", "certificateSigningRequest", csr_pem), f);
}

enum trustx_err iot_create_certificate_take(struct iot_certificate *cert, struct cloud_call *call,
	struct cloud_error *error, struct fail *f)
{
	json_t *answer;
	enum trustx_err err;

	memset(cert, 0, sizeof(*cert));
	if ((err = iot_take_answer(&answer, call, error, f)) != TRUSTX_OK)
		return err;
	err = read_certificate(cert, answer, f);
	if (err == TRUSTX_OK && cert->pem.len == 0)
		err = fail_set(f, TRUSTX_ERR_ISSUER, "AWS's answer has no certificate");
	if (err != TRUSTX_OK) /* it was made: only which one is not known */
		f->err = err = TRUSTX_ERR_UNKNOWN_OUTCOME;
	json_decref(answer);
	return err;
}

enum trustx_err iot_register_certificate_start(
	struct cloud_call **call, struct cloud *cloud, const char *pem, struct fail *f)
{
	struct cloud_request rq = { .operation = "RegisterCertificateWithoutCA",
		.service = IOT,
		.method = "POST",
		.path = { "certificate", "register-no-ca" },
		.repeatable = true };
	json_t *body = json_pack("{ss,ss}", "certificatePem", pem, "status", "INACTIVE");

	return iot_start_json(call, cloud, &rq, body, f);
}

enum trustx_err iot_register_certificate_take(struct iot_certificate *cert, struct cloud_call *call,
	struct cloud_error *error, struct fail *f)
{
	json_t *answer;
	enum trustx_err err;

	memset(cert, 0, sizeof(*cert));
	err = iot_take_answer(&answer, call, error, f);
	if (err == TRUSTX_OK)
		err = read_certificate(cert, answer, f);
	if (err == TRUSTX_ERR_EXISTS) {
		snprintf(cert->id, sizeof(cert->id), "%.64s", error->resource_id);
		snprintf(cert->arn, sizeof(cert->arn), "%s", error->resource_arn);
	}
	json_decref(answer);
	return err;
}

enum trustx_err iot_describe_certificate(
	struct iot_certificate *cert, struct cloud *cloud, const char *id, struct fail *f)
{
	struct cloud_request rq = { .operation = "DescribeCertificate",
		.service = IOT,
		.method = "GET",
		.path = { "certificates", id },
		.repeatable = true };
	json_t *answer;
	enum trustx_err err;

	memset(cert, 0, sizeof(*cert));
	if ((err = iot_ask(&answer, cloud, &rq, f)) != TRUSTX_OK)
		return err;
	err = read_certificate(cert, json_object_get(answer, "certificateDescription"), f);
	json_decref(answer);
	return err;
}

/* One page; false: that was enough. */
static enum trustx_err tell_page(bool *more, const json_t *answer,
	bool (*told)(void *, const struct iot_certificate *), void *ctx, struct fail *f)
{
	const json_t *list = json_object_get(answer, "certificates");
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < json_array_size(list) && *more && err == TRUSTX_OK; i++) {
		struct iot_certificate cert;

		err = read_certificate(&cert, json_array_get(list, i), f);
		if (err == TRUSTX_OK)
			*more = told(ctx, &cert);
		iot_certificate_free(&cert);
	}
	return err;
}

enum trustx_err iot_list_certificates(struct cloud *cloud,
	bool (*told)(void *ctx, const struct iot_certificate *cert), void *ctx, struct fail *f)
{
	static const struct iot_paging paging = { "certificates", NULL, "marker", "nextMarker" };
	struct cloud_request rq = { .operation = "ListCertificates",
		.service = IOT,
		.method = "GET",
		.path = { "certificates" },
		.query = { { "isAscendingOrder", "false" }, { "pageSize", "100" } },
		.repeatable = true };
	json_t *page = NULL;
	enum trustx_err err;
	bool more = true;

	do {
		if ((err = iot_next_page(&page, cloud, &rq, 2, &paging, f)) == TRUSTX_OK)
			err = tell_page(&more, page, told, ctx, f);
	} while (err == TRUSTX_OK && more && rq.query[2].value != NULL);
	json_decref(page);
	return err;
}

enum trustx_err iot_update_certificate_start(struct cloud_call **call, struct cloud *cloud,
	const char *id, enum iot_status status, struct fail *f)
{
	struct cloud_request rq = { .operation = "UpdateCertificate",
		.service = IOT,
		.method = "PUT",
		.path = { "certificates", id },
		.query = { { "newStatus", iot_status_text(status) } },
		.repeatable = true };

	return cloud_start(call, cloud, &rq, f);
}

enum trustx_err iot_delete_certificate_start(
	struct cloud_call **call, struct cloud *cloud, const char *id, struct fail *f)
{
	struct cloud_request rq = { .operation = "DeleteCertificate",
		.service = IOT,
		.method = "DELETE",
		.path = { "certificates", id },
		.repeatable = true };

	return cloud_start(call, cloud, &rq, f);
}
