/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* A simulated chip that leaves nothing behind: what it would write to its file is dropped. */
#ifndef FUZZ_CHIP_FILE_H
#define FUZZ_CHIP_FILE_H

#include "file.h"
#include "fuzz.h"
#include "sim.h"

enum trustx_err __wrap_file_write(const char *path, const void *data, size_t len,
	enum file_mode mode, enum file_sync sync, struct fail *f);

enum trustx_err __wrap_file_write(const char *path, const void *data, size_t len,
	enum file_mode mode, enum file_sync sync, struct fail *f)
{
	(void)path;
	(void)data;
	(void)len;
	(void)mode;
	(void)sync;
	(void)f;
	return TRUSTX_OK;
}

/* The same chip, as new, every time. */
static inline struct sim *chip_open(void)
{
	static const struct sim_options options = {
		.has_scale = true, .has_seed = true, .seed = 1
	};
	struct sim *sim = NULL;
	struct fail f = { 0 };

	PROPERTY(sim_open(&sim, "fuzz-chip", &options, &f) == TRUSTX_OK);
	return sim;
}

#endif
