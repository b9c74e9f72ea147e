/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "exitcode.h"

enum {
	EXIT_DONE = 0,
	EXIT_MACHINE = 1,
	EXIT_GIVEN = 2,
	EXIT_DEVICE = 3,
	EXIT_REFUSED = 4,
	EXIT_MISMATCH = 5,
	EXIT_ISSUER = 6,
	EXIT_EXISTS = 7,
	EXIT_CONSENT = 8,
	EXIT_PARTIAL = 9,
	EXIT_THROTTLED = 75,
	EXIT_SIGINT = 130,
};

static const unsigned char codes[TRUSTX_ERR_COUNT_] = {
	[TRUSTX_OK] = EXIT_DONE,
	[TRUSTX_ERR_ARGUMENT] = EXIT_MACHINE,
	[TRUSTX_ERR_TOO_SMALL] = EXIT_MACHINE,
	[TRUSTX_ERR_NO_DEVICE] = EXIT_DEVICE,
	[TRUSTX_ERR_PERMISSION] = EXIT_DEVICE,
	[TRUSTX_ERR_IN_USE] = EXIT_DEVICE,
	[TRUSTX_ERR_BUS] = EXIT_DEVICE,
	[TRUSTX_ERR_NACK] = EXIT_DEVICE,
	[TRUSTX_ERR_TIMEOUT] = EXIT_DEVICE,
	[TRUSTX_ERR_PROTOCOL] = EXIT_DEVICE,
	[TRUSTX_ERR_UNKNOWN_OUTCOME] = EXIT_DEVICE,
	[TRUSTX_ERR_CHIP] = EXIT_REFUSED,
	[TRUSTX_ERR_LOCKED] = EXIT_REFUSED,
	[TRUSTX_ERR_NO_PUBLIC_KEY] = EXIT_REFUSED,
	[TRUSTX_ERR_FILE] = EXIT_MACHINE,
	[TRUSTX_ERR_MEMORY] = EXIT_MACHINE,
	[TRUSTX_ERR_CRYPTO] = EXIT_MACHINE,
	[TRUSTX_ERR_INTERNAL] = EXIT_MACHINE,
	[TRUSTX_ERR_USAGE] = EXIT_GIVEN,
	[TRUSTX_ERR_INPUT] = EXIT_GIVEN,
	[TRUSTX_ERR_TOO_BIG] = EXIT_GIVEN,
	[TRUSTX_ERR_MISMATCH] = EXIT_MISMATCH,
	[TRUSTX_ERR_EXISTS] = EXIT_EXISTS,
	[TRUSTX_ERR_CONSENT] = EXIT_CONSENT,
	[TRUSTX_ERR_ISSUER] = EXIT_ISSUER,
	[TRUSTX_ERR_PARTIAL] = EXIT_PARTIAL,
	[TRUSTX_ERR_THROTTLED] = EXIT_THROTTLED,
	[TRUSTX_ERR_INTERRUPTED] = EXIT_SIGINT,
};

const struct exitcode exitcodes[] = {
	{ EXIT_DONE, "Done." },
	{ EXIT_MACHINE, "The machine failed: file, disk, memory, or a bug in trustx." },
	{ EXIT_GIVEN, "What was given cannot be used: options, OID, URI, subject, configuration, "
		      "request or certificate." },
	{ EXIT_DEVICE, "No device, several devices, no permission, busy, transport failed, "
		       "time-out." },
	{ EXIT_REFUSED, "The chip refused: its error code, life cycle or access condition." },
	{ EXIT_MISMATCH, "Two things do not belong together: certificate and key, chain, "
			 "signature, dates, read-back, another chip; or the key or certificate "
			 "asked for is not there." },
	{ EXIT_ISSUER, "The certificate issuer said no." },
	{ EXIT_EXISTS, "Something is there already." },
	{ EXIT_CONSENT, "Consent is missing for what cannot be undone." },
	{ EXIT_PARTIAL, "A part of the batch failed." },
	{ EXIT_THROTTLED, "Throttled beyond the retries." },
	{ EXIT_SIGINT, "Interrupted by SIGINT." },
};
const size_t exitcodes_count = sizeof(exitcodes) / sizeof(exitcodes[0]);

int exitcode_of(enum trustx_err err)
{
	return (size_t)err < TRUSTX_ERR_COUNT_ ? codes[err] : EXIT_MACHINE;
}
