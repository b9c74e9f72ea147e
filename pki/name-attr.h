/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The attributes a subject may have; shared by the two ways to write one. */
#ifndef PKI_NAME_ATTR_H
#define PKI_NAME_ATTR_H

#include "name.h"

enum name_kind { NAME_TEXT, NAME_PRINTABLE, NAME_COUNTRY, NAME_EMAIL };

struct name_attr {
	const char *key;
	int nid;
	size_t max; /* characters */
	enum name_kind kind;
};

enum name_case { NAME_EXACT, NAME_ANY_CASE };

/* TRUSTX_ERR_INPUT lists the known keys. */
TRUSTX_MUST_CHECK enum trustx_err name_attr_find(const struct name_attr **attr, const char *key,
	size_t len, enum name_case how, struct fail *f);

/* Fill, check and append one attribute. TRUSTX_ERR_INPUT names the key and the reason. */
TRUSTX_MUST_CHECK enum trustx_err name_attr_add(X509_NAME *name, const struct name_attr *attr,
	const struct name_vars *vars, const char *value, struct fail *f);

#endif
