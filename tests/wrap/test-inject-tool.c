/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The programs, run again and again with another call failing each time until none is left: what
 * they exit with is true, they say why, nothing leaks, and the next run ends well with no second
 * key.
 */
#include "inject.h"
#include "programs.h"

#include "inject-world.h"

#include "hex.h"

#include <fcntl.h>
#include <getopt.h>

#include <jansson.h>

#define WORDS_MAX  16
#define OUTPUT_MAX (1u << 20)
#define DEVICE	   "sim:run/chip?scale=0"

struct command {
	const char *line;
	const char *chip; /* copied from */
	const char *made; /* a file that is there after exit 0, or NULL */
	const char *done; /* a command that succeeds only then */
	int again;	  /* what the same command may exit with the next time instead of 0 */
	unsigned keys;	  /* generated in the end */
	bool fixed;	  /* always the same on standard output */
};

/* ---- one run ---- */

struct outcome {
	int code;
	struct blob out, err;
};

static const struct {
	const char *name;
	int (*main)(int argc, char *argv[]);
} programs[] = {
	{ "trustx", trustx_main },
	{ "optiga_generate_csr", optiga_generate_csr_main },
	{ "optiga_upload_crt", optiga_upload_crt_main },
};

static int run_program(int argc, char *argv[])
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strcmp(programs[i].name, argv[0]) == 0)
			return programs[i].main(argc, argv);
	test_die(argv[0], 0, "no such program");
	return -1;
}

/* fd leads into a new file; the return value is where it led before. */
static int divert(int fd, const char *path)
{
	int before = dup(fd), to = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(before >= 0 && to >= 0 && dup2(to, fd) == fd);
	close(to);
	return before;
}

static void bring_back(int fd, int before)
{
	CHECK(dup2(before, fd) == fd);
	close(before);
}

static void read_output(struct blob *b, const char *path)
{
	struct fail f = { 0 };

	blob_init(b, OUTPUT_MAX);
	MUST(file_read(b, path, &f), f);
}

static void outcome_free(struct outcome *o)
{
	blob_free(&o->out);
	blob_free(&o->err);
}

/* The line, with the UID of the chip in the place of "UID". */
static void complete_line(char *words, size_t cap, const char *line)
{
	const char *place = strstr(line, "UID");
	char uid[2 * TRUSTX_UID_LEN + 1];
	struct sim_info info;
	struct fail f = { 0 };
	int len;

	if (place == NULL) {
		len = snprintf(words, cap, "%s", line);
	} else {
		MUST(sim_info(&info, "run/chip", &f), f);
		hex_print(uid, info.uid, sizeof(info.uid));
		len = snprintf(words, cap, "%.*s%s%s", (int)(place - line), line, uid, place + 3);
	}
	CHECK(len > 0 && (size_t)len < cap);
}

/* in NULL: nothing fails. */
static struct outcome run_line(const char *line, struct injected *in)
{
	char words[256], *argv[WORDS_MAX + 1] = { NULL }, *at = words, *word;
	struct outcome o;
	int argc = 0, out, err;

	complete_line(words, sizeof(words), line);
	while ((word = strsep(&at, " ")) != NULL) {
		CHECK(argc < WORDS_MAX);
		argv[argc++] = word;
	}
	optind = 0;
	fflush(stdout);
	out = divert(STDOUT_FILENO, "out");
	err = divert(STDERR_FILENO, "err");
	if (in != NULL)
		inject_arm();
	o.code = run_program(argc, argv);
	if (in != NULL)
		*in = inject_disarm();
	fflush(stdout);
	bring_back(STDOUT_FILENO, out);
	bring_back(STDERR_FILENO, err);
	read_output(&o.out, "out");
	read_output(&o.err, "err");
	return o;
}

/* ---- what must be true of it ---- */

static void complain(const struct command *c, const struct injected *in, const struct outcome *o,
	const char *what)
{
	fprintf(stderr, "%s: a failed %s (place %u): exit %d, %s\n%s%s", c->line, in->name,
		in->place, o->code, what, blob_text(&o->out), blob_text(&o->err));
	exit(1);
}

/* Nothing that fails here is the user's fault, but what OpenSSL cannot take looks like it. */
static bool code_is_right(const struct injected *in, int code)
{
	if (in->kind == INJECT_LIBRARY)
		return code >= 1 && code <= 5;
	return code == 1 || code == 3 || code == 4;
}

