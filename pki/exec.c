/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "exec.h"

#include "blob.h"
#include "cert.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MAX 65536u
#define TIMEOUT_S  60u
#define GRACE_MS   2000u /* from SIGTERM to SIGKILL */
#define TICK_MS	   10

/* A running issuer; to and from are our ends of its standard input and output, -1 once closed. */
struct run {
	const char *program;
	pid_t pid;
	int to, from;
	const char *left; /* what is still to be written */
	size_t left_len;
	struct blob output;
};

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- start ---- */

static bool is_ours(const char *variable)
{
	return strncmp(variable, "TRUSTX_UID=", 11) == 0 ||
	       strncmp(variable, "TRUSTX_SERIAL=", 14) == 0;
}

/* The environment of this process with our two variables instead of inherited ones. */
static char **make_environment(char *uid, char *serial)
{
	char **env;
	size_t n = 0;

	while (environ[n] != NULL)
		n++;
	if ((env = calloc(n + 3, sizeof(*env))) == NULL)
		return NULL;
	n = 0;
	for (char **at = environ; *at != NULL; at++)
		if (!is_ours(*at))
			env[n++] = *at;
	if (uid != NULL)
		env[n++] = uid;
	if (serial != NULL)
		env[n++] = serial;
	return env;
}

static enum trustx_err make_variable(char **variable, const char *name, const char *value)
{
	size_t size = strlen(name) + sizeof("=") + (value != NULL ? strlen(value) : 0);

	*variable = NULL;
	if (value == NULL)
		return TRUSTX_OK;
	if ((*variable = malloc(size)) == NULL)
		return TRUSTX_ERR_MEMORY;
	snprintf(*variable, size, "%s=%s", name, value);
	return TRUSTX_OK;
}

/* Both ends above 2, whatever this process has closed, so that the dup2 below are no mix-up. */
static enum trustx_err make_pipe(int ends[2], struct fail *f)
{
	int low[2];

