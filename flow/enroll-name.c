/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "enroll-name.h"

#include "enroll.h"
#include "value.h"

#include <openssl/objects.h>

#include <stdio.h>
#include <string.h>

#define ALNUM	  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define OF_THING  ALNUM ":_-"
#define OF_POLICY ALNUM "_+=,.@-"
#define OF_NAME	  ALNUM "_.,@/:#-"
#define OF_VALUE  ALNUM "_.,@/:#=[]-"

/* AWS IoT Core quotas: attributes of a thing without a type. */
#define UNTYPED_MAX 3

static bool is_legal(const char *text, const char *alphabet, size_t max)
{
	size_t len = strlen(text);

	return len <= max && strspn(text, alphabet) == len;
}

static enum trustx_err illegal(const char *kind, const char *text, const char *rule, struct fail *f)
{
	char shown[VALUE_SHOW];

	value_show(shown, text, strlen(text));
	return fail_set(
		f, TRUSTX_ERR_INPUT, "%s '%s' cannot be one: AWS takes %s", kind, shown, rule);
}

static enum trustx_err check_name(const char *kind, const char *text, struct fail *f)
{
	if (text == NULL || (text[0] != '\0' && is_legal(text, OF_THING, IOT_NAME_MAX)))
		return TRUSTX_OK;
	return illegal(kind, text, "1 to 128 letters, digits, ':', '_' and '-'", f);
}

static bool common_name(char name[static IOT_NAME_MAX + 1], X509_REQ *sample)
{
	int len = X509_NAME_get_text_by_NID(
		X509_REQ_get_subject_name(sample), NID_commonName, name, IOT_NAME_MAX + 1);

	return len > 0 && strlen(name) == (size_t)len &&
	       check_name("", name, &(struct fail){ 0 }) == TRUSTX_OK;
}

enum trustx_err enroll_name_thing(char name[static IOT_NAME_MAX + 1], const struct name_vars *vars,
	const char *text, X509_REQ *sample, struct fail *f)
{
	struct blob filled;
	enum trustx_err err;

	if (text == NULL) {
		if (common_name(name, sample))
			return TRUSTX_OK;
		fail_set(f, TRUSTX_ERR_INPUT,
			"the subject's CN cannot be the name of a thing: AWS takes 1 to 128 "
			"letters, "
			"digits, ':', '_' and '-'");
		return fail_next(
			f, "name the thing: --thing NAME ({uid} and {serial} are filled in)");
	}
	blob_init(&filled, 4096);
	if ((err = name_fill(&filled, vars, text, f)) == TRUSTX_OK &&
		(err = check_name("the thing's name", blob_text(&filled), f)) == TRUSTX_OK)
		snprintf(name, IOT_NAME_MAX + 1, "%s", blob_text(&filled));
	blob_free(&filled);
	return err;
}

enum trustx_err enroll_name_others(
	const char *type, const char *group, const char *policy, struct fail *f)
{
	enum trustx_err err;

	if ((err = check_name("the thing type", type, f)) != TRUSTX_OK ||
		(err = check_name("the thing group", group, f)) != TRUSTX_OK)
		return err;
	if (policy == NULL || (policy[0] != '\0' && is_legal(policy, OF_POLICY, IOT_NAME_MAX)))
		return TRUSTX_OK;
	return illegal("the policy", policy,
		"1 to 128 letters, digits, '_', '+', '=', ',', '.', '@' and '-'", f);
}

enum trustx_err enroll_name_attribute(struct blob *value, const struct name_vars *vars,
	const struct iot_attribute *attribute, struct fail *f)
{
	const char *name = attribute->name;
	enum trustx_err err;

	if (name[0] == '\0' || !is_legal(name, OF_NAME, IOT_NAME_MAX))
		return illegal("the attribute's name", name,
			"1 to 128 letters, digits and any of _.,@/:#-", f);
	if (strcmp(name, ENROLL_UID) == 0)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the attribute %s is the chip's UID: it is set in any case", ENROLL_UID);
	if ((err = name_fill(value, vars, attribute->value, f)) != TRUSTX_OK)
		return err;
	if (!is_legal(blob_text(value), OF_VALUE, IOT_VALUE_MAX))
		return illegal("the attribute's value", blob_text(value),
			"up to 800 letters, digits and any of _.,@/:#=[]-", f);
	return TRUSTX_OK;
}

enum trustx_err enroll_name_count(size_t count, bool has_type, struct fail *f)
{
	size_t most = has_type ? ENROLL_ATTRIBUTES : UNTYPED_MAX;

	if (count + 1 <= most)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT,
		"%zu attributes, and the chip's UID: AWS takes %zu of a thing%s", count, most,
		has_type ? "" : " without a type");
	return has_type ? f->err : fail_next(f, "name a type: --thing-type");
}
