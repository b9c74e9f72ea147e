/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Take the secrets out of a trace, so that it can be shown to others. Lengths and times stay.
 *
 * What is kept is listed, everything else is blanked: heads of frames and APDUs, object ids,
 * metadata, public keys, signatures, digests, random numbers, and the contents of certificates,
 * trust anchors, the UID and status objects. The contents of any other object are kept only if
 * its metadata was read in this trace and always said that everybody may read it. Bytes that
 * cannot be placed in a command or an answer are blanked too, and so is the answer that follows
 * an unanswered secret one. The FCS of a changed frame is computed anew over the blanked bytes,
 * since the old one tells 16 bits of the secret; a wrong FCS stays wrong.
 */
#ifndef TRACE_REDACT_H
#define TRACE_REDACT_H

#include <stdbool.h>

#include "blob.h"
#include "fail.h"

#define REDACT_BLANK 0x2Au

struct redaction {
	size_t sessions, records;
	size_t blanked; /* bytes */
	bool cut;	/* a record that was cut off was left out */
};

/* data: a whole trace file. out gets another one. TRUSTX_ERR_INPUT: not a sound trace. */
TRUSTX_MUST_CHECK enum trustx_err redact_trace(
	struct blob *out, struct redaction *did, const void *data, size_t len, struct fail *f);

#endif