/* Is there a line "PROGRAM: WHAT: WHY", maybe after notes? */
static bool says_why(const char *text, const char *line)
{
	size_t program = strcspn(line, " ");

	for (; text != NULL; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (strncmp(text, line, program) == 0 && text[program] == ':')
			return strcspn(text, "\n") > program + 2 && strstr(text, "(null)") == NULL;
	}
	return false;
}

/* With --json the same in an object on standard output. */
static void check_message(
	const struct command *c, const struct injected *in, const struct outcome *o)
{
	json_t *object, *error;

	if (!says_why(blob_text(&o->err), c->line))
		complain(c, in, o, "no message");
	if (strstr(c->line, "--json") == NULL || o->out.len == 0)
		return;
	object = json_loads(blob_text(&o->out), 0, NULL);
	error = json_object_get(object, "error");
	if (!json_is_false(json_object_get(object, "ok")) ||
		json_integer_value(json_object_get(error, "code")) != o->code ||
		json_string_length(json_object_get(error, "why")) == 0)
		complain(c, in, o, "not an object that tells of an error");
	json_decref(object);
}

static void check_done(const struct command *c, const struct injected *in)
{
	struct outcome o;
	struct stat st;

	if (c->made != NULL && (stat(c->made, &st) != 0 || st.st_size == 0))
		complain(c, in, &(struct outcome){ 0 }, "the file it makes is missing");
	if (c->done == NULL)
		return;
	o = run_line(c->done, NULL);
	if (o.code != 0)
		complain(c, in, &o, "it is not done");
	outcome_free(&o);
}

/*
 * A certificate or key that cannot be judged counts as malformed or foreign (possession.h): who
 * only reports what is there reports that.
 */
static bool judges(const struct injected *in)
{
	static const char *const names[] = { "d2i_X509", "d2i_PUBKEY", "EVP_PKEY_get_group_name",
		"EVP_PKEY_get_octet_string_param", "EVP_PKEY_get1_encoded_public_key",
		"EVP_PKEY_CTX_new", "EVP_PKEY_verify_init" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(in->name, names[i]) == 0)
			return true;
	return false;
}

static void check_outcome(const struct command *c, const struct injected *in,
	const struct outcome *o, const struct outcome *clean)
{
	if (o->code != 0) {
		if (!code_is_right(in, o->code))
			complain(c, in, o, "the wrong code");
		check_message(c, in, o);
		return;
	}
	if (c->fixed && !judges(in) && strcmp(blob_text(&o->out), blob_text(&clean->out)) != 0)
		complain(c, in, o, "another result");
	if (o->out.len == 0 && clean->out.len != 0)
		complain(c, in, o, "no result");
	check_done(c, in);
}

static void check_next_run(const struct command *c, const struct injected *in)
{
	struct outcome o = run_line(c->line, NULL);
	struct fail f = { 0 };
	struct sim_info info;

	if (o.code != 0 && o.code != c->again)
		complain(c, in, &o, "the next run fails");
	if (o.code == 0 || c->done != NULL)
		check_done(&(struct command){ .line = c->line,
				   .made = o.code == 0 ? c->made : NULL,
				   .done = c->done },
			in);
	MUST(sim_info(&info, "run/chip", &f), f);
	if (info.key_generations[1] > c->keys)
		complain(c, in, &o, "a second key was generated");
	outcome_free(&o);
}

/* ---- one call failing after the other ---- */

/* A number that is free after all is closed; a file left open would have it. */
static int lowest_free_fd(void)
{
	int fd = dup(STDIN_FILENO);

	CHECK(fd >= 0);
	close(fd);
	return fd;
}

static bool run_once(const struct command *c, const struct outcome *clean, unsigned *harmless)
{
	struct injected in;
	struct outcome o;
	int fd;

	begin_anew(c->chip);
	fd = lowest_free_fd();
	o = run_line(c->line, &in);
	if (in.done) {
		check_outcome(c, &in, &o, clean);
		/* A descriptor that seems to be closed is filled on purpose. */
		if (strcmp(in.name, "fcntl") != 0 && lowest_free_fd() != fd)
			complain(c, &in, &o, "a file is left open");
		*harmless += o.code == 0;
		check_next_run(c, &in);
	}
	outcome_free(&o);
	return in.done;
}

