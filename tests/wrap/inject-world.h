/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* What is there before each run in which a call fails: in the folder run, a chip and a CA. */
#ifndef TESTS_WRAP_INJECT_WORLD_H
#define TESTS_WRAP_INJECT_WORLD_H

#include "flow-world.h"

#define RUNS_MAX 4000

static const struct slot one = { 1, 0xE0F1, 0xE0E1 };

static inline void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void begin_anew(const char *chip)
{
	remove_tree("run");
	CHECK(mkdir("run", 0700) == 0);
	copy_file("run/chip", chip);
	CHECK(mkdir("run/ca", 0700) == 0 && mkdir("run/ca/issued", 0700) == 0);
	copy_file("run/ca/root.pem", CA_DIR "/root.pem");
	copy_file("run/ca/root.key", CA_DIR "/root.key");
	if (file_exists(CA_DIR "/index.txt"))
		copy_file("run/ca/index.txt", CA_DIR "/index.txt");
}

/* A new chip, chip-1 with a key, and csr.pem for that key: to copy from. */
static inline void prepare(void)
{
	struct csrflow_options options = world_csr();
	struct csrflow_result result;
	struct fail f = { 0 };
	struct world w;

	world_init();
	world_new(&w, 1, "&scale=0");
	MUST(csrflow_create(&result, &w.dev, &one, &options, &f), f);
	MUST(file_write("csr.pem", result.pem.data, result.pem.len, FILE_PUBLIC, FILE_NO_SYNC, &f),
		f);
	csrflow_free(&result);
	world_free(&w);
	MUST(sim_new("chip", NULL, &f), f);
}

#endif
