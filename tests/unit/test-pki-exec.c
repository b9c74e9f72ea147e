/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "exec.h"

#define CSR  "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"
#define CERT "cat " GOLDEN "/aws-certificate.pem\n"

/* A program of the working folder with this shell text. */
static void write_issuer(const char *text)
{
	int fd = open("issuer", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	CHECK(fd >= 0);
	CHECK(dprintf(fd, "#!/bin/sh\n%s", text) > 0);
	CHECK(close(fd) == 0);
	CHECK(chmod("issuer", 0700) == 0);
}

static enum trustx_err issue(int *count, const char *text, const char *csr, struct fail *f)
{
	struct exec_issuer issuer = {
		.program = "./issuer", .uid = "cd16", .serial = "17", .timeout_s = 2
	};
	STACK_OF(X509) *certs = NULL;
	enum trustx_err err;

	write_issuer(text);
	fail_clear(f);
	err = exec_issue(&certs, &issuer, csr, f);
	*count = certs != NULL ? sk_X509_num(certs) : 0;
	sk_X509_pop_free(certs, X509_free);
	return err;
}

static void expect_issued(const char *text, const char *csr)
{
	struct fail f;
	int count;

	if (issue(&count, text, csr, &f) != TRUSTX_OK)
		test_die(text, 0, f.why);
	CHECK_INT(count, 1);
}

static void expect_refused(const char *text, const char *why)
{
	struct fail f;
	int count;

	CHECK_ERR(issue(&count, text, CSR, &f), TRUSTX_ERR_ISSUER);
	CHECK_INT(count, 0);
	CHECK_STR(f.what, "let exec:./issuer issue the certificate");
	if (strstr(f.why, why) == NULL)
		test_die(text, 0, f.why);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Waits until no process runs with this pid any more: killed ones are collected by init. */
static bool is_gone(const char *pid_file)
{
	FILE *file = fopen(pid_file, "re");
	char path[64], state = 'X';
	long pid = 0;

	CHECK(file != NULL && fscanf(file, "%ld", &pid) == 1 && pid > 1);
	fclose(file);
	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
		if ((file = fopen(path, "re")) == NULL)
			return true;
		if (fscanf(file, "%*d %*s %c", &state) != 1)
			state = 'X';
		fclose(file);
		if (state == 'Z' || state == 'X')
			return true;
		usleep(20000);
	}
	return false;
}

static void an_issuer_reads_the_csr_and_writes_the_certificate(void)
{
	char got[256];
	FILE *file;

	expect_issued("cat >csr.seen\n" CERT, CSR);
	CHECK((file = fopen("csr.seen", "re")) != NULL);
	got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
	fclose(file);
	CHECK_STR(got, CSR);
}

static void a_chain_is_passed_on_in_its_order(void)
{
	struct fail f;
	int count;

	CHECK_OK(issue(&count, CERT CERT, CSR, &f));
	CHECK_INT(count, 2);
}

static void uid_and_serial_are_in_the_environment_once(void)
{
	CHECK(setenv("TRUSTX_UID", "inherited", 1) == 0);
	expect_issued("[ \"$TRUSTX_UID/$TRUSTX_SERIAL\" = cd16/17 ] || exit 9\n"
		      "[ $(env | grep -c '^TRUSTX_UID=') = 1 ] || exit 8\n" CERT,
		CSR);
	unsetenv("TRUSTX_UID");
}

static void the_program_gets_no_arguments_and_no_open_files(void)
{
	int fd = open("/dev/null", O_RDONLY);

	CHECK(fd > 2);
	/* 0, 1, 2, and the folder that ls looks at. */
	expect_issued("[ $# = 0 ] || exit 9\n"
		      "[ $(ls /proc/self/fd | wc -l) = 4 ] || exit 7\n" CERT,
		CSR);
	close(fd);
}

static void a_program_that_never_reads_is_judged_by_its_output(void)
{
	char *big = malloc(1000001);

	CHECK(big != NULL);
	memset(big, 'x', 1000000);
	big[1000000] = '\0';
	expect_issued("exec <&-\n" CERT, big);
	expect_issued("sleep 0.3\n" CERT, big);
	free(big);
}

static void what_is_longer_than_a_pipe_reaches_the_program(void)
{
	char *big = malloc(1000001);

	CHECK(big != NULL);
	memset(big, 'x', 1000000);
	big[1000000] = '\0';
	expect_issued("sleep 0.1\n[ $(wc -c) = 1000000 ] || exit 3\n" CERT, big);
	free(big);
}

static void a_program_that_cannot_be_started_is_named(void)
{
	struct exec_issuer issuer = { .program = "no-such-issuer" };
	STACK_OF(X509) *certs = NULL;
	struct fail f;

	CHECK_ERR(exec_issue(&certs, &issuer, CSR, &f), TRUSTX_ERR_ISSUER);
	CHECK_STR(f.why, "no-such-issuer could not be started: No such file or directory");
	CHECK(certs == NULL && f.next[0] != '\0');
	issuer.program = "./issuer --fast";
	CHECK_ERR(exec_issue(&certs, &issuer, CSR, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.next, "no arguments") != NULL);
	write_issuer("");
	CHECK(chmod("issuer", 0600) == 0);
	issuer.program = "./issuer";
	CHECK_ERR(exec_issue(&certs, &issuer, CSR, &f), TRUSTX_ERR_ISSUER);
	CHECK_STR(f.next, "make it executable: chmod +x ./issuer");
}

static void a_script_without_interpreter_line_is_explained(void)
{
	struct exec_issuer issuer = { .program = "./issuer" };
	STACK_OF(X509) *certs = NULL;
	struct fail f;
	FILE *file = fopen("issuer", "we");

	CHECK(file != NULL && fputs("echo no\n", file) > 0 && fclose(file) == 0);
	CHECK(chmod("issuer", 0700) == 0);
	CHECK_ERR(exec_issue(&certs, &issuer, CSR, &f), TRUSTX_ERR_ISSUER);
	CHECK(strstr(f.next, "#!/bin/sh") != NULL);
}

static void exit_status_and_signal_are_told(void)
{
	expect_refused(CERT "exit 3\n", "./issuer ended with exit status 3");
	expect_refused(CERT "kill -9 $$\n", "./issuer was killed by signal 9");
}

static void output_that_is_no_certificate_is_refused(void)
{
	expect_refused("exit 0\n", "./issuer wrote no certificate");
	expect_refused("echo hello\n", "what ./issuer wrote is no certificate");
	expect_refused(CERT "echo '-----BEGIN CERTIFICATE-----'\n", "is no certificate");
}

static void a_flood_is_cut_off(void)
{
	double start = seconds();

	expect_refused("echo $$ >pid\nexec yes\n", "more than 65536 bytes");
	CHECK(seconds() - start < 1.5);
	CHECK(is_gone("pid"));
}

static void a_slow_program_is_ended_with_all_it_started(void)
{
	double start = seconds();

	expect_refused("sleep 100 &\necho $! >pid\nwait\n", "no answer within 2 s");
	CHECK(seconds() - start < 3);
	CHECK(is_gone("pid"));
}

static void a_program_that_closes_its_output_and_sleeps_is_ended(void)
{
	expect_refused("echo $$ >pid\n" CERT "exec >&-\nexec sleep 100\n", "no answer within 2 s");
	CHECK(is_gone("pid"));
}

static void a_program_that_ignores_sigterm_is_killed(void)
{
	double start = seconds();

	expect_refused("trap '' TERM\necho $$ >pid\nwhile :; do sleep 0.1; done\n",
		"no answer within 2 s");
	CHECK(seconds() - start < 6);
	CHECK(is_gone("pid"));
}

static bool is_running(void)
{
	return access("pid", F_OK) == 0;
}

static void a_program_is_ended_with_all_it_started_when_it_is_to_stop(void)
{
	struct exec_issuer issuer = { .program = "./issuer", .stop = is_running };
	STACK_OF(X509) *certs = NULL;
	double start = seconds();
	struct fail f = { 0 };

	write_issuer("sleep 100 &\necho $! >new && mv new pid\nwait\n");
	CHECK(unlink("pid") == 0 || errno == ENOENT);
	CHECK_ERR(exec_issue(&certs, &issuer, CSR, &f), TRUSTX_ERR_INTERRUPTED);
	CHECK(certs == NULL);
	CHECK_STR(f.why, "./issuer was ended before it answered");
	CHECK(seconds() - start < 3);
	CHECK(is_gone("pid"));
}

static void a_background_child_that_holds_the_output_does_not_delay(void)
{
	double start = seconds();

	expect_issued(CERT "sleep 3 &\nexit 0\n", CSR);
	CHECK(seconds() - start < 1.5);
}

/* SIGPIPE of this process: as found, not delivered, not left pending. */
static void signals_are_left_as_they_were(void)
{
	struct sigaction before, after;
	sigset_t pending, mask;
	char *big = malloc(300001);

	CHECK(big != NULL);
	memset(big, 'x', 300000);
	big[300000] = '\0';
	sigaction(SIGPIPE, NULL, &before);
	expect_issued("exec <&-\nsleep 0.1\n" CERT, big);
	sigaction(SIGPIPE, NULL, &after);
	CHECK(before.sa_handler == SIG_DFL && after.sa_handler == SIG_DFL);
	sigpending(&pending);
	CHECK(!sigismember(&pending, SIGPIPE));
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	CHECK(!sigismember(&mask, SIGPIPE));
	free(big);
}

static void nothing_is_left_open_and_no_zombie_stays(void)
{
	int before = dup(0), after;

	close(before);
	expect_issued(CERT, CSR);
	expect_refused("exit 1\n", "exit status 1");
	expect_refused("exec yes\n", "65536");
	after = dup(0);
	close(after);
	CHECK_INT(after, before);
	CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}

int main(void)
{
	RUN(an_issuer_reads_the_csr_and_writes_the_certificate);
	RUN(a_chain_is_passed_on_in_its_order);
	RUN(uid_and_serial_are_in_the_environment_once);
	RUN(the_program_gets_no_arguments_and_no_open_files);
	RUN(a_program_that_never_reads_is_judged_by_its_output);
	RUN(what_is_longer_than_a_pipe_reaches_the_program);
	RUN(a_program_that_cannot_be_started_is_named);
	RUN(a_script_without_interpreter_line_is_explained);
	RUN(exit_status_and_signal_are_told);
	RUN(output_that_is_no_certificate_is_refused);
	RUN(a_flood_is_cut_off);
	RUN(a_slow_program_is_ended_with_all_it_started);
	RUN(a_program_that_closes_its_output_and_sleeps_is_ended);
	RUN(a_program_that_ignores_sigterm_is_killed);
	RUN(a_program_is_ended_with_all_it_started_when_it_is_to_stop);
	RUN(a_background_child_that_holds_the_output_does_not_delay);
	RUN(signals_are_left_as_they_were);
	RUN(nothing_is_left_open_and_no_zombie_stays);
	return 0;
}
