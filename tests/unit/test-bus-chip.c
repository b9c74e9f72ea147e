/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The whole host library over every bus there is, and clients that die in the middle. */
#include "test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus.h"
#include "trustx.h"

#define DEATHS_MAX 3000

struct server {
	pid_t pid;
	char uri[200];
};

static void start_server(struct server *s, const char *listen, const char *clock)
{
	char program[1000], line[250] = "";
	int ends[2];
	FILE *out;

	CHECK(getenv("TRUSTX_BIN") != NULL);
	snprintf(program, sizeof(program), "%s/trustx-sim", getenv("TRUSTX_BIN"));
	CHECK_INT(pipe(ends), 0);
	if ((s->pid = fork()) == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, program, "serve", "--listen", listen, "--clock", clock, "--state",
			"chip", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	CHECK(fgets(line, sizeof(line), out) != NULL);
	CHECK_INT(sscanf(line, "listening on %199s", s->uri), 1);
	fclose(out);
}

static void stop_server(struct server *s)
{
	int status;

	CHECK_INT(kill(s->pid, SIGTERM), 0);
	CHECK_INT(waitpid(s->pid, &status, 0), s->pid);
	CHECK_INT(status, 0);
}

/* Opens, reads the UID, asks for random bytes. */
static void use_chip(uint8_t uid[static TRUSTX_UID_LEN], const struct trustx_bus *bus)
{
	uint8_t noise[300], zero[300] = { 0 };
	struct trustx se;
	enum trustx_err err = trustx_open(&se, bus, NULL);

	if (err != TRUSTX_OK)
		fprintf(stderr, "open: %s %s\n", trustx_error_text(&se), trustx_bus_reason(bus));
	CHECK_OK(err);
	CHECK_OK(trustx_read_uid(&se, uid));
	CHECK_OK(trustx_random(&se, noise, sizeof(noise)));
	CHECK(memcmp(noise, zero, sizeof(noise)) != 0);
	trustx_close(&se);
}

static void use_uri(uint8_t uid[static TRUSTX_UID_LEN], const char *uri)
{
	struct trustx_bus bus;
	struct fail f;

	if (trustx_bus_open(&bus, uri, &f) != TRUSTX_OK) {
		fprintf(stderr, "%s: %s\n", uri, f.why);
		exit(1);
	}
	use_chip(uid, &bus);
	trustx_bus_close(&bus);
}

static void every_bus_reaches_the_same_chip(void)
{
	static const struct {
		const char *listen, *clock;
	} servers[] = {
		{ "unix:bus.socket", "virtual" },
		{ "unix:bus.socket", "real" },
		{ "tcp:127.0.0.1:0", "virtual" },
		{ "tcp:127.0.0.1:0", "real" },
		{ "tcp:[::1]:0", "virtual" },
	};
	uint8_t want[TRUSTX_UID_LEN], got[TRUSTX_UID_LEN];

	use_uri(want, "sim:chip");
	use_uri(got, "sim:chip?clock=real");
	CHECK_MEM(got, want, sizeof(want));
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		struct server s;

		start_server(&s, servers[i].listen, servers[i].clock);
		for (int turn = 0; turn < 2; turn++) {
			memset(got, 0, sizeof(got));
			use_uri(got, s.uri);
			CHECK_MEM(got, want, sizeof(want));
		}
		stop_server(&s);
	}
}

/* A bus whose process dies before its last transfer. */
struct mortal {
	struct trustx_bus bus;
	unsigned left;
};

static void live_on(struct mortal *m)
{
	if (m->left-- == 0)
		kill(getpid(), SIGKILL);
}

static enum trustx_err mortal_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct mortal *m = ctx;

	live_on(m);
	return m->bus.ops->write(m->bus.ctx, addr, data, len);
}

static enum trustx_err mortal_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct mortal *m = ctx;

	live_on(m);
	return m->bus.ops->read(m->bus.ctx, addr, data, len);
}

static enum trustx_err mortal_set_speed(void *ctx, uint32_t hz)
{
	struct mortal *m = ctx;

	return m->bus.ops->set_speed(m->bus.ctx, hz);
}

static enum trustx_err mortal_set_reset(void *ctx, bool released)
{
	struct mortal *m = ctx;

	live_on(m);
	return m->bus.ops->set_reset(m->bus.ctx, released);
}

static uint64_t mortal_now_us(void *ctx)
{
	struct mortal *m = ctx;

	return m->bus.ops->now_us(m->bus.ctx);
}

