/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* config.jsn. */
#include "fuzz.h"
#include "name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct name_vars vars = { .uid = "cd16338201", .serial = "0a0b0c" };
	X509_NAME *name = NULL, *again = NULL;
	struct fail f = { 0 };
	struct blob text;

	if (name_from_config(&name, &vars, data, size, &f) != TRUSTX_OK) {
		PROPERTY(name == NULL && f.why[0] != '\0');
		return 0;
	}
	PROPERTY(X509_NAME_entry_count(name) > 0);
	blob_init(&text, 1u << 16);
	PROPERTY(name_print(&text, name, ",") == TRUSTX_OK);
	/* A value may look like a placeholder to whoever reads the text again. */
	if (name_from_text(&again, &vars, blob_text(&text), &f) == TRUSTX_OK)
		PROPERTY(X509_NAME_cmp(name, again) == 0);
	else
		PROPERTY(again == NULL);
	X509_NAME_free(again);
	X509_NAME_free(name);
	blob_free(&text);
	return 0;
}
