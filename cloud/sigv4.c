/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sigv4.h"

#include "hex.h"
#include "mem.h"

#include <openssl/evp.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM  "AWS4-HMAC-SHA256"
#define DIGEST_LEN 32
#define TEXT_MAX   ((size_t)1 << 20)
#define SCOPE_MAX  128
#define SECRET_MAX 256
#define PIECES_MAX 64

/* Name and value, as they are signed; sorted by both. */
struct piece {
	struct blob name, value;
};

struct pieces {
	struct piece at[PIECES_MAX];
	size_t count;
};

static bool is_unreserved(unsigned char c)
{
	return isalnum(c) || strchr("-._~", c) != NULL;
}

enum trustx_err sigv4_encode(struct blob *out, const char *text, size_t len, const char *also)
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < len && err == TRUSTX_OK; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c != '\0' && (is_unreserved(c) || strchr(also, c) != NULL))
			err = blob_add(out, &c, 1);
		else
			err = blob_addf(out, "%%%02X", c);
	}
	return err;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undo percent-encoding, do it again: one form for what can be written in several. */
static enum trustx_err add_normal(struct blob *out, const char *text, size_t len)
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < len && err == TRUSTX_OK; i++) {
		char c = text[i];

		if (c == '%' && len - i > 2 && hex_value(text[i + 1]) >= 0 &&
			hex_value(text[i + 2]) >= 0) {
			c = (char)(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
			i += 2;
		}
		err = sigv4_encode(out, &c, 1, "");
	}
	return err;
}

static struct piece *add_piece(struct pieces *p)
{
	struct piece *piece = p->count < PIECES_MAX ? &p->at[p->count++] : NULL;

	if (piece != NULL) {
		blob_init(&piece->name, TEXT_MAX);
		blob_init(&piece->value, TEXT_MAX);
	}
	return piece;
}

static void free_pieces(struct pieces *p)
{
	for (size_t i = 0; i < p->count; i++) {
		blob_free(&p->at[i].name);
		blob_free(&p->at[i].value);
	}
}

static int by_name_and_value(const void *a, const void *b)
{
	const struct piece *one = a, *two = b;
	int order = strcmp(blob_text(&one->name), blob_text(&two->name));

	return order != 0 ? order : strcmp(blob_text(&one->value), blob_text(&two->value));
}

/* Headers of one name keep their order. */
static void sort_by_name(struct pieces *p)
{
	for (size_t i = 1; i < p->count; i++)
		for (size_t k = i; k > 0 && strcmp(blob_text(&p->at[k - 1].name),
						    blob_text(&p->at[k].name)) > 0;
			k--) {
			struct piece one = p->at[k];

			p->at[k] = p->at[k - 1];
			p->at[k - 1] = one;
		}
}

/* ---- the canonical request ---- */

static enum trustx_err split_query(struct pieces *p, const char *query)
{
	while (*query != '\0') {
		size_t len = strcspn(query, "&");
		const char *equals = memchr(query, '=', len);
		size_t name = equals != NULL ? (size_t)(equals - query) : len;
		struct piece *piece;
		enum trustx_err err;

		if (len > 0) {
			if ((piece = add_piece(p)) == NULL)
				return TRUSTX_ERR_TOO_BIG;
			if ((err = add_normal(&piece->name, query, name)) != TRUSTX_OK)
				return err;
			if (equals != NULL && (err = add_normal(&piece->value, equals + 1,
						       len - name - 1)) != TRUSTX_OK)
				return err;
		}
		query += len + (query[len] == '&');
	}
	return TRUSTX_OK;
}

static enum trustx_err add_query(struct blob *out, const char *query)
{
	struct pieces p = { .count = 0 };
	enum trustx_err err;

	err = split_query(&p, query);
	qsort(p.at, p.count, sizeof(p.at[0]), by_name_and_value);
	for (size_t i = 0; i < p.count && err == TRUSTX_OK; i++)
		err = blob_addf(out, "%s%s=%s", i > 0 ? "&" : "", blob_text(&p.at[i].name),
			blob_text(&p.at[i].value));
	free_pieces(&p);
	return err;
}

/* Without blanks around it, and one blank for several. */
static enum trustx_err add_trimmed(struct blob *out, const char *value)
{
	enum trustx_err err = TRUSTX_OK;
	bool blank = false;

	for (; *value != '\0' && err == TRUSTX_OK; value++) {
		if (*value == ' ' || *value == '\t') {
			blank = out->len > 0;
			continue;
		}
		if (blank)
			err = blob_add(out, " ", 1);
		blank = false;
		if (err == TRUSTX_OK)
			err = blob_add(out, value, 1);
	}
	return err;
}

static enum trustx_err take_header(struct pieces *p, const struct sigv4_header *header)
{
	struct piece *piece = add_piece(p);
	enum trustx_err err = piece != NULL ? TRUSTX_OK : TRUSTX_ERR_TOO_BIG;

	for (const char *c = header->name; *c != '\0' && err == TRUSTX_OK; c++) {
		char lower = (char)tolower((unsigned char)*c);

		err = blob_add(&piece->name, &lower, 1);
	}
	return err == TRUSTX_OK ? add_trimmed(&piece->value, header->value) : err;
}

/* Is it one more value of the header before? */
static bool continues(const struct pieces *p, size_t i)
{
	const struct piece *piece = p->at + i;

	return i > 0 && strcmp(blob_text(&piece[-1].name), blob_text(&piece->name)) == 0;
}

