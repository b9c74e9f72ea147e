/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The signer against the test suite that AWS published. */
#include "blob.h"
#include "file.h"
#include "sigv4.h"
#include "test.h"

#define HEADERS_MAX 16

static const struct sigv4_keys keys = { "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

struct vector {
	char *method, *path, *query, *body, *authorization;
	struct sigv4_header headers[HEADERS_MAX];
	char *values[HEADERS_MAX];
	size_t count;
};

static char *next_line(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	CHECK(end != NULL);
	*end = '\0';
	*at = end + 1;
	return line;
}

/* "GET /path?query HTTP/1.1"; the path may have blanks. */
static void take_request_line(struct vector *v, char *line)
{
	char *end = strrchr(line, ' ');

	CHECK(end != NULL);
	*end = '\0';
	v->method = line;
	v->path = strchr(line, ' ');
	*v->path++ = '\0';
	v->query = strchr(v->path, '?');
	if (v->query != NULL)
		*v->query++ = '\0';
	else
		v->query = end;
}

/* A line that begins with a blank goes on with the value before. */
static void take_header(struct vector *v, char *line)
{
	char *colon = strchr(line, ':');
	char *joined;

	if (line[0] == ' ' || line[0] == '\t') {
		const char *before = v->values[v->count - 1];
		size_t size = strlen(before) + strlen(line) + 1;

		CHECK((joined = malloc(size)) != NULL);
		snprintf(joined, size, "%s%s", before, line);
		free(v->values[v->count - 1]);
		v->values[v->count - 1] = joined;
		v->headers[v->count - 1].value = joined;
		return;
	}
	CHECK(colon != NULL && v->count < HEADERS_MAX);
	*colon = '\0';
	v->headers[v->count].name = line;
	CHECK((v->values[v->count] = strdup(colon + 1)) != NULL);
	v->headers[v->count].value = v->values[v->count];
	v->count++;
}

static void parse(struct vector *v, char **at)
{
	char *line = next_line(at);

	take_request_line(v, line + 1);
	v->body = line + strlen(line);
	while ((line = next_line(at))[0] == '|' && line[1] != '\0')
		take_header(v, line + 1);
	while (line[0] == '|') {
		v->body = line + 1;
		line = next_line(at);
	}
	CHECK(line[0] == '=' && line[1] == ' ');
	v->authorization = line + 2;
}

static void check_vector(const struct vector *v, const char *name)
{
	struct sigv4_request request = { .method = v->method,
		.path = v->path,
		.query = v->query,
		.headers = v->headers,
		.header_count = v->count,
		.body = v->body,
		.body_len = strlen(v->body),
		.date = "20150830T123600Z",
		.region = "us-east-1",
		.service = "service" };
	struct blob got;
	struct fail f;

	printf("    %s\n", name);
	blob_init(&got, 4096);
	CHECK_OK(sigv4_authorize(&got, &request, &keys, &f));
	CHECK_STR(blob_text(&got), v->authorization);
	blob_free(&got);
}

static void every_published_vector_is_signed_alike(void)
{
	unsigned cases = 0;
	struct blob text;
	struct fail f;
	char *at, *line;

	blob_init(&text, 65536);
	CHECK_OK(file_read(&text, GOLDEN "/sigv4/vectors.txt", &f));
	at = (char *)text.data;
	while (*at != '\0') {
		struct vector v = { .count = 0 };

		line = next_line(&at);
		if (strncmp(line, "== ", 3) != 0)
			continue;
		parse(&v, &at);
		check_vector(&v, line + 3);
		for (size_t i = 0; i < v.count; i++)
			free(v.values[i]);
		cases++;
	}
	blob_free(&text);
	CHECK_INT(cases, 26);
}

static void a_secret_too_long_to_be_one_is_refused(void)
{
	struct sigv4_header header = { "host", "a" };
	struct sigv4_request request = { "GET", "/", "", &header, 1, "", 0, "20150830T123600Z", "r",
		"s" };
	struct sigv4_keys bad = { "A", NULL };
	char secret[300];
	struct blob got;
	struct fail f;

	memset(secret, 'x', sizeof(secret));
	secret[sizeof(secret) - 1] = '\0';
	bad.secret = secret;
	blob_init(&got, 4096);
	CHECK_ERR(sigv4_authorize(&got, &request, &bad, &f), TRUSTX_ERR_TOO_BIG);
	CHECK_INT(got.len, 0);
	blob_free(&got);
}

int main(void)
{
	RUN(every_published_vector_is_signed_alike);
	RUN(a_secret_too_long_to_be_one_is_refused);
	return 0;
}
