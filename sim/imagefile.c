/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "imagefile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manufacture.h"
#include "osfile.h"
#include "secmon.h"

#define DEFAULT_PROFILE "trust-x"

enum trustx_err imagefile_lock(struct file_lock *lock, const char *path, struct fail *f)
{
	size_t size = strlen(path) + sizeof(".lock");
	char *name = malloc(size);
	enum trustx_err err;

	if (name == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	snprintf(name, size, "%s.lock", path);
	err = file_lock(lock, name, f);
	free(name);
	return err;
}

static enum trustx_err load(struct nvm *nvm, const char *path, struct fail *f)
{
	if (osfile_may_read(path) != 0 && errno == EACCES) {
		fail_errno(f, TRUSTX_ERR_PERMISSION, "cannot read %s", path);
		return TRUSTX_ERR_PERMISSION;
	}
	return nvm_load(nvm, path, f);
}

static enum trustx_err make(struct nvm *nvm, struct curves *c, const char *path,
	const struct sim_options *opt, struct fail *f)
{
	const char *name = opt->profile != NULL ? opt->profile : DEFAULT_PROFILE;
	const struct profile *profile = profile_find(name);
	struct rng rng = { .seeded = opt->has_seed, .seed = opt->seed };
	enum trustx_err err;

	if (profile == NULL) {
		fail_set(f, TRUSTX_ERR_INPUT, "there is no profile %s", name);
		return fail_next(f, "use profile trust-x or trust-m1");
	}
	nvm_init(nvm, profile);
	nvm->path = path;
	nvm->rng = rng;
	nvm->sync = opt->sync ? FILE_SYNC : FILE_NO_SYNC;
	if ((err = manufacture(nvm, c)) != TRUSTX_OK)
		return fail_set(f, err, "cannot make the keys of a new chip");
	return nvm_save(nvm, f);
}

enum trustx_err imagefile_load_or_make(struct nvm *nvm, struct curves *c, const char *path,
	const struct sim_options *opt, struct fail *f)
{
	enum trustx_err err;

	if (!file_exists(path))
		return make(nvm, c, path, opt, f);
	if ((err = load(nvm, path, f)) != TRUSTX_OK)
		return err;
	nvm->sync = opt->sync ? FILE_SYNC : FILE_NO_SYNC;
	if (opt->profile != NULL && strcmp(opt->profile, nvm->profile->name) != 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "%s has profile %s, not %s", path,
			nvm->profile->name, opt->profile);
	return TRUSTX_OK;
}

/* The nvm of an image is too big for the stack of a thread: it lives on the heap. */
static struct nvm *new_nvm(struct fail *f)
{
	struct nvm *nvm = calloc(1, sizeof(*nvm));

	fail_clear(f);
	if (nvm == NULL)
		fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	return nvm;
}

static void free_nvm(struct nvm *nvm)
{
	if (nvm != NULL)
		nvm_forget(nvm);
	free(nvm);
}

enum trustx_err sim_new(const char *path, const struct sim_options *opt, struct fail *f)
{
	struct file_lock lock = FILE_LOCK_NONE;
	const struct sim_options defaults = { 0 };
	struct curves *c = curves_new();
	struct nvm *nvm = new_nvm(f);
	enum trustx_err err = TRUSTX_ERR_MEMORY;

