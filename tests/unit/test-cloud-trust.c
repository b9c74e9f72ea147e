/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Static programs find the roots of whatever distribution they are on. */
#include "test.h"

#include "trust.h"

#include <stdbool.h>

/* The only file of this computer. */
static const char *there;

bool __wrap_file_exists(const char *path);
bool __wrap_file_exists(const char *path)
{
	return there != NULL && strcmp(path, there) == 0;
}

static void finds_what_is_there(void)
{
	static const char *const places[] = { "/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem" };

	unsetenv("SSL_CERT_FILE");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		there = places[i];
		CHECK_STR(trust_bundle(), places[i]);
	}
	there = NULL;
	CHECK(trust_bundle() == NULL);
}

static void takes_what_is_named(void)
{
	there = "/etc/ssl/cert.pem";
	setenv("SSL_CERT_FILE", "/elsewhere.pem", 1);
	CHECK_STR(trust_bundle(), "/elsewhere.pem");
	setenv("SSL_CERT_FILE", "", 1);
	CHECK_STR(trust_bundle(), "/etc/ssl/cert.pem");
}

int main(void)
{
	RUN(finds_what_is_there);
	RUN(takes_what_is_named);
	return 0;
}
