/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * How devices of one kind are registered at AWS, as a JSON object; its keys are the options of
 * trustx: "thing", "thing-type", "group", "policy", "profile", "region", "account", "endpoint-url",
 * "ca-bundle" are text, "attributes" is an object of text, "weak-policy", "allow-http" and "imds"
 * are true or false, "stations" is a number.
 */
#ifndef FLOW_RECIPE_H
#define FLOW_RECIPE_H

#include "enroll.h"

#define RECIPE_MAX ((size_t)1 << 20)

struct recipe {
	json_t *root;
	const char *thing, *thing_type, *group, *policy; /* NULL: not there */
	const char *profile, *region, *account, *endpoint_url, *ca_bundle;
	bool weak_policy, allow_http, imds;
	uint64_t stations; /* 0: not there */
	struct iot_attribute attributes[ENROLL_ATTRIBUTES];
	size_t attribute_count;
};

/*
 * len 0: an empty one. Strings live as long as the recipe. TRUSTX_ERR_INPUT names line and column,
 * or the key by its path and what is wrong: unknown, twice, wrong type, empty. Free with
 * recipe_free in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err recipe_parse(
	struct recipe *recipe, const void *json, size_t len, struct fail *f);
void recipe_free(struct recipe *recipe); /* fine on a zeroed struct */

/* "NAME=VALUE" instead of or besides what is there. TRUSTX_ERR_INPUT. */
TRUSTX_MUST_CHECK enum trustx_err recipe_add_attribute(
	struct recipe *recipe, const char *text, struct fail *f);

#endif
