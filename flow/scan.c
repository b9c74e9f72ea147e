/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "scan.h"

#include "cause.h"
#include "file.h"
#include "net.h"
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 5000u

const char *scan_state_name(enum scan_state state)
{
	static const char *const names[] = { "unusable", "silent", "foreign", "chip" };

	return names[state];
}

const char *scan_source_name(enum scan_source source)
{
	static const char *const names[] = { "system", "TRUSTX_DEVICE", "--device" };

	return names[source];
}

/* "i2c:/dev/i2c-1" and "/dev/i2c-1" are the same. */
static bool is_same(const char *a, const char *b)
{
	static const char longer[] = "i2c:/dev/i2c-";
	const size_t skip = strlen("i2c:");

	if (strncmp(a, longer, strlen(longer)) == 0)
		a += skip;
	if (strncmp(b, longer, strlen(longer)) == 0)
		b += skip;
	return strcmp(a, b) == 0;
}

static bool is_listed(const struct trustx_bus_found *list, size_t count, const char *uri)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(list[i].uri, uri))
			return true;
	return false;
}

const struct trustx_bus_found *scan_only_board(const struct trustx_bus_found *list, size_t count)
{
	const struct trustx_bus_found *only = NULL;

	for (size_t i = 0; i < count; i++) {
		if (strncmp(list[i].uri, "ft260:", 6) != 0)
			continue;
		if (only != NULL)
			return NULL;
		only = &list[i];
	}
	return only;
}

enum trustx_err scan_list(struct scan *s, const char *uri, enum scan_source source, struct fail *f)
{
	struct trustx_bus_found *list = NULL;
	size_t count = 0;
	enum trustx_err err = TRUSTX_OK;

	memset(s, 0, sizeof(*s));
	if (uri != NULL && strlen(uri) >= sizeof(s->at[0].way.uri))
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the name of the device is longer than %zu characters",
			sizeof(s->at[0].way.uri) - 1);
	if (source != SCAN_OPTION && (err = trustx_bus_list(&list, &count, f)) != TRUSTX_OK)
		return err;
	if ((s->at = calloc(count + 1, sizeof(*s->at))) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if (uri != NULL && uri[0] != '\0' && !is_listed(list, count, uri)) {
		s->at[0].source = source;
		snprintf(s->at[0].way.uri, sizeof(s->at[0].way.uri), "%s", uri);
		s->count = 1;
	}
	for (size_t i = 0; i < count; i++)
		s->at[s->count++].way = list[i];
	err = TRUSTX_OK;
out:
	free(list);
	return err;
}

void scan_free(struct scan *s)
{
	free(s->at);
	memset(s, 0, sizeof(*s));
}

/* Opening would make a new chip. */
static bool is_missing_file(const char *uri)
{
	char path[sizeof(((struct trustx_bus_found *)0)->uri)];
	struct fail ignored;

	if (strncmp(uri, "sim:", 4) != 0)
		return false;
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(uri + 4, "?"), uri + 4);
	return net_unescape(path, &ignored) == TRUSTX_OK && !file_exists(path);
}

static enum trustx_err open_way(struct trustx_bus *bus, struct scan_way *w)
{
	struct fail f;
	enum trustx_err err;

	memset(bus, 0, sizeof(*bus));
	if (is_missing_file(w->way.uri)) {
		snprintf(w->text, sizeof(w->text), "there is no such file");
		return TRUSTX_ERR_NO_DEVICE;
	}
	if ((err = trustx_bus_open(bus, w->way.uri, &f)) != TRUSTX_OK)
		snprintf(w->text, sizeof(w->text), "%s",
			w->way.trouble[0] != '\0' ? w->way.trouble : f.why);
	return err;
}

static enum trustx_err read_byte(struct trustx *se, uint8_t *value, uint16_t oid)
{
	size_t len = 1;
	enum trustx_err err = trustx_read(se, value, &len, oid, 0);

	return err == TRUSTX_OK && len != 1 ? TRUSTX_ERR_PROTOCOL : err;
}

static enum trustx_err identify(struct scan_way *w, const struct trustx_bus *bus)
{
	static const struct trustx_options options = { .timeout_ms = TIMEOUT_MS };
	struct trustx se;
	enum trustx_err err;

	if ((err = trustx_open(&se, bus, &options)) == TRUSTX_OK &&
		(err = trustx_read_uid(&se, w->uid)) == TRUSTX_OK &&
		(err = read_byte(&se, &w->lcsg, TRUSTX_OID_LCSG)) == TRUSTX_OK)
		err = read_byte(&se, &w->lcsa, TRUSTX_OID_LCSA);
	if (err != TRUSTX_OK)
		snprintf(w->text, sizeof(w->text), "a chip of the family that does not open: %s",
			trustx_error_text(&se));
	trustx_close(&se);
	return err;
}

static void look(struct scan_way *w, const struct trustx_bus *bus)
{
	uint32_t state;
	enum trustx_err err = probe_state(&state, bus);

	w->addr = bus->addr != 0 ? bus->addr : 0x30;
	if (err == TRUSTX_ERR_NACK) {
		w->state = SCAN_SILENT;
		snprintf(w->text, sizeof(w->text), "nothing answers at 0x%02X", w->addr);
	} else if (err != TRUSTX_OK) {
		snprintf(w->text, sizeof(w->text), "%s",
			trustx_bus_reason(bus)[0] != '\0' ? trustx_bus_reason(bus)
							  : trustx_err_text(err));
	} else if (!probe_is_optiga(state)) {
		w->state = SCAN_FOREIGN;
		snprintf(w->text, sizeof(w->text), "what answers at 0x%02X is no OPTIGA Trust",
			w->addr);
	} else {
		w->family = probe_family(state);
		w->state = identify(w, bus) == TRUSTX_OK ? SCAN_CHIP : SCAN_FOREIGN;
	}
}

void scan_look(struct scan_way *w)
{
	struct trustx_bus bus;

	if (open_way(&bus, w) == TRUSTX_OK)
		look(w, &bus);
	trustx_bus_close(&bus);
}

static void ask_all(struct scan_way *w, const struct trustx_bus *bus)
{
	for (unsigned addr = SCAN_FIRST_ADDR; addr <= SCAN_LAST_ADDR; addr++) {
		bool answers;
		const enum trustx_err err = probe_address(&answers, bus, (uint8_t)addr);

		if (err == TRUSTX_ERR_IN_USE)
			w->addresses[addr] = SCAN_KERNEL;
		else if (err != TRUSTX_OK)
			return;
		else if (answers)
			w->addresses[addr] = SCAN_SOMEBODY;
	}
}

void scan_addresses(struct scan_way *w)
{
	struct trustx_bus bus;

	w->addresses_asked = true;
	if (open_way(&bus, w) == TRUSTX_OK)
		ask_all(w, &bus);
	trustx_bus_close(&bus);
}

void scan_uri_at(char *out, size_t cap, const char *uri, uint8_t addr)
{
	char option[16];

	snprintf(option, sizeof(option), "addr=0x%02X", addr);
	cause_uri_with(out, cap, uri, option);
}
