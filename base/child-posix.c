/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "child.h"

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

extern char **environ; /* POSIX leaves it to the program to declare this */

#define TIMEOUT_S 60u
#define GRACE_MS  2000u /* from SIGTERM to SIGKILL */
#define TICK_MS	  10

/* A running program; to and from are our ends of its standard input and output, -1 once closed. */
struct run {
	const char *program;
	pid_t pid;
	int to, from;
	const char *left; /* what is still to be written */
	size_t left_len;
	struct blob *output;
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

/* Does one of ours replace this variable? */
static bool is_replaced(const char *variable, const char *const *ours)
{
	size_t name = strcspn(variable, "=") + 1;

	for (; *ours != NULL; ours++)
		if (strncmp(variable, *ours, name) == 0)
			return true;
	return false;
}

/* The environment of this process with our variables instead of inherited ones. */
static const char **make_environment(const char *const *ours)
{
	static const char *const none[] = { NULL };
	const char **env;
	size_t n = 0, m = 0;

	ours = ours != NULL ? ours : none;
	while (environ[n] != NULL)
		n++;
	while (ours[m] != NULL)
		m++;
	if ((env = calloc(n + m + 1, sizeof(*env))) == NULL)
		return NULL;
	n = 0;
	for (char **at = environ; *at != NULL; at++)
		if (!is_replaced(*at, ours))
			env[n++] = *at;
	for (; *ours != NULL; ours++)
		env[n++] = *ours;
	return env;
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

/* posix_spawnp changes neither of the lists, whatever its prototype says. */
static int spawn(struct run *r, int in, int out, const char *const *argv, const char **env)
{
	union {
		const char *const *given;
		char *const *taken;
	} args = { .given = argv }, vars = { .given = env };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	if ((rc = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
		(rc = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
		(rc = close_inherited(&actions)) == 0 && (rc = set_attributes(&attributes)) == 0)
		rc = posix_spawnp(
			&r->pid, r->program, &actions, &attributes, args.taken, vars.taken);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static enum trustx_err not_started(const char *program, int number, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_ISSUER, "%s could not be started: %s", program, strerror(number));
	if (number == ENOENT || number == ENOTDIR || number == ENAMETOOLONG)
		return fail_next(f, "give the path of a program, or the name of one on PATH");
	if (number == EACCES)
		return fail_next(f, "make it executable: chmod +x %s", program);
	if (number == ENOEXEC)
		return fail_next(f, "a script needs a first line such as #!/bin/sh");
	return f->err;
}

static enum trustx_err start_with(
	struct run *r, const struct child *child, int in, int out, struct fail *f)
{
	const char **env = make_environment(child->env);
	int rc;

	if (env == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	rc = spawn(r, in, out, child->argv, env);
	free(env);
	return rc == 0 ? TRUSTX_OK : not_started(r->program, rc, f);
}

static enum trustx_err start(struct run *r, const struct child *child, struct fail *f)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 };
	enum trustx_err err;

	if ((err = make_pipe(in, f)) != TRUSTX_OK || (err = make_pipe(out, f)) != TRUSTX_OK)
		goto out;
	if (fcntl(in[1], F_SETFL, O_NONBLOCK) != 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) != 0) {
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot make a pipe");
		goto out;
	}
	if ((err = start_with(r, child, in[0], out[1], f)) != TRUSTX_OK)
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

/* A program that does not want its input is judged by its output. */
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
	enum trustx_err err;
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
		else if ((err = blob_add(r->output, part, (size_t)n)) != TRUSTX_OK)
			return fail_set(
				f, err, "%s wrote more than %zu bytes", r->program, r->output->max);
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
static enum trustx_err talk(struct run *r, const struct child *child, struct fail *f)
{
	unsigned timeout_s = child->timeout_s != 0 ? child->timeout_s : TIMEOUT_S;
	uint64_t deadline = now_ms() + timeout_s * UINT64_C(1000);
	enum trustx_err err;

	while (!has_ended(r)) {
		struct pollfd fds[] = { { .fd = r->to, .events = POLLOUT },
			{ .fd = r->from, .events = POLLIN } };

		if (child->stop != NULL && child->stop())
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
	return fail_set(f, TRUSTX_ERR_ISSUER, "%s ended with exit status %d", r->program,
		WEXITSTATUS(status));
}

enum trustx_err child_run(struct blob *output, const struct child *child, struct fail *f)
{
	struct run r = { .program = child->argv[0], .to = -1, .from = -1, .output = output };
	enum trustx_err err;

	r.left = child->input != NULL ? child->input : "";
	r.left_len = strlen(r.left);
	if ((err = start(&r, child, f)) != TRUSTX_OK)
		goto out;
	if ((err = talk(&r, child, f)) != TRUSTX_OK) {
		stop(&r);
		goto out;
	}
	if ((err = collect(&r, f)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	close_fd(&r.to);
	close_fd(&r.from);
	return err;
}

bool child_split(char *text, const char **words, size_t max)
{
	char *to = text, quote = '\0';
	size_t n = 0;
	bool inside = false;

	for (; *text != '\0'; text++) {
		if (quote == '\0' && (*text == ' ' || *text == '\t')) {
			if (inside)
				*to++ = '\0';
			inside = false;
			continue;
		}
		if (!inside && n == max - 1)
			return false;
		if (!inside)
			words[n++] = to;
		inside = true;
		if (*text == quote || (quote == '\0' && (*text == '"' || *text == '\'')))
			quote = quote == '\0' ? *text : '\0';
		else if (*text == '\\' && quote != '\'' && text[1] != '\0')
			*to++ = *++text;
		else
			*to++ = *text;
	}
	*to = '\0';
	words[n] = NULL;
	return quote == '\0' && n > 0;
}
