/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Killed at every write and at every request, every answer lost: the next run continues. */
#include "aws-world.h"
#include "shell.h"

#define ROUNDS	    20u /* seeded; 200 with TRUSTX_LONG */
#define ROUNDS_LONG 200u
#define RUNS	    6u /* at most, until AWS has a good day */

static struct standin aws;
static unsigned number;

static const struct aws_run at_aws = { 0 }, local = { .issuer = "ca:" CA_DIR };

/* ---- the process ends at one of its writes ---- */

static struct {
	unsigned count, stop; /* 0: never */
	bool torn;	      /* in the middle of it */
} writes;

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
enum trustx_err __real_cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f);
enum trustx_err __wrap_cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f);

static struct {
	bool dirty; /* the journal has lines that a power cut would take */
	unsigned requests;
} synced;

static bool is_time(void)
{
	return ++writes.count == writes.stop;
}

static bool is_journal(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_APPEND) != 0;
}

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	if (is_time()) {
		if (writes.torn && __real_write(fd, data, len / 2) < 0)
			_exit(98);
		_exit(99);
	}
	if (is_journal(fd))
		synced.dirty = true;
	return __real_write(fd, data, len);
}

int __wrap_fdatasync(int fd)
{
	if (is_time())
		_exit(99);
	if (is_journal(fd))
		synced.dirty = false;
	return __real_fdatasync(fd);
}

/* What changes something at AWS stands in the journal before, for good. */
enum trustx_err __wrap_cloud_start(struct cloud_call **call, struct cloud *cloud,
	const struct cloud_request *request, struct fail *f)
{
	if (strcmp(request->method, "GET") != 0) {
		CHECK(!synced.dirty);
		synced.requests++;
	}
	return __real_cloud_start(call, cloud, request, f);
}

int __wrap_rename(const char *from, const char *to)
{
	if (is_time())
		_exit(99);
	return __real_rename(from, to);
}

/* ---- one chip ---- */

static void begin(struct world *w, const char *fault)
{
	standin_fault(&aws, NULL);
	synced.dirty = false; /* the journal of another chip */
	aws_prepare(&aws);
	if (fault != NULL) {
		char body[200];

		snprintf(body, sizeof(body), "{\"faults\":[\"%s\"]}", fault);
		standin_control(&aws, body);
	}
	world_new(w, ++number, "");
	world_free(w);
}

/* AWS has a good day again. */
static size_t finish(struct world *w, const struct aws_run *run)
{
	size_t others;

	standin_control(&aws, "{\"faults\":[]}");
	world_connect(w);
	aws_must(w, &aws, run);
	others = aws_check(&aws, w);
	world_free(w);
	return others;
}

static unsigned executed(const char *operation)
{
	json_t *journal = standin_ask(&aws, "/journal", NULL);
	unsigned count = 0;

	for (size_t i = 0; i < json_array_size(journal); i++) {
		const json_t *entry = json_array_get(journal, i);

		count += strcmp(aws_text(entry, "operation"), operation) == 0 &&
			 json_is_true(json_object_get(entry, "executed")) &&
			 aws_text(entry, "error")[0] == '\0';
	}
	json_decref(journal);
	return count;
}

static void killed_at_every_write(const struct aws_run *run, bool torn)
{
	struct world w;
	int status = 99;

	for (writes.stop = 1, writes.torn = torn; status == 99; writes.stop++) {
		unsigned stop = writes.stop;

		writes.stop = 0;
		begin(&w, NULL);
		writes.count = 0;
		writes.stop = stop;
		status = WEXITSTATUS(aws_end(aws_fork(&w, &aws, run)));
		CHECK(status == 99 || status == 0);
		writes.stop = 0;
		CHECK_INT(finish(&w, run), 0);
		CHECK_INT(executed("CreateCertificateFromCsr") +
				  executed("RegisterCertificateWithoutCA"),
			1);
		writes.stop = stop;
	}
	printf("    %u writes\n", writes.stop - 2);
	CHECK(writes.stop > 50);
	writes.stop = 0;
}

