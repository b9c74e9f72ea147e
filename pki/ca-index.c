/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ca-index.h"

#include "file.h"
#include "osfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_MAX (256u << 20)

enum { SERIAL, ISSUED, EXPIRES, SUBJECT, KEY_HASH, FIELDS };

struct field {
	const char *at;
	size_t len;
};

/* A cursor over the lines of the whole file. */
struct index {
	struct blob text;
	size_t at;
	unsigned line;
};

/* ---- lines ---- */

static bool is_hex(const struct field *field)
{
	for (size_t i = 0; i < field->len; i++)
		if (strchr("0123456789abcdef", field->at[i]) == NULL || field->at[i] == '\0')
			return false;
	return true;
}

static bool is_time(const struct field *field)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	if (field->len != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < field->len; i++) {
		bool is_digit = field->at[i] >= '0' && field->at[i] <= '9';

		if (form[i] == '0' ? !is_digit : field->at[i] != form[i])
			return false;
	}
	return true;
}

static bool is_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
			return false;
	return true;
}

static bool split(struct field field[static FIELDS], const char *line, size_t len)
{
	const char *end = line + len, *tab;

	for (size_t i = 0; i < FIELDS - 1; i++) {
		if ((tab = memchr(line, '\t', (size_t)(end - line))) == NULL)
			return false;
		field[i] = (struct field){ line, (size_t)(tab - line) };
		line = tab + 1;
	}
	field[FIELDS - 1] = (struct field){ line, (size_t)(end - line) };
	return true;
}

static bool parse_line(struct field field[static FIELDS], const char *line, size_t len)
{
	return split(field, line, len) && is_hex(&field[SERIAL]) && field[SERIAL].len >= 2 &&
	       field[SERIAL].len <= 40 && is_time(&field[ISSUED]) && is_time(&field[EXPIRES]) &&
	       field[SUBJECT].len <= CA_SUBJECT_MAX &&
	       is_text(field[SUBJECT].at, field[SUBJECT].len) && is_hex(&field[KEY_HASH]) &&
	       field[KEY_HASH].len == 64;
}

static enum trustx_err index_read(struct index *x, const char *path, struct fail *f)
{
	*x = (struct index){ 0 };
	blob_init(&x->text, INDEX_MAX);
	return file_read(&x->text, path, f);
}

/* *more is false at the end; what stands behind the last newline is not looked at. */
static enum trustx_err index_next(struct index *x, struct field field[static FIELDS], bool *more,
	const char *path, struct fail *f)
{
	const char *line = blob_text(&x->text) + x->at, *end;

	*more = false;
	if ((end = memchr(line, '\n', x->text.len - x->at)) == NULL)
		return TRUSTX_OK;
	x->line++;
	if (!parse_line(field, line, (size_t)(end - line))) {
		fail_set(f, TRUSTX_ERR_INPUT, "%s is damaged in line %u", path, x->line);
		return fail_next(
			f, "restore it from a backup; the certificates themselves are in issued/");
	}
	x->at += (size_t)(end - line) + 1;
	*more = true;
	return TRUSTX_OK;
}

/* ---- change ---- */

