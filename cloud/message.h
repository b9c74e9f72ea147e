/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A request as it goes over the wire: encoded once, signed each time it is sent. */
#ifndef CLOUD_MESSAGE_H
#define CLOUD_MESSAGE_H

#include "config.h"
#include "credentials.h"
#include "http.h"

#include <time.h>

struct message {
	const char *operation, *service; /* static strings */
	char method[8];
	struct blob path, query, body; /* path and query percent-encoded */
	struct blob principal;	       /* of x-amzn-principal, "" none */
	bool is_form;
};

TRUSTX_MUST_CHECK enum trustx_err message_make(
	struct message *message, const struct cloud_request *request, struct fail *f);
void message_free(struct message *message);

/* Sign with the time now (of AWS's clock) and send. message is lent until the call ends. */
TRUSTX_MUST_CHECK enum trustx_err message_send(struct http_call **call, struct http *http,
	const struct message *message, const struct config *config, const struct credentials *who,
	time_t now, struct fail *f);

#endif