static void fail_everywhere(const struct command *c)
{
	unsigned runs = 0, harmless = 0;
	struct outcome clean;

	begin_anew(c->chip);
	clean = run_line(c->line, NULL);
	if (clean.code != 0)
		complain(c, &(struct injected){ .name = "nothing" }, &clean, "without a failure");
	check_done(c, &(struct injected){ .name = "nothing" });
	inject_restart();
	while (run_once(c, &clean, &harmless))
		CHECK(++runs < RUNS_MAX);
	printf("    %-60s %4u calls failed, %u of them harmlessly\n", c->line, runs, harmless);
	CHECK(runs > 0);
	outcome_free(&clean);
}

static void fail_all(const struct command *commands, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fail_everywhere(&commands[i]);
}

#define FAIL_ALL(commands) fail_all((commands), sizeof(commands) / sizeof((commands)[0]))

static void commands_that_only_read_survive_every_failure(void)
{
	static const struct command commands[] = {
		{ .line = "trustx info --json", .chip = "chip", .fixed = true },
		{ .line = "trustx info -v", .chip = "chip-1", .fixed = true, .keys = 1 },
		{ .line = "trustx object list --json", .chip = "chip", .fixed = true },
		{ .line = "trustx scan -d " DEVICE, .chip = "chip" },
		{ .line = "trustx doctor -d " DEVICE " --report run/report",
			.chip = "chip",
			.made = "run/report" },
		{ .line = "trustx object read e0c2 -o run/uid", .chip = "chip", .made = "run/uid" },
		{ .line = "trustx object read e0c2", .chip = "chip", .fixed = true },
		{ .line = "trustx object metadata f1d0", .chip = "chip", .fixed = true },
		{ .line = "trustx cert read --slot 0", .chip = "chip", .fixed = true },
		{ .line = "trustx random 16 -o run/random", .chip = "chip", .made = "run/random" },
		{ .line = "trustx csr verify csr.pem", .chip = "chip", .fixed = true },
		{ .line = "trustx cert verify --ca ca/root.pem",
			.chip = "chip-2",
			.fixed = true,
			.keys = 1 },
		{ .line = "trustx ca show run/ca", .chip = "chip", .fixed = true },
		{ .line = "trustx sim info run/chip --json", .chip = "chip", .fixed = true },
		{ .line = "trustx sim root -o run/root.pem",
			.chip = "chip",
			.made = "run/root.pem" },
		{ .line = "trustx version", .chip = "chip", .fixed = true },
		{ .line = "trustx help key generate", .chip = "chip", .fixed = true },
		{ .line = "trustx trace show open.trace", .chip = "chip", .fixed = true },
		{ .line = "trustx trace show open.trace --pcapng run/pcapng",
			.chip = "chip",
			.made = "run/pcapng" },
		{ .line = "trustx trace redact open.trace -o run/public",
			.chip = "chip",
			.made = "run/public",
			.done = "trustx trace show run/public" },
	};

	FAIL_ALL(commands);
}

static void keys_and_requests_survive_every_failure(void)
{
	static const struct command commands[] = {
		{ .line = "trustx key generate --json -o run/pub.pem",
			.chip = "chip",
			.made = "run/pub.pem",
			.done = "trustx key public",
			.again = 7,
			.keys = 1 },
		{ .line = "trustx key generate --replace-key --confirm UID -o run/pub.pem",
			.chip = "chip-1",
			.made = "run/pub.pem",
			.done = "trustx key public",
			.keys = 3 }, /* the one that was there, and one of each run */
		{ .line = "trustx key public -o run/pub.pem",
			.chip = "chip-1",
			.made = "run/pub.pem",
			.keys = 1 },
		{ .line = "trustx csr create -i config.jsn --san dns:a.example -o run/csr.pem",
			.chip = "chip",
			.made = "run/csr.pem",
			.done = "trustx csr verify run/csr.pem",
			.keys = 1 },
		{ .line = "optiga_generate_csr -f " DEVICE " -i config.jsn -o run/csr.pem",
			.chip = "chip",
			.made = "run/csr.pem",
			.done = "trustx csr verify run/csr.pem",
			.again = 7,
			.keys = 1 },
	};

	FAIL_ALL(commands);
}

