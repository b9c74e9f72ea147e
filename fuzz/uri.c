/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Device URIs. Nothing is opened: what the back ends would do with the world fails. */
#include "bus.h"
#include "file.h"
#include "fuzz.h"
#include "net.h"
#include "sim.h"

#include <fcntl.h>

enum trustx_err __wrap_sim_open(
	struct sim **sim, const char *path, const struct sim_options *opt, struct fail *f);
enum trustx_err __wrap_file_read(struct blob *b, const char *path, struct fail *f);
enum trustx_err __wrap_net_resolve(
	struct net_list *list, const char *scheme, const char *target, struct fail *f);
int __wrap_open(const char *path, int flags, ...);

enum trustx_err __wrap_sim_open(
	struct sim **sim, const char *path, const struct sim_options *opt, struct fail *f)
{
	(void)opt;
	*sim = NULL;
	return fail_set(f, TRUSTX_ERR_FILE, "%s is not opened", path);
}

enum trustx_err __wrap_file_read(struct blob *b, const char *path, struct fail *f)
{
	(void)b;
	return fail_set(f, TRUSTX_ERR_FILE, "%s is not read", path);
}

enum trustx_err __wrap_net_resolve(
	struct net_list *list, const char *scheme, const char *target, struct fail *f)
{
	list->count = 0;
	return fail_set(f, TRUSTX_ERR_NO_DEVICE, "%s %s is not connected", scheme, target);
}

int __wrap_open(const char *path, int flags, ...)
{
	(void)path;
	(void)flags;
	return -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct trustx_bus bus;
	struct fail f = { 0 };

	PROPERTY(trustx_bus_open(&bus, text, &f) != TRUSTX_OK);
	PROPERTY(f.why[0] != '\0' && f.what[0] != '\0' && bus.ctx == NULL);
	trustx_bus_close(&bus);
	free(text);
	return 0;
}