/* Make the file len bytes long, or one newline longer with complete. */
static enum trustx_err mend(const char *path, size_t len, bool complete, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	int fd;

	if ((fd = osfile_open(path, OSFILE_APPEND)) < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	if ((complete ? osfile_append(fd, "\n", 1) : osfile_cut(fd, len)) != 0 ||
		osfile_sync(fd) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	osfile_close(fd);
	return err;
}

enum trustx_err ca_index_repair(const char *path, struct fail *f)
{
	struct field field[FIELDS];
	enum trustx_err err;
	const char *text;
	struct index x;
	size_t whole;

	if ((err = index_read(&x, path, f)) != TRUSTX_OK)
		goto out;
	text = blob_text(&x.text);
	for (whole = x.text.len; whole > 0 && text[whole - 1] != '\n'; whole--)
		;
	if (whole < x.text.len)
		err = mend(path, whole, parse_line(field, text + whole, x.text.len - whole), f);
out:
	blob_free(&x.text);
	return err;
}

static enum trustx_err append_line(const char *path, const struct blob *line, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	struct osfile_info before;
	int fd;

	if ((fd = osfile_open(path, OSFILE_APPEND)) < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
	if (osfile_look(fd, &before) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot look at %s", path);
	else if (osfile_append(fd, line->data, line->len) != 0 || osfile_sync(fd) != 0) {
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write %s", path);
		if (osfile_cut(fd, before.size) != 0)
			fail_next(f, "its last line may be incomplete; it is mended next time");
	}
	osfile_close(fd);
	return err;
}

enum trustx_err ca_index_append(const char *path, const struct ca_record *record, struct fail *f)
{
	enum trustx_err err;
	struct blob line;

	if (strlen(record->subject) > CA_SUBJECT_MAX ||
		!is_text(record->subject, strlen(record->subject)))
		return fail_set(
			f, TRUSTX_ERR_INPUT, "the subject is too long or has control characters");
	blob_init(&line, CA_SUBJECT_MAX + 256);
	err = blob_addf(&line, "%s\t%s\t%s\t%s\t%s\n", record->serial, record->issued,
		record->expires, record->subject, record->key_hash);
	if (err != TRUSTX_OK)
		fail_set(f, err, "cannot compose a line of %s", path);
	else
		err = append_line(path, &line, f);
	blob_free(&line);
	return err;
}

/* ---- look ---- */

static bool equals(const struct field *field, const char *text)
{
	return field->len == strlen(text) && memcmp(field->at, text, field->len) == 0;
}

enum trustx_err ca_index_check(
	const char *path, const char *key_hash, const char *subject, struct fail *f)
{
	struct field field[FIELDS];
	enum trustx_err err;
	struct index x;
	bool more;

	if ((err = index_read(&x, path, f)) != TRUSTX_OK)
		goto out;
	while ((err = index_next(&x, field, &more, path, f)) == TRUSTX_OK && more) {
		if (!equals(&field[KEY_HASH], key_hash) || equals(&field[SUBJECT], subject))
			continue;
		err = fail_set(f, TRUSTX_ERR_EXISTS,
			"this CA has certified the same key for another subject: serial %.*s, %.*s",
			(int)field[SERIAL].len, field[SERIAL].at, (int)field[SUBJECT].len,
			field[SUBJECT].at);
		fail_next(f, "use the subject of that certificate, or make a new key");
		goto out;
	}
out:
	blob_free(&x.text);
	return err;
}

static size_t count_lines(const struct blob *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

/* What does not fit is cut off in front of a UTF-8 sequence, not within. */
static void copy_field(char *out, size_t cap, const struct field *field)
{
	size_t len = field->len < cap ? field->len : cap - 1;

	while (len < field->len && len > 0 && (field->at[len] & 0xC0) == 0x80)
		len--;
	memcpy(out, field->at, len);
	out[len] = '\0';
}

static void fill_entry(struct ca_entry *entry, const struct field field[static FIELDS])
{
	copy_field(entry->serial, sizeof(entry->serial), &field[SERIAL]);
	copy_field(entry->issued, sizeof(entry->issued), &field[ISSUED]);
	copy_field(entry->expires, sizeof(entry->expires), &field[EXPIRES]);
	copy_field(entry->subject, sizeof(entry->subject), &field[SUBJECT]);
	copy_field(entry->key_hash, sizeof(entry->key_hash), &field[KEY_HASH]);
}

enum trustx_err ca_index_list(
	struct ca_entry **entries, size_t *count, const char *path, struct fail *f)
{
	struct ca_entry *list = NULL;
	struct field field[FIELDS];
	enum trustx_err err;
	struct index x;
	size_t n = 0;
	bool more;

	*entries = NULL;
	*count = 0;
	if ((err = index_read(&x, path, f)) != TRUSTX_OK)
		goto out;
	if ((list = calloc(count_lines(&x.text) + 1, sizeof(*list))) == NULL) {
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
		goto out;
	}
	while ((err = index_next(&x, field, &more, path, f)) == TRUSTX_OK && more)
		fill_entry(&list[n++], field);
	if (err != TRUSTX_OK)
		goto out;
	*entries = list; /* transferred */
	list = NULL;
	*count = n;

	err = TRUSTX_OK;
out:
	free(list);
	blob_free(&x.text);
	return err;
}
