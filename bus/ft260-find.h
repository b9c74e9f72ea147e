/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Which FT260s are there, and which one is meant. */
#ifndef BUS_FT260_FIND_H
#define BUS_FT260_FIND_H

#include "backend.h"
#include "hid.h"

struct find {
	const char *serial; /* "": any */
	const char *path;   /* of an implementation, or where it is plugged in; NULL: any */
	const char *via;    /* NULL: what works */
};

struct found {
	struct hid_info info;
	const struct hid_ops *ops; /* NULL: it cannot be opened as it is, */
	struct fail why;	   /* because of this */
};

/*
 * The one that is meant. TRUSTX_ERR_NO_DEVICE: none, several, taken by the kernel, no FT260 (with
 * a list of those there are); TRUSTX_ERR_INPUT: no such implementation.
 */
TRUSTX_MUST_CHECK enum trustx_err ft260_find(
	struct found *found, const struct find *what, struct fail *f);

/* A member of struct bus_backend. */
TRUSTX_MUST_CHECK enum trustx_err ft260_list(struct bus_list *list, struct fail *f);

/* What the locks of all processes call it. */
#define FT260_NAME_MAX 4400
void ft260_name(char out[static FT260_NAME_MAX], const struct hid_info *info);

#endif