static void killed_before_any_write_it_continues(void)
{
	killed_at_every_write(&at_aws, false);
}

static void killed_in_the_middle_of_any_write_it_continues(void)
{
	killed_at_every_write(&at_aws, true);
}

static void killed_at_any_write_with_a_local_ca_it_continues(void)
{
	killed_at_every_write(&local, true);
}

/* One that is active already, for another subject now: the one before ends, exactly once. */
static void killed_while_it_is_replaced_it_continues(void)
{
	static const struct aws_run renewed = { .subject = "CN={serial},O=Renewed",
		.replace_cert = true };
	struct world w;
	int status = 99;

	for (unsigned stop = 1; status == 99; stop++) {
		begin(&w, NULL);
		world_connect(&w);
		aws_must(&w, &aws, &at_aws);
		world_free(&w);
		writes.count = 0;
		writes.stop = stop;
		status = WEXITSTATUS(aws_end(aws_fork(&w, &aws, &renewed)));
		CHECK(status == 99 || status == 0);
		writes.stop = 0;
		CHECK_INT(finish(&w, &renewed), 1);
		CHECK_INT(executed("CreateCertificateFromCsr"), 2);
	}
}

static void the_journal_is_on_the_disk_before_aws_is_asked(void)
{
	static const struct aws_run *const runs[] = { &at_aws, &local };
	struct world w;

	for (size_t i = 0; i < 2; i++) {
		begin(&w, NULL);
		world_connect(&w);
		synced.requests = 0;
		aws_must(&w, &aws, runs[i]);
		CHECK_INT(synced.requests, 5);
		CHECK(!synced.dirty);
		world_free(&w);
	}
}

/* ---- every request ---- */

static const char *const kinds[] = { "kill", "kill-late", "cut", "lost", "half", "hangup",
	"truncate", "empty", "garbage", "html", "html-late", "error=500", "late-error=500",
	"late-error=503", "throttle", "expired", "huge", NULL };

static void struck(const char *operation, const char *kind, const struct aws_run *run)
{
	struct world w;
	char rule[80];
	int status;

	snprintf(rule, sizeof(rule), "%s@%s#1", kind, operation);
	begin(&w, rule);
	status = aws_end(aws_fork(&w, &aws, run));
	if (strncmp(kind, "kill", 4) == 0)
		CHECK(WIFSIGNALED(status));
	else
		CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 97));
	CHECK_INT(finish(&w, run), 0);
	CHECK_INT(executed("CreateCertificateFromCsr") < 2, true);
}

static void any_request_may_be_struck(void)
{
	static const char *const operations[] = { "CreateThing", "CreateCertificateFromCsr",
		"AttachThingPrincipal", "AddThingToThingGroup", "UpdateCertificate" };

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		for (size_t k = 0; kinds[k] != NULL; k++)
			struck(operations[i], kinds[k], &at_aws);
}

static void any_request_of_a_local_certificate_may_be_struck(void)
{
	for (size_t k = 0; kinds[k] != NULL; k++)
		struck("RegisterCertificateWithoutCA", kinds[k], &local);
	struck("UpdateCertificate", "kill", &local);
	struck("UpdateCertificate", "kill-late", &local);
}

/* ---- the search for what was lost ---- */

static void shell_edit(const struct world *w, const char *expression)
{
	char line[200];

	snprintf(line, sizeof(line), "sed -i '%s' %s/*.journal", expression, w->state);
	CHECK_INT(shell(line), 0);
}

static void a_lost_certificate_is_adopted(void)
{
	struct aws_outcome o;
	struct world w;

	begin(&w, "lost@CreateCertificateFromCsr#1");
	world_connect(&w);
	aws_run(&o, &w, &aws, &at_aws);
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	CHECK(strstr(o.fail.next, "run the same command again") != NULL);
	aws_run(&o, &w, &aws, &at_aws);
	MUST(o.err, o.fail);
	CHECK(o.result.aws.adopted);
	CHECK_INT(aws_check(&aws, &w), 0);
	CHECK_INT(executed("CreateCertificateFromCsr"), 1);
	world_free(&w);
}

