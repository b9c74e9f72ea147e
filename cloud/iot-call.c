/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "iot-call.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum trustx_err out_of_memory(struct fail *f)
{
	return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
}

/* With object as the body, which is freed; NULL is one that could not be made. */
enum trustx_err iot_start_json(struct cloud_call **call, struct cloud *cloud,
	struct cloud_request *rq, json_t *object, struct fail *f)
{
	char *text = json_dumps(object, JSON_COMPACT);
	enum trustx_err err;

	*call = NULL;
	json_decref(object);
	if (text == NULL)
		return out_of_memory(f);
	rq->body = text;
	err = cloud_start(call, cloud, rq, f);
	free(text);
	return err;
}

/* AWS's names for "there is one" and "there is none" become codes of ours. */
enum trustx_err iot_take_answer(
	json_t **answer, struct cloud_call *call, struct cloud_error *error, struct fail *f)
{
	enum trustx_err err = cloud_finish(call, answer, error, f);

	if (err != TRUSTX_ERR_ISSUER)
		return err;
	if (strcmp(error->name, "ResourceAlreadyExistsException") == 0)
		err = TRUSTX_ERR_EXISTS;
	else if (strcmp(error->name, "ResourceNotFoundException") == 0)
		err = TRUSTX_ERR_INPUT;
	f->err = err;
	return err;
}

enum trustx_err iot_take(struct cloud_call *call, struct cloud_error *error, struct fail *f)
{
	json_t *answer;
	enum trustx_err err = iot_take_answer(&answer, call, error, f);

	json_decref(answer);
	return err;
}

/* Both halves of a call that is not worth overlapping. */
enum trustx_err iot_ask(
	json_t **answer, struct cloud *cloud, const struct cloud_request *rq, struct fail *f)
{
	struct cloud_error error;
	struct cloud_call *call;
	enum trustx_err err;

	*answer = NULL;
	if ((err = cloud_start(&call, cloud, rq, f)) != TRUSTX_OK)
		return err;
	return iot_take_answer(answer, call, &error, f);
}

enum trustx_err iot_ask_json(json_t **answer, struct cloud *cloud, struct cloud_request *rq,
	json_t *object, struct fail *f)
{
	struct cloud_error error;
	struct cloud_call *call;
	enum trustx_err err;

	*answer = NULL;
	if ((err = iot_start_json(&call, cloud, rq, object, f)) != TRUSTX_OK)
		return err;
	return iot_take_answer(answer, call, &error, f);
}

/* A member that has to be text of 1 to cap - 1 printable characters. */
enum trustx_err iot_copy(
	char *out, size_t cap, const json_t *answer, const char *name, struct fail *f)
{
	const char *text = json_string_value(json_object_get(answer, name));
	size_t len = text != NULL ? strlen(text) : 0;

	out[0] = '\0';
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			len = 0;
	if (len == 0 || len >= cap) {
		fail_set(f, TRUSTX_ERR_ISSUER, "AWS's answer has no %s that could be one", name);
		return fail_next(f, "check the endpoint, and for a proxy that answers itself");
	}
	memcpy(out, text, len + 1);
	return TRUSTX_OK;
}

/* Move the members of a page: strings, or a member of objects. */
static enum trustx_err gather(
	json_t *all, const json_t *list, const struct iot_paging *paging, struct fail *f)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *one = json_array_get(list, i);

		if (paging->member != NULL)
			one = json_object_get(one, paging->member);
		if (!json_is_string(one))
			return fail_set(f, TRUSTX_ERR_ISSUER,
				"AWS's list of %s has something else in it", paging->list);
		if (json_array_append(all, one) != 0)
			return out_of_memory(f);
	}
	return TRUSTX_OK;
}

enum trustx_err iot_next_page(json_t **page, struct cloud *cloud, struct cloud_request *rq,
	size_t slot, const struct iot_paging *paging, struct fail *f)
{
	const char *before = rq->query[slot].value, *token;
	json_t *next;
	enum trustx_err err;

	if ((err = iot_ask(&next, cloud, rq, f)) != TRUSTX_OK)
		return err;
	token = json_string_value(json_object_get(next, paging->token_out));
	if (!json_is_array(json_object_get(next, paging->list)))
		err = fail_set(
			f, TRUSTX_ERR_ISSUER, "AWS's answer has no list of %s", paging->list);
	else if (token != NULL && before != NULL && strcmp(token, before) == 0)
		err = fail_set(f, TRUSTX_ERR_ISSUER, "AWS's list of %s has no end", paging->list);
	rq->query[slot].name = paging->token_in;
	rq->query[slot].value = token;
	json_decref(*page);
	*page = next;
	return err;
}

/* rq->query is free from slot on. */
enum trustx_err iot_list_all(json_t **all, struct cloud *cloud, struct cloud_request *rq,
	size_t slot, const struct iot_paging *paging, struct fail *f)
{
	json_t *page = NULL;
	enum trustx_err err;

	if ((*all = json_array()) == NULL)
		return out_of_memory(f);
	do {
		if ((err = iot_next_page(&page, cloud, rq, slot, paging, f)) == TRUSTX_OK)
			err = gather(*all, json_object_get(page, paging->list), paging, f);
	} while (err == TRUSTX_OK && rq->query[slot].value != NULL);
	json_decref(page);
	if (err != TRUSTX_OK) {
		json_decref(*all);
		*all = NULL;
	}
	return err;
}
