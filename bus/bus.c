/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "bus.h"

#include "backend.h"
#include "net.h"
#include "num.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GENERIC_NAMES	"addr frame speed"
#define GENERIC_OPTIONS " " GENERIC_NAMES " "

const char *bus_option(const struct bus_uri *uri, const char *name)
{
	for (size_t i = 0; i < uri->options; i++)
		if (strcmp(uri->option[i].name, name) == 0)
			return uri->option[i].value;
	return NULL;
}

enum trustx_err bus_bad_option(
	const struct bus_uri *uri, const char *name, const char *expected, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INPUT, "the value of the option %s=%s is not %s", name,
		bus_option(uri, name), expected);
	return fail_cause(f, "device-malformed");
}

static const struct bus_backend *const backends[] = {
	&bus_sim,
	&bus_unix,
	&bus_tcp,
	&bus_trace,
	&bus_play,
	&bus_fault,
	&bus_i2c,
	&bus_ft260,
};
#define BACKENDS (sizeof(backends) / sizeof(backends[0]))

/* What is often written for a device, and what it is here. */
static const struct {
	const char *begin;
	bool whole;	  /* nothing follows */
	const char *form; /* before what was written; a whole one: instead of it */
} guesses[] = {
	{ "/dev/hidraw", false, "ft260:?path=" },
	{ "hidraw", false, "ft260:?path=/dev/" },
	{ "i2c-", false, "/dev/" },
	{ "ft260", true, "ft260:" },
	{ "FT260", true, "ft260:" },
	{ "FT260:", true, "ft260:" },
};

/* "perhaps -d ft260: is meant; ", or nothing. */
static void guess(char *out, size_t cap, const char *uri)
{
	out[0] = '\0';
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		const size_t len = strlen(guesses[i].begin);

		if (strncmp(uri, guesses[i].begin, len) != 0 ||
			(guesses[i].whole && uri[len] != '\0'))
			continue;
		snprintf(out, cap, "perhaps -d '%s%.60s' is meant; ", guesses[i].form,
			guesses[i].whole ? "" : uri);
		return;
	}
}

static enum trustx_err unknown_scheme(const char *uri, struct fail *f)
{
	char forms[120] = "", meant[120];
	size_t n = 0;

	for (size_t i = 0; i < BACKENDS; i++)
		if (backends[i]->form != NULL && n < sizeof(forms))
			n += (size_t)snprintf(forms + n, sizeof(forms) - n, "%s%s",
				n > 0 ? ", " : "", backends[i]->form);
	fail_set(f, TRUSTX_ERR_INPUT, "'%.100s' does not begin with a known way to reach a chip",
		uri);
	fail_cause(f, "device-malformed");
	guess(meant, sizeof(meant), uri);
	return fail_next(f, "%sknown are %s", meant, forms);
}

/* Fills scheme and target; a device file is short for i2c:FILE. NULL: none of ours. */
static const struct bus_backend *find_backend(struct bus_uri *uri, const char *text)
{
	const char *colon = strchr(text, ':');

	if (strncmp(text, "/dev/i2c-", 9) == 0) {
		uri->scheme = bus_i2c.scheme;
		uri->target = text;
		return &bus_i2c;
	}
	for (size_t i = 0; colon != NULL && i < BACKENDS; i++) {
		size_t len = strlen(backends[i]->scheme);

		if (len != (size_t)(colon - text) || memcmp(text, backends[i]->scheme, len) != 0)
			continue;
		uri->scheme = backends[i]->scheme;
		uri->target = colon + 1;
		return backends[i];
	}
	return NULL;
}

/* names: a list between blanks. */
static bool has_name(const char *names, const char *name)
{
	size_t len = strlen(name);
	const char *at = names;

	while (len > 0 && strchr(name, ' ') == NULL && (at = strstr(at, name)) != NULL) {
		if (at != names && at[-1] == ' ' && at[len] == ' ')
			return true;
		at += len;
	}
	return false;
}

static enum trustx_err add_option(
	struct bus_uri *uri, const struct bus_backend *backend, char *text, struct fail *f)
{
	char *value = strchr(text, '=');
	enum trustx_err err;

	if (value != NULL)
		*value++ = '\0';
	if (!has_name(backend->options, text) &&
		(backend->decorator || !has_name(GENERIC_OPTIONS, text))) {
		fail_set(f, TRUSTX_ERR_INPUT, "%s: has no option '%.40s'", backend->scheme, text);
		return fail_next(f, "known are%s%s", backend->options,
			backend->decorator ? "" : GENERIC_NAMES);
	}
	if (value == NULL || *value == '\0')
		return fail_set(f, TRUSTX_ERR_INPUT, "the option %s has no value", text);
	if (bus_option(uri, text) != NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "the option %s is given twice", text);
	if ((err = net_unescape(value, f)) != TRUSTX_OK)
		return err;
	if (uri->options == BUS_OPTIONS_MAX)
		return fail_set(f, TRUSTX_ERR_INPUT, "there are too many options");
	uri->option[uri->options].name = text;
	uri->option[uri->options].value = value;
	uri->options++;
	return TRUSTX_OK;
}

