/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "lockdir.h"

#include "osfile.h"

#include <stdio.h>
#include <stdlib.h>

enum trustx_err bus_lock_dir(char *out, size_t cap, struct fail *f)
{
	const char *data = getenv("ProgramData");

	if (data == NULL || data[0] == '\0')
		data = "C:\\ProgramData";
	snprintf(out, cap, "%s\\trustx-locks", data);
	if (dir_exists(out) || osfile_make_shared_folder(out) == 0 || dir_exists(out))
		return TRUSTX_OK;
	fail_errno(f, TRUSTX_ERR_FILE, "cannot make the directory %s", out);
	fail_next(f, "let everybody write into %s", data);
	return fail_cause(f, "lock-unusable");
}
