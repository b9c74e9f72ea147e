/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "built.h"
#include "bus.h"
#include "libraries.h"

#include <openssl/crypto.h>
#include <openssl/opensslv.h>

#include <stdio.h>

/* How FT260s can be reached: "hidapi-libusb 0.13.1, hidraw built in". */
static void show_hids(struct tool *t)
{
	struct trustx_bus_hid list[TRUSTX_BUS_HIDS];
	const size_t count = trustx_bus_hids(list);
	char text[TRUSTX_BUS_HIDS * 100] = "";
	size_t n = 0;

	out_array(&t->out, "hid");
	for (size_t i = 0; i < count; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s %s", i > 0 ? ", " : "",
			list[i].name, list[i].text);
		out_object(&t->out, NULL);
		out_str(&t->out, "name", NULL, list[i].name);
		out_str(&t->out, "via", NULL, list[i].via);
		out_bool(&t->out, "usable", list[i].usable);
		out_str(&t->out, "version", NULL, list[i].text);
		out_end(&t->out);
	}
	out_end(&t->out);
	out_line(&t->out, "FT260 by %s", text);
}

/* running "": it cannot be asked. */
static void show_library(struct tool *t, const struct cloud_library *lib)
{
	out_object(&t->out, NULL);
	out_str(&t->out, "name", NULL, lib->name);
	out_str(&t->out, "built", NULL, lib->built);
	if (lib->running[0] != 0)
		out_str(&t->out, "running", NULL, lib->running);
	else
		out_null(&t->out, "running");
	if (lib->tls[0] != 0)
		out_str(&t->out, "tls", NULL, lib->tls);
	out_end(&t->out);
	if (t->globals.verbose > 0)
		out_line(&t->out, "%s%s%s%s%s, built with %s", lib->name,
			lib->running[0] != 0 ? " " : "", lib->running,
			lib->tls[0] != 0 ? " with " : "", lib->tls, lib->built);
}

static void show_libraries(struct tool *t)
{
	struct cloud_library list[CLOUD_LIBRARIES], openssl = { .name = "OpenSSL" },
						    gpiod = { .name = "libgpiod" };
	const size_t count = cloud_libraries(list);

	snprintf(openssl.built, sizeof(openssl.built), "%s", OPENSSL_VERSION_STR);
	snprintf(openssl.running, sizeof(openssl.running), "%s",
		OpenSSL_version(OPENSSL_VERSION_STRING));
	snprintf(gpiod.built, sizeof(gpiod.built), "%s", built.gpiod);
	out_array(&t->out, "libraries");
	show_library(t, &openssl);
	for (size_t i = 0; i < count; i++)
		show_library(t, &list[i]);
	if (gpiod.built[0] != 0)
		show_library(t, &gpiod);
	out_end(&t->out);
}

static void show_build(struct tool *t)
{
	out_str(&t->out, "compiler", NULL, built.compiler);
	out_str(&t->out, "target", NULL, built.target);
	out_bool(&t->out, "static", built.is_static);
	out_bool(&t->out, "trust_m", built.trust_m);
	if (t->globals.verbose > 0)
		out_line(&t->out, "built by %s for %s, %s, %s Trust M", built.compiler,
			built.target, built.is_static ? "static" : "with shared libraries",
			built.trust_m ? "with" : "without");
}

static enum trustx_err run_version(struct tool *t, const void *values)
{
	(void)values;
	out_line(&t->out, "trustx %s", TRUSTX_VERSION);
	out_str(&t->out, "version", NULL, TRUSTX_VERSION);
	out_str(&t->out, "openssl", NULL, OpenSSL_version(OPENSSL_VERSION_STRING));
	show_build(t);
	show_libraries(t);
	show_hids(t);
	return TRUSTX_OK;
}

const struct cmd cmd_version = {
	.noun = "version",
	.help = "Print the version, and with --verbose or --json what was built in.",
	.run = run_version,
};
