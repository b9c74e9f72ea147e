/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus.h"
#include "file.h"
#include "net.h"
#include "num.h"

/* No name server needs to be asked about this one. */
#define LABEL_TOO_LONG "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm"

static const struct {
	const char *uri;
	enum trustx_err err;
	const char *why, *next;
} bad[] = {
	/* schemes */
	{ "", TRUSTX_ERR_INPUT, "'' does not begin with a known way to reach a chip",
		"known are sim:FILE, unix:PATH, tcp:HOST:PORT" },
	{ "chip.img", TRUSTX_ERR_INPUT, "'chip.img' does not begin", "known are sim:FILE" },
	{ "usb:1", TRUSTX_ERR_INPUT, "'usb:1' does not begin", "known are sim:FILE" },
	{ "SIM:x", TRUSTX_ERR_INPUT, "'SIM:x' does not begin", "known are sim:FILE" },
	{ ":x", TRUSTX_ERR_INPUT, "':x' does not begin", "known are sim:FILE" },
	{ "/dev/hidraw3", TRUSTX_ERR_INPUT, "'/dev/hidraw3' does not begin",
		"perhaps -d 'ft260:?path=/dev/hidraw3' is meant; known are sim:FILE" },
	{ "hidraw3", TRUSTX_ERR_INPUT, "'hidraw3' does not begin",
		"perhaps -d 'ft260:?path=/dev/hidraw3' is meant; known are" },
	{ "i2c-1", TRUSTX_ERR_INPUT, "'i2c-1' does not begin",
		"perhaps -d '/dev/i2c-1' is meant; known are" },
	{ "ft260", TRUSTX_ERR_INPUT, "'ft260' does not begin",
		"perhaps -d 'ft260:' is meant; known are" },
	{ "FT260:", TRUSTX_ERR_INPUT, "'FT260:' does not begin",
		"perhaps -d 'ft260:' is meant; known are" },
	{ "ft260x", TRUSTX_ERR_INPUT, "'ft260x' does not begin", "known are" },
	{ "simx:x", TRUSTX_ERR_INPUT, "'simx:x' does not begin", "known are sim:FILE" },
	{ "/dev/i2c-777", TRUSTX_ERR_NO_DEVICE, "there is no /dev/i2c-777", "" },
	{ "i2c:/dev/i2c-777?addr=0x30&reset=gpiochip0:17", TRUSTX_ERR_NO_DEVICE,
		"there is no /dev/i2c-777", "" },
	{ "i2c:", TRUSTX_ERR_INPUT, "the device file of the adapter is missing", "for example" },
	{ "ft260:?path=none&reset=F&via=hidraw", TRUSTX_ERR_NO_DEVICE, "", "" },
	{ "/dev/i2c-1?bus=2", TRUSTX_ERR_INPUT, "i2c: has no option 'bus'",
		"known are reset power addr frame speed" },
	/* options */
	{ "sim:x?speed=1&colour=red", TRUSTX_ERR_INPUT, "sim: has no option 'colour'",
		"known are clock scale profile jitter nack seed sync cut" },
	{ "unix:x?clock=real", TRUSTX_ERR_INPUT, "unix: has no option 'clock'",
		"known are addr frame speed" },
	{ "tcp:h:1?scale=1", TRUSTX_ERR_INPUT, "tcp: has no option 'scale'",
		"known are addr frame speed" },
	{ "sim:x?", TRUSTX_ERR_INPUT, "sim: has no option ''", "known are" },
	{ "sim:x?seed=1&", TRUSTX_ERR_INPUT, "sim: has no option ''", "known are" },
	{ "sim:x?a", TRUSTX_ERR_INPUT, "sim: has no option 'a'", "known are" },
	{ "sim:x?lock=real", TRUSTX_ERR_INPUT, "sim: has no option 'lock'", "known are" },
	{ "sim:x?clock scale=1", TRUSTX_ERR_INPUT, "sim: has no option 'clock scale'",
		"known are" },
	{ "sim:x?seed", TRUSTX_ERR_INPUT, "the option seed has no value", "" },
	{ "sim:x?seed=", TRUSTX_ERR_INPUT, "the option seed has no value", "" },
	{ "sim:x?seed=1&seed=1", TRUSTX_ERR_INPUT, "the option seed is given twice", "" },
	/* values */
	{ "sim:x?addr=0x80", TRUSTX_ERR_INPUT,
		"the value of the option addr=0x80 is not a 7-bit address, 0x01 to 0x7F", "" },
	{ "sim:x?addr=0", TRUSTX_ERR_INPUT, "addr=0 is not", "" },
	{ "sim:x?addr=0x", TRUSTX_ERR_INPUT, "addr=0x is not", "" },
	{ "sim:x?frame=15", TRUSTX_ERR_INPUT, "frame=15 is not a frame size, 16 to 277", "" },
	{ "sim:x?frame=278", TRUSTX_ERR_INPUT, "frame=278 is not", "" },
	{ "sim:x?frame=+20", TRUSTX_ERR_INPUT, "frame=+20 is not", "" },
	{ "sim:x?frame= 20", TRUSTX_ERR_INPUT, "frame= 20 is not", "" },
	{ "sim:x?speed=0", TRUSTX_ERR_INPUT, "speed=0 is not a clock, 1 to 3400000 Hz", "" },
	{ "sim:x?speed=3400001", TRUSTX_ERR_INPUT, "speed=3400001 is not", "" },
	{ "sim:x?speed=400k", TRUSTX_ERR_INPUT, "speed=400k is not", "" },
	{ "sim:x?clock=sun", TRUSTX_ERR_INPUT, "clock=sun is not virtual or real", "" },
	{ "sim:x?sync=yes", TRUSTX_ERR_INPUT, "sync=yes is not 0 or 1", "" },
	{ "sim:x?seed=-1", TRUSTX_ERR_INPUT, "seed=-1 is not a number of up to 64 bits", "" },
	{ "sim:x?seed=18446744073709551616", TRUSTX_ERR_INPUT, "is not a number of", "" },
	{ "sim:x?jitter=0x1g", TRUSTX_ERR_INPUT, "jitter=0x1g is not", "" },
	{ "sim:x?scale=1.2345", TRUSTX_ERR_INPUT, "scale=1.2345 is not a factor", "" },
	{ "sim:x?scale=.5", TRUSTX_ERR_INPUT, "scale=.5 is not", "" },
	{ "sim:x?scale=1.", TRUSTX_ERR_INPUT, "scale=1. is not", "" },
	{ "sim:x?scale=4000000", TRUSTX_ERR_INPUT, "scale=4000000 is not", "" },
	{ "sim:x?nack=4294967296", TRUSTX_ERR_INPUT, "is not a number from 0 to 4294967295", "" },
	{ "sim:x?cut=0", TRUSTX_ERR_INPUT, "cut=0 is not a number from 1 to 4294967295", "" },
	/* escapes */
	{ "sim:a%", TRUSTX_ERR_INPUT, "'%' is not % and two hexadecimal digits", "" },
	{ "sim:a%4", TRUSTX_ERR_INPUT, "'%4' is not", "" },
	{ "sim:a%zz", TRUSTX_ERR_INPUT, "'%zz' is not", "" },
	{ "sim:a%00b", TRUSTX_ERR_INPUT, "'%00' is not", "" },
	{ "sim:x?profile=%q", TRUSTX_ERR_INPUT, "'%q' is not", "" },
	/* targets */
	{ "sim:", TRUSTX_ERR_INPUT, "the file of the simulated chip is missing", "" },
	{ "unix:", TRUSTX_ERR_INPUT, "the path of the socket is missing", "" },
	{ "unix:0123456789012345678901234567890123456789012345678901234567890123456789"
	  "01234567890123456789012345678901234567",
		TRUSTX_ERR_INPUT, "at most 107 characters, this one has 108", "" },
	{ "tcp:", TRUSTX_ERR_INPUT, "'' is no port number, 0 to 65535", "" },
	{ "tcp:localhost", TRUSTX_ERR_INPUT, "'localhost' is no port number", "" },
	{ "tcp:localhost:", TRUSTX_ERR_INPUT, "'' is no port number", "" },
	{ "tcp:localhost:65536", TRUSTX_ERR_INPUT, "'65536' is no port number", "" },
	{ "tcp:::1:99", TRUSTX_ERR_INPUT, "an IPv6 address is written in brackets", "" },
	{ "tcp:[::1]", TRUSTX_ERR_INPUT, "'[::1]' is not [IPV6]:PORT", "" },
	{ "tcp:[]:99", TRUSTX_ERR_INPUT, "'[]:99' is not [IPV6]:PORT", "" },
	{ "tcp:[::1]99", TRUSTX_ERR_INPUT, "'[::1]99' is not [IPV6]:PORT", "" },
	{ "tcp:" LABEL_TOO_LONG ":1", TRUSTX_ERR_NO_DEVICE,
		"the host '" LABEL_TOO_LONG "' is not known", "" },
	/* nobody there */
	{ "unix:no-such-socket", TRUSTX_ERR_NO_DEVICE, "there is no socket no-such-socket",
		"start it: trustx-sim serve --listen unix:no-such-socket --state FILE" },
	{ "unix:no%2Dsuch%20socket", TRUSTX_ERR_NO_DEVICE, "there is no socket no-such socket",
		"" },
	{ "tcp:1", TRUSTX_ERR_NO_DEVICE, "no server listens at 1", "start it" },
	{ "tcp::1", TRUSTX_ERR_NO_DEVICE, "no server listens at :1", "start it" },
	{ "tcp:127.0.0.1:1?speed=100000", TRUSTX_ERR_NO_DEVICE, "no server listens at",
		"start it" },
};

