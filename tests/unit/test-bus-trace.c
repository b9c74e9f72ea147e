/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus.h"
#include "file.h"
#include "tracefile.h"

#define SIM	   "sim:trace-chip"
#define REASON_MAX sizeof(((struct fail *)0)->why)

static void load(struct blob *b, const char *path)
{
	struct fail f;

	blob_init(b, (size_t)1 << 24);
	CHECK_OK(file_read(b, path, &f));
}

static void save(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	CHECK(fd >= 0);
	CHECK_INT(fchmod(fd, mode), 0);
	CHECK_INT(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Open the chip at uri and read its UID. reason: of the bus, when that fails. */
static enum trustx_err read_uid(
	uint8_t uid[TRUSTX_UID_LEN], char reason[static REASON_MAX], const char *uri)
{
	struct trustx_bus bus;
	struct trustx se;
	struct fail f;
	enum trustx_err err;

	if (trustx_bus_open(&bus, uri, &f) != TRUSTX_OK) {
		snprintf(reason, REASON_MAX, "%s", f.why);
		return f.err;
	}
	if ((err = trustx_open(&se, &bus, NULL)) == TRUSTX_OK)
		err = trustx_read_uid(&se, uid);
	snprintf(reason, REASON_MAX, "%s", trustx_bus_reason(&bus));
	trustx_close(&se);
	trustx_bus_close(&bus);
	return err;
}

static void record(const char *uri)
{
	uint8_t uid[TRUSTX_UID_LEN];
	char reason[REASON_MAX];

	CHECK_OK(read_uid(uid, reason, uri));
}

static void check_refused(const char *uri, enum trustx_err err, const char *why)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_ERR(trustx_bus_open(&bus, uri, &f), err);
	if (strstr(f.why, why) == NULL)
		CHECK_STR(f.why, why);
}

/* How often needle is in the file. */
static unsigned count(const char *path, const char *needle)
{
	struct blob b;
	unsigned n = 0;

	load(&b, path);
	for (const char *at = strstr(blob_text(&b), needle); at != NULL;
		at = strstr(at + 1, needle))
		n++;
	blob_free(&b);
	return n;
}

static void a_recorded_run_replays_and_records_the_same_again(void)
{
	uint8_t uid[TRUSTX_UID_LEN], again[TRUSTX_UID_LEN];
	struct blob first, second;
	char reason[REASON_MAX];

	unlink("a.trace");
	unlink("b.trace");
	CHECK_OK(read_uid(uid, reason, "trace:a.trace:" SIM "?scale=0.5&jitter=3"));
	CHECK_OK(read_uid(again, reason, "play:a.trace"));
	CHECK_MEM(again, uid, sizeof(uid));
	CHECK_OK(read_uid(again, reason, "trace:b.trace:play:a.trace"));
	load(&first, "a.trace");
	load(&second, "b.trace");
	CHECK_STR(blob_text(&second), blob_text(&first));
	blob_free(&first);
	blob_free(&second);
}

static void the_recorded_bus_is_played_with_its_limits(void)
{
	uint8_t uid[TRUSTX_UID_LEN];
	char reason[REASON_MAX];

	unlink("a.trace");
	record("trace:a.trace:" SIM "?frame=55&speed=100000");
	CHECK_INT(count("a.trace", " transfer=56 hz=100000 "), 1);
	CHECK_OK(read_uid(uid, reason, "play:a.trace"));
	CHECK_ERR(read_uid(uid, reason, "play:a.trace?frame=100"), TRUSTX_ERR_BUS);
	CHECK(strstr(reason, "of the trace: the program wants another write") != NULL);
}

static void a_replay_says_where_the_program_strays(void)
{
	struct trustx_bus bus;
	struct trustx se;
	struct fail f;
	uint8_t data[2];

	unlink("a.trace");
	record("trace:a.trace:" SIM);
	CHECK_OK(trustx_bus_open(&bus, "play:a.trace", &f));
	CHECK(trustx_bus_is_virtual(&bus));
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_ERR(trustx_random(&se, data, sizeof(data)), TRUSTX_ERR_BUS);
	CHECK(strstr(trustx_bus_reason(&bus), "of the trace: there write of") != NULL);
	CHECK(strstr(trustx_bus_reason(&bus), "only what it recorded") != NULL);
	trustx_close(&se);
	trustx_bus_close(&bus);
	CHECK_OK(trustx_bus_open(&bus, "play:a.trace", &f));
	CHECK_OK(trustx_open(&se, &bus, NULL));
	CHECK_OK(trustx_read_uid(&se, (uint8_t[TRUSTX_UID_LEN]){ 0 }));
	CHECK_ERR(trustx_random(&se, data, sizeof(data)), TRUSTX_ERR_BUS);
	CHECK(strstr(trustx_bus_reason(&bus), "the trace ends after ") != NULL);
	trustx_close(&se);
	trustx_bus_close(&bus);
}

static void recorded_failures_come_back(void)
{
	uint8_t byte = 0x82;
	struct trustx_bus bus;
	struct fail f;

	save("a.trace",
		"trustx-trace 1 raw clock=5 addr=31 transfer=0 hz=0 lines=p\n"
		"10 2 write TRUSTX_ERR_NACK 31 82\n"
		"20 2 read TRUSTX_ERR_BUS 31 1\n"
		"30 2 power TRUSTX_ERR_BUS 0\n",
		0600);
	CHECK_OK(trustx_bus_open(&bus, "play:a.trace", &f));
	CHECK_INT(bus.addr, 0x31);
	CHECK(bus.ops->set_reset == NULL && bus.ops->set_speed == NULL);
	CHECK_INT(bus.ops->now_us(bus.ctx), 5);
	CHECK_ERR(bus.ops->write(bus.ctx, 0x31, &byte, 1), TRUSTX_ERR_NACK);
	CHECK_INT(bus.ops->now_us(bus.ctx), 12);
	CHECK_ERR(bus.ops->read(bus.ctx, 0x31, &byte, 1), TRUSTX_ERR_BUS);
	CHECK_STR(trustx_bus_reason(&bus), "as recorded in line 3 of the trace");
	CHECK_ERR(bus.ops->set_power(bus.ctx, false), TRUSTX_ERR_BUS);
	bus.ops->sleep_us(bus.ctx, 68);
	CHECK_INT(bus.ops->now_us(bus.ctx), 100);
	trustx_bus_close(&bus);
}

static void the_file_is_private(void)
{
	struct stat st;

	unlink("a.trace");
	record("trace:a.trace:" SIM);
	CHECK_INT(stat("a.trace", &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	CHECK_INT(chmod("a.trace", 0644), 0);
	record("trace:a.trace:" SIM);
	CHECK_INT(stat("a.trace", &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
}

static void another_run_adds_a_session(void)
{
	uint8_t uid[TRUSTX_UID_LEN];
	char reason[REASON_MAX];

	unlink("a.trace");
	record("trace:a.trace:" SIM);
	record("trace:a.trace:" SIM);
	CHECK_INT(count("a.trace", "trustx-trace 1 raw "), 2);
	check_refused("play:a.trace", TRUSTX_ERR_INPUT, "the trace has 2 sessions");
	check_refused("play:a.trace?session=3", TRUSTX_ERR_INPUT, "the trace has no session 3");
	check_refused("play:a.trace?session=0", TRUSTX_ERR_INPUT, "the trace has no session 0");
	CHECK_OK(read_uid(uid, reason, "play:a.trace?session=1"));
	CHECK_OK(read_uid(uid, reason, "play:a.trace?session=2"));
}

static void a_session_after_a_cut_one_can_be_read(void)
{
	struct blob b;
	uint8_t uid[TRUSTX_UID_LEN];
	char reason[REASON_MAX];

	unlink("a.trace");
	record("trace:a.trace:" SIM);
	load(&b, "a.trace");
	CHECK_INT(truncate("a.trace", (off_t)b.len - 7), 0);
	blob_free(&b);
	record("trace:a.trace:" SIM);
	CHECK_INT(count("a.trace", " ~\ntrustx-trace 1 raw "), 1);
	CHECK_OK(read_uid(uid, reason, "play:a.trace?session=2"));
}

static void what_is_no_trace_is_not_touched(void)
{
	struct blob b;

	save("a.trace", "shopping list\n", 0644);
	check_refused("trace:a.trace:" SIM, TRUSTX_ERR_EXISTS, "is there and is not a trace");
	load(&b, "a.trace");
	CHECK_STR(blob_text(&b), "shopping list\n");
	blob_free(&b);
	check_refused("play:a.trace", TRUSTX_ERR_INPUT, "it is not a trace of trustx");
	save("a.trace", "trustx-trace 1 redacted clock=0 addr=00 transfer=0 hz=0 lines=-\n", 0644);
	check_refused("trace:a.trace:" SIM, TRUSTX_ERR_EXISTS, "is a redacted trace");
	check_refused("play:a.trace", TRUSTX_ERR_INPUT, "the trace is redacted");
	check_refused("trace:/dev/null:" SIM, TRUSTX_ERR_INPUT, "is not a regular file");
}

static void two_cannot_record_into_one_file(void)
{
	struct trustx_bus bus;
	struct fail f;

	unlink("a.trace");
	CHECK_OK(trustx_bus_open(&bus, "trace:a.trace:" SIM, &f));
	check_refused("trace:a.trace:sim:trace-other", TRUSTX_ERR_IN_USE,
		"another program is recording into a.trace");
	CHECK_INT(access("trace-other", F_OK), -1);
	trustx_bus_close(&bus);
}

static void uris_are_checked(void)
{
	static const char *const forms[] = { "trace:", "trace:a.trace",
		"trace:a.trace:", "trace::sim:x" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		check_refused(forms[i], TRUSTX_ERR_INPUT, "a trace is written trace:FILE:URI");
	unlink("a.trace");
	check_refused("trace:a%zz:" SIM, TRUSTX_ERR_INPUT, "is not % and two hexadecimal digits");
	check_refused("trace:a.trace:usb:x", TRUSTX_ERR_INPUT, "'usb:x' does not begin with");
	CHECK_INT(access("a.trace", F_OK), -1);
	check_refused("trace:no/such/a.trace:" SIM, TRUSTX_ERR_FILE, "cannot write the trace");
	check_refused("play:", TRUSTX_ERR_INPUT, "the file of the trace is missing");
	check_refused("play:no.trace", TRUSTX_ERR_INPUT, "there is no file no.trace");
	unlink("a:b?.trace");
	record("trace:a%3Ab%3F.trace:" SIM);
	CHECK_INT(access("a:b?.trace", F_OK), 0);
}

static void a_killed_run_leaves_a_trace(void)
{
	uint8_t reg = 0x82, state[4];
	struct trustx_bus bus;
	struct fail f;
	pid_t child;
	int status;

	unlink("a.trace");
	if ((child = fork()) == 0) {
		if (trustx_bus_open(&bus, "trace:a.trace:" SIM, &f) != TRUSTX_OK)
			_exit(1);
		bus.ops->sleep_us(bus.ctx, 20000);
		(void)!bus.ops->write(bus.ctx, 0x30, &reg, 1);
		bus.ops->sleep_us(bus.ctx, 50);
		(void)!bus.ops->read(bus.ctx, 0x30, state, sizeof(state));
		kill(getpid(), SIGKILL);
	}
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK(WIFSIGNALED(status));
	CHECK_INT(count("a.trace", " read ok 30 08000000\n"), 1);
}

static void a_trace_that_cannot_grow_ends_the_run(void)
{
	const struct rlimit small = { 300, RLIM_INFINITY };
	struct rlimit before;
	uint8_t uid[TRUSTX_UID_LEN];
	char reason[REASON_MAX];

	unlink("a.trace");
	unlink("c.trace");
	record("trace:c.trace:" SIM);
	CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &small), 0);
	CHECK_ERR(read_uid(uid, reason, "trace:a.trace:play:c.trace"), TRUSTX_ERR_FILE);
	CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
	CHECK_STR(reason, "cannot write the trace a.trace: File too large");
	CHECK_INT(count("a.trace", "trustx-trace 1 raw "), 1);
}

int main(void)
{
	RUN(a_recorded_run_replays_and_records_the_same_again);
	RUN(the_recorded_bus_is_played_with_its_limits);
	RUN(a_replay_says_where_the_program_strays);
	RUN(recorded_failures_come_back);
	RUN(the_file_is_private);
	RUN(another_run_adds_a_session);
	RUN(a_session_after_a_cut_one_can_be_read);
	RUN(what_is_no_trace_is_not_touched);
	RUN(two_cannot_record_into_one_file);
	RUN(uris_are_checked);
	RUN(a_killed_run_leaves_a_trace);
	RUN(a_trace_that_cannot_grow_ends_the_run);
	return 0;
}
