/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A talk with AWS, run again and again with another call failing each time until none is left: it
 * says so, or what it brought is whole; nothing leaks, and the next talk goes well.
 */
#include "inject.h"
#include "standin.h"

#include "file.h"
#include "shell.h"

#include <unistd.h>

#define RUNS_MAX 2000

static struct standin aws;
static struct blob csr, ca;

static bool count(void *ctx, const struct iot_certificate *cert)
{
	(void)cert;
	++*(unsigned *)ctx;
	return true;
}

static enum trustx_err make_thing(struct cloud *cloud, struct fail *f)
{
	const struct iot_attribute attributes[] = { { "chipUid", "d276" }, { "lot", "7" } };
	const struct iot_thing_wish wish = { "thing", "type", attributes, 2 };
	struct cloud_error error;
	struct cloud_call *call;
	char arn[IOT_ARN_MAX];
	json_t *thing;
	enum trustx_err err;

	if ((err = iot_create_thing_start(&call, cloud, &wish, f)) != TRUSTX_OK ||
		(err = iot_create_thing_take(arn, call, &error, f)) != TRUSTX_OK ||
		(err = iot_describe_thing(&thing, cloud, "thing", f)) != TRUSTX_OK)
		return err;
	CHECK_INT(json_object_size(json_object_get(thing, "attributes")), 2);
	CHECK_STR(json_string_value(json_object_get(thing, "thingTypeName")), "type");
	json_decref(thing);
	return TRUSTX_OK;
}

static enum trustx_err make_certificate(struct cloud *cloud, struct fail *f)
{
	struct iot_certificate cert;
	struct cloud_error error;
	struct cloud_call *call;
	json_t *names = NULL;
	enum trustx_err err;

	if ((err = iot_create_certificate_start(&call, cloud, blob_text(&csr), f)) != TRUSTX_OK)
		return err;
	if ((err = iot_create_certificate_take(&cert, call, &error, f)) != TRUSTX_OK)
		goto out;
	CHECK(strstr(blob_text(&cert.pem), "END CERTIFICATE") != NULL);
	if ((err = iot_attach_thing_start(&call, cloud, "thing", cert.arn, f)) != TRUSTX_OK ||
		(err = iot_take(call, &error, f)) != TRUSTX_OK ||
		(err = iot_principal_things(&names, cloud, cert.arn, f)) != TRUSTX_OK)
		goto out;
	CHECK_INT(json_array_size(names), 1);
	json_decref(names);
out:
	iot_certificate_free(&cert);
	return err;
}

static enum trustx_err ask_all(struct cloud *cloud, struct fail *f)
{
	char text[IOT_ARN_MAX];
	struct iot_identity who;
	unsigned certificates = 0;
	enum trustx_err err;

	if ((err = iot_whoami(&who, cloud, f)) != TRUSTX_OK)
		return err;
	CHECK_STR(who.account, STANDIN_ACCOUNT);
	if ((err = iot_create_type(cloud, "type", f)) != TRUSTX_OK ||
		(err = make_thing(cloud, f)) != TRUSTX_OK ||
		(err = make_certificate(cloud, f)) != TRUSTX_OK ||
		(err = iot_list_certificates(cloud, count, &certificates, f)) != TRUSTX_OK)
		return err;
	CHECK_INT(certificates, 1);
	if ((err = iot_register_ca(text, cloud, blob_text(&ca), NULL, f)) != TRUSTX_OK)
		return err;
	CHECK(strstr(text, ":cacert/") != NULL);
	return TRUSTX_OK;
}

static enum trustx_err talk(struct fail *f)
{
	const struct cloud_options opt = { .endpoint_url = aws.url, .backoff_ms = 1 };
	struct cloud *cloud;
	enum trustx_err err;

	if ((err = cloud_open(&cloud, &opt, f)) == TRUSTX_OK)
		err = ask_all(cloud, f);
	cloud_close(cloud);
	return err;
}

static bool run_once(unsigned *harmless)
{
	struct fail f = { 0 };
	struct injected in;
	enum trustx_err err;

	standin_fault(&aws, NULL);
	inject_arm();
	err = talk(&f);
	in = inject_disarm();
	if (!in.done) {
		DO(err, f);
		return false;
	}
	*harmless += err == TRUSTX_OK;
	if (err != TRUSTX_OK && f.why[0] == '\0')
		test_die(__FILE__, __LINE__, in.name);
	return true;
}

static void a_talk_with_aws_survives_every_failure(void)
{
	unsigned runs = 0, harmless = 0;

	inject_restart();
	while (run_once(&harmless))
		CHECK(++runs < RUNS_MAX);
	printf("    %u calls failed, %u of them harmlessly\n", runs, harmless);
	CHECK(runs > 50 && harmless < runs / 2);
}

int main(void)
{
	struct fail f;

	standin_forget();
	run("printf '[default]\\nregion = " STANDIN_REGION "\\n' >inject-config && printf "
	    "'[default]\\naws_access_key_id = " STANDIN_KEY
	    "\\naws_secret_access_key = " STANDIN_SECRET
	    "\\n' >inject-credentials && openssl req -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -keyout device.key -out ca.pem -subj /CN=ca 2>log && "
	    "openssl req -new -key device.key -out csr.pem -subj /CN=device");
	setenv("AWS_CONFIG_FILE", "inject-config", 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "inject-credentials", 1);
	blob_init(&csr, 4096);
	blob_init(&ca, 4096);
	CHECK_OK(file_read(&csr, "csr.pem", &f));
	CHECK_OK(file_read(&ca, "ca.pem", &f));
	standin_start(&aws, NULL);
	RUN(a_talk_with_aws_survives_every_failure);
	standin_stop(&aws);
	blob_free(&csr);
	blob_free(&ca);
	return 0;
}