static void what_aws_does_not_show_yet_is_waited_for(void)
{
	const struct aws_run patient = { .settle_ms = 3000 };
	struct aws_outcome o;
	struct world w;

	begin(&w, "lost@CreateCertificateFromCsr#1");
	standin_control(&aws, "{\"settle\":800}");
	world_connect(&w);
	aws_run(&o, &w, &aws, &patient);
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	aws_run(&o, &w, &aws, &patient);
	MUST(o.err, o.fail);
	CHECK(o.result.aws.adopted);
	standin_control(&aws, "{\"settle\":0}");
	CHECK_INT(aws_check(&aws, &w), 0);
	world_free(&w);
}

static void of_several_the_newest_is_adopted(void)
{
	struct aws_outcome o;
	struct world w;

	begin(&w, "lost@CreateCertificateFromCsr#1-3");
	standin_control(&aws, "{\"settle\":60000}");
	world_connect(&w);
	for (unsigned i = 0; i < 3; i++) { /* impatient, so each makes another */
		aws_run(&o, &w, &aws, &at_aws);
		CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	}
	standin_control(&aws, "{\"settle\":0}");
	aws_run(&o, &w, &aws, &at_aws);
	MUST(o.err, o.fail);
	CHECK(o.result.aws.adopted);
	CHECK_INT(o.result.aws.orphans, 2);
	CHECK_INT(aws_check(&aws, &w), 2);
	CHECK_INT(executed("CreateCertificateFromCsr"), 3);
	world_free(&w);
}

/* It was asked for another subject: of the same key, but of no use now. */
static void one_for_another_subject_is_an_orphan(void)
{
	struct aws_outcome o;
	struct world w;

	begin(&w, "lost@CreateCertificateFromCsr#1");
	world_connect(&w);
	aws_run(&o, &w, &aws, &(struct aws_run){ .subject = "CN={serial},O=Other" });
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	aws_run(&o, &w, &aws, &at_aws);
	MUST(o.err, o.fail);
	CHECK(!o.result.aws.adopted);
	CHECK_INT(aws_check(&aws, &w), 1);
	world_free(&w);
}

/* Those of other chips, made at the same time, are not ours. */
static void others_are_left_alone(void)
{
	struct world one, two;
	struct aws_outcome o;

	begin(&one, "lost@CreateCertificateFromCsr#1-2");
	world_connect(&one);
	world_new(&two, ++number, "");
	aws_run(&o, &one, &aws, &at_aws);
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	aws_run(&o, &two, &aws, &at_aws);
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	standin_control(&aws, "{\"faults\":[]}");
	aws_must(&one, &aws, &at_aws);
	aws_must(&two, &aws, &at_aws);
	CHECK_INT(aws_check(&aws, &one), 0);
	CHECK_INT(aws_check(&aws, &two), 0);
	CHECK_INT(executed("CreateCertificateFromCsr"), 2);
	world_free(&one);
	world_free(&two);
}

static void without_the_right_to_search_it_is_suspected(void)
{
	struct record record;
	struct aws_outcome o;
	struct world w;

	begin(&w, "lost@CreateCertificateFromCsr#1");
	world_connect(&w);
	aws_run(&o, &w, &aws, &at_aws);
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	standin_control(&aws, "{\"faults\":[\"refuse=AccessDeniedException@ListCertificates\"]}");
	aws_run(&o, &w, &aws, &at_aws);
	MUST(o.err, o.fail);
	CHECK(aws_noted(&o, "AWS does not let us look"));
	aws_read_record(&record, &w);
	CHECK_INT(record.orphan_count, 1);
	CHECK_STR(record.orphans[0].id, "");
	CHECK(strstr(record.orphans[0].why, "no right to search") != NULL);
	record_free(&record);
	world_free(&w);
}

