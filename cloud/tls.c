/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "tls.h"

#include "net.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <string.h>

#define ALPN_MAX 64
#define HOST_MAX 300
#define SLICE_MS 50

static struct tls_seen *seen_of(const SSL *ssl)
{
	return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

/* ---- what is seen ---- */

static void keep(X509 **slot, X509 *cert)
{
	if (*slot == NULL && cert != NULL && X509_up_ref(cert) == 1)
		*slot = cert;
}

static int on_verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_seen *seen = seen_of(ssl);

	keep(&seen->server, X509_STORE_CTX_get0_cert(store));
	if (!ok && seen->verify_error == TLS_NONE) {
		seen->verify_error = X509_STORE_CTX_get_error(store);
		seen->verify_depth = X509_STORE_CTX_get_error_depth(store);
		keep(&seen->wrong, X509_STORE_CTX_get_current_cert(store));
	}
	return ok;
}

static uint64_t key_now(const struct tls_seen *seen)
{
	return seen->opt->key_clock != NULL ? seen->opt->key_clock(seen->opt->ctx) : 0;
}

/* Told when a state is over: from the one before CertificateVerify to its end the key works. */
static void on_state(const SSL *ssl, struct tls_seen *seen)
{
	uint64_t now = key_now(seen);

	if (SSL_get_state(ssl) == TLS_ST_CW_CERT_VRFY && !seen->signed_) {
		seen->signed_ = true;
		seen->key_us = now - seen->mark_us;
	}
	seen->mark_us = now;
}

/* The first one; the tickets of TLS 1.3 come as handshakes, too. */
static void on_done(const SSL *ssl, struct tls_seen *seen)
{
	if (seen->done)
		return;
	seen->done = true;
	seen->handshake_us = (net_now_ns() - seen->begin_ns) / 1000;
	snprintf(seen->version, sizeof(seen->version), "%s", SSL_get_version(ssl));
	snprintf(seen->cipher, sizeof(seen->cipher), "%s", SSL_get_cipher_name(ssl));
}

static void on_alert(struct tls_seen *seen, int where, int value)
{
	int *slot = (where & SSL_CB_READ) != 0 ? &seen->alert_in : &seen->alert_out;

	if ((value >> 8) == SSL3_AL_FATAL && *slot == TLS_NONE)
		*slot = value & 0xFF;
}

/* What somebody sends who does not speak TLS is taken for a record of it. */
static void on_error(struct tls_seen *seen)
{
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);

	if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		seen->hung_up = true;
	else if (ERR_GET_LIB(error) == ERR_LIB_SSL && seen->server == NULL)
		seen->garbled |= reason == SSL_R_WRONG_VERSION_NUMBER ||
				 reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
				 reason == SSL_R_ENCRYPTED_LENGTH_TOO_LONG ||
				 reason == SSL_R_UNEXPECTED_MESSAGE ||
				 reason == SSL_R_BAD_RECORD_TYPE;
}

static void on_info(const SSL *ssl, int where, int value)
{
	struct tls_seen *seen = seen_of(ssl);

	if ((where & SSL_CB_ALERT) != 0)
		on_alert(seen, where, value);
	else if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
		on_done(ssl, seen);
	else if ((where & SSL_CB_HANDSHAKE_START) != 0 && !seen->began) {
		seen->began = true;
		seen->begin_ns = net_now_ns();
	} else if ((where & SSL_CB_EXIT) != 0 && value < 0)
		on_error(seen);
	else if ((where & SSL_CB_LOOP) != 0)
		on_state(ssl, seen);
}

/* ---- the context ---- */

static bool set_roots(SSL_CTX *ctx, STACK_OF(X509) *roots)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);

	for (int i = 0; i < sk_X509_num(roots); i++)
		if (X509_STORE_add_cert(store, sk_X509_value(roots, i)) != 1)
			return false;
	return true;
}

/* A root may be an intermediate: who names it trusts it. */
static bool set_host(SSL_CTX *ctx, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	ERR_set_mark();
	if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1) {
		ERR_clear_last_mark();
		return true;
	}
	ERR_pop_to_mark();
	return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

