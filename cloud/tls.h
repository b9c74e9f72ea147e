/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A TLS client with a certificate whose key is somewhere else, and what was seen of its handshake. */
#ifndef CLOUD_TLS_H
#define CLOUD_TLS_H

#include "fail.h"

#include <openssl/ssl.h>

#include <stdbool.h>
#include <stdint.h>

#define TLS_NONE (-1)

/* Lent until the context is freed. */
struct tls_options {
	OSSL_LIB_CTX *libctx;
	X509 *cert;
	EVP_PKEY *key;
	STACK_OF(X509) *roots;
	const char *host;		  /* that the server's certificate must be for */
	const char *alpn;		  /* NULL: none */
	uint64_t (*key_clock)(void *ctx); /* microseconds, of whoever keeps the key */
	void *ctx;
};

struct tls_seen {
	bool began, done;
	bool signed_; /* the key was used */
	bool hung_up; /* the server closed, in the middle */
	bool garbled; /* what came was no TLS */
	uint64_t begin_ns, handshake_us, key_us;
	int alert_in, alert_out;	/* description of a fatal alert (RFC 8446 6), or TLS_NONE */
	int verify_error, verify_depth; /* of the server's chain: X509_V_ERR_..., or TLS_NONE */
	X509 *server, *wrong;		/* its certificate; the one that verify_error is about */
	char version[16], cipher[64];
	const struct tls_options *opt;
	uint64_t mark_us;
};

/* seen is filled while connections are made, and must stay where it is. Free with SSL_CTX_free. */
TRUSTX_MUST_CHECK enum trustx_err tls_new(
	SSL_CTX **ctx, struct tls_seen *seen, const struct tls_options *opt, struct fail *f);
/*
 * Connect once more, send nothing, and see in the context's tls_seen whether an alert comes: a server
 * may send one and reset the connection before a client that writes first has read it.
 */
struct tls_again {
	uint16_t port;
	unsigned timeout_ms;
	bool (*interrupted)(void); /* NULL: never */
};
void tls_look_again(SSL_CTX *ctx, const struct tls_again *again);

void tls_seen_free(struct tls_seen *seen); /* fine on a zeroed struct */

#endif
