/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include <string.h>

#include "command.h"

/* Messages of the handshake, then encrypt, decrypt and close. */
static const uint8_t params[] = { 0x01, 0x02, 0x03, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x13, 0x14,
	0x51, 0x61, 0x71 };

/* No DTLS handshake can be started here, so each of its messages comes out of sequence. */
enum code command_dtls(struct call *c)
{
	uint16_t session = reader_u16(&c->in);

	if (memchr(params, c->param, sizeof(params)) == NULL)
		return CODE_PARAM;
	if (c->in.failed)
		return CODE_LENGTH;
	return session == OID_FIRST_SESSION ? CODE_SEQUENCE : CODE_OID;
}
