/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The stand-in for AWS (tests/aws/standin.py) beside a C test, and a client of ours at it. */
#ifndef TESTS_UNIT_STANDIN_H
#define TESTS_UNIT_STANDIN_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iot-setup.h"
#include "test.h"

#define STANDIN_REGION	       "eu-central-1"
#define STANDIN_KEY	       "AKIAIOSFODNN7EXAMPLE"
#define STANDIN_SECRET	       "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define STANDIN_ACCOUNT	       "123456789012"
#define STANDIN_SESSION_KEY    "ASIAIOSFODNN7EXAMPLE"
#define STANDIN_SESSION_SECRET "sessionSecretFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define STANDIN_TOKEN	       "standin+session/token=="

struct standin {
	pid_t pid;
	unsigned port;
	char url[64];
};

static inline const char *standin_python(void)
{
	return access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
}

static inline void standin_exec(int out, const char *const *options)
{
	const char *source = getenv("TRUSTX_SOURCE"), *argv[32] = { standin_python() };
	char path[4096];
	size_t n = 2;
	int err = open("standin.err", O_CREAT | O_TRUNC | O_WRONLY, 0600);

	snprintf(path, sizeof(path), "%s/tests/aws/standin.py", source != NULL ? source : ".");
	argv[1] = path;
	for (; options != NULL && *options != NULL && n < 31; options++)
		argv[n++] = *options;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(out, 1);
	dup2(err, 2);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static inline void standin_failed(void)
{
	char text[2048] = "";
	int fd = open("standin.err", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n > 0 && strstr(text, "No module named 'cryptography'") != NULL)
		skip("python3-cryptography is missing");
	fprintf(stderr, "%s\n", text);
	test_die(__FILE__, __LINE__, "the stand-in does not start");
}

/* options: NULL, or to a NULL. */
static inline void standin_start(struct standin *s, const char *const *options)
{
	char line[128] = "";
	int fds[2];
	FILE *out;

	CHECK(pipe(fds) == 0);
	CHECK((s->pid = fork()) >= 0);
	if (s->pid == 0)
		standin_exec(fds[1], options);
	close(fds[1]);
	CHECK((out = fdopen(fds[0], "r")) != NULL);
	if (fgets(line, sizeof(line), out) == NULL ||
		sscanf(line, "listening on %63s", s->url) != 1)
		standin_failed();
	s->port = (unsigned)strtoul(strrchr(s->url, ':') + 1, NULL, 10);
	fclose(out);
}

static inline void standin_stop(struct standin *s)
{
	int status;

	CHECK(kill(s->pid, SIGTERM) == 0);
	CHECK(waitpid(s->pid, &status, 0) == s->pid);
}

static inline int standin_connect(const struct standin *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	return fd;
}

/* Its own door, over http only: what it answers, the caller's to json_decref. */
static inline json_t *standin_ask(const struct standin *s, const char *path, const char *body)
{
	static char text[1 << 20];
	int fd = standin_connect(s);
	size_t len = 0;
	ssize_t n;
	json_t *answer;
	char *begin;

	n = snprintf(text, sizeof(text),
		"%s /_control%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
		"%zu\r\n\r\n%s",
		body != NULL ? "POST" : "GET", path, body != NULL ? strlen(body) : 0,
		body != NULL ? body : "");
	CHECK(send(fd, text, (size_t)n, 0) == n);
	while ((n = recv(fd, text + len, sizeof(text) - 1 - len, 0)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fd);
	CHECK((begin = strstr(text, "\r\n\r\n")) != NULL);
	CHECK((answer = json_loads(begin + 4, 0, NULL)) != NULL);
	CHECK(strncmp(text, "HTTP/1.1 200", 12) == 0);
	return answer;
}

static inline void standin_control(const struct standin *s, const char *body)
{
	json_decref(standin_ask(s, "", body));
}

/* Start anew with one fault, such as "lost@CreateThing#1"; NULL: with none. */
static inline void standin_fault(const struct standin *s, const char *rule)
{
	char body[256];

	snprintf(body, sizeof(body), "{\"reset\":true,\"clock\":0,\"rate\":0,\"faults\":[%s%s%s]}",
		rule ? "\"" : "", rule ? rule : "", rule ? "\"" : "");
	standin_control(s, body);
}

/* A member of its statistics; with an operation how often that was asked. */
static inline long long standin_count(const struct standin *s, const char *name)
{
	json_t *stats = standin_ask(s, "/stats", NULL);
	json_t *one = json_object_get(stats, name);
	long long count;

	if (one == NULL)
		one = json_object_get(json_object_get(stats, "operations"), name);
	count = json_integer_value(one);
	json_decref(stats);
	return count;
}

/* Of its journal, which also one with TLS writes: requests, connections. */
static inline void standin_read_journal(const char *path, unsigned *requests, unsigned *connections)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	*requests = *connections = 0;
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		json_t *entry = json_loads(line, 0, NULL);

		*requests += 1;
		*connections = (unsigned)json_integer_value(json_object_get(entry, "connection"));
		json_decref(entry);
	}
	if (file != NULL)
		fclose(file);
}

/* Nothing of whoever runs the test. */
static inline void standin_forget(void)
{
	extern char **environ;

	for (char **e = environ; *e != NULL;) {
		char name[128];
		size_t len = strcspn(*e, "=");

		snprintf(name, sizeof(name), "%.*s", (int)(len < 100 ? len : 100), *e);
		if (strncmp(name, "AWS_", 4) == 0 || strcasecmp(name, "http_proxy") == 0 ||
			strcasecmp(name, "https_proxy") == 0 ||
			strcasecmp(name, "all_proxy") == 0 || strcasecmp(name, "no_proxy") == 0) {
			unsetenv(name);
			e = environ;
		} else {
			e++;
		}
	}
	setenv("AWS_CONFIG_FILE", "no-config", 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "no-credentials", 1);
}

static inline void standin_environment(void)
{
	standin_forget();
	setenv("AWS_ACCESS_KEY_ID", STANDIN_KEY, 1);
	setenv("AWS_SECRET_ACCESS_KEY", STANDIN_SECRET, 1);
}

static inline struct cloud *standin_open(const char *url)
{
	const struct cloud_options opt = {
		.region = STANDIN_REGION, .endpoint_url = url, .backoff_ms = 1
	};
	struct cloud *cloud;
	struct fail f;

	CHECK_OK(cloud_open(&cloud, &opt, &f));
	return cloud;
}

#define DO(err, f) ((err) == TRUSTX_OK ? (void)0 : test_die(__FILE__, __LINE__, (f).why))

#endif
