/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blob.h"
#include "buf.h"
#include "fail.h"
#include "file.h"
#include "hex.h"
#include "mem.h"
#include "str.h"
#include "utc.h"

static void reader_stops_at_the_end(void)
{
	const uint8_t data[] = { 1, 2, 3 };
	struct reader r;

	reader_init(&r, data, sizeof(data));
	CHECK_INT(reader_u16(&r), 0x0102);
	CHECK(!reader_done(&r));
	CHECK_INT(reader_u16(&r), 0);
	CHECK_INT(reader_u8(&r), 0); /* sticky, although one byte is left */
	CHECK(reader_bytes(&r, 0) == NULL);
	CHECK(!reader_done(&r));
	reader_init(&r, NULL, 0);
	CHECK(reader_done(&r));
}

static void writer_stops_at_the_end(void)
{
	uint8_t out[8] = { 0 };
	const uint8_t want[] = { 0x12, 0xAB, 0xCD, 0, 1, 2, 3, 0 };
	struct writer w;

	writer_init(&w, out, 7);
	writer_u8(&w, 0x12);
	writer_u16(&w, 0xABCD);
	writer_u32(&w, 0x00010203);
	CHECK(!w.failed);
	writer_u8(&w, 9);
	CHECK(w.failed);
	CHECK_INT(writer_len(&w), 7);
	CHECK_MEM(out, want, 8);
}

static void blob_keeps_its_maximum(void)
{
	struct blob b;

	blob_init(&b, 5);
	CHECK_STR(blob_text(&b), "");
	CHECK_OK(blob_addf(&b, "%d", 123));
	CHECK_ERR(blob_add(&b, "456", 3), TRUSTX_ERR_TOO_BIG);
	CHECK_OK(blob_add(&b, "45", 2));
	CHECK_STR(blob_text(&b), "12345");
	blob_free(&b);
	CHECK_INT(b.len, 0);
	CHECK_INT(b.max, 5);
}

static void hex_both_ways(void)
{
	uint8_t out[4];
	size_t len = sizeof(out);
	char text[9];

	CHECK_OK(hex_parse(out, &len, "00aBFf"));
	CHECK_INT(len, 3);
	hex_print(text, out, len);
	CHECK_STR(text, "00abff");
	len = sizeof(out);
	CHECK_ERR(hex_parse(out, &len, "123"), TRUSTX_ERR_INPUT);
	len = sizeof(out);
	CHECK_ERR(hex_parse(out, &len, "0g"), TRUSTX_ERR_INPUT);
	len = 1;
	CHECK_ERR(hex_parse(out, &len, "0011"), TRUSTX_ERR_TOO_BIG);
}

static void memory_is_wiped_and_compared(void)
{
	uint8_t a[] = { 1, 2, 3 }, zero[3] = { 0 };

	CHECK(mem_equal(a, a, 3));
	CHECK(!mem_equal(a, zero, 3));
	mem_wipe(a, sizeof(a));
	CHECK_MEM(a, zero, 3);
}

static void fail_keeps_the_first_words(void)
{
	struct fail f;

	fail_clear(&f);
	CHECK_ERR(fail_set(&f, TRUSTX_ERR_INPUT, "key %s", "CN"), TRUSTX_ERR_INPUT);
	CHECK_ERR(fail_what(&f, "read %s", "config.jsn"), TRUSTX_ERR_INPUT);
	CHECK_ERR(fail_what(&f, "something else"), TRUSTX_ERR_INPUT);
	CHECK_STR(f.what, "read config.jsn");
	CHECK_STR(f.why, "key CN");
}

/* A path may be long; the reason behind it and whole characters stay. */
static void fail_cuts_the_middle(void)
{
	char path[2000];
	struct fail f;

	for (size_t i = 0; i + 2 < sizeof(path); i += 2)
		memcpy(path + i, "\xC3\xA9", 3);
	for (size_t odd = 0; odd < 2; odd++) {
		errno = ENAMETOOLONG;
		fail_errno(&f, TRUSTX_ERR_FILE, "cannot open %s%s", odd ? "a" : "", path);
		CHECK_INT(errno, ENAMETOOLONG);
		CHECK_INT(strncmp(f.why, "cannot open ", 12), 0);
		CHECK(strstr(f.why, "\xC3\xA9 ... \xC3\xA9") != NULL);
		CHECK(strstr(f.why, strerror(ENAMETOOLONG)) != NULL);
		fail_what(&f, "open %s%s here", odd ? "a" : "", path);
		CHECK(strstr(f.what, "\xC3\xA9 ... \xC3\xA9") != NULL);
		CHECK_STR(f.what + strlen(f.what) - 5, " here");
	}
}

static void every_error_has_name_and_sentence(void)
{
	CHECK_STR(trustx_err_name(TRUSTX_OK), "TRUSTX_OK");
	CHECK_STR(trustx_err_text(TRUSTX_ERR_INTERRUPTED), "interrupted");
	CHECK_STR(trustx_err_text((enum trustx_err)9999), "unknown error");
}

