/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* --subject and --san. */
#include "fuzz.h"
#include "name.h"
#include "san.h"

static void check_san(const char *text)
{
	GENERAL_NAMES *names = NULL;
	struct fail f = { 0 };
	struct blob back;

	blob_init(&back, 1u << 20);
	if (san_parse(&names, &text, 1, &f) != TRUSTX_OK) {
		PROPERTY(names == NULL && f.why[0] != '\0');
		return;
	}
	PROPERTY(sk_GENERAL_NAME_num(names) == 1);
	PROPERTY(san_print(&back, sk_GENERAL_NAME_value(names, 0)) == TRUSTX_OK);
	PROPERTY(san_missing(names, names) == NULL);
	GENERAL_NAMES_free(names);
	blob_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct name_vars vars = { .uid = "cd16338201", .serial = "0a0b0c" };
	char *text = fuzz_text(data, size);
	X509_NAME *name = NULL;
	struct fail f = { 0 };
	struct blob filled;

	if (name_from_text(&name, &vars, text, &f) == TRUSTX_OK)
		PROPERTY(X509_NAME_entry_count(name) > 0);
	else
		PROPERTY(name == NULL && f.why[0] != '\0');
	X509_NAME_free(name);
	blob_init(&filled, 1u << 20);
	if (name_fill(&filled, &vars, text, &f) == TRUSTX_OK)
		PROPERTY(strstr(blob_text(&filled), "{uid}") == NULL);
	blob_free(&filled);
	check_san(text);
	free(text);
	return 0;
}
