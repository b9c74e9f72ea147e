/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "record.h"

#include "blob.h"
#include "file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOURNAL_MAX (16u << 20)

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static void take_text(char *out, size_t cap, const char *text)
{
	if (text[0] != '\0' && strlen(text) < cap)
		memcpy(out, text, strlen(text) + 1);
}

/* ---- orphans ---- */

bool record_has_orphan(const struct record *record, const char *id)
{
	for (size_t i = 0; i < record->orphan_count; i++)
		if (strcmp(record->orphans[i].id, id) == 0)
			return true;
	return false;
}

static bool add_orphan(struct record *record, const json_t *detail)
{
	const char *id = text_of(detail, "id");
	struct record_orphan *more, *last;

	if (id[0] != '\0' && record_has_orphan(record, id))
		return true;
	more = realloc(record->orphans, (record->orphan_count + 1) * sizeof(*more));
	if (more == NULL)
		return false;
	record->orphans = more;
	last = &more[record->orphan_count++];
	memset(last, 0, sizeof(*last));
	take_text(last->id, sizeof(last->id), id);
	take_text(last->key, sizeof(last->key), text_of(detail, "key"));
	take_text(last->arn, sizeof(last->arn), text_of(detail, "arn"));
	take_text(last->why, sizeof(last->why), text_of(detail, "why"));
	return true;
}

/* ---- the certificate ---- */

/* What was done for another certificate does not count; an active one is to be deactivated. */
static void take_certificate(struct record *record, const json_t *detail)
{
	const char *id = text_of(detail, "id"), *arn = text_of(detail, "arn");

	if (id[0] == '\0' || strcmp(id, record->cert.id) == 0)
		return;
	if ((record->done & RECORD_ACTIVE) != 0)
		record->retired = record->cert;
	record->done &= RECORD_THING;
	record->cert = (struct record_name){ .id = "" };
	take_text(record->cert.id, sizeof(record->cert.id), id);
	take_text(record->cert.arn, sizeof(record->cert.arn), arn);
}

static void take_key(struct record *record, const char *key)
{
	if (key[0] == '\0' || strcmp(key, record->key) == 0)
		return;
	if ((record->done & RECORD_ACTIVE) != 0)
		record->retired = record->cert;
	record->cert = (struct record_name){ .id = "" };
	record->done &= RECORD_THING;
	record->intent = record->before = 0;
	take_text(record->key, sizeof(record->key), key);
}

/* The first call of unknown fate is the one whose certificate has to be looked for. */
static void take_issue(struct record *record, const char *event, const json_t *detail)
{
	double asked = strtod(text_of(detail, "asked"), NULL);

	if (strcmp(event, "begin") == 0) {
		record->before = record->intent;
		record->latest = asked;
		if (record->intent <= 0) {
			record->intent = asked;
			take_text(
				record->region, sizeof(record->region), text_of(detail, "region"));
		}
	} else if (strcmp(event, "done") == 0) {
		record->intent = record->before = 0;
		take_certificate(record, detail);
	} else if (strcmp(text_of(detail, "made"), "no") == 0)
		record->intent = record->before;
}

static unsigned bit_of(const char *step)
{
	static const struct {
		const char *step;
		unsigned bit;
	} bits[] = {
		{ "register", RECORD_REGISTER },
		{ "attach", RECORD_ATTACH },
		{ "group", RECORD_GROUP },
		{ "policy", RECORD_POLICY },
		{ "activate", RECORD_ACTIVE },
	};

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (strcmp(bits[i].step, step) == 0)
			return bits[i].bit;
	return 0;
}

/* lost: all of that key that nobody knew. */
static void drop_orphans(struct record *record, const char *id, const char *lost)
{
	size_t kept = 0;

	for (size_t i = 0; i < record->orphan_count; i++) {
		const struct record_orphan *o = &record->orphans[i];

		if (strcmp(o->id, id) != 0 || (id[0] == '\0' && strcmp(o->key, lost) != 0))
			record->orphans[kept++] = *o;
	}
	record->orphan_count = kept;
}

/* AWS has no longer this certificate, nor lost ones of this key, or else the thing. */
static void take_scrap(struct record *record, const json_t *detail)
{
	const char *id = text_of(detail, "id"), *lost = text_of(detail, "lost");

	if (id[0] != '\0' || lost[0] != '\0')
		drop_orphans(record, id, lost);
	else {
		record->done &= RECORD_REGISTER | RECORD_POLICY | RECORD_ACTIVE;
		return;
	}
	if (strcmp(id, record->retired.id) == 0)
		record->retired = (struct record_name){ .id = "" };
	if (id[0] == '\0' || strcmp(id, record->cert.id) != 0)
		return;
	record->cert = (struct record_name){ .id = "" };
	record->done &= RECORD_THING;
}

static bool take_done(struct record *record, const char *step, const json_t *detail)
{
	if (strcmp(step, "orphan") == 0)
		return add_orphan(record, detail);
	if (strcmp(step, "scrap") == 0) {
		take_scrap(record, detail);
		return true;
	}
	if (strcmp(step, "retire") == 0) {
		take_text(record->retired.id, sizeof(record->retired.id), text_of(detail, "id"));
		take_text(record->retired.arn, sizeof(record->retired.arn), text_of(detail, "arn"));
		return true;
	}
	if (strcmp(step, "deactivate") == 0) {
		record->retired = (struct record_name){ .id = "" };
		return true;
	}
	if (strcmp(step, "thing") == 0) {
		if (strcmp(record->thing, text_of(detail, "thing")) != 0)
			record->done &= RECORD_REGISTER | RECORD_ACTIVE;
		take_text(record->thing, sizeof(record->thing), text_of(detail, "thing"));
		record->done |= RECORD_THING;
		return true;
	}
	if (bit_of(step) != 0) {
		take_certificate(record, detail);
		record->done |= bit_of(step);
	}
	return true;
}

bool record_apply(struct record *record, const json_t *line)
{
	const json_t *detail = json_object_get(line, "detail");
	const char *step = text_of(line, "step"), *event = text_of(line, "event");
	const char *key = text_of(detail, "key");

	if (key[0] == '\0' && strcmp(step, "thing") != 0 && strcmp(step, "orphan") != 0 &&
		strcmp(step, "scrap") != 0)
		return true; /* of an issuer that is not AWS */
	if (strcmp(step, "orphan") != 0)
		take_key(record, key);
	if (strcmp(step, "issue") == 0)
		take_issue(record, event, detail);
	else if (strcmp(event, "done") == 0)
		return take_done(record, step, detail);
	return true;
}

void record_free(struct record *record)
{
	free(record->orphans);
	memset(record, 0, sizeof(*record));
}

static bool apply_text(struct record *record, const char *text, size_t len)
{
	json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	bool ok = line == NULL || record_apply(record, line);

	json_decref(line);
	return ok;
}

enum trustx_err record_load(struct record *record, bool *found, const char *path, struct fail *f)
{
	const char *text, *end;
	struct blob data;
	enum trustx_err err = TRUSTX_OK;
	bool ok = true;

	memset(record, 0, sizeof(*record));
	if (!(*found = file_exists(path)))
		return TRUSTX_OK;
	blob_init(&data, JOURNAL_MAX);
	if ((err = file_read(&data, path, f)) != TRUSTX_OK)
		goto out;
	for (text = blob_text(&data); ok && (end = strchr(text, '\n')) != NULL; text = end + 1)
		ok = apply_text(record, text, (size_t)(end - text));
	if (!ok)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
out:
	blob_free(&data);
	return err;
}
