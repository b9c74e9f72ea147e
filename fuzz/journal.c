/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The journal of a slot. */
#include "fuzz.h"
#include "journal.h"

#include <sys/stat.h>
#include <unistd.h>

#define STATE_DIR "journal-state"
#define UID	  "cd16338201000100000400"
#define PATH	  STATE_DIR "/" UID "-e0f1.journal"

int __wrap_fsync(int fd);

int __wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

static void put_file(const uint8_t *data, size_t size)
{
	FILE *file;

	PROPERTY(mkdir(STATE_DIR, 0700) == 0 || access(STATE_DIR, W_OK) == 0);
	file = fopen(PATH, "wb");
	PROPERTY(file != NULL);
	PROPERTY(fwrite(data, 1, size, file) == size);
	PROPERTY(fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char dir[] = STATE_DIR;
	const struct slot slot = { 1, 0xE0F1, 0xE0E1 };
	struct device dev = { .uid_hex = UID, .state_dir = dir };
	struct journal journal;
	struct fail f = { 0 };

	put_file(data, size);
	if (journal_open(&journal, &dev, &slot, &f) != TRUSTX_OK) {
		PROPERTY(journal.fd < 0 && f.why[0] != '\0');
		return 0;
	}
	PROPERTY(journal_begin(&journal, "csr", NULL, FILE_NO_SYNC, &f) == TRUSTX_OK);
	journal_close(&journal);
	/* What was taken once is taken again, with the line that was added. */
	PROPERTY(journal_open(&journal, &dev, &slot, &f) == TRUSTX_OK);
	PROPERTY(strcmp(journal.open_step, "csr") == 0 && !journal.dropped);
	journal_close(&journal);
	return 0;
}
