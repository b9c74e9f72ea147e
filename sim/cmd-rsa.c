/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "command.h"

#define ECDSA		0x11
#define RSA_PKCS1_FIRST 0x01 /* with SHA-256, then with the longer ones */
#define RSA_PKCS1_LAST	0x03

/* The commands that only an RSA key can serve: that algorithm is not simulated. */
enum code command_rsa(struct call *c)
{
	(void)c;
	return CODE_USAGE;
}

enum code command_check_scheme(const struct call *c)
{
	if (c->param == ECDSA)
		return CODE_OK;
	if (command_on_trust_m(c) && c->param >= RSA_PKCS1_FIRST && c->param <= RSA_PKCS1_LAST)
		return CODE_USAGE;
	return CODE_PARAM;
}