static void file_is_written_whole(void)
{
	struct fail f;
	struct blob b;
	struct stat st;

	blob_init(&b, 100);
	CHECK_OK(file_write("private", "secret", 6, FILE_PRIVATE, FILE_SYNC, &f));
	CHECK_INT(stat("private", &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	CHECK_OK(file_read(&b, "private", &f));
	CHECK_STR(blob_text(&b), "secret");
	blob_free(&b);
	CHECK_ERR(file_write("none/such", "x", 1, FILE_PUBLIC, FILE_NO_SYNC, &f), TRUSTX_ERR_FILE);
	CHECK(strstr(f.why, "none/such") != NULL);
	CHECK_ERR(file_write("/dev/full", "x", 1, FILE_PUBLIC, FILE_NO_SYNC, &f), TRUSTX_ERR_FILE);
	CHECK_ERR(file_read(&b, "absent", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(file_read(&b, ".", &f), TRUSTX_ERR_INPUT);
	CHECK_ERR(file_check_writable("none/such", &f), TRUSTX_ERR_FILE);
	CHECK_ERR(file_check_writable(".", &f), TRUSTX_ERR_FILE);
	CHECK_OK(file_check_writable("new", &f));
	CHECK(!file_exists("new"));
	unlink("private");
}

static void lock_names_its_owner(void)
{
	struct file_lock a = FILE_LOCK_NONE, b = FILE_LOCK_NONE;
	struct fail f;
	char want[40];

	CHECK_OK(dir_make("a/b/c", &f));
	CHECK_OK(dir_make("a/b/c", &f));
	CHECK_OK(file_lock(&a, "a/b/c/lock", &f));
	CHECK_ERR(file_lock(&b, "a/b/c/lock", &f), TRUSTX_ERR_IN_USE);
	snprintf(want, sizeof(want), "in use by pid %ld", (long)getpid());
	CHECK_STR(f.why, want);
	file_unlock(&b);
	file_unlock(&a);
	CHECK_OK(file_lock(&b, "a/b/c/lock", &f));
	file_unlock(&b);
}

static void shared_lock_is_for_every_user(void)
{
	struct file_lock a = FILE_LOCK_NONE, b = FILE_LOCK_NONE;
	struct fail f;
	struct stat st;
	mode_t mask = umask(077);

	CHECK_OK(file_lock_shared(&a, "shared", &f));
	umask(mask);
	CHECK(stat("shared", &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0666);
	CHECK_ERR(file_lock_shared(&b, "shared", &f), TRUSTX_ERR_IN_USE);
	file_unlock(&a);
	CHECK_OK(file_lock_shared(&b, "shared", &f));
	file_unlock(&b);
	CHECK(symlink("shared", "link") == 0);
	CHECK(link("shared", "second") == 0);
	CHECK_ERR(file_lock_shared(&b, "link", &f), TRUSTX_ERR_FILE);
	CHECK_ERR(file_lock_shared(&b, "second", &f), TRUSTX_ERR_FILE);
	CHECK_ERR(file_lock_shared(&b, "none/such", &f), TRUSTX_ERR_FILE);
	CHECK_INT(b.fd, -1);
	unlink("link");
	unlink("second");
	unlink("shared");
}

static void times_of_aws(void)
{
	static const struct {
		const char *iso, *http;
		int64_t seconds;
	} known[] = {
		{ "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "2000-02-29T12:34:56+00:00", "Tue, 29 Feb 2000 12:34:56 GMT", 951827696 },
		{ "2026-11-24T12:00:00.5Z", "Tue, 24 Nov 2026 12:00:00 GMT", 1795521600 },
		{ "2100-03-01T00:00:00", "Mon, 01 Mar 2100 00:00:00 GMT", 4107542400 },
		{ "1969-12-31T23:59:59", "Wed, 31 Dec 1969 23:59:59 GMT", -1 },
	};
	static const char *const wrong[] = { "", "2026", "2026-13-01T00:00:00",
		"2026-01-01 00:00:00", "2026-01-01T24:00:00", "Tue, 24 Noo 2026 12:00:00",
		"Tue 24 Nov 2026 12:00:00", "Tue, 4 Nov 2026 12:00:00" };
	int64_t seconds;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		CHECK(utc_parse_iso(&seconds, known[i].iso));
		CHECK(seconds == known[i].seconds);
		CHECK(utc_parse_http(&seconds, known[i].http));
		CHECK(seconds == known[i].seconds);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(!utc_parse_iso(&seconds, wrong[i]) && !utc_parse_http(&seconds, wrong[i]));
}

static void strings_are_cut_and_searched(void)
{
	char *cut = str_cut("abc", 2), *whole = str_cut("abc", 9);

	CHECK(cut != NULL && whole != NULL);
	CHECK_STR(cut, "ab");
	CHECK_STR(whole, "abc");
	free(cut);
	free(whole);
	CHECK(str_has("The SIGNATURE expired", "signature Expired"));
	CHECK(!str_has("signature", "signatures") && !str_has("", "x"));
}

int main(void)
{
	RUN(times_of_aws);
	RUN(strings_are_cut_and_searched);
	RUN(reader_stops_at_the_end);
	RUN(writer_stops_at_the_end);
	RUN(blob_keeps_its_maximum);
	RUN(hex_both_ways);
	RUN(memory_is_wiped_and_compared);
	RUN(fail_keeps_the_first_words);
	RUN(fail_cuts_the_middle);
	RUN(every_error_has_name_and_sentence);
	RUN(file_is_written_whole);
	RUN(lock_names_its_owner);
	RUN(shared_lock_is_for_every_user);
	return 0;
}
