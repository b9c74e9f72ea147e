/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "journal.h"

#include "jsontext.h"
#include "osfile.h"
#include "state.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#define JOURNAL_MAX  (16u << 20)
#define LINE_MAX_LEN 32768u

/* ---- reading ---- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static bool copy(char *out, size_t cap, const char *text)
{
	return (size_t)snprintf(out, cap, "%s", text) < cap;
}

static bool take_detail(struct journal *journal, const json_t *detail)
{
	return json_is_object(detail) &&
	       copy(journal->issuer, sizeof(journal->issuer), text_of(detail, "issuer")) &&
	       copy(journal->days, sizeof(journal->days), text_of(detail, "days")) &&
	       copy(journal->certificate, sizeof(journal->certificate),
		       text_of(detail, "certificate"));
}

/* What a line means for the next run. false: it is no line of a journal. */
static bool apply(struct journal *journal, const json_t *line)
{
	const char *step = text_of(line, "step"), *event = text_of(line, "event");
	bool begin = strcmp(event, "begin") == 0, done = strcmp(event, "done") == 0;
	bool failed = strcmp(event, "failed") == 0;

	if (step[0] == '\0' || (!begin && !done && !failed))
		return false;
	if (!copy(journal->open_step, JOURNAL_STEP_MAX, begin ? step : ""))
		return false;
	if (strcmp(step, "write") == 0)
		journal->write_open = !done;
	if (!record_apply(&journal->record, line))
		return false;
	if (strcmp(step, "issue") != 0)
		return true;
	journal->issue_open = begin || (failed && journal->record.intent > 0);
	return failed || take_detail(journal, json_object_get(line, "detail"));
}

static enum trustx_err take_line(
	struct journal *journal, const char *text, size_t len, struct fail *f)
{
	json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	enum trustx_err err = TRUSTX_ERR_INPUT;

	fail_set(f, err, "it is no line of a journal");
	if (line == NULL || text_of(line, "uid")[0] == '\0')
		goto out;
	if (strcmp(text_of(line, "uid"), journal->uid) != 0 ||
		strcmp(text_of(line, "oid"), journal->oid) != 0) {
		err = fail_set(f, TRUSTX_ERR_MISMATCH, "it is about chip %.60s, object %.8s",
			text_of(line, "uid"), text_of(line, "oid"));
		goto out;
	}
	if (!apply(journal, line))
		goto out;

	err = TRUSTX_OK;
out:
	json_decref(line);
	return err;
}

/* *good: bytes of the complete lines. */
static enum trustx_err take_lines(
	struct journal *journal, size_t *good, const struct blob *data, struct fail *f)
{
	const char *text = blob_text(data), *end;
	char why[sizeof(f->why)];
	unsigned number = 0;
	enum trustx_err err;

	for (*good = 0; (end = memchr(text + *good, '\n', data->len - *good)) != NULL;
		*good = (size_t)(end - text) + 1) {
		number++;
		err = take_line(journal, text + *good, (size_t)(end - text) - *good, f);
		if (err != TRUSTX_OK) {
			copy(why, sizeof(why), f->why);
			return fail_set(f, err, "line %u: %.400s", number, why);
		}
	}
	fail_clear(f);
	return TRUSTX_OK;
}

/* ---- the file ---- */

static enum trustx_err open_file(
	struct journal *journal, const struct device *dev, uint16_t oid, struct fail *f)
{
	struct blob path;
	enum trustx_err err;

	blob_init(&path, 8192);
	if ((err = state_path(&path, dev, oid, STATE_JOURNAL, f)) == TRUSTX_OK) {
		journal->fd = osfile_open(blob_text(&path), OSFILE_APPEND_MAKE);
		if (journal->fd < 0)
			err = fail_errno(f, TRUSTX_ERR_FILE, "cannot open %s", blob_text(&path));
	}
	blob_free(&path);
	return err;
}

static enum trustx_err read_file(
	struct journal *journal, const struct device *dev, uint16_t oid, struct fail *f)
{
	struct blob data;
	size_t good;
	enum trustx_err err;

	blob_init(&data, JOURNAL_MAX);
	if ((err = state_load(&data, dev, oid, STATE_JOURNAL, f)) != TRUSTX_OK)
		goto out;
	if ((err = take_lines(journal, &good, &data, f)) != TRUSTX_OK)
		goto out;
	journal->dropped = good < data.len;
	if (journal->dropped && osfile_cut(journal->fd, good) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot shorten the journal");
out:
	blob_free(&data);
	return err;
}

enum trustx_err journal_open(
	struct journal *journal, const struct device *dev, const struct slot *slot, struct fail *f)
{
	enum trustx_err err;

