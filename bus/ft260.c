/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The FT260 USB bridge, through HID. */
#include "backend.h"

static enum trustx_err open_later(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	(void)bus;
	(void)uri;
	fail_set(f, TRUSTX_ERR_NO_DEVICE,
		"this version of trustx cannot reach an FT260 USB bridge yet");
	return fail_next(
		f, "use a simulated chip, sim:FILE, or a remote one, unix:PATH or tcp:HOST:PORT");
}

const struct bus_backend bus_ft260 = {
	.scheme = "ft260",
	.options = " path reset via ",
	.open = open_later,
};
