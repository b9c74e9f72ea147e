/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Objects and their metadata in words. */
#ifndef TOOL_METADATA_H
#define TOOL_METADATA_H

#include "out.h"
#include "trustx.h"

/* The index-th object of the family's map; false past the end. *name is static. */
bool metadata_object(uint16_t *oid, const char **name, enum trustx_family family, size_t index);

/* Static; "object" if not in the map. */
const char *metadata_name(uint16_t oid, enum trustx_family family);

/* One line, or one object in an array. */
void metadata_print_row(
	struct out *o, uint16_t oid, const char *name, const struct trustx_metadata *meta);

/* Everything, a line each, or members of the open JSON object. */
void metadata_print(
	struct out *o, uint16_t oid, const char *name, const struct trustx_metadata *meta);

/* One line: "life cycle creation; change LcsO < operational; read always; execute never". */
#define METADATA_TEXT_MAX 640
void metadata_text(char out[METADATA_TEXT_MAX], const struct trustx_metadata *meta);

#endif
