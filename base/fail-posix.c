/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "fail.h"

#include <string.h>

const char *fail_errno_text(int number)
{
	return strerror(number);
}
