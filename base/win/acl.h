/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Who may use a file of Windows. */
#ifndef BASE_ACL_H
#define BASE_ACL_H

#include <windows.h>

#include <stddef.h>

enum acl_kind {
	ACL_INHERITED, /* as its folder says */
	ACL_PRIVATE,   /* this user alone; what is made in such a folder, too */
	ACL_EVERYBODY,
};

/* For what is about to be made; ended with acl_end. -1 and errno. */
int acl_begin(SECURITY_ATTRIBUTES *security, enum acl_kind kind);
void acl_end(SECURITY_ATTRIBUTES *security);

/* -1 and errno. */
int acl_make_private(HANDLE file);

/*
 * 0: this user alone, the system and its administrators may use it; 1: others may, and name is one
 * of them, "" if there is no list at all; -1 and errno.
 */
int acl_others(char *name, size_t cap, wchar_t *path);

#endif