static void bad_uris_say_what_is_wrong(void)
{
	struct trustx_bus bus;
	struct fail f;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum trustx_err err = trustx_bus_open(&bus, bad[i].uri, &f);
		char what[200];

		if (err != bad[i].err || strstr(f.why, bad[i].why) == NULL ||
			strncmp(f.next, bad[i].next, strlen(bad[i].next)) != 0) {
			fprintf(stderr, "%s: %s: %s; %s\n", bad[i].uri, trustx_err_name(err), f.why,
				f.next);
			exit(1);
		}
		snprintf(what, sizeof(what), "open the device '%.120s'", bad[i].uri);
		CHECK_STR(f.what, what);
		CHECK(bus.ops == NULL && bus.ctx == NULL);
	}
	CHECK(!file_exists("x"));
}

static void file_that_is_no_server_is_no_device(void)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_OK(file_write("plain", "", 0, FILE_PRIVATE, FILE_NO_SYNC, &f));
	CHECK_ERR(trustx_bus_open(&bus, "unix:plain", &f), TRUSTX_ERR_NO_DEVICE);
	CHECK_STR(f.why, "no server listens at plain");
	unlink("plain");
}

/* Root may connect anywhere: a child without its rights tries. */
static int open_as_nobody(void)
{
	struct trustx_bus bus;
	struct fail f;

	if (geteuid() == 0 && setuid(65534) != 0)
		return 2;
	return trustx_bus_open(&bus, "unix:closed/socket", &f) == TRUSTX_ERR_PERMISSION &&
			       strstr(f.why, strerror(EACCES)) != NULL
		       ? 0
		       : 1;
}