	if (pipe(low) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot make a pipe");
	ends[0] = fcntl(low[0], F_DUPFD_CLOEXEC, 3);
	ends[1] = fcntl(low[1], F_DUPFD_CLOEXEC, 3);
	close(low[0]);
	close(low[1]);
	if (ends[0] < 0 || ends[1] < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot make a pipe");
	return TRUSTX_OK;
}

/* What this process inherited without close-on-exec stays here. */
static int close_inherited(posix_spawn_file_actions_t *actions)
{
	struct dirent *entry;
	int rc = 0, flags;
	DIR *dir;

	if ((dir = opendir("/dev/fd")) == NULL)
		return 0;
	while (rc == 0 && (entry = readdir(dir)) != NULL) {
		long fd = strtol(entry->d_name, NULL, 10);

		if (fd <= STDERR_FILENO || (flags = fcntl((int)fd, F_GETFD)) < 0)
			continue;
		if ((flags & FD_CLOEXEC) == 0)
			rc = posix_spawn_file_actions_addclose(actions, (int)fd);
	}
	closedir(dir);
	return rc;
}

/* A process group of its own, to be ended with all it started; no signal state of ours. */
static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, defaults;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGTERM);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &defaults);
	return posix_spawnattr_setflags(
		attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(struct run *r, int in, int out, char **env)
{
	char *program = strdup(r->program);
	char *argv[] = { program, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc;

	if (program == NULL)
		return ENOMEM;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if ((rc = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
		(rc = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
		(rc = close_inherited(&actions)) == 0 && (rc = set_attributes(&attributes)) == 0)
		rc = posix_spawnp(&r->pid, r->program, &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(program);
	return rc;
}

static enum trustx_err not_started(const char *program, int number, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_ISSUER, "%s could not be started: %s", program, strerror(number));
	if (number == ENOENT && strchr(program, ' ') != NULL)
		return fail_next(
			f, "it gets no arguments: write a script that contains the command");
	if (number == ENOENT)
		return fail_next(f, "give the path of a program, or the name of one on PATH");
	if (number == EACCES)
		return fail_next(f, "make it executable: chmod +x %s", program);
	if (number == ENOEXEC)
		return fail_next(f, "a script needs a first line such as #!/bin/sh");
	return f->err;
}

static enum trustx_err start_with(
	struct run *r, const struct exec_issuer *issuer, int in, int out, struct fail *f)
{
	char *uid = NULL, *serial = NULL, **env = NULL;
	enum trustx_err err;
	int rc;

	if (make_variable(&uid, "TRUSTX_UID", issuer->uid) != TRUSTX_OK ||
		make_variable(&serial, "TRUSTX_SERIAL", issuer->serial) != TRUSTX_OK ||
		(env = make_environment(uid, serial)) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	if ((rc = spawn(r, in, out, env)) != 0) {
		err = not_started(r->program, rc, f);
		goto out;
	}

	err = TRUSTX_OK;
out:
	free(env);
	free(uid);
	free(serial);
	return err;
}

static enum trustx_err start(struct run *r, const struct exec_issuer *issuer, struct fail *f)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	enum trustx_err err;

	if ((err = make_pipe(in, f)) != TRUSTX_OK || (err = make_pipe(out, f)) != TRUSTX_OK)
		goto out;
	if (fcntl(in[1], F_SETFL, O_NONBLOCK) != 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) != 0) {
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot make a pipe");
		goto out;
	}
	if ((err = start_with(r, issuer, in[0], out[1], f)) != TRUSTX_OK)
		goto out;
	r->to = in[1]; /* transferred */
	in[1] = -1;
	r->from = out[0]; /* transferred */
	out[0] = -1;

	err = TRUSTX_OK;
out:
	close_fd(&in[0]);
	close_fd(&in[1]);
	close_fd(&out[0]);
	close_fd(&out[1]);
	return err;
}

/* ---- talk ---- */

/* write(2) that yields EPIPE without SIGPIPE, leaving the process's signal state as it was. */
static ssize_t write_quietly(int fd, const void *data, size_t len)
{
	sigset_t pipe_only, before, pending;
	int taken, number;
	ssize_t n;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	sigpending(&pending);
	taken = sigismember(&pending, SIGPIPE);
	n = write(fd, data, len);
	number = errno;
	sigpending(&pending);
	if (n < 0 && number == EPIPE && !taken && sigismember(&pending, SIGPIPE))
		sigwait(&pipe_only, &taken);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = number;
	return n;
}

/* An issuer that does not want its input is judged by its output. */
static void feed(struct run *r)
{
	ssize_t n = write_quietly(r->to, r->left, r->left_len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		r->left += n;
		r->left_len -= (size_t)n;
	}
	if (n < 0 || r->left_len == 0)
		close_fd(&r->to);
}

/* Take what has arrived; from is closed at its end. */
static enum trustx_err drain(struct run *r, struct fail *f)
{
	char part[4096];
	ssize_t n;

	while (r->from >= 0) {
		if ((n = read(r->from, part, sizeof(part))) < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return TRUSTX_OK;
		if (n < 0)
			return fail_errno(f, TRUSTX_ERR_FILE, "cannot read from %s", r->program);
		if (n == 0)
			close_fd(&r->from);
		else if (blob_add(&r->output, part, (size_t)n) != TRUSTX_OK)
			return fail_set(f, TRUSTX_ERR_ISSUER,
				"%s wrote more than %u bytes: no certificate chain is that long",
				r->program, OUTPUT_MAX);
	}
	return TRUSTX_OK;
}

/* Without collecting it: its pid, and so its group's, stays taken. */
static bool has_ended(const struct run *r)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
		return errno == ECHILD;
	return info.si_pid == r->pid;
}

/*
 * Until it has ended, not until its output has: a process it left behind may hold that open.
 * Output that it wrote before it ended is in the pipe by then.
 */
static enum trustx_err talk(struct run *r, const struct exec_issuer *issuer, struct fail *f)
{
	unsigned timeout_s = issuer->timeout_s != 0 ? issuer->timeout_s : TIMEOUT_S;
	uint64_t deadline = now_ms() + timeout_s * UINT64_C(1000);
	enum trustx_err err;

	while (!has_ended(r)) {
		struct pollfd fds[] = { { .fd = r->to, .events = POLLOUT },
			{ .fd = r->from, .events = POLLIN } };

		if (issuer->stop != NULL && issuer->stop())
			return fail_set(f, TRUSTX_ERR_INTERRUPTED,
				"%s was ended before it answered", r->program);
		if (now_ms() >= deadline)
			return fail_set(f, TRUSTX_ERR_ISSUER, "%s gave no answer within %u s",
				r->program, timeout_s);
		poll(fds, 2, TICK_MS);
		if (fds[0].revents != 0)
			feed(r);
		if (fds[1].revents != 0 && (err = drain(r, f)) != TRUSTX_OK)
			return err;
	}
	return drain(r, f);
}

/* ---- end ---- */

static pid_t reap(const struct run *r, int *status)
{
	pid_t pid;

	do
		pid = waitpid(r->pid, status, 0);
	while (pid < 0 && errno == EINTR);
	return pid;
}

static void stop(const struct run *r)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };
	uint64_t end = now_ms() + GRACE_MS;
	int status;

	kill(-r->pid, SIGTERM);
	while (!has_ended(r) && now_ms() < end)
		nanosleep(&tick, NULL);
	kill(-r->pid, SIGKILL);
	reap(r, &status);
}

static enum trustx_err collect(const struct run *r, struct fail *f)
{
	int status;

	if (reap(r, &status) < 0)
		return fail_errno(f, TRUSTX_ERR_ISSUER, "how %s ended is unknown", r->program);
	if (WIFSIGNALED(status))
		return fail_set(f, TRUSTX_ERR_ISSUER, "%s was killed by signal %d (%s)", r->program,
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == 0)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_ISSUER, "%s ended with exit status %d", r->program,
		WEXITSTATUS(status));
	return fail_next(f, "its own messages say why; it reads the CSR from standard input");
}

