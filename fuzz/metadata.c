/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Metadata as read from the chip, and the access conditions in it. */
#include "fuzz.h"
#include "trustx.h"

static void check_access(const struct trustx_access *access, const struct trustx_metadata *meta)
{
	static const uint8_t states[] = { 0x00, 0x01, 0x03, 0x07, 0x0F, 0xFF };
	char text[321], cut[9];

	memset(text, 'x', sizeof(text));
	if (trustx_access_print(text, sizeof(text), access) != TRUSTX_OK)
		PROPERTY(access->len > TRUSTX_ACCESS_MAX || strlen(text) < sizeof(text));
	PROPERTY(memchr(text, '\0', sizeof(text)) != NULL);
	memset(cut, 'x', sizeof(cut));
	if (trustx_access_print(cut, sizeof(cut), access) == TRUSTX_OK)
		PROPERTY(strcmp(cut, text) == 0);
	PROPERTY(memchr(cut, '\0', sizeof(cut)) != NULL);
	for (size_t i = 0; i < sizeof(states); i++)
		(void)trustx_access_met(
			access, meta->lcso, states[i], states[sizeof(states) - 1 - i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trustx_access raw = { 0 };
	struct trustx_metadata meta;

	if (trustx_metadata_decode(&meta, data, size) == TRUSTX_OK) {
		PROPERTY(
			meta.change.len <= TRUSTX_ACCESS_MAX && meta.read.len <= TRUSTX_ACCESS_MAX);
		check_access(&meta.change, &meta);
		check_access(&meta.read, &meta);
		check_access(&meta.execute, &meta);
	}
	memset(&meta, 0, sizeof(meta));
	raw.len = (uint8_t)(size < TRUSTX_ACCESS_MAX ? size : TRUSTX_ACCESS_MAX);
	if (raw.len > 0)
		memcpy(raw.bytes, data, raw.len);
	check_access(&raw, &meta);
	return 0;
}
