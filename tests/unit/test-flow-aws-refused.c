/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What an administrator asks, each of its requests refused: told, and the next time it works. */
#include "aws-world.h"

#include "aws-ca.h"
#include "aws-known.h"
#include "aws-scrap.h"
#include "aws-status.h"
#include "connect.h"

#define SCRAP_S 5

static struct standin aws;
static struct world w;
static unsigned number;

static void refuse(const char *operation)
{
	char body[160];

	snprintf(body, sizeof(body), "{\"faults\":[\"refuse=AccessDeniedException@%s\"]}",
		operation);
	standin_control(&aws, body);
}

static void begin(void)
{
	standin_fault(&aws, NULL);
	aws_prepare(&aws);
	world_new(&w, ++number, "");
}

static void check_refused(enum trustx_err err, const struct fail *f, const char *operation)
{
	if (err != TRUSTX_ERR_ISSUER || strstr(f->why, "AccessDenied") == NULL)
		test_die(__FILE__, __LINE__, operation);
}

/* ---- status ---- */

static enum trustx_err look(
	struct aws_status *status, const struct aws_known *known, struct fail *f)
{
	struct cloud *cloud = standin_open(aws.url);
	struct slot_state state;
	struct aws_status_wish wish = { .uid = w.dev.uid_hex, .known = known, .state = &state };
	enum trustx_err err;

	MUST(slot_inspect(&state, &w.dev, &aws_slot, true, f), *f);
	err = aws_status_look(status, cloud, &wish, f);
	slot_state_free(&state);
	cloud_close(cloud);
	return err;
}

static void status_tells_what_it_may_not_see(void)
{
	static const char *const operations[] = { "DescribeCertificate", "ListPrincipalThings",
		"DescribeThing", "ListThingPrincipals", "ListThingGroupsForThing",
		"ListAttachedPolicies" };
	struct aws_status status;
	struct fail f = { 0 };

	begin();
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		refuse(operations[i]);
		check_refused(look(&status, NULL, &f), &f, operations[i]);
		aws_status_free(&status);
	}
	standin_control(&aws, "{\"faults\":[]}");
	MUST(look(&status, NULL, &f), f);
	if (status.gap_count > 0) /* says which */
		test_die(__FILE__, __LINE__, status.gaps[0].what);
	CHECK(status.thing_there);
	CHECK_STR(status.uid, w.dev.uid_hex);
	aws_status_free(&status);
	world_free(&w);
}

/* ---- scrap ---- */

static void find_journal(struct aws_known *known)
{
	struct fail f = { 0 };
	bool found;

	MUST(aws_known_find(known, &found, w.state, w.dev.uid_hex, aws_slot.key, &f), f);
	CHECK(found);
}

static enum trustx_err scrap(const struct aws_known *known, bool *is_gone, struct fail *f)
{
	const struct aws_scrap_options opt = {
		.thing = known->record.thing, .known = known, .seconds = SCRAP_S
	};
	struct cloud *cloud = standin_open(aws.url);
	struct aws_scrap_plan plan;
	enum trustx_err err;

	if ((err = aws_scrap_look(&plan, cloud, &opt, f)) == TRUSTX_OK)
		err = aws_scrap_run(&plan, cloud, &opt, f);
	*is_gone = err == TRUSTX_OK && !plan.thing_there && plan.cert_count == 0;
	cloud_close(cloud);
	return err;
}

static void a_scrap_that_is_refused_is_ended_by_the_next(void)
{
	static const char *const operations[] = { "DescribeThing", "ListThingPrincipals",
		"DescribeCertificate", "ListPrincipalThings", "UpdateCertificate",
		"DetachThingPrincipal", "ListAttachedPolicies", "DeleteCertificate",
		"DeleteThing" };
	struct aws_known known;
	struct fail f = { 0 };
	bool is_gone;

	begin();
	aws_must(&w, &aws, &(struct aws_run){ 0 });
	find_journal(&known);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		refuse(operations[i]);
		check_refused(scrap(&known, &is_gone, &f), &f, operations[i]);
	}
	standin_control(&aws, "{\"faults\":[]}");
	MUST(scrap(&known, &is_gone, &f), f);
	MUST(scrap(&known, &is_gone, &f), f);
	CHECK(is_gone);
	aws_known_free(&known);
	world_free(&w);
}

/* ---- a CA ---- */

static enum trustx_err make_known(struct aws_ca_result *result, struct fail *f)
{
	const struct aws_ca_wish wish = { .dir = CA_DIR };
	struct cloud *cloud = standin_open(aws.url);
	enum trustx_err err = aws_ca_register(result, cloud, &wish, f);

	cloud_close(cloud);
	return err;
}

static void a_ca_that_is_refused_is_not_said_to_be_known(void)
{
	static const char *const operations[] = { "DescribeCACertificate", "GetRegistrationCode",
		"RegisterCACertificate" };
	struct aws_ca_result result;
	struct fail f = { 0 };

	begin();
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		refuse(operations[i]);
		check_refused(make_known(&result, &f), &f, operations[i]);
	}
	standin_control(&aws, "{\"faults\":[]}");
	MUST(make_known(&result, &f), f);
	CHECK(!result.was_there && result.active);
	MUST(make_known(&result, &f), f);
	CHECK(result.was_there && result.active);
	world_free(&w);
}

/* ---- endpoints ---- */

static void endpoint(const char *text, const char *host, unsigned port)
{
	struct connect_endpoint e;
	struct fail f = { 0 };

	MUST(connect_parse_endpoint(&e, text, 8883, &f), f);
	CHECK_STR(e.host, host);
	CHECK_INT(e.port, port);
}

static void endpoints_are_names_or_addresses(void)
{
	static const char *const bad[] = { "", ":8883", "[::1", "[]", "[]:1", "[::1]8883",
		"[::1]:", "[::g]", "a:0", "a:65536", "a:b", "a:1:2", "a b", "mqtts://a", "a/b" };
	struct connect_endpoint e;
	struct fail f = { 0 };
	char longest[400];

	endpoint("a1b2-ats.iot.eu-central-1.amazonaws.com",
		"a1b2-ats.iot.eu-central-1.amazonaws.com", 8883);
	endpoint("localhost:443", "localhost", 443);
	endpoint("127.0.0.1", "127.0.0.1", 8883);
	endpoint("[::1]", "::1", 8883);
	endpoint("[2001:db8::7]:443", "2001:db8::7", 443);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (connect_parse_endpoint(&e, bad[i], 8883, &f) != TRUSTX_ERR_INPUT)
			test_die(__FILE__, __LINE__, bad[i]);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CHECK_ERR(connect_parse_endpoint(&e, longest, 8883, &f), TRUSTX_ERR_INPUT);
}

int main(void)
{
	world_init();
	aws_start(&aws, NULL);
	RUN(status_tells_what_it_may_not_see);
	RUN(a_scrap_that_is_refused_is_ended_by_the_next);
	RUN(a_ca_that_is_refused_is_not_said_to_be_known);
	RUN(endpoints_are_names_or_addresses);
	standin_stop(&aws);
	return 0;
}