static enum trustx_err parse_output(STACK_OF(X509) **certs, const struct run *r, struct fail *f)
{
	struct fail inner;

	if (r->output.len == 0)
		fail_set(f, TRUSTX_ERR_ISSUER, "%s wrote no certificate", r->program);
	else if (cert_parse(certs, r->output.data, r->output.len, &inner) == TRUSTX_OK)
		return TRUSTX_OK;
	else
		fail_set(f, TRUSTX_ERR_ISSUER, "what %s wrote is no certificate: %s", r->program,
			inner.why);
	return fail_next(f, "it must write the certificate as PEM to standard output");
}

enum trustx_err exec_issue(STACK_OF(X509) **certs, const struct exec_issuer *issuer,
	const char *csr_pem, struct fail *f)
{
	struct run r = { .program = issuer->program, .to = -1, .from = -1, .left = csr_pem };
	enum trustx_err err;

	*certs = NULL;
	r.left_len = strlen(csr_pem);
	blob_init(&r.output, OUTPUT_MAX);
	if ((err = start(&r, issuer, f)) != TRUSTX_OK)
		goto out;
	if ((err = talk(&r, issuer, f)) != TRUSTX_OK) {
		stop(&r);
		goto out;
	}
	if ((err = collect(&r, f)) != TRUSTX_OK)
		goto out;
	if ((err = parse_output(certs, &r, f)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	if (err != TRUSTX_OK)
		fail_what(f, "let exec:%s issue the certificate", issuer->program);
	close_fd(&r.to);
	close_fd(&r.from);
	blob_free(&r.output);
	return err;
}
