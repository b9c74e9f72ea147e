/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What comes back from AWS, or from somebody who pretends to be: through every call that reads it. */
#include "credentials.h"
#include "fuzz.h"
#include "iot-setup.h"
#include "refusal.h"

struct cloud_call {
	int unused;
};

static struct cloud_call the_call;
static struct cloud *no_cloud;
static struct reader input;

enum trustx_err __wrap_cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f);
enum trustx_err __wrap_cloud_finish(
	struct cloud_call *call, json_t **answer, struct cloud_error *error, struct fail *f);

enum trustx_err __wrap_cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f)
{
	PROPERTY(cloud == no_cloud && request->operation != NULL);
	(void)f;
	*call = &the_call;
	return TRUSTX_OK;
}

/* The next piece of the input; the last one lists no more pages. */
enum trustx_err __wrap_cloud_finish(
	struct cloud_call *call, json_t **answer, struct cloud_error *error, struct fail *f)
{
	size_t len;
	const char *text = (const char *)fuzz_piece(&input, &len);

	PROPERTY(call == &the_call);
	memset(error, 0, sizeof(*error));
	*answer = len > 0 ? json_loadb(text, len, 0, NULL) : NULL;
	if (*answer != NULL && json_is_object(*answer))
		return TRUSTX_OK;
	json_decref(*answer);
	*answer = NULL;
	snprintf(error->name, sizeof(error->name), "ResourceAlreadyExistsException");
	return fail_set(f, TRUSTX_ERR_ISSUER, "no object");
}

static void check_text(const char *text)
{
	for (; *text != '\0'; text++)
		PROPERTY(*text >= ' ' && *text <= '~');
}

static void refuse(const uint8_t *data, size_t size)
{
	struct http_answer answer = { .status = size > 0 ? 200 + data[0] * 2 : 500 };
	char *text = fuzz_text(data, size);
	json_t *body = refusal_xml(text), *json = json_loads(text, 0, NULL);
	struct cloud_error error;

	snprintf(answer.error_type, sizeof(answer.error_type), "%.150s", text);
	for (unsigned i = 0; i < 2; i++) {
		refusal_read(&error, &answer, i == 0 ? body : json);
		(void)refusal_kind(&error);
		(void)refusal_next(&error);
		PROPERTY(error.name[0] != '\0');
		check_text(error.name);
		check_text(error.message);
		check_text(error.request_id);
		check_text(error.resource_arn);
		answer.error_type[0] = '\0';
	}
	json_decref(body);
	json_decref(json);
	free(text);
}

static void take_credentials(const uint8_t *data, size_t size)
{
	struct credentials found = { .source = NULL };
	struct blob json;
	struct fail f = { 0 };

	blob_init(&json, 1u << 20);
	PROPERTY(blob_add(&json, data, size) == TRUSTX_OK);
	if (credentials_parse(&found, &json, "somebody", &f) == TRUSTX_OK) {
		check_text(found.access_key);
		check_text(found.secret);
		check_text(blob_text(&found.token));
	}
	credentials_wipe(&found);
	blob_free(&json);
}

static bool told(void *ctx, const struct iot_certificate *cert)
{
	PROPERTY(ctx == NULL && strlen(cert->id) == IOT_ID_LEN);
	check_text(cert->arn);
	return true;
}

static void take_certificates(struct fail *f)
{
	struct iot_certificate cert;
	struct cloud_error error;
	struct cloud_call *call;

	PROPERTY(iot_create_certificate_start(&call, no_cloud, "csr", f) == TRUSTX_OK);
	if (iot_create_certificate_take(&cert, call, &error, f) == TRUSTX_OK)
		PROPERTY(strlen(cert.id) == IOT_ID_LEN && cert.pem.len > 0);
	iot_certificate_free(&cert);
	PROPERTY(iot_register_certificate_start(&call, no_cloud, "pem", f) == TRUSTX_OK);
	if (iot_register_certificate_take(&cert, call, &error, f) == TRUSTX_OK)
		PROPERTY(strlen(cert.id) == IOT_ID_LEN);
	iot_certificate_free(&cert);
	if (iot_describe_certificate(&cert, no_cloud, "id", f) == TRUSTX_OK)
		PROPERTY(strlen(cert.id) == IOT_ID_LEN);
	iot_certificate_free(&cert);
	(void)!iot_list_certificates(no_cloud, told, NULL, f);
}

static void take_others(struct fail *f)
{
	struct iot_identity who;
	char text[IOT_ARN_MAX];
	struct blob document;
	json_t *list;

	if (iot_whoami(&who, no_cloud, f) == TRUSTX_OK)
		check_text(who.arn);
	if (iot_endpoint(text, no_cloud, f) == TRUSTX_OK)
		check_text(text);
	if (iot_create_group(text, no_cloud, "g", f) == TRUSTX_OK)
		check_text(text);
	if (iot_thing_principals(&list, no_cloud, "t", f) == TRUSTX_OK)
		json_decref(list);
	if (iot_attached_policies(&list, no_cloud, "arn", true, f) == TRUSTX_OK)
		json_decref(list);
	blob_init(&document, 8192);
	if (iot_get_policy(&document, no_cloud, "p", f) != TRUSTX_OK)
		PROPERTY(f->why[0] != '\0');
	blob_free(&document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fail f = { 0 };

	refuse(data, size);
	take_credentials(data, size);
	reader_init(&input, data, size);
	take_certificates(&f);
	reader_init(&input, data, size);
	take_others(&f);
	return 0;
}
