/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "profile.h"

#include <string.h>

/* Start-up and guard time are data sheet figures; the rest is not published: doc/simulator.md. */
static const struct profile profiles[] = {
	{
		.name = "trust-x",
		.model = MODEL_TRUST_X,
		.startup = 10000,
		.startup_pending = 12000,
		.wake = 1000,
		.check = 30,
		.guard = 50,
		.ack = 5000,
		.resend = 10000,
		.open = 15000,
		.metadata = 12000,
		.refuse = 4000,
		.read = { 4000, 20 },
		.write = { 2000, 100 },
		.random = { 4000, 50 },
		.hash = { 4000, 170 },
		.sign = 57000,
		.verify = 80000,
		.agree = 60000,
		.generate = 76000,
		.p384_percent = 220,
		.derive = 136000,
	},
	{
		.name = "trust-m1",
		.model = MODEL_TRUST_M1,
		.startup = 15000,
		.startup_pending = 20000,
		.wake = 1000,
		.check = 30,
		.guard = 50,
		.ack = 5000,
		.resend = 10000,
		.open = 15000,
		.metadata = 12000,
		.refuse = 4000,
		.read = { 10000, 40 },
		.write = { 2000, 180 },
		.random = { 4000, 50 },
		.hash = { 4000, 58 },
		.sign = 57000,
		.verify = 80000,
		.agree = 55000,
		.generate = 71000,
		.p384_percent = 220,
		.derive = 46000,
	},
};

const struct profile *profile_find(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}
