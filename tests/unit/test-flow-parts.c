/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "issuer.h"
#include "journal.h"
#include "slot.h"
#include "state.h"

#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "osfile.h"
#include "system.h"
#include "test.h"

/* ---- a device that has a name and a directory, and no chip ---- */

static char dir[] = "parts-XXXXXX";
static const struct slot one = { 1, 0xE0F1, 0xE0E1 };

static struct device nameless(void)
{
	struct device dev = { 0 };

	memset(dev.uid_hex, 'a', sizeof(dev.uid_hex) - 1);
	dev.state_dir = dir;
	return dev;
}

static void journal_path(char path[200], const struct device *dev)
{
	snprintf(path, 200, "%s/%s-e0f1.journal", dir, dev->uid_hex);
}

static void put_journal(const struct device *dev, const char *text)
{
	char path[200];
	struct fail f;

	journal_path(path, dev);
	CHECK_OK(file_write(path, text, strlen(text), FILE_PRIVATE, FILE_NO_SYNC, &f));
}

#define LINE(step, event)                                                                      \
	"{\"time\":\"2026-01-31T12:00:00Z\",\"uid\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"          \
	"aaaaaaaaaaaaaaaaaaaaaaaa\",\"oid\":\"e0f1\",\"step\":\"" step "\",\"event\":\"" event \
	"\"}\n"

/* ---- slots ---- */

static void a_slot_has_many_spellings(void)
{
	static const char *const names[] = { "2", "E0F2", "e0f2", "0xE0F2", "0Xe0F2", "E0E2",
		"0xe0e2" };
	struct slot slot;
	struct fail f;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		CHECK_OK(slot_parse(&slot, names[i], &f));
		CHECK_INT(slot.number, 2);
		CHECK_INT(slot.key, 0xE0F2);
		CHECK_INT(slot.cert, 0xE0E2);
	}
}

static void what_is_no_slot_is_refused_with_a_list(void)
{
	static const char *const names[] = { "", "4", "01", "-1", "E0F4", "E0F", "0xE0F11", "E0E8",
		"0x", "x0F1", "+0F1", " E0F1", "E0F1 ", "second", "0x0xE0" };
	struct slot slot;
	struct fail f;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		CHECK_ERR(slot_parse(&slot, names[i], &f), TRUSTX_ERR_INPUT);
		CHECK(strstr(f.next, "0xE0F0") != NULL);
	}
}

/* ---- issuers ---- */

static void known_issuers_are_understood(void)
{
	struct issuer issuer;
	struct fail f;

	CHECK_OK(issuer_init(&issuer, "ca:some/dir", NULL, NULL, &f));
	CHECK_STR(issuer.arg, "some/dir");
	issuer_free(&issuer);
	CHECK_OK(issuer_init(&issuer, "exec:sign:it", NULL, NULL, &f));
	CHECK_STR(issuer.arg, "sign:it");
	CHECK_STR(issuer_ca_dir("ca:some/dir"), "some/dir");
	CHECK(!issuer_is_aws(&issuer));
	issuer_free(&issuer);
	CHECK_OK(issuer_init(&issuer, "aws", NULL, NULL, &f));
	CHECK(issuer_is_aws(&issuer));
	issuer_free(&issuer);
	CHECK(issuer_ca_dir("ca:") == NULL);
	CHECK(issuer_ca_dir("exec:x") == NULL);
}

static void unknown_issuers_are_refused_with_a_list(void)
{
	static const char *const names[] = { "", "ca", "ca:", "exec:", "aws:eu", "CA:dir",
		"awsome" };
	struct issuer issuer;
	struct fail f;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		CHECK_ERR(issuer_init(&issuer, names[i], NULL, NULL, &f), TRUSTX_ERR_INPUT);
		CHECK(strstr(f.next, "exec:PROGRAM") != NULL);
	}
}

/* ---- state files ---- */