	if (c == NULL || nvm == NULL) {
		fail_set(f, err, "out of memory");
		goto out;
	}
	if ((err = imagefile_lock(&lock, path, f)) != TRUSTX_OK)
		goto out;
	if (file_exists(path)) {
		err = fail_set(f, TRUSTX_ERR_EXISTS, "there is a file %s already", path);
		goto out;
	}
	if ((err = make(nvm, c, path, opt != NULL ? opt : &defaults, f)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	free_nvm(nvm);
	curves_free(c);
	file_unlock(&lock);
	return err == TRUSTX_OK ? err : fail_what(f, "make the simulated chip %s", path);
}

/* The credit that builds up is lost when the power goes at the end. */
static enum trustx_err let_counter_sink(struct nvm *nvm, uint32_t seconds, struct fail *f)
{
	uint32_t ticks = (uint32_t)(seconds / (SECMON_TICK_NS / 1000000000u));
	struct object *sec = nvm_find(nvm, OID_SEC);
	uint8_t down = ticks < sec->data[0] ? (uint8_t)ticks : sec->data[0];
	struct change c;

	nvm_settle(nvm);
	if (down == 0)
		return TRUSTX_OK;
	change_begin(&c, sec);
	c.after.data[0] = (uint8_t)(sec->data[0] - down);
	c.cycles = down;
	if (nvm_commit(nvm, &c) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_FILE, "cannot write %s", nvm->path);
	return TRUSTX_OK;
}

/* What is to be done with the memory in a file that there is. */
struct job {
	enum trustx_err (*run)(struct nvm *nvm, uint32_t value, struct fail *f);
	uint32_t value;
};

static enum trustx_err run_job(const char *path, const struct job *job, struct fail *f)
{
	struct file_lock lock = FILE_LOCK_NONE;
	struct nvm *nvm = new_nvm(f);
	enum trustx_err err = TRUSTX_ERR_MEMORY;

	if (nvm == NULL)
		goto out;
	if (!file_exists(path)) {
		err = fail_set(f, TRUSTX_ERR_INPUT, "there is no file %s", path);
		goto out;
	}
	if ((err = imagefile_lock(&lock, path, f)) != TRUSTX_OK)
		goto out;
	if ((err = load(nvm, path, f)) != TRUSTX_OK)
		goto out;
	if ((err = job->run(nvm, job->value, f)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	free_nvm(nvm);
	file_unlock(&lock);
	return err;
}

enum trustx_err sim_rest(const char *path, uint32_t seconds, struct fail *f)
{
	const struct job job = { let_counter_sink, seconds };
	enum trustx_err err = run_job(path, &job, f);

	return err == TRUSTX_OK ? err : fail_what(f, "let the simulated chip %s rest", path);
}

static enum trustx_err arm(struct nvm *nvm, uint32_t after, struct fail *f)
{
	nvm->cut_after = after;
	return nvm_save(nvm, f);
}

enum trustx_err sim_power_cut(const char *path, uint32_t after, struct fail *f)
{
	const struct job job = { arm, after };
	enum trustx_err err = run_job(path, &job, f);

	return err == TRUSTX_OK
		       ? err
		       : fail_what(f, "prepare a power cut of the simulated chip %s", path);
}

_Static_assert(SIM_OBJECTS >= CATALOG_OBJECTS, "room for all objects");

static void describe_cycles(struct sim_info *info, const struct nvm *nvm)
{
	for (size_t i = 0; i < CATALOG_OBJECTS; i++) {
		const struct object *o = &nvm->objects[i];

		if (o->cycles > 0)
			info->cycles[info->objects++] = (struct sim_cycles){ o->oid, o->cycles };
	}
}

static void describe(struct sim_info *info, struct nvm *nvm)
{
	memset(info, 0, sizeof(*info));
	memcpy(info->profile, nvm->profile->name, strlen(nvm->profile->name));
	memcpy(info->uid, nvm_find(nvm, OID_UID)->data, sizeof(info->uid));
	info->sec = nvm_byte(nvm, OID_SEC);
	info->lcsg = nvm_byte(nvm, OID_LCSG);
	info->lcsa = nvm_byte(nvm, OID_LCSA);
	memcpy(info->key_generations, nvm->generations, sizeof(info->key_generations));
	memcpy(info->key_uses, nvm->uses, sizeof(info->key_uses));
	info->nvm_writes = nvm->writes;
	info->pending = nvm->pending;
	info->cut_after = nvm->cut_after;
	describe_cycles(info, nvm);
}

enum trustx_err sim_info(struct sim_info *info, const char *path, struct fail *f)
{
	struct nvm *nvm = new_nvm(f);
	enum trustx_err err = TRUSTX_ERR_MEMORY;

	if (nvm != NULL && (err = load(nvm, path, f)) == TRUSTX_OK)
		describe(info, nvm);
	free_nvm(nvm);
	return err == TRUSTX_OK ? err : fail_what(f, "look into the simulated chip %s", path);
}
