/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "metadata.h"

#include "words.h"

#include <stdio.h>

#define ACCESS_TEXT_MAX 160

#define X   (1u << TRUSTX_FAMILY_X)
#define M   (1u << TRUSTX_FAMILY_M)
#define ALL (X | M)

static const struct range {
	uint16_t first, last;
	uint8_t families; /* that have it */
	const char *name;
} map[] = {
	{ 0xE0C0, 0xE0C0, ALL, "life cycle, chip" },
	{ 0xE0C1, 0xE0C1, ALL, "security status, chip" },
	{ 0xE0C2, 0xE0C2, ALL, "coprocessor UID" },
	{ 0xE0C3, 0xE0C3, ALL, "sleep delay" },
	{ 0xE0C4, 0xE0C4, ALL, "current limit" },
	{ 0xE0C5, 0xE0C5, ALL, "security event counter" },
	{ 0xE0C6, 0xE0C6, ALL, "size of the command buffer" },
	{ 0xE0E0, 0xE0E0, ALL, "certificate, Infineon's" },
	{ 0xE0E1, 0xE0E3, ALL, "certificate" },
	{ 0xE0E8, 0xE0E8, ALL, "trust anchor" },
	{ 0xE0E9, 0xE0E9, M, "trust anchor" },
	{ 0xE0EF, 0xE0EF, ALL, "trust anchor, platform" },
	{ 0xE0F0, 0xE0F0, ALL, "key, Infineon's" },
	{ 0xE0F1, 0xE0F3, ALL, "key" },
	{ 0xE0FC, 0xE0FD, M, "key, RSA" },
	{ 0xE100, 0xE103, ALL, "session" },
	{ 0xE120, 0xE123, M, "counter" },
	{ 0xE140, 0xE140, M, "platform binding secret" },
	{ 0xF1C0, 0xF1C0, ALL, "life cycle, app." },
	{ 0xF1C1, 0xF1C1, ALL, "security status, app." },
	{ 0xF1C2, 0xF1C2, ALL, "last error code" },
	{ 0xF1D0, 0xF1DF, X, "data, 100 bytes" },
	{ 0xF1D0, 0xF1DB, M, "data, 140 bytes" },
	{ 0xF1E0, 0xF1E1, ALL, "data, 1500 bytes" },
};
#define RANGES (sizeof(map) / sizeof(map[0]))

static bool has(const struct range *r, enum trustx_family family)
{
	return (r->families >> family & 1) != 0;
}

bool metadata_object(uint16_t *oid, const char **name, enum trustx_family family, size_t index)
{
	for (size_t i = 0; i < RANGES; i++) {
		size_t count = (size_t)(map[i].last - map[i].first) + 1;

		if (!has(&map[i], family))
			continue;
		if (index < count) {
			*oid = (uint16_t)(map[i].first + index);
			*name = map[i].name;
			return true;
		}
		index -= count;
	}
	return false;
}

const char *metadata_name(uint16_t oid, enum trustx_family family)
{
	for (size_t i = 0; i < RANGES; i++)
		if (has(&map[i], family) && oid >= map[i].first && oid <= map[i].last)
			return map[i].name;
	return "object";
}

/* A missing condition is printed as never, as a missing life cycle is operational: SRM "Metadata". */
static const char *access_text(char text[ACCESS_TEXT_MAX], const struct trustx_access *access)
{
	if (trustx_access_print(text, ACCESS_TEXT_MAX, access) != TRUSTX_OK)
		return "malformed";
	return text;
}

static const char *lcso_text(uint8_t lcso)
{
	return lcso == 0 ? "operational" : words_lcs_text(lcso);
}

static void print_sizes(struct out *o, const struct trustx_metadata *meta)
{
	if (meta->has_max_size)
		out_num(o, "max_size", NULL, meta->max_size);
	else
		out_null(o, "max_size");
	if (meta->has_max_size || meta->has_used_size)
		out_num(o, "used_size", NULL, meta->used_size);
	else
		out_null(o, "used_size");
}

static void print_rules(struct out *o, const struct trustx_metadata *meta, bool labels)
{
	char text[ACCESS_TEXT_MAX];

	out_str(o, "change", labels ? "Change:" : NULL, access_text(text, &meta->change));
	out_str(o, "read", labels ? "Read:" : NULL, access_text(text, &meta->read));
	out_str(o, "execute", labels ? "Execute:" : NULL, access_text(text, &meta->execute));
}

void metadata_print_row(
	struct out *o, uint16_t oid, const char *name, const struct trustx_metadata *meta)
{
	char sizes[16] = "-", text[ACCESS_TEXT_MAX];

	if (meta->has_max_size)
		snprintf(sizes, sizeof(sizes), "%u/%u", meta->used_size, meta->max_size);
	out_line(o, "0x%04X  %-28s%-16s%-10s%s", oid, name, lcso_text(meta->lcso), sizes,
		access_text(text, &meta->change));
	out_object(o, NULL);
	out_oid(o, "oid", oid);
	out_str(o, "name", NULL, name);
	out_str(o, "life_cycle", NULL, lcso_text(meta->lcso));
	print_sizes(o, meta);
	print_rules(o, meta, false);
	out_end(o);
}

static void print_key(struct out *o, const struct trustx_metadata *meta)
{
	uint8_t bits = meta->usage;
	char usage[WORDS_USAGE_MAX];
	const char *name;

	if (!meta->has_algorithm) {
		out_null(o, "key");
		return;
	}
	words_usage_text(usage, meta->usage);
	out_line(o, "%-16s%s for %s", "Key:", words_curve_text(meta->algorithm), usage);
	out_object(o, "key");
	out_str(o, "curve", NULL, words_curve_name(meta->algorithm));
	out_array(o, "usage");
	while ((name = words_usage_next(&bits)) != NULL)
		out_str(o, NULL, NULL, name);
	out_end(o);
	out_end(o);
}

void metadata_print(
	struct out *o, uint16_t oid, const char *name, const struct trustx_metadata *meta)
{
	out_line(o, "%-16s0x%04X, %s", "Object:", oid, name);
	out_oid(o, "oid", oid);
	out_str(o, "name", NULL, name);
	out_str(o, "life_cycle", "Life cycle:", lcso_text(meta->lcso));
	if (meta->has_max_size)
		out_line(o, "%-16s%u of %u bytes used", "Size:", meta->used_size, meta->max_size);
	print_sizes(o, meta);
	print_rules(o, meta, true);
	print_key(o, meta);
}

void metadata_text(char out[METADATA_TEXT_MAX], const struct trustx_metadata *meta)
{
	char change[ACCESS_TEXT_MAX], read[ACCESS_TEXT_MAX], execute[ACCESS_TEXT_MAX];

	snprintf(out, METADATA_TEXT_MAX, "life cycle %s; change: %s; read: %s; execute: %s",
		lcso_text(meta->lcso), access_text(change, &meta->change),
		access_text(read, &meta->read), access_text(execute, &meta->execute));
}