static void mortal_sleep_us(void *ctx, uint32_t us)
{
	struct mortal *m = ctx;

	m->bus.ops->sleep_us(m->bus.ctx, us);
}

static const struct trustx_bus_ops mortal_ops = {
	.write = mortal_write,
	.read = mortal_read,
	.set_speed = mortal_set_speed,
	.set_reset = mortal_set_reset,
	.now_us = mortal_now_us,
	.sleep_us = mortal_sleep_us,
};

/* Did the client come to its end before it died? */
static bool client_survives(const char *uri, unsigned transfers)
{
	struct mortal m = { .left = transfers };
	const struct trustx_bus bus = { .ops = &mortal_ops, .ctx = &m };
	uint8_t uid[TRUSTX_UID_LEN];
	pid_t child = fork();
	struct fail f;
	int status;

	if (child == 0) {
		CHECK_OK(trustx_bus_open(&m.bus, uri, &f));
		use_chip(uid, &bus);
		trustx_bus_close(&m.bus);
		_exit(0);
	}
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
	return status == 0;
}

static void kill_clients_of(const char *uri)
{
	uint8_t want[TRUSTX_UID_LEN], got[TRUSTX_UID_LEN];
	unsigned transfers = 0;

	use_uri(want, uri);
	while (!client_survives(uri, transfers)) {
		/* The next is sometimes killed as well, before one is left alone. */
		if (transfers % 3 == 0)
			(void)client_survives(uri, transfers * 7 % 50);
		use_uri(got, uri);
		CHECK_MEM(got, want, sizeof(want));
		CHECK(++transfers < DEATHS_MAX);
	}
	CHECK(transfers > 20);
}

static void client_killed_before_any_transfer_leaves_a_usable_chip(void)
{
	struct server s;

	start_server(&s, "unix:bus.socket", "virtual");
	kill_clients_of(s.uri);
	stop_server(&s);
}

static void process_killed_before_any_transfer_leaves_a_usable_file(void)
{
	kill_clients_of("sim:chip");
}

static void client_killed_at_any_time_leaves_a_usable_chip(void)
{
	uint8_t want[TRUSTX_UID_LEN], got[TRUSTX_UID_LEN];
	struct server s;

	start_server(&s, "tcp:0", "real");
	use_uri(want, s.uri);
	for (unsigned us = 0; us < 60000; us += 4211) {
		pid_t child = fork();

		if (child == 0) {
			use_uri(got, s.uri);
			_exit(0);
		}
		usleep(us);
		kill(child, SIGKILL);
		CHECK_INT(waitpid(child, NULL, 0), child);
		use_uri(got, s.uri);
		CHECK_MEM(got, want, sizeof(want));
	}
	stop_server(&s);
}

static void server_in_use_says_so(void)
{
	struct trustx_bus bus, second;
	struct server s;
	struct fail f;

	start_server(&s, "unix:bus.socket", "virtual");
	CHECK_OK(trustx_bus_open(&bus, s.uri, &f));
	CHECK_ERR(trustx_bus_open(&second, s.uri, &f), TRUSTX_ERR_IN_USE);
	CHECK_STR(f.what, "open the device 'unix:bus.socket'");
	CHECK_STR(f.why, "another client is connected to this chip");
	CHECK_STR(f.next, "end that program or wait for it");
	trustx_bus_close(&bus);
	CHECK_OK(trustx_bus_open(&second, s.uri, &f));
	trustx_bus_close(&second);
	stop_server(&s);
}

static void server_that_dies_is_a_bus_error_with_its_reason(void)
{
	uint8_t uid[TRUSTX_UID_LEN];
	struct trustx_bus bus;
	struct trustx se;
	struct server s;
	struct fail f;

	start_server(&s, "unix:bus.socket", "virtual");
	CHECK_OK(trustx_bus_open(&bus, s.uri, &f));
	CHECK_OK(trustx_open(&se, &bus, NULL));
	stop_server(&s);
	CHECK_ERR(trustx_read_uid(&se, uid), TRUSTX_ERR_BUS);
	CHECK(strstr(trustx_bus_reason(&bus), "connection") != NULL);
	trustx_close(&se);
	trustx_bus_close(&bus);
}

int main(void)
{
	unlink("chip");
	RUN(every_bus_reaches_the_same_chip);
	RUN(server_in_use_says_so);
	RUN(server_that_dies_is_a_bus_error_with_its_reason);
	RUN(client_killed_before_any_transfer_leaves_a_usable_chip);
	RUN(process_killed_before_any_transfer_leaves_a_usable_file);
	RUN(client_killed_at_any_time_leaves_a_usable_chip);
	return 0;
}