static void socket_without_permission_says_so(void)
{
	pid_t child;
	int status;

	CHECK(mkdir("closed", 0) == 0 || errno == EEXIST);
	if ((child = fork()) == 0)
		_exit(open_as_nobody());
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK_INT(status, 0);
	rmdir("closed");
}

static void zeroed_bus_is_closed_in_peace(void)
{
	struct trustx_bus bus = { 0 };

	CHECK_STR(trustx_bus_reason(&bus), "");
	CHECK(!trustx_bus_is_virtual(&bus));
	trustx_bus_close(&bus);
}

static void generic_options_reach_the_bus(void)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_OK(trustx_bus_open(
		&bus, "sim:%6fptions.img?addr=0x31&frame=16&speed=1%30&seed=1", &f));
	CHECK_INT(bus.addr, 0x31);
	CHECK_INT(bus.max_transfer, 17);
	CHECK_INT(bus.max_hz, 10);
	CHECK(trustx_bus_is_virtual(&bus));
	CHECK_STR(trustx_bus_reason(&bus), "");
	trustx_bus_close(&bus);
	CHECK(bus.ops == NULL && bus.ctx == NULL && bus.addr == 0);
	CHECK(file_exists("options.img"));

	CHECK_OK(trustx_bus_open(&bus,
		"sim:options.img?clock=real&scale=0.5&profile=trust-x&jitter=0xFF&nack=100&sync=1&"
		"cut=9",
		&f));
	CHECK_INT(bus.addr, 0);
	CHECK_INT(bus.max_transfer, 0);
	CHECK_INT(bus.max_hz, 0);
	CHECK(!trustx_bus_is_virtual(&bus));
	trustx_bus_close(&bus);
	unlink("options.img");
	unlink("options.img.lock");
}