static void state_files_are_private_and_come_back(void)
{
	struct device dev = nameless();
	struct blob data, got;
	struct osfile_others others;
	struct fail f;
	char path[200];

	blob_init(&data, 100);
	blob_init(&got, 100);
	CHECK_OK(blob_add(&data, "hello", 5));
	CHECK_OK(state_load(&got, &dev, 0xE0F1, STATE_PUBLIC_KEY, &f));
	CHECK_INT(got.len, 0);
	CHECK_OK(state_save(&dev, 0xE0F1, STATE_PUBLIC_KEY, &data, &f));
	CHECK_OK(state_load(&got, &dev, 0xE0F1, STATE_PUBLIC_KEY, &f));
	CHECK_STR(blob_text(&got), "hello");
	snprintf(path, sizeof(path), "%s/%s-e0f1.pub", dir, dev.uid_hex);
	CHECK_INT(osfile_others(&others, path), 0);
	CHECK_INT(osfile_others(&others, dir), 0);
	CHECK_OK(state_drop(&dev, 0xE0F1, STATE_PUBLIC_KEY, &f));
	CHECK_OK(state_drop(&dev, 0xE0F1, STATE_PUBLIC_KEY, &f));
	CHECK(!file_exists(path));
	blob_free(&got);
	blob_free(&data);
}

static void a_directory_that_cannot_be_made_is_named(void)
{
	static char bad[] = "/dev/null/state";
	struct device dev = nameless();
	struct fail f;

	dev.state_dir = bad;
	CHECK_ERR(state_prepare(&dev, &f), TRUSTX_ERR_FILE);
	CHECK(strstr(f.why, "/dev/null") != NULL && strstr(f.next, "--state") != NULL);
	dev.state_dir = NULL;
	CHECK_ERR(state_prepare(&dev, &f), TRUSTX_ERR_FILE);
	CHECK(strstr(f.why, system_state_variable) != NULL && strstr(f.next, "--state") != NULL);
}

/* ---- the journal ---- */

static void a_new_journal_knows_nothing(void)
{
	struct device dev = nameless();
	struct journal journal;
	struct osfile_others others;
	struct fail f;
	char path[200];

	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK_STR(journal.open_step, "");
	CHECK_STR(journal.certificate, "");
	CHECK(!journal.write_open && !journal.issue_open && !journal.dropped);
	journal_path(path, &dev);
	CHECK_INT(osfile_others(&others, path), 0);
	journal_close(&journal);
	journal_close(&journal);
}

static void a_stopped_step_is_found_again(void)
{
	struct journal_detail begin = { "ca:dir", "365", "" }, done = { "ca:dir", "365", "ab" };
	struct device dev = nameless();
	struct journal journal;
	struct fail f;

	put_journal(&dev, "");
	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK_OK(journal_begin(&journal, "issue", &begin, FILE_SYNC, &f));
	journal_close(&journal);
	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK_STR(journal.open_step, "issue");
	CHECK(journal.issue_open);
	CHECK_STR(journal.issuer, "ca:dir");
	CHECK_STR(journal.certificate, "");
	CHECK_OK(journal_done(&journal, "issue", &done, &f));
	CHECK_OK(journal_begin(&journal, "write", NULL, FILE_SYNC, &f));
	journal_close(&journal);
	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK_STR(journal.open_step, "write");
	CHECK(!journal.issue_open && journal.write_open);
	CHECK_STR(journal.certificate, "ab");
	CHECK_STR(journal.days, "365");
	journal_close(&journal);
}