enum trustx_err bus_split_options(struct bus_uri *uri, const struct bus_backend *backend,
	char *text, char separator, struct fail *f)
{
	enum trustx_err err;

	while (text != NULL) {
		char *end = strchr(text, separator);

		if (end != NULL)
			*end++ = '\0';
		if ((err = add_option(uri, backend, text, f)) != TRUSTX_OK)
			return err;
		text = end;
	}
	return TRUSTX_OK;
}

static enum trustx_err generic_options(
	struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	const char *text;
	uint64_t v;

	memset(bus, 0, sizeof(*bus));
	if ((text = bus_option(uri, "addr")) != NULL) {
		if (num_parse_range(&v, text, 1, 0x7F) != TRUSTX_OK)
			return bus_bad_option(uri, "addr", "a 7-bit address, 0x01 to 0x7F", f);
		bus->addr = (uint8_t)v;
	}
	if ((text = bus_option(uri, "frame")) != NULL) {
		if (num_parse_range(&v, text, TRUSTX_FRAME_MIN, TRUSTX_FRAME_MAX) != TRUSTX_OK)
			return bus_bad_option(uri, "frame", "a frame size, 16 to 277 bytes", f);
		/* The register byte goes in front of a frame. */
		bus->max_transfer = (uint16_t)(v + 1);
	}
	if ((text = bus_option(uri, "speed")) != NULL) {
		if (num_parse_range(&v, text, 1, 3400000) != TRUSTX_OK)
			return bus_bad_option(uri, "speed", "a clock, 1 to 3400000 Hz", f);
		bus->max_hz = (uint32_t)v;
	}
	return TRUSTX_OK;
}

static enum trustx_err open_text(struct trustx_bus *bus, char *text, struct fail *f)
{
	struct bus_uri uri = { .options = 0 };
	const struct bus_backend *backend = find_backend(&uri, text);
	char *question = strchr(text, '?');
	enum trustx_err err;

	if (backend == NULL)
		return unknown_scheme(text, f);
	if (backend->decorator)
		return backend->open(bus, &uri, f);
	if (question != NULL)
		*question++ = '\0';
	if (bus_split_options(&uri, backend, question, '&', f) != TRUSTX_OK ||
		net_unescape(text + (uri.target - text), f) != TRUSTX_OK)
		return fail_cause(f, "device-malformed");
	if ((err = generic_options(bus, &uri, f)) != TRUSTX_OK)
		return err;
	return backend->open(bus, &uri, f);
}

enum trustx_err trustx_bus_open(struct trustx_bus *bus, const char *uri, struct fail *f)
{
	char *text = strdup(uri);
	enum trustx_err err;

	if (text == NULL)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	else
		err = open_text(bus, text, f);
	free(text);
	if (err == TRUSTX_OK)
		return TRUSTX_OK;
	memset(bus, 0, sizeof(*bus));
	return fail_what(f, "open the device '%.120s'", uri);
}

void trustx_bus_close(struct trustx_bus *bus)
{
	struct bus_ctx *ctx = bus->ctx;

	if (ctx != NULL)
		ctx->backend->close(ctx);
	memset(bus, 0, sizeof(*bus));
}

const char *trustx_bus_reason(const struct trustx_bus *bus)
{
	const struct bus_ctx *ctx = bus->ctx;

	return ctx != NULL ? ctx->fail.why : "";
}

bool trustx_bus_is_virtual(const struct trustx_bus *bus)
{
	const struct bus_ctx *ctx = bus->ctx;

	return ctx != NULL && ctx->backend->is_virtual(ctx);
}

uint64_t trustx_bus_execution_ns(const struct trustx_bus *bus)
{
	const struct bus_ctx *ctx = bus->ctx;

	if (ctx == NULL || ctx->backend->execution_ns == NULL)
		return 0;
	return ctx->backend->execution_ns(ctx);
}

const char *trustx_bus_cause(const struct trustx_bus *bus)
{
	const struct bus_ctx *ctx = bus->ctx;

	return ctx != NULL ? ctx->fail.cause : NULL;
}

enum trustx_bus_lines trustx_bus_lines(const struct trustx_bus *bus)
{
	const struct bus_ctx *ctx = bus->ctx;

	if (ctx == NULL || ctx->backend->lines == NULL)
		return TRUSTX_BUS_LINES_UNKNOWN;
	return ctx->backend->lines(bus->ctx);
}

struct trustx_bus_found *bus_list_add(struct bus_list *list)
{
	struct trustx_bus_found *more = realloc(list->at, (list->count + 1) * sizeof(*list->at));

	if (more == NULL)
		return NULL;
	list->at = more;
	memset(&more[list->count], 0, sizeof(*more));
	return &more[list->count++];
}

enum trustx_err trustx_bus_list(struct trustx_bus_found **list, size_t *count, struct fail *f)
{
	struct bus_list found = { .count = 0 };
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < BACKENDS && err == TRUSTX_OK; i++)
		if (backends[i]->list != NULL)
			err = backends[i]->list(&found, f);
	if (err != TRUSTX_OK) {
		free(found.at);
		found = (struct bus_list){ .count = 0 };
	}
	*list = found.at;
	*count = found.count;
	return err;
}
