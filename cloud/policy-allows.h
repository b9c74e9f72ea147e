/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What an AWS IoT policy lets a thing do (AWS IoT Developer Guide, "Policy actions", "variables"). */
#ifndef CLOUD_POLICY_ALLOWS_H
#define CLOUD_POLICY_ALLOWS_H

#include <stdbool.h>

struct policy_wish {
	const char *action;   /* "iot:Publish" */
	const char *resource; /* "topic/dt/thing-0001/selftest", the end of an ARN */
	const char *thing;    /* also the client id; attached to its certificate */
};

enum policy_answer { POLICY_SILENT, POLICY_ALLOWS, POLICY_DENIES };

/* One document alone; conditions count as met. What is no policy is silent. */
enum policy_answer policy_answer(const char *document, const struct policy_wish *wish);

#endif
