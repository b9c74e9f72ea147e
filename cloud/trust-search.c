/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "trust.h"

#include "file.h"

#include <stdlib.h>

/* Debian, Ubuntu, Arch, Gentoo; Fedora and its relatives; openSUSE; Alpine, OpenWrt. */
static const char *const usual[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
};

/* What the user names is taken even if it is not there: others would be a surprise. */
const char *trust_bundle(void)
{
	const char *named = getenv("SSL_CERT_FILE");

	if (named != NULL && named[0] != '\0')
		return named;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (file_exists(usual[i]))
			return usual[i];
	return NULL;
}
