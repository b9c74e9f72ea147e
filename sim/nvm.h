/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The non-volatile memory of one chip and the file that holds it. Objects that live in RAM stand
 * beside the others and are not written.
 */
#ifndef SIM_NVM_H
#define SIM_NVM_H

#include "access.h"
#include "catalog.h"
#include "fail.h"
#include "file.h"
#include "profile.h"
#include "rng.h"

#define NVM_KEYS 4
#define NVM_PAGE 64u

struct nvm {
	const struct profile *profile;
	struct rng rng;
	uint32_t generations[NVM_KEYS], uses[NVM_KEYS], writes;
	struct object objects[CATALOG_OBJECTS];
	const char *path; /* lent by the caller */
	enum file_sync sync;
	bool pending;	    /* programming was cut: the next start-up finishes or undoes it */
	uint32_t cut_after; /* the power goes at this commit point from now; 0: at none */
	uint32_t cut;	    /* the same, not stored */
	bool gone;	    /* the power went there, for good */
};

/*
 * What one command leaves behind: an object, a counter of the image, or both.
 *
 * It is programmed in steps: certificates and trust anchors are erased and then written page by
 * page, all else is one step. The power can go at each commit point: before the first step and
 * after each. What is one step is finished or undone as a whole.
 */
struct change {
	struct object *target; /* NULL: none */
	struct object after;
	uint32_t *count; /* one more here, with the last step; NULL: none */
	uint32_t cycles; /* that this is for the endurance, usually 1 */
	uint8_t used_up; /* these up-counters go up by one, a bit for each */
	bool erases;	 /* a write of bytes from..to, and whether it erases first */
	size_t from, to;
};

/* Memory of a chip as made by the catalog. */
void nvm_init(struct nvm *nvm, const struct profile *profile);

/* TRUSTX_ERR_INPUT: not an image, damaged, unknown profile. */
TRUSTX_MUST_CHECK enum trustx_err nvm_load(struct nvm *nvm, const char *path, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err nvm_save(struct nvm *nvm, struct fail *f);

/* Wipe keys. */
void nvm_forget(struct nvm *nvm);

/* Objects in RAM as after a reset. */
void nvm_reset(struct nvm *nvm);

/* Objects in RAM that belong to the application, as after opening it. */
void nvm_close_sessions(struct nvm *nvm);

/* NULL: there is no such object. */
struct object *nvm_find(struct nvm *nvm, uint16_t oid);

/* The first data byte of an object that exists. */
uint8_t nvm_byte(struct nvm *nvm, uint16_t oid);

/* The value and the threshold of up-counter i of a Trust M. */
struct access_counter nvm_counter(struct nvm *nvm, uint16_t i);

/* A change to an object, which starts as the object is. */
void change_begin(struct change *c, struct object *target);

size_t change_steps(const struct change *c);

/* Does it program cells, or is it all in RAM and in the image's counters? */
bool change_programs(const struct change *c);

/*
 * The one way in which memory changes. All of it or, on TRUSTX_ERR_FILE, nothing; as far as it
 * came, when the power goes in between. TRUSTX_ERR_NO_DEVICE: the power is gone.
 * The file stays untouched when only RAM is concerned. The change may not be used again; after
 * success it holds the object as it was before.
 */
TRUSTX_MUST_CHECK enum trustx_err nvm_commit(struct nvm *nvm, struct change *c);

/* The same, interrupted after so many steps. */
TRUSTX_MUST_CHECK enum trustx_err nvm_interrupt(struct nvm *nvm, struct change *c, size_t steps);

/* A start-up has seen to what was interrupted. */
void nvm_settle(struct nvm *nvm);

#endif
