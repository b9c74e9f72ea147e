/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What the calls of iot.h are made of. */
#ifndef CLOUD_IOT_CALL_H
#define CLOUD_IOT_CALL_H

#include "iot.h"

/* With object as the body, which is freed; NULL is one that could not be made. */
TRUSTX_MUST_CHECK enum trustx_err iot_start_json(struct cloud_call **call, struct cloud *cloud,
	struct cloud_request *rq, json_t *object, struct fail *f);

/* cloud_finish; AWS's "there is one" is TRUSTX_ERR_EXISTS, "there is none" TRUSTX_ERR_INPUT. */
TRUSTX_MUST_CHECK enum trustx_err iot_take_answer(
	json_t **answer, struct cloud_call *call, struct cloud_error *error, struct fail *f);

/* Both halves of a call that is not worth overlapping. */
TRUSTX_MUST_CHECK enum trustx_err iot_ask(
	json_t **answer, struct cloud *cloud, const struct cloud_request *rq, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err iot_ask_json(json_t **answer, struct cloud *cloud,
	struct cloud_request *rq, json_t *object, struct fail *f);

/* A member that has to be text of 1 to cap - 1 printable characters: TRUSTX_ERR_ISSUER. */
TRUSTX_MUST_CHECK enum trustx_err iot_copy(
	char *out, size_t cap, const json_t *answer, const char *name, struct fail *f);

struct iot_paging {
	const char *list, *member; /* member NULL: the list holds strings */
	const char *token_in, *token_out;
};

/* The page behind *page, which is freed; the token for the next, in rq, is of it; NULL: the last. */
TRUSTX_MUST_CHECK enum trustx_err iot_next_page(json_t **page, struct cloud *cloud,
	struct cloud_request *rq, size_t slot, const struct iot_paging *paging, struct fail *f);

/* All pages into one array; rq->query[slot] is for the token. */
TRUSTX_MUST_CHECK enum trustx_err iot_list_all(json_t **all, struct cloud *cloud,
	struct cloud_request *rq, size_t slot, const struct iot_paging *paging, struct fail *f);

#endif
