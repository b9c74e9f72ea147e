/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The client of the remote bus protocol against servers that follow a script, truthful or not. */
#include "test.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "blob.h"
#include "bus.h"
#include "file.h"
#include "hex.h"

#define HELLO          \
	"010000000000" \
	"0004"         \
	"0000"         \
	"54584201"
#define OK(now) "0000" now "0000"
#define WELCOME            \
	"0000"             \
	"0000000000000064" \
	"0005"             \
	"54584201"         \
	"07"
#define REAL               \
	"0000"             \
	"0000000000000064" \
	"0005"             \
	"54584201"         \
	"06"
#define NOW_0 "0000000000000000"
#define READ_4         \
	"023000000000" \
	"0000"         \
	"0004"

enum manner { CLOSES, STAYS, DRIPS };

static int listen_here(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "scripted" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(un.sun_path);
	CHECK_INT(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	CHECK_INT(listen(fd, 1), 0);
	return fd;
}

static void hear_request(int fd, FILE *heard)
{
	uint8_t bytes[10 + 1000];
	char text[2 * sizeof(bytes) + 1];
	size_t len;

	if (recv(fd, bytes, 10, MSG_WAITALL) != 10)
		_exit(0);
	len = (size_t)(bytes[6] << 8 | bytes[7]);
	if (len > 0 && recv(fd, bytes + 10, len, MSG_WAITALL) != (ssize_t)len)
		_exit(0);
	hex_print(text, bytes, 10 + len);
	fprintf(heard, "%s\n", text);
	fflush(heard);
}

static void say(int fd, const char *answer, enum manner manner)
{
	uint8_t bytes[1000];
	size_t len = sizeof(bytes);

	if (hex_parse(bytes, &len, answer) != TRUSTX_OK)
		_exit(1);
	for (size_t i = 0; manner == DRIPS && i < len; i++) {
		usleep(i == 0 ? 300000 : 900000);
		send(fd, bytes + i, 1, MSG_NOSIGNAL);
	}
	if (manner != DRIPS)
		send(fd, bytes, len, MSG_NOSIGNAL);
}

/* Answers one request after the other with the answers, which end with NULL. */
static pid_t scripted(const char *const *answers, enum manner manner)
{
	int listener = listen_here(), fd;
	FILE *heard = fopen("heard", "w");
	pid_t child = fork();

	CHECK(heard != NULL && child >= 0);
	if (child == 0) {
		alarm(60);
		fd = accept(listener, NULL, NULL);
		for (; *answers != NULL; answers++) {
			hear_request(fd, heard);
			say(fd, *answers, manner);
		}
		if (manner == STAYS)
			hear_request(fd, heard);
		_exit(0);
	}
	fclose(heard);
	close(listener);
	return child;
}

static void finish(pid_t child)
{
	kill(child, SIGKILL);
	CHECK_INT(waitpid(child, NULL, 0), child);
}

static void check_heard(const char *want)
{
	struct fail f;
	struct blob b;

	blob_init(&b, 100000);
	CHECK_OK(file_read(&b, "heard", &f));
	CHECK_STR(blob_text(&b), want);
	blob_free(&b);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void requests_have_the_bytes_of_the_protocol(void)
{
	static const char *const answers[] = {
		WELCOME,
		OK("0000000000000065"),
		"0000"
		"0000000000000066"
		"0004"
		"08000000",
		OK("0000000000000067"),
		OK("0000000000000068"),
		OK("0000000000000069"),
		OK("000000000000006a"),
		OK("00000000000f42a9"),
		NULL,
	};
	pid_t child = scripted(answers, CLOSES);
	struct trustx_bus bus;
	uint8_t data[4];
	struct fail f;

	CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
	CHECK_INT(bus.ops->now_us(bus.ctx), 100);
	CHECK_OK(bus.ops->write(bus.ctx, 0x30, (const uint8_t *)"\x82", 1));
	CHECK_OK(bus.ops->read(bus.ctx, 0x30, data, 4));
	CHECK_MEM(data, "\x08\0\0\0", 4);
	CHECK_OK(bus.ops->set_speed(bus.ctx, 400000));
	CHECK_OK(bus.ops->set_reset(bus.ctx, false));
	CHECK_OK(bus.ops->set_reset(bus.ctx, true));
	CHECK_OK(bus.ops->set_power(bus.ctx, false));
	CHECK_INT(bus.ops->now_us(bus.ctx), 106);
	bus.ops->sleep_us(bus.ctx, 1000000);
	CHECK_INT(bus.ops->now_us(bus.ctx), 1000105);
	trustx_bus_close(&bus);
	finish(child);
	check_heard(HELLO "\n"
			  "023000000000"
			  "0001"
			  "0000"
			  "82\n" READ_4 "\n"
			  "040000061a80"
			  "0000"
			  "0000\n"
			  "050000000000"
			  "0000"
			  "0000\n"
			  "050000000001"
			  "0000"
			  "0000\n"
			  "060000000000"
			  "0000"
			  "0000\n"
			  "0300000f4240"
			  "0000"
			  "0000\n");
}

static void capabilities_decide_what_there_is(void)
{
	for (unsigned caps = 0; caps < 256; caps += caps < 8 ? 1 : 31) {
		char welcome[60];
		const char *const answers[] = { welcome, NULL };
		struct trustx_bus bus;
		struct fail f;
		pid_t child;

		snprintf(welcome, sizeof(welcome),
			"0000" NOW_0 "0005"
			"54584201"
			"%02x",
			caps);
		child = scripted(answers, CLOSES);
		CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
		CHECK_INT(trustx_bus_is_virtual(&bus), caps & 1);
		CHECK_INT(bus.ops->set_reset != NULL, caps >> 1 & 1);
		CHECK_INT(bus.ops->set_power != NULL, caps >> 2 & 1);
		CHECK(bus.ops->set_speed != NULL);
		trustx_bus_close(&bus);
		finish(child);
	}
}

static void clock_of_the_server_never_goes_back(void)
{
	static const char *const answers[] = {
		WELCOME,
		OK("0000000000000063"),
		OK("00000000000000c8"),
		NULL,
	};
	pid_t child = scripted(answers, CLOSES);
	struct trustx_bus bus;
	struct fail f;

	CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
	bus.ops->sleep_us(bus.ctx, 1);
	CHECK_INT(bus.ops->now_us(bus.ctx), 100);
	bus.ops->sleep_us(bus.ctx, 1);
	CHECK_INT(bus.ops->now_us(bus.ctx), 200);
	trustx_bus_close(&bus);
	finish(child);
}

static void real_clock_is_the_clients_own(void)
{
	static const char *const answers[] = { REAL, NULL };
	pid_t child = scripted(answers, STAYS);
	struct trustx_bus bus;
	uint64_t before;
	struct fail f;
	double start;

	CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
	start = seconds();
	before = bus.ops->now_us(bus.ctx);
	bus.ops->sleep_us(bus.ctx, 50000);
	CHECK(bus.ops->now_us(bus.ctx) - before >= 50000);
	CHECK(seconds() - start >= 0.05);
	trustx_bus_close(&bus);
	finish(child);
	check_heard(HELLO "\n");
}

static void status_becomes_an_error(void)
{
	static const struct {
		const char *status;
		enum trustx_err err;
		const char *reason;
	} cases[] = {
		{ "01", TRUSTX_ERR_NACK, "" },
		{ "02", TRUSTX_ERR_BUS, "the chip did not acknowledge a data byte" },
		{ "03", TRUSTX_ERR_BUS, "the bus timed out" },
		{ "04", TRUSTX_ERR_BUS, "the server refused the request" },
		{ "05", TRUSTX_ERR_BUS, "the server says that another client is connected" },
		{ "06", TRUSTX_ERR_BUS, "the server answered with the unknown status 6" },
		{ "ff", TRUSTX_ERR_BUS, "the server answered with the unknown status 255" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char answer[40];
		const char *const answers[] = { WELCOME, answer, NULL };
		uint8_t data[4];
		struct trustx_bus bus;
		struct fail f;
		pid_t child;

		snprintf(answer, sizeof(answer), "%s00" NOW_0 "0000", cases[i].status);
		child = scripted(answers, CLOSES);
		CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
		CHECK_ERR(bus.ops->read(bus.ctx, 0x30, data, 4), cases[i].err);
		CHECK_STR(trustx_bus_reason(&bus), cases[i].reason);
		trustx_bus_close(&bus);
		finish(child);
	}
}

static void refused_hello_is_explained(void)
{
	static const struct {
		const char *answer;
		enum trustx_err err;
		const char *why;
	} cases[] = {
		{ "0500" NOW_0 "0000", TRUSTX_ERR_IN_USE, "another client is connected" },
		{ "0400" NOW_0 "0000", TRUSTX_ERR_PROTOCOL, "refused version 1" },
		{ "0000" NOW_0 "0005"
		  "5458420207",
			TRUSTX_ERR_PROTOCOL, "does not speak version 1" },
		{ "0000" NOW_0 "0005"
		  "4854545007",
			TRUSTX_ERR_PROTOCOL, "does not speak version 1" },
		{ "0000" NOW_0 "0004"
		  "54584201",
			TRUSTX_ERR_BUS, "4 bytes where 5 are due" },
		{ "0000" NOW_0 "0006"
		  "545842010700",
			TRUSTX_ERR_BUS, "6 bytes where 5 are due" },
		{ "0000" NOW_0 "ffff"
		  "5458420107",
			TRUSTX_ERR_BUS, "65535 bytes where 5 are due" },
		{ "0500" NOW_0 "0005"
		  "5458420107",
			TRUSTX_ERR_BUS, "5 bytes where 0 are due" },
		{ "0000" NOW_0 "0000", TRUSTX_ERR_BUS, "0 bytes where 5 are due" },
		{ "", TRUSTX_ERR_BUS, "the server closed the connection" },
		{ "00", TRUSTX_ERR_BUS, "the server closed the connection" },
		{ "0000" NOW_0 "0005"
		  "54584201",
			TRUSTX_ERR_BUS, "the server closed" },
		{ "485454502f312e31203430302042616420526571756573740d0a0d0a", TRUSTX_ERR_BUS,
			"unknown status 72" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const answers[] = { cases[i].answer, NULL };
		pid_t child = scripted(answers, CLOSES);
		struct trustx_bus bus;
		struct fail f;

		CHECK_ERR(trustx_bus_open(&bus, "unix:scripted", &f), cases[i].err);
		if (strstr(f.why, cases[i].why) == NULL)
			CHECK_STR(f.why, cases[i].why);
		CHECK_STR(f.what, "open the device 'unix:scripted'");
		finish(child);
	}
}

static void liar_ends_the_connection(void)
{
	static const struct {
		const char *answer, *reason;
	} cases[] = {
		{ "0000" NOW_0 "0003"
		  "080000",
			"the server answered with 3 bytes where 4 are due" },
		{ "0000" NOW_0 "0005"
		  "0800000000",
			"the server answered with 5 bytes where 4" },
		{ "0000" NOW_0 "ffff"
		  "08000000",
			"the server answered with 65535 bytes where 4" },
		{ "0100" NOW_0 "0004"
		  "08000000",
			"the server answered with 4 bytes where 0" },
		{ "0100" NOW_0 "0000"
		  "08",
			"the server sent more than its answer" },
		{ "0000" NOW_0 "0004"
		  "0800",
			"the server closed the connection" },
		{ "0000"
		  "00000000",
			"the server closed the connection" },
		{ "", "the server closed the connection" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const answers[] = { WELCOME, cases[i].answer, NULL };
		pid_t child = scripted(answers, CLOSES);
		uint8_t data[4] = { 1, 2, 3, 4 };
		struct trustx_bus bus;
		struct fail f;

		CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
		CHECK_ERR(bus.ops->read(bus.ctx, 0x30, data, 4), TRUSTX_ERR_BUS);
		if (strncmp(trustx_bus_reason(&bus), cases[i].reason, strlen(cases[i].reason)) != 0)
			CHECK_STR(trustx_bus_reason(&bus), cases[i].reason);
		CHECK_MEM(data, "\1\2\3\4", 4);
		/* From here on every operation fails for the same reason, and time goes on. */
		CHECK_ERR(bus.ops->write(bus.ctx, 0x30, data, 4), TRUSTX_ERR_BUS);
		CHECK_ERR(bus.ops->set_speed(bus.ctx, 1), TRUSTX_ERR_BUS);
		CHECK(strncmp(trustx_bus_reason(&bus), cases[i].reason, 10) == 0);
		bus.ops->sleep_us(bus.ctx, 5);
		CHECK_INT(bus.ops->now_us(bus.ctx), 105);
		trustx_bus_close(&bus);
		finish(child);
	}
}

static void dead_server_is_an_error_and_no_signal(void)
{
	static const char *const answers[] = { WELCOME, NULL };
	pid_t child = scripted(answers, STAYS);
	uint8_t data[200] = { 0 };
	struct trustx_bus bus;
	struct fail f;

	CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
	finish(child);
	CHECK_ERR(bus.ops->write(bus.ctx, 0x30, data, sizeof(data)), TRUSTX_ERR_BUS);
	CHECK(strncmp(trustx_bus_reason(&bus), "the connection is lost: ", 24) == 0);
	CHECK_ERR(bus.ops->write(bus.ctx, 0x30, data, sizeof(data)), TRUSTX_ERR_BUS);
	trustx_bus_close(&bus);
}

static void on_alarm(int number)
{
	(void)number;
}

static void signals_do_not_disturb(void)
{
	static const char *const answers[] = { REAL, OK(NOW_0), NULL };
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, never = { 0 };
	struct sigaction act = { .sa_handler = on_alarm };
	struct trustx_bus bus;
	struct fail f;
	double start = seconds();
	pid_t child;

	child = scripted(answers, CLOSES);
	kill(child, SIGSTOP);
	CHECK_INT(sigaction(SIGALRM, &act, NULL), 0);
	CHECK_INT(setitimer(ITIMER_REAL, &often, NULL), 0);
	if (fork() == 0) {
		usleep(300000);
		kill(child, SIGCONT);
		_exit(0);
	}
	CHECK_OK(trustx_bus_open(&bus, "unix:scripted", &f));
	CHECK(seconds() - start >= 0.3);
	start = seconds();
	bus.ops->sleep_us(bus.ctx, 200000);
	CHECK(seconds() - start >= 0.2);
	CHECK_OK(bus.ops->write(bus.ctx, 0x30, (const uint8_t *)"\x82", 1));
	CHECK_INT(setitimer(ITIMER_REAL, &never, NULL), 0);
	trustx_bus_close(&bus);
	finish(child);
	while (wait(NULL) > 0)
		continue;
}

static void slow_server_is_given_up_after_ten_seconds(void)
{
	static const char *const answers[] = { WELCOME, NULL };
	pid_t child = scripted(answers, DRIPS);
	double start = seconds();
	struct trustx_bus bus;
	struct fail f;

	CHECK_ERR(trustx_bus_open(&bus, "unix:scripted", &f), TRUSTX_ERR_BUS);
	CHECK(strncmp(f.why, "no answer from the server: ", 27) == 0);
	CHECK(seconds() - start >= 9.9);
	CHECK(seconds() - start < 14);
	finish(child);
}

int main(void)
{
	RUN(requests_have_the_bytes_of_the_protocol);
	RUN(capabilities_decide_what_there_is);
	RUN(clock_of_the_server_never_goes_back);
	RUN(real_clock_is_the_clients_own);
	RUN(status_becomes_an_error);
	RUN(refused_hello_is_explained);
	RUN(liar_ends_the_connection);
	RUN(dead_server_is_an_error_and_no_signal);
	RUN(signals_do_not_disturb);
	RUN(slow_server_is_given_up_after_ten_seconds);
	return 0;
}
