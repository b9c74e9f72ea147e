/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Who may use a device, where it is a file that has an owner, a group and a mode. */
#include "walk.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_ 64

static const char *user_name(char name[static NAME_MAX_], uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		snprintf(name, NAME_MAX_, "%s", pw->pw_name);
	else
		snprintf(name, NAME_MAX_, "%lu", (unsigned long)uid);
	return name;
}

static const char *group_name(char name[static NAME_MAX_], gid_t gid)
{
	const struct group *gr = getgrgid(gid);

	if (gr != NULL)
		snprintf(name, NAME_MAX_, "%s", gr->gr_name);
	else
		snprintf(name, NAME_MAX_, "%lu", (unsigned long)gid);
	return name;
}

void walk_words(const struct walk *w, struct cause_words *words)
{
	const struct passwd *user = getpwuid(geteuid());
	const struct group *group = NULL;
	struct stat st;

	if (w->d->uri[0] != '\0')
		words->uri = w->d->uri;
	if (w->node[0] != '\0')
		words->node = w->node;
	if (w->node[0] != '\0' && stat(w->node, &st) == 0)
		group = getgrgid(st.st_gid);
	words->group = group != NULL ? group->gr_name : NULL;
	words->user = user != NULL ? user->pw_name : NULL;
}

static bool is_system_device(const struct walk *w)
{
	return strncmp(w->node, "/dev/", 5) == 0;
}

void walk_permission(struct walk *w)
{
	char user[NAME_MAX_], owner[NAME_MAX_], group[NAME_MAX_];
	struct stat st;

	if (w->node[0] == '\0' || stat(w->node, &st) != 0) {
		walk_skip(w, w->kind == WALK_TCP ? "not a file" : "its file is not known");
		return;
	}
	user_name(user, geteuid());
	if (w->opened != TRUSTX_ERR_PERMISSION) {
		walk_ok(w, "%s may use %s", user, w->node);
		return;
	}
	if (is_system_device(w))
		walk_fault(w, "%s belongs to %s:%s, mode %04o; %s may not use it", w->node,
			user_name(owner, st.st_uid), group_name(group, st.st_gid),
			(unsigned)(st.st_mode & 07777), user);
	else
		walk_found(w, "permission-denied", "%s belongs to %s, mode %04o", w->node,
			user_name(owner, st.st_uid), (unsigned)(st.st_mode & 07777));
}

void walk_group(struct walk *w)
{
	char group[NAME_MAX_];
	struct stat st;

	if (!is_system_device(w) || stat(w->node, &st) != 0) {
		walk_skip(w, "not a device of this computer");
		return;
	}
	group_name(group, st.st_gid);
	if (geteuid() == 0)
		walk_ok(w, "group %s; root needs none", group);
	else
		walk_ok(w, "group %s, mode %04o", group, (unsigned)(st.st_mode & 07777));
}