static enum trustx_err print_headers(struct blob *out, struct blob *names, const struct pieces *p)
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < p->count && err == TRUSTX_OK; i++) {
		const char *name = blob_text(&p->at[i].name);

		err = continues(p, i) ? blob_add(out, ",", 1)
				      : blob_addf(out, "%s%s:", i > 0 ? "\n" : "", name);
		if (err == TRUSTX_OK && !continues(p, i))
			err = blob_addf(names, "%s%s", i > 0 ? ";" : "", name);
		if (err == TRUSTX_OK)
			err = blob_addf(out, "%s", blob_text(&p->at[i].value));
	}
	return err == TRUSTX_OK ? blob_add(out, "\n", 1) : err;
}

static enum trustx_err add_headers(
	struct blob *out, struct blob *names, const struct sigv4_request *request)
{
	struct pieces p = { .count = 0 };
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < request->header_count && err == TRUSTX_OK; i++)
		err = take_header(&p, &request->headers[i]);
	sort_by_name(&p);
	if (err == TRUSTX_OK)
		err = print_headers(out, names, &p);
	free_pieces(&p);
	return err;
}

static enum trustx_err add_digest(struct blob *out, const void *data, size_t len)
{
	uint8_t digest[DIGEST_LEN];
	char hex[2 * DIGEST_LEN + 1];
	size_t n = sizeof(digest);

	if (EVP_Q_digest(NULL, "SHA256", NULL, data, len, digest, &n) != 1)
		return TRUSTX_ERR_CRYPTO;
	hex_print(hex, digest, sizeof(digest));
	return blob_addf(out, "%s", hex);
}

static enum trustx_err canonical_request(
	struct blob *out, struct blob *names, const struct sigv4_request *rq)
{
	enum trustx_err err;

	if ((err = blob_addf(out, "%s\n", rq->method)) != TRUSTX_OK ||
		(err = sigv4_encode(out, rq->path, strlen(rq->path), "/")) != TRUSTX_OK ||
		(err = blob_add(out, "\n", 1)) != TRUSTX_OK ||
		(err = add_query(out, rq->query)) != TRUSTX_OK ||
		(err = blob_add(out, "\n", 1)) != TRUSTX_OK ||
		(err = add_headers(out, names, rq)) != TRUSTX_OK ||
		(err = blob_addf(out, "\n%s\n", blob_text(names))) != TRUSTX_OK)
		return err;
	return add_digest(out, rq->body, rq->body_len);
}

/* ---- the signature ---- */

static bool hmac(uint8_t out[static DIGEST_LEN], const void *key, size_t key_len, const char *text)
{
	size_t n = DIGEST_LEN;

	return EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, key_len, (const uint8_t *)text,
		       strlen(text), out, DIGEST_LEN, &n) != NULL;
}

static enum trustx_err sign(char hex[static 2 * DIGEST_LEN + 1], const char *to_sign,
	const struct sigv4_request *rq, const char *secret)
{
	const char *steps[] = { NULL, rq->region, rq->service, "aws4_request", to_sign };
	char start[SECRET_MAX + 5], day[9];
	uint8_t key[DIGEST_LEN];
	bool ok;

	if (strlen(secret) > SECRET_MAX)
		return TRUSTX_ERR_TOO_BIG;
	snprintf(day, sizeof(day), "%.8s", rq->date);
	snprintf(start, sizeof(start), "AWS4%s", secret);
	ok = hmac(key, start, strlen(start), day);
	for (size_t i = 1; ok && i < sizeof(steps) / sizeof(steps[0]); i++)
		ok = hmac(key, key, sizeof(key), steps[i]);
	if (ok)
		hex_print(hex, key, sizeof(key));
	mem_wipe(start, sizeof(start));
	mem_wipe(key, sizeof(key));
	return ok ? TRUSTX_OK : TRUSTX_ERR_CRYPTO;
}

static enum trustx_err authorize(struct blob *out, const struct sigv4_request *rq,
	const struct sigv4_keys *keys, struct blob work[3])
{
	struct blob *canonical = &work[0], *names = &work[1], *to_sign = &work[2];
	char scope[SCOPE_MAX], signature[2 * DIGEST_LEN + 1];
	enum trustx_err err;
	int n;

	n = snprintf(
		scope, sizeof(scope), "%.8s/%s/%s/aws4_request", rq->date, rq->region, rq->service);
	if (n < 0 || (size_t)n >= sizeof(scope))
		return TRUSTX_ERR_TOO_BIG;
	if ((err = canonical_request(canonical, names, rq)) != TRUSTX_OK ||
		(err = blob_addf(to_sign, ALGORITHM "\n%s\n%s\n", rq->date, scope)) != TRUSTX_OK ||
		(err = add_digest(to_sign, canonical->data, canonical->len)) != TRUSTX_OK ||
		(err = sign(signature, blob_text(to_sign), rq, keys->secret)) != TRUSTX_OK)
		return err;
	return blob_addf(out, ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
		keys->access_key, scope, blob_text(names), signature);
}

enum trustx_err sigv4_authorize(struct blob *out, const struct sigv4_request *request,
	const struct sigv4_keys *keys, struct fail *f)
{
	struct blob work[3];
	enum trustx_err err;

	for (size_t i = 0; i < 3; i++)
		blob_init(&work[i], TEXT_MAX);
	err = authorize(out, request, keys, work);
	for (size_t i = 0; i < 3; i++)
		blob_free(&work[i]);
	if (err == TRUSTX_OK)
		return TRUSTX_OK;
	return fail_set(f, err, "the request could not be signed: %s", trustx_err_text(err));
}
