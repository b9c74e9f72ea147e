/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* index.txt of a CA. */
#include "ca-index.h"
#include "fuzz.h"

#define PATH "index.txt"
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

int __wrap_fsync(int fd);

int __wrap_fsync(int fd)
{
	(void)fd;
	return 0;
}

static void put_file(const uint8_t *data, size_t size)
{
	FILE *file = fopen(PATH, "wb");

	PROPERTY(file != NULL);
	PROPERTY(fwrite(data, 1, size, file) == size);
	PROPERTY(fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ca_record record = { "0102", "2026-01-31T12:00:00Z",
		"9999-12-31T23:59:59Z", "CN=a", HASH };
	struct ca_entry *entries = NULL;
	struct fail f = { 0 };
	size_t count = 0, more = 0;

	put_file(data, size);
	if (ca_index_list(&entries, &count, PATH, &f) != TRUSTX_OK) {
		PROPERTY(f.why[0] != '\0');
		PROPERTY(ca_index_check(PATH, HASH, "CN=b", &f) != TRUSTX_OK);
		return 0;
	}
	free(entries);
	/* A last line that lacks only its newline counts again. */
	PROPERTY(ca_index_repair(PATH, &f) == TRUSTX_OK);
	PROPERTY(ca_index_list(&entries, &more, PATH, &f) == TRUSTX_OK && more - count <= 1);
	count = more;
	free(entries);
	PROPERTY(ca_index_append(PATH, &record, &f) == TRUSTX_OK);
	PROPERTY(ca_index_list(&entries, &more, PATH, &f) == TRUSTX_OK && more == count + 1);
	PROPERTY(strcmp(entries[count].subject, "CN=a") == 0);
	PROPERTY(ca_index_check(PATH, HASH, "CN=b", &f) == TRUSTX_ERR_EXISTS);
	free(entries);
	return 0;
}
