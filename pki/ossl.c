/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ossl.h"

#include <openssl/err.h>

#include <stdarg.h>
#include <stdio.h>

enum trustx_err ossl_fail(struct fail *f, enum trustx_err err, const char *fmt, ...)
{
	const char *data = NULL;
	int flags = 0;
	unsigned long first = ERR_peek_error_data(&data, &flags);
	const char *reason = first != 0 ? ERR_reason_error_string(first) : NULL;
	char why[sizeof(f->why)], detail[sizeof(f->why)] = "";
	va_list ap;

	/* A provider says here what went wrong in its device. */
	if ((flags & ERR_TXT_STRING) != 0 && data != NULL && data[0] != '\0')
		snprintf(detail, sizeof(detail), ": %s", data);
	ERR_clear_error();
	if (first != 0 && ERR_GET_REASON(first) == ERR_R_MALLOC_FAILURE)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (reason == NULL)
		return fail_set(f, err, "%s", why);
	return fail_set(f, err, "%s: %s%s", why, reason, detail);
}

enum trustx_err ossl_take(struct blob *out, BIO *from)
{
	char *data = NULL;
	long len = BIO_get_mem_data(from, &data);

	return len > 0 ? blob_add(out, data, (size_t)len) : TRUSTX_OK;
}
