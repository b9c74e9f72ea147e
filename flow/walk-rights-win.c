/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Who may use a device: Windows lets whoever is logged in. */
#include "walk.h"

#include "file.h"

#include <stdlib.h>

static const char *user_name(void)
{
	const char *name = getenv("USERNAME");

	return name != NULL && name[0] != '\0' ? name : NULL;
}

void walk_words(const struct walk *w, struct cause_words *words)
{
	if (w->d->uri[0] != '\0')
		words->uri = w->d->uri;
	if (w->node[0] != '\0')
		words->node = w->node;
	words->group = NULL;
	words->user = user_name();
}

void walk_permission(struct walk *w)
{
	const char *user = user_name() != NULL ? user_name() : "this user";

	if (w->kind == WALK_TCP)
		walk_skip(w, "not a file");
	else if (w->opened == TRUSTX_ERR_PERMISSION)
		walk_found(w, "permission-denied", "%s", w->open_fail.why);
	else if (w->kind != WALK_FT260 && (w->node[0] == '\0' || !file_exists(w->node)))
		walk_skip(w, "its file is not known");
	else
		walk_ok(w, "%s may use %s", user, w->node[0] != '\0' ? w->node : "it");
}

void walk_group(struct walk *w)
{
	walk_skip(w, "Windows has no groups for devices");
}
