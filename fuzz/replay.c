/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Runs a target once for each file named, and for each in the folders named. */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#define SEED_MAX ((size_t)1 << 20)

static void run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *whole = malloc(SEED_MAX), *exact;
	size_t len;

	PROPERTY(file != NULL && whole != NULL);
	len = fread(whole, 1, SEED_MAX, file);
	PROPERTY(len < SEED_MAX && ferror(file) == 0);
	fclose(file);
	/* So that a read behind the end is noticed. */
	exact = malloc(len > 0 ? len : 1);
	PROPERTY(exact != NULL);
	memcpy(exact, whole, len);
	free(whole);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static size_t run_folder(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	size_t files = 0;
	char name[1024];

	PROPERTY(count >= 0);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.') {
			snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
			run_file(name);
			files++;
		}
		free(entries[i]);
	}
	free(entries);
	return files;
}

int main(int argc, char *argv[])
{
	size_t files = 0;
	struct stat st;

	for (int i = 1; i < argc; i++) {
		if (stat(argv[i], &st) != 0) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
			return 1;
		}
		if (S_ISDIR(st.st_mode)) {
			files += run_folder(argv[i]);
		} else {
			run_file(argv[i]);
			files++;
		}
	}
	printf("%zu files\n", files);
	return files > 0 ? 0 : 1;
}