/* The stand-in is of one region: the journal is told that this was another. */
static void an_answer_lost_in_another_region_is_suspected(void)
{
	struct record record;
	struct aws_outcome o;
	struct world w;

	begin(&w, "lost@CreateCertificateFromCsr#1");
	world_connect(&w);
	aws_run(&o, &w, &aws, &at_aws);
	CHECK_ERR(o.err, TRUSTX_ERR_ISSUER);
	shell_edit(&w, "s/eu-central-1/us-east-1/");
	aws_run(&o, &w, &aws, &at_aws);
	MUST(o.err, o.fail);
	CHECK(!o.result.aws.adopted);
	aws_read_record(&record, &w);
	CHECK_INT(record.orphan_count, 1);
	CHECK_STR(record.orphans[0].why, "its answer was lost in the region us-east-1");
	record_free(&record);
	world_free(&w);
}

/* ---- any instant, any fault ---- */

static unsigned draw(unsigned *state, unsigned below)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 8) % below;
}

static void bad_day(unsigned seed)
{
	char body[400];

	snprintf(body, sizeof(body),
		"{\"seed\":%u,\"faults\":[\"kill%%0.06\",\"kill-late%%0.06\",\"lost%%0.06\","
		"\"cut%%0.06\",\"half%%0.04\",\"late-error=500%%0.05\",\"error=503%%0.05\","
		"\"throttle%%0.05\",\"garbage%%0.03\",\"truncate%%0.03\"]}",
		seed);
	standin_control(&aws, body);
}

static void killed_after(pid_t pid, unsigned us)
{
	struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000L };

	nanosleep(&pause, NULL);
	kill(pid, SIGKILL);
}

static unsigned one_chip(unsigned seed, unsigned *kills)
{
	const struct aws_run *run = seed % 4 == 3 ? &local : &at_aws;
	unsigned dice = seed;
	struct world w;
	int status = 1;

	begin(&w, NULL);
	for (unsigned i = 0; i < RUNS && status != 0; i++) {
		pid_t pid;

		bad_day(seed * RUNS + i);
		pid = aws_fork(&w, &aws, run);
		if (draw(&dice, 2) == 0)
			killed_after(pid, draw(&dice, 200000));
		status = aws_end(pid);
		*kills += WIFSIGNALED(status);
	}
	return (unsigned)finish(&w, run);
}

static void on_any_bad_day_every_certificate_is_accounted_for(void)
{
	const char *is_long = getenv("TRUSTX_LONG");
	unsigned rounds = is_long != NULL && is_long[0] != '\0' ? ROUNDS_LONG : ROUNDS;
	unsigned kills = 0, orphans = 0;

	for (unsigned seed = 1; seed <= rounds; seed++)
		orphans += one_chip(seed, &kills);
	printf("    %u chips, %u kills, %u orphans\n", rounds, kills, orphans);
	CHECK(kills >= rounds / 2);
}

int main(void)
{
	static const char *const options[] = { "--victim", AWS_VICTIM, NULL };

	world_init();
	aws_start(&aws, options);
	RUN(a_lost_certificate_is_adopted);
	RUN(what_aws_does_not_show_yet_is_waited_for);
	RUN(of_several_the_newest_is_adopted);
	RUN(one_for_another_subject_is_an_orphan);
	RUN(others_are_left_alone);
	RUN(without_the_right_to_search_it_is_suspected);
	RUN(an_answer_lost_in_another_region_is_suspected);
	RUN(the_journal_is_on_the_disk_before_aws_is_asked);
	RUN(any_request_may_be_struck);
	RUN(any_request_of_a_local_certificate_may_be_struck);
	RUN(killed_before_any_write_it_continues);
	RUN(killed_in_the_middle_of_any_write_it_continues);
	RUN(killed_at_any_write_with_a_local_ca_it_continues);
	RUN(killed_while_it_is_replaced_it_continues);
	RUN(on_any_bad_day_every_certificate_is_accounted_for);
	standin_stop(&aws);
	return 0;
}
