/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "trustx_err.h"

#include <stddef.h>

#define NAME(name, sentence)	 #name,
#define SENTENCE(name, sentence) sentence,

static const char *const names[] = { TRUSTX_ERR_LIST(NAME) };
static const char *const sentences[] = { TRUSTX_ERR_LIST(SENTENCE) };

const char *trustx_err_name(enum trustx_err err)
{
	return (size_t)err < TRUSTX_ERR_COUNT_ ? names[err] : "TRUSTX_ERR_?";
}

const char *trustx_err_text(enum trustx_err err)
{
	return (size_t)err < TRUSTX_ERR_COUNT_ ? sentences[err] : "unknown error";
}
