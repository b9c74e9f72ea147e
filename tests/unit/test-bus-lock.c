/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */
#include "lockdir.h"
#include "test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of this run: tests of another build folder may run at the same time. */
static const char *name(const char *device)
{
	static char text[64];

	snprintf(text, sizeof(text), "test %ld %s", (long)getpid(), device);
	return text;
}

static void devices_are_told_apart(void)
{
	struct file_lock a = FILE_LOCK_NONE, b = FILE_LOCK_NONE, c = FILE_LOCK_NONE;
	struct fail f;

	CHECK_OK(bus_lock(&a, name("usb 1-2"), &f));
	CHECK_OK(bus_lock(&b, name("usb 1.2"), &f));
	CHECK_OK(bus_lock(&c, name("usb/1-2"), &f));
	file_unlock(&b);
	CHECK_ERR(bus_lock(&b, name("usb 1-2"), &f), TRUSTX_ERR_IN_USE);
	CHECK_STR(f.next, "end that process or wait for it");
	file_unlock(&a);
	CHECK_OK(bus_lock(&a, name("usb 1-2"), &f));
	file_unlock(&a);
	file_unlock(&c);
}

static pid_t hold_in_a_child(const char *device)
{
	struct file_lock lock = FILE_LOCK_NONE;
	struct fail f;
	int ready[2];
	pid_t pid;
	char c;

	CHECK(pipe(ready) == 0);
	if ((pid = fork()) == 0) {
		CHECK_OK(bus_lock(&lock, device, &f));
		CHECK(write(ready[1], "x", 1) == 1);
		pause();
		_exit(0);
	}
	CHECK(pid > 0);
	close(ready[1]);
	CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	return pid;
}

static void lock_of_a_killed_process_is_free(void)
{
	const char *device = name("usb 3-1");
	struct file_lock lock = FILE_LOCK_NONE;
	pid_t owner = hold_in_a_child(device);
	struct fail f;
	char want[40];

	CHECK_ERR(bus_lock(&lock, device, &f), TRUSTX_ERR_IN_USE);
	snprintf(want, sizeof(want), "in use by pid %ld", (long)owner);
	CHECK_STR(f.why, want);
	CHECK(kill(owner, SIGKILL) == 0);
	CHECK(waitpid(owner, NULL, 0) == owner);
	CHECK_OK(bus_lock(&lock, device, &f));
	file_unlock(&lock);
}

int main(void)
{
	RUN(devices_are_told_apart);
	RUN(lock_of_a_killed_process_is_free);
	return 0;
}
