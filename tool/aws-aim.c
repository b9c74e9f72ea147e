/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-aim.h"

#include "state.h"

#include <stdlib.h>
#include <string.h>

enum trustx_err aws_aim_dir(struct tool *t, struct aws_aim *aim, const char *state)
{
	aim->dir = state != NULL ? strdup(state) : state_default_dir();
	if (aim->dir != NULL)
		return TRUSTX_OK;
	return state_no_dir(&t->fail);
}

enum trustx_err aws_aim_take(
	struct tool *t, struct aws_aim *aim, const char *target, const struct slot *slot)
{
	enum trustx_err err;

	err = aws_known_find(&aim->known, &aim->has_journal, aim->dir, target, slot->key, &t->fail);
	if (err != TRUSTX_OK)
		return err;
	if (aim->has_journal) {
		aim->uid = aim->known.uid;
		if (aim->known.record.thing[0] != '\0')
			aim->thing = aim->known.record.thing;
	}
	if (aws_known_is_uid(target))
		aim->uid = target;
	else
		aim->thing = target;
	return TRUSTX_OK;
}

void aws_aim_free(struct aws_aim *aim)
{
	aws_known_free(&aim->known);
	free(aim->dir);
}

enum trustx_err aws_aim_no_thing(struct tool *t, const struct aws_aim *aim)
{
	fail_set(&t->fail, TRUSTX_ERR_INPUT, "no journal in %s knows the thing of chip %s",
		aim->dir, aim->uid);
	return fail_next(&t->fail, "name the thing, or the folder of its journal with --state");
}
