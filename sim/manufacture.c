/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "manufacture.h"

#include <string.h>

/* The fixed parts are those of a Trust X with firmware build 1118. */
static enum trustx_err make_uid(uint8_t uid[static 27], struct rng *rng)
{
	static const uint8_t platform[] = { 0xCD, 0x16, 0x33, 0x6B, 0x01, 0x00, 0x1C, 0x00, 0x01,
		0x00, 0x00, 0x0A };
	static const uint8_t firmware[] = { 0x80, 0x10, 0x10, 0x71, 0x11, 0x18 };

	memcpy(uid, platform, sizeof(platform));
	memcpy(uid + 21, firmware, sizeof(firmware));
	return rng_bytes(rng, uid + sizeof(platform), 21 - sizeof(platform));
}

enum trustx_err manufacture(struct nvm *nvm)
{
	return make_uid(nvm_find(nvm, OID_UID)->data, &nvm->rng);
}
