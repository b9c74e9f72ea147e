/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Which device a command about AWS means, and what the journals know of it. */
#ifndef TOOL_AWS_AIM_H
#define TOOL_AWS_AIM_H

#include "aws-known.h"
#include "tool.h"

/* What is known without AWS; zeroed at the beginning. */
struct aws_aim {
	char *dir; /* of the journals */
	bool has_journal;
	struct aws_known known;
	const char *thing, *uid; /* NULL: not known */
};

/* The folder of the journals; state NULL: the default. TRUSTX_ERR_FILE. */
TRUSTX_MUST_CHECK enum trustx_err aws_aim_dir(
	struct tool *t, struct aws_aim *aim, const char *state);

/* target: UID of a chip, or name of a thing; lent. The slot matters for a chip. */
TRUSTX_MUST_CHECK enum trustx_err aws_aim_take(
	struct tool *t, struct aws_aim *aim, const char *target, const struct slot *slot);

/* TRUSTX_ERR_INPUT: there is no journal that knows the chip's thing. */
enum trustx_err aws_aim_no_thing(struct tool *t, const struct aws_aim *aim);

void aws_aim_free(struct aws_aim *aim);

#endif
