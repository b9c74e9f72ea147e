/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "state.h"

#include "file.h"
#include "osfile.h"
#include "system.h"

#include <errno.h>

static const char *const suffixes[] = {
	[STATE_PUBLIC_KEY] = "pub",
	[STATE_REQUEST] = "csr",
	[STATE_CERTIFICATE] = "crt",
	[STATE_JOURNAL] = "journal",
	[STATE_ANSWER] = "aws",
	[STATE_ROOM] = "room",
};

char *state_default_dir(void)
{
	return system_state_dir("trustx");
}

enum trustx_err state_no_dir(struct fail *f)
{
	fail_set(f, TRUSTX_ERR_FILE, "there is no state directory: %s is not set",
		system_state_variable);
	return fail_next(f, "name one with --state DIR");
}

enum trustx_err state_prepare(const struct device *dev, struct fail *f)
{
	enum trustx_err err;

	if (dev->state_dir == NULL)
		return state_no_dir(f);
	if ((err = dir_make(dev->state_dir, f)) == TRUSTX_OK &&
		osfile_may_write_into(dev->state_dir) != 0)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot write into %s", dev->state_dir);
	if (err != TRUSTX_OK) {
		fail_what(f, "prepare the state directory");
		fail_next(f, "name another one with --state DIR");
	}
	return err;
}

enum trustx_err state_path(struct blob *path, const struct device *dev, uint16_t oid,
	enum state_kind kind, struct fail *f)
{
	enum trustx_err err;

	blob_free(path);
	if (dev->state_dir == NULL)
		return state_no_dir(f);
	err = blob_addf(path, "%s/%s-%04x.%s", dev->state_dir, dev->uid_hex, oid, suffixes[kind]);
	return err == TRUSTX_OK ? TRUSTX_OK : fail_set(f, err, "%s", trustx_err_text(err));
}

enum trustx_err state_load(struct blob *data, const struct device *dev, uint16_t oid,
	enum state_kind kind, struct fail *f)
{
	struct blob path;
	enum trustx_err err;

	blob_free(data);
	if (dev->state_dir == NULL)
		return TRUSTX_OK;
	blob_init(&path, 8192);
	if ((err = state_path(&path, dev, oid, kind, f)) != TRUSTX_OK)
		goto out;
	if (file_exists(blob_text(&path)) &&
		(err = file_read(data, blob_text(&path), f)) != TRUSTX_OK) {
		fail_what(f, "read the state file");
		goto out;
	}

	err = TRUSTX_OK;
out:
	blob_free(&path);
	return err;
}

enum trustx_err state_save(const struct device *dev, uint16_t oid, enum state_kind kind,
	const struct blob *data, struct fail *f)
{
	enum file_sync sync = kind == STATE_REQUEST ? FILE_NO_SYNC : FILE_SYNC;
	struct blob path;
	enum trustx_err err;

	if ((err = state_prepare(dev, f)) != TRUSTX_OK)
		return err;
	blob_init(&path, 8192);
	if ((err = state_path(&path, dev, oid, kind, f)) == TRUSTX_OK &&
		(err = file_write(blob_text(&path), data->data, data->len, FILE_PRIVATE, sync,
			 f)) != TRUSTX_OK)
		fail_what(f, "write the state file");
	blob_free(&path);
	return err;
}

enum trustx_err state_drop(
	const struct device *dev, uint16_t oid, enum state_kind kind, struct fail *f)
{
	struct blob path;
	enum trustx_err err;

	if (dev->state_dir == NULL)
		return TRUSTX_OK;
	blob_init(&path, 8192);
	if ((err = state_path(&path, dev, oid, kind, f)) == TRUSTX_OK &&
		osfile_remove(blob_text(&path)) != 0 && errno != ENOENT)
		err = fail_errno(f, TRUSTX_ERR_FILE, "cannot remove %s", blob_text(&path));
	blob_free(&path);
	return err;
}

static enum trustx_err check_public_key(const struct device *dev, uint16_t oid, struct fail *f)
{
	struct blob path;
	enum trustx_err err;

	blob_init(&path, 8192);
	if ((err = state_path(&path, dev, oid, STATE_PUBLIC_KEY, f)) == TRUSTX_OK)
		err = file_check_writable(blob_text(&path), f);
	blob_free(&path);
	return err;
}

enum trustx_err state_reserve(const struct device *dev, uint16_t oid, struct fail *f)
{
	static const uint8_t zeros[1024]; /* the PEM of a P-384 key has 215 */
	struct blob room;
	enum trustx_err err;

	if ((err = state_prepare(dev, f)) != TRUSTX_OK)
		return err;
	blob_init(&room, sizeof(zeros));
	if ((err = check_public_key(dev, oid, f)) != TRUSTX_OK)
		goto out;
	if ((err = blob_add(&room, zeros, sizeof(zeros))) != TRUSTX_OK) {
		fail_set(f, err, "out of memory");
		goto out;
	}
	if ((err = state_save(dev, oid, STATE_ROOM, &room, f)) == TRUSTX_OK)
		err = state_drop(dev, oid, STATE_ROOM, f);
out:
	blob_free(&room);
	if (err != TRUSTX_OK) {
		fail_what(f, "reserve room for the public key");
		fail_next(f, "make room, or name another directory with --state DIR");
	}
	return err;
}
