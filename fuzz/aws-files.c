/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The files of the AWS tools, config and credentials; no program that they name is run. */
#include "child.h"
#include "credentials.h"
#include "file.h"
#include "fuzz.h"

static const uint8_t *texts[2];
static size_t lengths[2];

bool __wrap_file_exists(const char *path);
enum trustx_err __wrap_file_read(struct blob *out, const char *path, struct fail *f);
enum trustx_err __wrap_child_run(struct blob *output, const struct child *child, struct fail *f);

bool __wrap_file_exists(const char *path)
{
	return strcmp(path, "config") == 0 || strcmp(path, "credentials") == 0;
}

enum trustx_err __wrap_file_read(struct blob *out, const char *path, struct fail *f)
{
	size_t i = strcmp(path, "credentials") == 0;
	enum trustx_err err = blob_add(out, texts[i], lengths[i]);

	return err == TRUSTX_OK ? err : fail_set(f, err, "%s is too long", path);
}

enum trustx_err __wrap_child_run(struct blob *output, const struct child *child, struct fail *f)
{
	static const char answer[] =
		"{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}";

	PROPERTY(child->argv[0] != NULL);
	PROPERTY(blob_add(output, answer, sizeof(answer) - 1) == TRUSTX_OK);
	(void)f;
	return TRUSTX_OK;
}

static void set_environment(void)
{
	setenv("AWS_CONFIG_FILE", "config", 1);
	setenv("AWS_SHARED_CREDENTIALS_FILE", "credentials", 1);
	unsetenv("AWS_ACCESS_KEY_ID");
	unsetenv("AWS_SECRET_ACCESS_KEY");
}

static void check(const struct config *config)
{
	PROPERTY(config->region[0] != '\0' && strlen(config->region) < sizeof(config->region));
	PROPERTY(strncmp(config->iot, "http", 4) == 0 && strstr(config->iot, "://") != NULL);
	PROPERTY(strncmp(config->sts, "http", 4) == 0);
	PROPERTY(strlen(config_partition(config->region)) >= 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cloud_options options = { .region = size % 2 ? "eu-west-1" : NULL,
		.profile = size % 3 ? NULL : "p" };
	struct reader r;
	struct credentials found = { .source = NULL };
	struct config config;
	struct fail f = { 0 };

	set_environment();
	reader_init(&r, data, size);
	texts[0] = fuzz_piece(&r, &lengths[0]);
	lengths[1] = reader_left(&r);
	texts[1] = reader_bytes(&r, lengths[1]);
	if (config_load(&config, &options, &f) != TRUSTX_OK)
		PROPERTY(f.why[0] != '\0');
	else {
		check(&config);
		if (credentials_find(&found, &config, &options, NULL, &f) == TRUSTX_OK)
			PROPERTY(found.access_key[0] != '\0' || found.secret[0] != '\0' ||
				 found.source != NULL);
		else
			PROPERTY(f.why[0] != '\0' && f.what[0] != '\0');
	}
	credentials_wipe(&found);
	config_free(&config);
	return 0;
}
