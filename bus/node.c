/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "node.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Does this process have the group? */
static bool has_group(gid_t gid)
{
	int count = getgroups(0, NULL);
	gid_t *list = count > 0 ? calloc((size_t)count, sizeof(*list)) : NULL;
	bool has = getegid() == gid;

	if (list != NULL)
		count = getgroups(count, list);
	for (int i = 0; list != NULL && i < count; i++)
		has = has || list[i] == gid;
	free(list);
	return has;
}

/* Was the user put into the group since logging in? */
static bool is_member(const struct group *group)
{
	const struct passwd *user = getpwuid(getuid());

	for (char **name = group->gr_mem; user != NULL && *name != NULL; name++)
		if (strcmp(*name, user->pw_name) == 0)
			return true;
	return false;
}

static enum trustx_err for_a_group(const char *path, gid_t gid, struct fail *f)
{
	const struct group *group = getgrgid(gid);
	char name[64];

	if (group == NULL) {
		fail_set(f, TRUSTX_ERR_PERMISSION,
			"%s is for the group %ld, which has no name here", path, (long)gid);
		return fail_cause(f, "permission-denied");
	}
	snprintf(name, sizeof(name), "%s", group->gr_name);
	fail_set(f, TRUSTX_ERR_PERMISSION, "%s is for the group %s, which this user is not in",
		path, name);
	if (!is_member(group)) {
		fail_next(f, "sudo usermod -aG %s $USER, then log out and in", name);
		return fail_cause(f, "group-missing");
	}
	fail_set(f, TRUSTX_ERR_PERMISSION,
		"%s is for the group %s, which this user was added to after logging in", path,
		name);
	fail_next(f, "log out and in, or begin a shell that has the group: newgrp %s", name);
	return fail_cause(f, "group-not-yet");
}

enum trustx_err node_refused(const char *path, struct fail *f)
{
	const int number = errno;
	struct stat st;

	if (number == EPERM) {
		fail_errno(f, TRUSTX_ERR_PERMISSION, "%s may not be used from here", path);
		fail_next(f, "a container must be started with --device %s", path);
		return fail_cause(f, "container-device");
	}
	if (stat(path, &st) == 0 && st.st_gid != 0 && !has_group(st.st_gid) &&
		(st.st_mode & (S_IRGRP | S_IWGRP)) == (S_IRGRP | S_IWGRP))
		return for_a_group(path, st.st_gid, f);
	errno = number;
	if (stat(path, &st) == 0 && st.st_uid == 0 && (st.st_mode & S_IWGRP) == 0) {
		fail_set(f, TRUSTX_ERR_PERMISSION, "%s is for root alone", path);
		return fail_cause(f, "udev-rule-missing");
	}
	errno = number;
	fail_errno(f, TRUSTX_ERR_PERMISSION, "%s may not be opened by this user", path);
	fail_next(f, "sudo chown $USER %s", path);
	return fail_cause(f, "permission-denied");
}
