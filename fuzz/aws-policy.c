/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A policy for devices that somebody wrote. */
#include "fuzz.h"
#include "policy.h"

static void tell(void *ctx, const char *text)
{
	++*(unsigned *)ctx;
	for (; *text != '\0'; text++)
		PROPERTY(*text >= ' ' && *text <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	unsigned findings = 0, heard = 0;
	struct fail f = { 0 };

	if (policy_lint(text, &findings, tell, &heard, &f) == TRUSTX_OK)
		PROPERTY(policy_equal(text, text) || strchr(text, '\0') != text + size);
	else
		PROPERTY(f.why[0] != '\0' && findings == 0);
	PROPERTY(findings == heard);
	free(text);
	return 0;
}
