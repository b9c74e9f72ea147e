/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "aws-known.h"

#include "journal.h"
#include "osfile.h"
#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEX	 "0123456789abcdef"
#define SUFFIX	 ".journal"
#define OID_LEN	 4u
#define PATH_LEN 4096u

void aws_known_free(struct aws_known *known)
{
	record_free(&known->record);
}

bool aws_known_is_uid(const char *text)
{
	return strlen(text) == AWS_UID_LEN && strspn(text, HEX "ABCDEF") == AWS_UID_LEN;
}

/* UID-OID.journal */
static bool is_journal(const char *name)
{
	return strspn(name, HEX) == AWS_UID_LEN && name[AWS_UID_LEN] == '-' &&
	       strspn(name + AWS_UID_LEN + 1, HEX) == OID_LEN &&
	       strcmp(name + AWS_UID_LEN + 1 + OID_LEN, SUFFIX) == 0;
}

static enum trustx_err load(
	struct aws_known *known, const char *dir, const char *name, struct fail *f)
{
	char path[PATH_LEN];
	bool found;

	memset(known, 0, sizeof(*known));
	known->dir = dir;
	memcpy(known->uid, name, AWS_UID_LEN);
	known->oid = (uint16_t)strtoul(name + AWS_UID_LEN + 1, NULL, 16);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return record_load(&known->record, &found, path, f);
}

static enum trustx_err tell(
	const char *dir, const char *name, aws_known_told *told, void *ctx, struct fail *f)
{
	struct aws_known known;
	enum trustx_err err;

	if ((err = load(&known, dir, name, f)) == TRUSTX_OK)
		err = told(ctx, &known, f);
	aws_known_free(&known);
	return err;
}

enum trustx_err aws_known_each(const char *dir, aws_known_told *told, void *ctx, struct fail *f)
{
	struct osfile_names names;
	enum trustx_err err = TRUSTX_OK;

	if (osfile_list(&names, dir) != 0) {
		if (errno == ENOENT)
			return TRUSTX_OK;
		fail_errno(f, TRUSTX_ERR_FILE, "cannot list %s", dir);
		return fail_next(f, "name another state directory with --state DIR");
	}
	for (size_t i = 0; i < names.count && err == TRUSTX_OK; i++)
		if (is_journal(names.at[i]))
			err = tell(dir, names.at[i], told, ctx, f);
	osfile_names_free(&names);
	return err;
}

struct search {
	const char *target;
	bool by_uid;
	uint16_t oid;
	char name[AWS_UID_LEN + OID_LEN + sizeof(SUFFIX) + 1];
};

static enum trustx_err look(void *ctx, const struct aws_known *known, struct fail *f)
{
	struct search *s = ctx;
	bool fits = s->by_uid ? strcasecmp(known->uid, s->target) == 0 && known->oid == s->oid
			      : strcmp(known->record.thing, s->target) == 0;

	(void)f;
	if (fits && s->name[0] == '\0')
		snprintf(s->name, sizeof(s->name), "%s-%04x" SUFFIX, known->uid, known->oid);
	return TRUSTX_OK;
}

enum trustx_err aws_known_find(struct aws_known *known, bool *found, const char *dir,
	const char *target, uint16_t oid, struct fail *f)
{
	struct search s = { .target = target, .by_uid = aws_known_is_uid(target), .oid = oid };
	enum trustx_err err;

	memset(known, 0, sizeof(*known));
	*found = false;
	if ((err = aws_known_each(dir, look, &s, f)) != TRUSTX_OK || s.name[0] == '\0')
		return err;
	*found = true;
	return load(known, dir, s.name, f);
}

static enum trustx_err note(
	const struct device *dev, const struct slot *slot, json_t *detail, struct fail *f)
{
	struct journal journal = { .fd = -1 };
	enum trustx_err err;

	if ((err = journal_open(&journal, dev, slot, f)) == TRUSTX_OK)
		err = journal_note(&journal, "scrap", "done", json_incref(detail), f);
	journal_close(&journal);
	return err;
}

/* Takes detail. stale: AWS's answer that is kept is about a certificate that is gone. */
static enum trustx_err append(
	const struct aws_known *known, json_t *detail, bool stale, struct fail *f)
{
	const struct slot slot = slot_number((uint8_t)(known->oid & 0x0F));
	struct device dev = { .state_dir = strdup(known->dir) };
	enum trustx_err err = TRUSTX_OK;

	snprintf(dev.uid_hex, sizeof(dev.uid_hex), "%s", known->uid);
	if (dev.state_dir == NULL)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	else if (stale)
		err = state_drop(&dev, slot.key, STATE_ANSWER, f);
	if (err == TRUSTX_OK)
		err = note(&dev, &slot, detail, f);
	json_decref(detail);
	free(dev.state_dir);
	return err;
}

enum trustx_err aws_known_scrapped(const struct aws_known *known, const char *id, struct fail *f)
{
	const char *key = known->record.key;
	bool stale = id != NULL && strcmp(id, known->record.cert.id) == 0;

	return append(known,
		id != NULL ? json_pack("{s:s, s:s}", "key", key, "id", id)
			   : json_pack("{s:s, s:s}", "key", key, "thing", known->record.thing),
		stale, f);
}

enum trustx_err aws_known_searched(const struct aws_known *known, const char *key, struct fail *f)
{
	return append(
		known, json_pack("{s:s, s:s}", "key", known->record.key, "lost", key), false, f);
}