static void simulated_chip_in_use_names_the_process(void)
{
	struct trustx_bus bus, second;
	struct fail f;
	char want[40];

	CHECK_OK(trustx_bus_open(&bus, "sim:used.img", &f));
	CHECK_ERR(trustx_bus_open(&second, "sim:used.img", &f), TRUSTX_ERR_IN_USE);
	snprintf(want, sizeof(want), "in use by pid %ld", (long)getpid());
	CHECK(strstr(f.why, want) != NULL);
	CHECK(strstr(f.next, "end that process or wait for it") != NULL);
	trustx_bus_close(&bus);
	CHECK_OK(trustx_bus_open(&second, "sim:used.img", &f));
	trustx_bus_close(&second);
	unlink("used.img");
	unlink("used.img.lock");
}

static void unknown_profile_is_named(void)
{
	struct trustx_bus bus;
	struct fail f;

	CHECK_ERR(trustx_bus_open(&bus, "sim:p.img?profile=trust-z", &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "trust-z") != NULL);
	CHECK(!file_exists("p.img"));
}

static void numbers_are_read_whole(void)
{
	uint32_t milli;
	uint64_t v;

	CHECK_OK(num_parse(&v, "18446744073709551615"));
	CHECK(v == UINT64_MAX);
	CHECK_OK(num_parse(&v, "0xFFffFFffFFffFFff"));
	CHECK(v == UINT64_MAX);
	CHECK_OK(num_parse(&v, "010"));
	CHECK_INT(v, 10);
	CHECK_ERR(num_parse(&v, "0x10000000000000000"), TRUSTX_ERR_INPUT);
	CHECK_ERR(num_parse(&v, ""), TRUSTX_ERR_INPUT);
	CHECK_ERR(num_parse(&v, "a"), TRUSTX_ERR_INPUT);
	CHECK_ERR(num_parse_range(&v, "9", 10, 12), TRUSTX_ERR_INPUT);
	CHECK_INT(v, 10);
	CHECK_OK(num_parse_milli(&milli, "3999999.999"));
	CHECK_INT(milli, 3999999999);
	CHECK_OK(num_parse_milli(&milli, "0"));
	CHECK_INT(milli, 0);
	CHECK_OK(num_parse_milli(&milli, "2.05"));
	CHECK_INT(milli, 2050);
	CHECK_ERR(num_parse_milli(&milli, "1.2.3"), TRUSTX_ERR_INPUT);
}

static void addresses_print_as_they_are_read(void)
{
	static const char *const texts[][3] = {
		{ "tcp", "80", "tcp:127.0.0.1:80" },
		{ "tcp", ":80", "tcp:127.0.0.1:80" },
		{ "tcp", "127.0.0.2:80", "tcp:127.0.0.2:80" },
		{ "tcp", "[::1]:80", "tcp:[::1]:80" },
		{ "unix", "a%b?c", "unix:a%25b%3Fc" },
	};
	char out[NET_TEXT_MAX];
	struct net_list list;
	struct fail f;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_OK(net_resolve(&list, texts[i][0], texts[i][1], &f));
		net_print(out, &list.at[0]);
		CHECK_STR(out, texts[i][2]);
		CHECK(net_is_local(&list.at[0]));
	}
	CHECK_OK(net_resolve(&list, "tcp", "0.0.0.0:1", &f));
	CHECK(!net_is_local(&list.at[0]));
	CHECK_OK(net_resolve(&list, "tcp", "[::]:1", &f));
	CHECK(!net_is_local(&list.at[0]));
}

int main(void)
{
	RUN(numbers_are_read_whole);
	RUN(addresses_print_as_they_are_read);
	RUN(bad_uris_say_what_is_wrong);
	RUN(file_that_is_no_server_is_no_device);
	RUN(socket_without_permission_says_so);
	RUN(zeroed_bus_is_closed_in_peace);
	RUN(generic_options_reach_the_bus);
	RUN(simulated_chip_in_use_names_the_process);
	RUN(unknown_profile_is_named);
	return 0;
}