static void writing_survives_every_failure(void)
{
	static const struct command commands[] = {
		{ .line = "trustx object write f1d0 -i data",
			.chip = "chip",
			.done = "trustx object read f1d0" },
		{ .line = "trustx cert write cert.pem --ca ca/root.pem",
			.chip = "chip-1",
			.done = "trustx cert verify --ca ca/root.pem",
			.keys = 1 },
		{ .line = "trustx cert write cert.pem --replace-cert",
			.chip = "chip-2",
			.done = "trustx cert verify --ca ca/root.pem",
			.keys = 1 },
		{ .line = "trustx cert erase", .chip = "chip-2", .keys = 1 },
		{ .line = "trustx object metadata f1d0 --set read=never --confirm UID",
			.chip = "chip" },
		{ .line = "trustx object lock f1d0 --confirm UID",
			.chip = "chip",
			.done = "trustx object lock f1d0" },
		{ .line = "trustx -d trace:run/t.trace:" DEVICE " object read e0c2",
			.chip = "chip",
			.made = "run/t.trace",
			.done = "trustx trace show run/t.trace",
			.fixed = true },
		{ .line = "trustx sim new run/other",
			.chip = "chip",
			.made = "run/other",
			.done = "trustx sim info run/other",
			.again = 7 },
		{ .line = "trustx sim rest run/chip 10", .chip = "chip" },
		{ .line = "trustx sim power-cut run/chip --after 50", .chip = "chip" },
		{ .line = "optiga_upload_crt -f " DEVICE " -c cert.pem",
			.chip = "chip-1",
			.done = "trustx cert verify --ca ca/root.pem",
			.keys = 1 },
	};

	FAIL_ALL(commands);
}

static void issuing_survives_every_failure(void)
{
	static const struct command commands[] = {
		{ .line = "trustx ca init run/new-ca --intermediate",
			.chip = "chip",
			.made = "run/new-ca/root.pem",
			.done = "trustx ca show run/new-ca",
			.again = 7 },
		{ .line = "trustx ca sign run/ca -i csr.pem -o run/cert.pem",
			.chip = "chip",
			.made = "run/cert.pem",
			.done = "trustx ca show run/ca" },
	};

	FAIL_ALL(commands);
}

static void personalizing_survives_every_failure(void)
{
	static const struct command commands[] = {
		{ .line = "trustx personalize -i config.jsn --issuer ca:run/ca --json",
			.chip = "chip",
			.done = "trustx cert verify --ca ca/root.pem",
			.keys = 1 },
	};

	FAIL_ALL(commands);
}

/* What a sanitizer has to say is no output of the program. */
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

static void keep_reports(void)
{
	int fd = dup(STDERR_FILENO);

	if (__sanitizer_set_report_fd != NULL)
		__sanitizer_set_report_fd((void *)(intptr_t)fd);
}

static void put_text(const char *path, const char *text)
{
	struct fail f = { 0 };

	MUST(file_write(path, text, strlen(text), FILE_PUBLIC, FILE_NO_SYNC, &f), f);
}

static void must_run(const char *line)
{
	struct outcome o = run_line(line, NULL);

	if (o.code != 0)
		test_die(line, o.code, blob_text(&o.err));
	outcome_free(&o);
}

/* A relative path is none to XDG_STATE_HOME. */
static void choose_chip_and_state(void)
{
	char *here = getcwd(NULL, 0), path[4096];

	CHECK(here != NULL);
	snprintf(path, sizeof(path), "%s/run/state", here);
	CHECK(setenv("TRUSTX_DEVICE", DEVICE, 1) == 0 && setenv("XDG_STATE_HOME", path, 1) == 0);
	free(here);
}

int main(void)
{
	keep_reports();
	prepare();
	choose_chip_and_state();
	put_text("data", "some data\n");
	put_text("config.jsn", "{\"CN\":\"{serial}\",\"O\":\"Test\"}");
	must_run("trustx ca sign ca -i csr.pem -o cert.pem");
	must_run("trustx -d trace:open.trace:sim:chip?scale=0 object read e0c2");
	copy_file("chip-2", "chip-1");
	must_run("trustx -d sim:chip-2?scale=0 cert write cert.pem");
	/* Inside jansson, too; of OpenSSL's own calls those in functions.h fail. */
	json_set_alloc_funcs(inject_library_malloc, free);
	RUN(commands_that_only_read_survive_every_failure);
	RUN(keys_and_requests_survive_every_failure);
	RUN(writing_survives_every_failure);
	RUN(issuing_survives_every_failure);
	RUN(personalizing_survives_every_failure);
	return 0;
}