	*journal = (struct journal){ .fd = -1 };
	copy(journal->uid, sizeof(journal->uid), dev->uid_hex);
	snprintf(journal->oid, sizeof(journal->oid), "%04x", slot->key);
	if ((err = state_prepare(dev, f)) != TRUSTX_OK)
		return err;
	if ((err = open_file(journal, dev, slot->key, f)) == TRUSTX_OK)
		err = read_file(journal, dev, slot->key, f);
	if (err != TRUSTX_OK) {
		fail_what(f, "read the journal %s/%s-%s.journal", dev->state_dir, journal->uid,
			journal->oid);
		fail_next(f, "move the file away; the chip itself says how far it is");
		journal_close(journal);
	}
	return err;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		osfile_close(journal->fd);
	journal->fd = -1;
	record_free(&journal->record);
}

/* ---- writing ---- */

static enum trustx_err write_line(int fd, const struct blob *line, struct fail *f)
{
	if (osfile_append(fd, line->data, line->len) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot write the journal");
	return TRUSTX_OK;
}

/* Takes line; NULL: no memory. */
static enum trustx_err append(struct journal *journal, json_t *line, struct fail *f)
{
	struct blob bytes;
	enum trustx_err err;

	blob_init(&bytes, LINE_MAX_LEN);
	if (line == NULL || jsontext_add(&bytes, line) != TRUSTX_OK ||
		blob_add(&bytes, "\n", 1) != TRUSTX_OK)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	else
		err = write_line(journal->fd, &bytes, f);
	blob_free(&bytes);
	json_decref(line);
	return err;
}

static json_t *new_line(const struct journal *journal, const char *step, const char *event)
{
	char now[24] = "";
	time_t t = time(NULL);
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "time", now, "uid", journal->uid, "oid",
		journal->oid, "step", step, "event", event);
}

static enum trustx_err append_event(struct journal *journal, const char *step, const char *event,
	const struct journal_detail *detail, struct fail *f)
{
	json_t *line = new_line(journal, step, event);

	if (line != NULL && detail != NULL &&
		json_object_set_new(line, "detail",
			json_pack("{s:s, s:s, s:s}", "issuer", detail->issuer, "days", detail->days,
				"certificate", detail->certificate)) != 0) {
		json_decref(line);
		line = NULL;
	}
	return append(journal, line, f);
}

static enum trustx_err sync_file(const struct journal *journal, struct fail *f)
{
	return osfile_sync_data(journal->fd) == 0
		       ? TRUSTX_OK
		       : fail_errno(f, TRUSTX_ERR_FILE, "cannot write the journal");
}

enum trustx_err journal_note(struct journal *journal, const char *step, const char *event,
	json_t *detail, struct fail *f)
{
	json_t *line = new_line(journal, step, event);
	enum trustx_err err;

	if (json_object_set_new(line, "detail", detail) != 0 ||
		!record_apply(&journal->record, line)) {
		json_decref(line);
		line = NULL;
	}
	if ((err = append(journal, line, f)) != TRUSTX_OK)
		return err;
	return sync_file(journal, f);
}

enum trustx_err journal_begin(struct journal *journal, const char *step,
	const struct journal_detail *detail, enum file_sync sync, struct fail *f)
{
	enum trustx_err err;

	if ((err = append_event(journal, step, "begin", detail, f)) != TRUSTX_OK)
		return err;
	return sync == FILE_SYNC ? sync_file(journal, f) : TRUSTX_OK;
}

enum trustx_err journal_done(struct journal *journal, const char *step,
	const struct journal_detail *detail, struct fail *f)
{
	return append_event(journal, step, "done", detail, f);
}

enum trustx_err journal_failed(
	struct journal *journal, const char *step, const struct fail *reason, struct fail *f)
{
	json_t *line = new_line(journal, step, "failed");
	json_t *why = jsontext_words(reason->why);

	if (line != NULL && (json_object_set_new(line, "error",
				     json_string(trustx_err_name(reason->err))) != 0 ||
				    json_object_set(line, "why", why) != 0)) {
		json_decref(line);
		line = NULL;
	}
	json_decref(why);
	return append(journal, line, f);
}