/* RFC 7301: a length in front of each name. */
static bool set_alpn(SSL_CTX *ctx, const char *alpn)
{
	unsigned char list[1 + ALPN_MAX];
	size_t len = alpn != NULL ? strlen(alpn) : 0;

	if (len == 0 || len > ALPN_MAX)
		return len == 0;
	list[0] = (unsigned char)len;
	memcpy(list + 1, alpn, len);
	return SSL_CTX_set_alpn_protos(ctx, list, (unsigned)len + 1) == 0;
}

static enum trustx_err failed(struct fail *f, const char *what)
{
	char text[160];

	ERR_error_string_n(ERR_peek_last_error(), text, sizeof(text));
	ERR_clear_error();
	return fail_set(f, TRUSTX_ERR_CRYPTO, "%s: %s", what, text);
}

enum trustx_err tls_new(
	SSL_CTX **out, struct tls_seen *seen, const struct tls_options *opt, struct fail *f)
{
	SSL_CTX *ctx = SSL_CTX_new_ex(opt->libctx, NULL, TLS_client_method());

	memset(seen, 0, sizeof(*seen));
	seen->opt = opt;
	seen->alert_in = seen->alert_out = seen->verify_error = TLS_NONE;
	*out = NULL;
	if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
		!set_roots(ctx, opt->roots) || !set_host(ctx, opt->host) ||
		!set_alpn(ctx, opt->alpn)) {
		SSL_CTX_free(ctx);
		return failed(f, "prepare TLS");
	}
	if (SSL_CTX_use_certificate(ctx, opt->cert) != 1 ||
		SSL_CTX_use_PrivateKey(ctx, opt->key) != 1) {
		SSL_CTX_free(ctx);
		return failed(f, "use the certificate and its key for TLS");
	}
	SSL_CTX_set_app_data(ctx, seen);
	SSL_CTX_set_info_callback(ctx, on_info);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_verify);
	*out = ctx;
	return TRUSTX_OK;
}

static BIO *begin_again(const char *host, uint16_t port)
{
	bool v6 = strchr(host, ':') != NULL;
	char where[HOST_MAX];
	BIO *bio;

	snprintf(where, sizeof(where), "%s%s%s:%u", v6 ? "[" : "", host, v6 ? "]" : "", port);
	if ((bio = BIO_new_connect(where)) != NULL)
		BIO_set_nbio(bio, 1);
	return bio;
}

/* False: it is over. */
static bool step_again(SSL *ssl)
{
	struct net_wait fd = { .wanted = NET_IN };
	char byte;
	int error = SSL_get_error(ssl, SSL_read(ssl, &byte, 1));

	if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_CONNECT)
		fd.wanted = NET_OUT;
	else if (error != SSL_ERROR_WANT_READ)
		return false;
	fd.fd = SSL_get_fd(ssl);
	(void)net_poll(&fd, 1, SLICE_MS);
	return true;
}

void tls_look_again(SSL_CTX *ctx, const struct tls_again *again)
{
	const struct tls_seen *seen = SSL_CTX_get_app_data(ctx);
	uint64_t until = net_now_ns() + (uint64_t)again->timeout_ms * 1000000u;
	BIO *bio = begin_again(seen->opt->host, again->port);
	SSL *ssl = SSL_new(ctx);

	if (bio == NULL || ssl == NULL) {
		BIO_free(bio);
		SSL_free(ssl);
		return;
	}
	SSL_set_bio(ssl, bio, bio);
	/* SSL_set_tlsext_host_name casts the const away. */
	SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
		(void *)(uintptr_t)seen->opt->host);
	SSL_set_connect_state(ssl);
	while (net_now_ns() < until && (again->interrupted == NULL || !again->interrupted()) &&
		step_again(ssl))
		;
	SSL_free(ssl);
	ERR_clear_error();
}

void tls_seen_free(struct tls_seen *seen)
{
	X509_free(seen->server);
	X509_free(seen->wrong);
	memset(seen, 0, sizeof(*seen));
}
