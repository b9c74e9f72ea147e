/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Eight FT260s at once, in one process and in eight; and two processes that want the same one. */
#include "fault-world.h"

#include <signal.h>
#include <sys/wait.h>

#define MANY 8u

static void uri_of(char uri[static 120], unsigned i)
{
	snprintf(uri, 120, "ft260:board%u?via=sim&path=boards", i);
}

/* A folder with as many boards, each with the name of its file as its serial number. */
static void boards_new(void)
{
	struct trustx_bus bus;
	struct fail f = { 0 };
	char uri[120];

	fault_empty(".");
	CHECK(mkdir("boards", 0700) == 0);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(uri, sizeof(uri), "ft260:?via=sim&path=boards/board%u.sim,seed=%u", i, i);
		MUST(trustx_bus_open(&bus, uri, &f), f);
		trustx_bus_close(&bus);
	}
}

static void sign_and_verify(struct trustx *se, const struct trustx_public_key *key, uint8_t mark)
{
	const uint8_t digest[32] = { mark };
	uint8_t sig[TRUSTX_SIG_MAX];
	size_t len = sizeof(sig);

	CHECK_OK(trustx_sign(
		se, sig, &len, TRUSTX_OID_KEY_0 + 1, TRUSTX_P256, digest, sizeof(digest)));
	CHECK_OK(trustx_verify(se, key, digest, sizeof(digest), sig, len));
}

static void one_process_uses_eight_at_once(void)
{
	struct trustx_bus bus[MANY];
	struct trustx se[MANY];
	uint8_t uid[MANY][TRUSTX_UID_LEN], point[MANY][TRUSTX_POINT_MAX];
	struct fail f = { 0 };
	char uri[120];

	boards_new();
	for (unsigned i = 0; i < MANY; i++) {
		uri_of(uri, i);
		MUST(trustx_bus_open(&bus[i], uri, &f), f);
	}
	for (unsigned i = MANY; i-- > 0;)
		CHECK_OK(trustx_open(&se[i], &bus[i], NULL));
	for (unsigned i = 0; i < MANY; i++)
		CHECK_OK(trustx_read_uid(&se[i], uid[i]));
	for (unsigned i = 0; i < MANY; i++) {
		size_t len = sizeof(point[i]);

		CHECK_OK(trustx_generate_key(&se[i], point[i], &len, TRUSTX_OID_KEY_0 + 1,
			TRUSTX_P256, TRUSTX_USAGE_SIGN));
	}
	for (unsigned round = 0; round < 3; round++)
		for (unsigned i = 0; i < MANY; i++) {
			const struct trustx_public_key key = { TRUSTX_P256, point[i], 65 };

			sign_and_verify(&se[i], &key, (uint8_t)(16 * round + i));
		}
	for (unsigned i = 0; i < MANY; i++) {
		for (unsigned k = 0; k < i; k++)
			CHECK(memcmp(uid[i], uid[k], sizeof(uid[i])) != 0);
		trustx_close(&se[i]);
		trustx_bus_close(&bus[i]);
	}
}

/* In a process of its own: with a CA of its own, too. */
static int personalize_board(unsigned i)
{
	static const struct ca_options options = { 0 };
	struct patient p = { .ca = NULL };
	struct attempt a;
	struct fail f = { 0 };
	char dir[16];

	snprintf(dir, sizeof(dir), "p%u", i);
	CHECK(mkdir(dir, 0700) == 0 && chdir(dir) == 0);
	MUST(ca_init(CA_DIR, &options, &f), f);
	MUST(ca_open(&p.ca, CA_DIR, NULL, &f), f);
	snprintf(p.path, sizeof(p.path), "../boards/board%u.sim", i);
	snprintf(p.state, sizeof(p.state), "state");
	snprintf(p.faulty, sizeof(p.faulty), "ft260:board%u?via=sim&path=../boards", i);
	fault_attempt(&a, &p, p.faulty);
	fault_expect(&p, &a, a.err == TRUSTX_OK, "not personalized");
	fault_check_chip(&p, &a);
	personalize_free(&a.result);
	ca_close(p.ca);
	return 0;
}

static void eight_processes_use_one_each(void)
{
	pid_t pid[MANY];
	int status;

	boards_new();
	for (unsigned i = 0; i < MANY; i++) {
		fflush(stdout);
		if ((pid[i] = fork()) == 0)
			_exit(personalize_board(i));
		CHECK(pid[i] > 0);
	}
	for (unsigned i = 0; i < MANY; i++) {
		CHECK(waitpid(pid[i], &status, 0) == pid[i]);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

static void board_in_use_names_its_owner_and_is_free_when_that_is_killed(void)
{
	struct trustx_bus bus;
	struct fail f = { 0 };
	char uri[120], want[40], c;
	int ready[2];
	pid_t owner;

	boards_new();
	uri_of(uri, 3);
	CHECK(pipe(ready) == 0);
	if ((owner = fork()) == 0) {
		CHECK_OK(trustx_bus_open(&bus, uri, &f));
		CHECK(write(ready[1], "x", 1) == 1);
		pause();
		_exit(0);
	}
	CHECK(owner > 0 && read(ready[0], &c, 1) == 1);
	CHECK_ERR(trustx_bus_open(&bus, uri, &f), TRUSTX_ERR_IN_USE);
	snprintf(want, sizeof(want), "in use by pid %ld", (long)owner);
	CHECK_STR(f.why, want);
	CHECK_STR(f.cause, "in-use");
	CHECK(kill(owner, SIGKILL) == 0 && waitpid(owner, NULL, 0) == owner);
	MUST(trustx_bus_open(&bus, uri, &f), f);
	trustx_bus_close(&bus);
	close(ready[0]);
	close(ready[1]);
}

static void board_is_not_opened_twice_by_one_process(void)
{
	struct trustx_bus first, second;
	struct fail f = { 0 };
	char uri[120];

	boards_new();
	uri_of(uri, 0);
	MUST(trustx_bus_open(&first, uri, &f), f);
	CHECK_ERR(trustx_bus_open(&second, uri, &f), TRUSTX_ERR_IN_USE);
	trustx_bus_close(&first);
	MUST(trustx_bus_open(&second, uri, &f), f);
	trustx_bus_close(&second);
}

int main(void)
{
	fault_enter();
	RUN(one_process_uses_eight_at_once);
	RUN(eight_processes_use_one_each);
	RUN(board_in_use_names_its_owner_and_is_free_when_that_is_killed);
	RUN(board_is_not_opened_twice_by_one_process);
	return 0;
}