static void a_failed_write_stays_open_until_it_is_done(void)
{
	struct fail reason = { .err = TRUSTX_ERR_NACK, .why = "gone \xC3" };
	struct device dev = nameless();
	struct journal journal;
	struct fail f;

	put_journal(&dev, LINE("write", "begin"));
	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK_OK(journal_failed(&journal, "write", &reason, &f));
	CHECK_OK(journal_begin(&journal, "inspect", NULL, FILE_NO_SYNC, &f));
	journal_close(&journal);
	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK(journal.write_open);
	CHECK_STR(journal.open_step, "inspect");
	CHECK_OK(journal_done(&journal, "write", NULL, &f));
	journal_close(&journal);
	CHECK_OK(journal_open(&journal, &dev, &one, &f));
	CHECK(!journal.write_open);
	CHECK_STR(journal.open_step, "");
	journal_close(&journal);
}

static void a_line_cut_by_a_kill_is_dropped(void)
{
	static const char cut[] = LINE("write", "begin") LINE("write", "done");
	struct device dev = nameless();
	struct journal journal;
	struct fail f;
	char text[sizeof(cut)];
	size_t first = strlen(LINE("write", "begin"));

	for (size_t len = first; len < sizeof(cut) - 1; len++) {
		memcpy(text, cut, len);
		text[len] = '\0';
		put_journal(&dev, text);
		CHECK_OK(journal_open(&journal, &dev, &one, &f));
		CHECK_INT(journal.dropped, len > first);
		CHECK(journal.write_open);
		CHECK_OK(journal_done(&journal, "write", NULL, &f));
		journal_close(&journal);
		CHECK_OK(journal_open(&journal, &dev, &one, &f));
		CHECK(!journal.write_open && !journal.dropped);
		journal_close(&journal);
	}
}

static void other_damage_is_named_by_its_line(void)
{
	static const char *const bad[] = { "{}\n", "\n", "[]\n", "garbage\n", "\x01\n",
		LINE("", "begin"), LINE("write", "resumed"), LINE("issue", "done"),
		LINE("a-step-whose-name-is-far-too-long", "begin") };
	struct device dev = nameless();
	struct journal journal;
	struct fail f;
	char text[1000];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", LINE("key", "begin"), bad[i]);
		put_journal(&dev, text);
		CHECK_ERR(journal_open(&journal, &dev, &one, &f), TRUSTX_ERR_INPUT);
		CHECK(strstr(f.why, "line 2") != NULL);
		CHECK(strstr(f.what, ".journal") != NULL);
		CHECK_INT(journal.fd, -1);
	}
}

static void the_journal_of_another_chip_is_refused(void)
{
	struct device dev = nameless();
	struct slot two = { 2, 0xE0F2, 0xE0E2 };
	struct journal journal;
	struct fail f;
	char from[200], to[200];

	put_journal(&dev, LINE("key", "begin"));
	journal_path(from, &dev);
	snprintf(to, sizeof(to), "%s/%s-e0f2.journal", dir, dev.uid_hex);
	CHECK(rename(from, to) == 0);
	CHECK_ERR(journal_open(&journal, &dev, &two, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "e0f1") != NULL);
	dev.uid_hex[0] = 'b';
	journal_path(from, &dev);
	CHECK(rename(to, from) == 0);
	CHECK_ERR(journal_open(&journal, &dev, &one, &f), TRUSTX_ERR_MISMATCH);
	CHECK(strstr(f.why, "aaaa") != NULL);
}

int main(void)
{
	CHECK(mkdtemp(dir) != NULL);
	RUN(a_slot_has_many_spellings);
	RUN(what_is_no_slot_is_refused_with_a_list);
	RUN(known_issuers_are_understood);
	RUN(unknown_issuers_are_refused_with_a_list);
	RUN(state_files_are_private_and_come_back);
	RUN(a_directory_that_cannot_be_made_is_named);
	RUN(a_new_journal_knows_nothing);
	RUN(a_stopped_step_is_found_again);
	RUN(a_failed_write_stays_open_until_it_is_done);
	RUN(a_line_cut_by_a_kill_is_dropped);
	RUN(other_damage_is_named_by_its_line);
	RUN(the_journal_of_another_chip_is_refused);
	return 0;
}
