/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A recipe: how devices of one kind are registered. */
#include "fuzz.h"
#include "recipe.h"

static void check_text(const char *text)
{
	PROPERTY(text == NULL || text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recipe recipe;
	struct fail f = { 0 };

	if (recipe_parse(&recipe, data, size, &f) != TRUSTX_OK) {
		PROPERTY(f.err == TRUSTX_ERR_INPUT && f.why[0] != '\0');
		recipe_free(&recipe);
		return 0;
	}
	check_text(recipe.thing);
	check_text(recipe.group);
	check_text(recipe.ca_bundle);
	PROPERTY(recipe.stations <= 1000 && recipe.attribute_count <= ENROLL_ATTRIBUTES);
	for (size_t i = 0; i < recipe.attribute_count; i++)
		PROPERTY(recipe.attributes[i].name != NULL && recipe.attributes[i].value != NULL);
	if (recipe.attribute_count < ENROLL_ATTRIBUTES) {
		PROPERTY(recipe_add_attribute(&recipe, "fuzz=a=b", &f) == TRUSTX_OK);
		PROPERTY(recipe.attribute_count > 0);
	}
	recipe_free(&recipe);
	return 0;
}
