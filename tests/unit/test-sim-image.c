/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "blob.h"
#include "file.h"

static const struct sim_options instant = { .has_scale = true, .scale_milli = 0 };

static void make(const char *path)
{
	struct fail f;

	host_remove(path);
	CHECK_OK(sim_new(path, NULL, &f));
}

static void load(struct blob *b, const char *path)
{
	struct fail f;

	blob_init(b, 65536);
	CHECK_OK(file_read(b, path, &f));
}

static void a_new_chip_is_made_once(void)
{
	struct sim_info info;
	struct stat st;
	struct fail f;

	make("chip");
	CHECK_INT(stat("chip", &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	CHECK_ERR(sim_new("chip", NULL, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.why, "chip") != NULL);
	CHECK_OK(sim_info(&info, "chip", &f));
	CHECK_STR(info.profile, "trust-x");
	CHECK_INT(info.lcsg, 7);
	CHECK_INT(info.lcsa, 1);
	CHECK_INT(info.sec, 0);
	CHECK_INT(info.nvm_writes, 0);
	CHECK_INT(info.uid[0], 0xCD);
}

static void opening_makes_a_chip_and_then_finds_it(void)
{
	struct sim_info first, second;
	struct fail f;

	host_remove("chip");
	sim_close(host_open("chip", NULL));
	CHECK_OK(sim_info(&first, "chip", &f));
	sim_close(host_open("chip", &instant));
	CHECK_OK(sim_info(&second, "chip", &f));
	CHECK_MEM(first.uid, second.uid, sizeof(first.uid));
}

static void an_idle_session_leaves_the_file_as_it_was(void)
{
	struct blob before, after;
	struct host h;

	make("chip");
	load(&before, "chip");
	host_attach(&h, host_open("chip", NULL));
	host_open_application(&h);
	CHECK_INT(host_run(&h, "01 00 0002 E0E0"), 0);
	CHECK_INT(host_run(&h, "0C 00 0002 0020"), 0);
	CHECK_INT(host_run(&h, "01 00 0002 1234"), 0xFF);
	sim_delay(h.sim, 60000000);
	sim_close(h.sim);
	load(&after, "chip");
	CHECK_INT(before.len, after.len);
	CHECK_MEM(before.data, after.data, before.len);
	blob_free(&before);
	blob_free(&after);
}

static void profiles_are_checked(void)
{
	struct sim_options opt = { .profile = "trust-z" };
	struct sim *sim;
	struct fail f;

	host_remove("chip");
	CHECK_ERR(sim_open(&sim, "chip", &opt, &f), TRUSTX_ERR_INPUT);
	CHECK(sim == NULL);
	CHECK(strstr(f.why, "trust-z") != NULL);
	CHECK(strstr(f.next, "trust-x") != NULL);
	CHECK_ERR(sim_new("chip", &opt, &f), TRUSTX_ERR_INPUT);
	opt.profile = "trust-x";
	CHECK_OK(sim_new("chip", &opt, &f));
	sim_close(host_open("chip", &opt));
	opt.profile = "trust-z";
	CHECK_ERR(sim_open(&sim, "chip", &opt, &f), TRUSTX_ERR_INPUT);
}

/* Nothing but a helpful message comes of this image. */
static void expect_unusable(const void *data, size_t len)
{
	struct sim_info info;
	struct sim *sim;
	struct fail f;

	CHECK_OK(file_write("bad", data, len, FILE_PRIVATE, FILE_NO_SYNC, &f));
	CHECK_ERR(sim_open(&sim, "bad", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(sim == NULL);
	CHECK(strstr(f.what, "bad") != NULL);
	CHECK(strstr(f.why, "bad") != NULL);
	CHECK_ERR(sim_info(&info, "bad", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(sim_rest("bad", 5, &f), TRUSTX_ERR_INPUT);
}

static void damaged_images_are_refused(void)
{
	struct blob b;

	make("chip");
	load(&b, "chip");
	for (size_t i = 0; i < b.len; i += i < 200 ? 1 : 97) {
		b.data[i] ^= 0x10;
		expect_unusable(b.data, b.len);
		b.data[i] ^= 0x10;
	}
	for (size_t len = 0; len < b.len; len += len < 150 ? 1 : 501)
		expect_unusable(b.data, len);
	CHECK_OK(blob_add(&b, "x", 1));
	expect_unusable(b.data, b.len);
	blob_free(&b);
	host_remove("bad");
}

static void other_files_are_no_images(void)
{
	static uint8_t big[40000];
	struct sim *sim;
	struct fail f;

	expect_unusable("", 0);
	expect_unusable("hello\n", 6);
	expect_unusable(big, sizeof(big));
	host_remove("bad");
	CHECK_ERR(sim_open(&sim, ".", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(sim_open(&sim, "no/such/folder", NULL, &f), TRUSTX_ERR_FILE);
}

static void a_chip_is_opened_once_at_a_time(void)
{
	struct sim *a, *b;
	struct fail f;
	char want[64];

	make("chip");
	a = host_open("chip", NULL);
	CHECK_ERR(sim_open(&b, "chip", NULL, &f), TRUSTX_ERR_IN_USE);
	snprintf(want, sizeof(want), "in use by pid %ld", (long)getpid());
	CHECK_STR(f.why, want);
	CHECK(b == NULL);
	CHECK_ERR(sim_rest("chip", 1, &f), TRUSTX_ERR_IN_USE);
	sim_close(a);
	sim_close(host_open("chip", NULL));
	sim_close(NULL);
}

static void two_chips_live_in_one_process(void)
{
	struct host a, b;
	uint8_t uid[27];

	make("chip");
	make("chip2");
	host_attach(&a, host_open("chip", NULL));
	host_attach(&b, host_open("chip2", NULL));
	host_open_application(&a);
	CHECK_INT(host_run(&b, "01 00 0002 E0C2"), 0xFF);
	host_open_application(&b);
	CHECK_INT(host_run(&a, "01 00 0002 E0C2"), 0);
	memcpy(uid, a.data, sizeof(uid));
	CHECK_INT(host_run(&b, "01 00 0002 E0C2"), 0);
	CHECK(memcmp(uid, b.data, sizeof(uid)) != 0);
	sim_close(a.sim);
	sim_close(b.sim);
	host_remove("chip2");
}

/* In a child, as somebody who is not root. */
static void expect_no_permission(void)
{
	struct sim_info info;
	struct sim *sim;
	struct fail f;

	CHECK(getuid() != 0 || setuid(65534) == 0);
	CHECK_ERR(sim_open(&sim, "closed/chip", NULL, &f), TRUSTX_ERR_PERMISSION);
	CHECK_ERR(sim_info(&info, "closed/chip", &f), TRUSTX_ERR_PERMISSION);
	exit(0);
}

static void a_file_of_somebody_else_is_no_permission(void)
{
	int status;
	pid_t pid;

	mkdir("closed", 0755);
	make("closed/chip");
	chmod("closed/chip", 0);
	chmod("closed/chip.lock", 0);
	if ((pid = fork()) == 0)
		expect_no_permission();
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK_INT(status, 0);
	host_remove("closed/chip");
	rmdir("closed");
}

/* Write certificates until killed. */
static void write_for_ever(void)
{
	uint8_t apdu[4 + 4 + 1000] = { 0x02, 0x40, 0x03, 0xEC, 0xE0, 0xE1, 0x00, 0x00 };
	struct host h;

	host_attach(&h, host_open("chip", &instant));
	host_open_application(&h);
	for (unsigned i = 0;; i++) {
		memset(apdu + 8, (int)(i & 0xFF), 1000);
		CHECK_INT(host_apdu(&h, apdu, sizeof(apdu)), 0);
	}
}

static void a_kill_leaves_the_old_or_the_new_content(void)
{
	struct host h;
	int status;
	pid_t pid;

	make("chip");
	for (unsigned i = 0; i < 20; i++) {
		if ((pid = fork()) == 0)
			write_for_ever();
		usleep(20000 + 3571 * i);
		kill(pid, SIGKILL);
		CHECK(waitpid(pid, &status, 0) == pid);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		host_attach(&h, host_open("chip", &instant));
		host_open_application(&h);
		CHECK_INT(host_run(&h, "01 00 0006 E0E1 0000 0400"), 0);
		for (size_t n = 1; n < 1000; n++)
			CHECK_INT(h.data[n], h.data[0]);
		sim_close(h.sim);
	}
}

static void a_chip_that_cannot_be_stored_says_so(void)
{
	struct host h;

	mkdir("gone", 0755);
	make("gone/chip");
	host_attach(&h, host_open("gone/chip", NULL));
	host_open_application(&h);
	host_remove("gone/chip");
	CHECK_INT(rmdir("gone"), 0);
	CHECK_INT(host_code(&h, "02 00 0005 F1D0 0000 01"), 0x06);
	host_yields(&h, "01 00 0006 F1D0 0000 0001", "00");
	CHECK_INT(host_code(&h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0x06);
	CHECK_INT(host_code(&h, "31 11 0013 01 000B 68656C6C6F776F726C640A 03 0002 E0F0"), 0x06);
	host_yields(&h, "01 01 0002 E0F1", "20 0B C0 01 01 D0 03 E1FC07 D3 01 00");
	sim_close(h.sim);
}

static void writes_can_be_synced(void)
{
	const struct sim_options opt = { .sync = true };
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &opt));
	host_open_application(&h);
	CHECK_INT(host_run(&h, "02 00 0005 F1D0 0000 01"), 0);
	sim_close(h.sim);
	host_attach(&h, host_open("chip", &opt));
	host_open_application(&h);
	host_yields(&h, "01 00 0006 F1D0 0000 0001", "01");
	sim_close(h.sim);
}

int main(void)
{
	RUN(a_new_chip_is_made_once);
	RUN(opening_makes_a_chip_and_then_finds_it);
	RUN(an_idle_session_leaves_the_file_as_it_was);
	RUN(profiles_are_checked);
	RUN(damaged_images_are_refused);
	RUN(other_files_are_no_images);
	RUN(a_chip_is_opened_once_at_a_time);
	RUN(two_chips_live_in_one_process);
	RUN(a_file_of_somebody_else_is_no_permission);
	RUN(a_kill_leaves_the_old_or_the_new_content);
	RUN(a_chip_that_cannot_be_stored_says_so);
	RUN(writes_can_be_synced);
	return 0;
}
