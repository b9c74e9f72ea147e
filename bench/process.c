/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "process.h"

#include "sim.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHIP "process.chip"

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void become(const char *program, const char *const *args)
{
	const int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		(void)dup2(null, STDOUT_FILENO);
		(void)dup2(null, STDERR_FILENO);
	}
	execv(program, (char *const *)(uintptr_t)args);
	_exit(127);
}

/* The memory of the child counts from its fork on: this program must be smaller than trustx. */
static enum trustx_err run(struct process *p, const char *program, const char *const *args)
{
	const double begin = now_ms();
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		become(program, args);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return TRUSTX_ERR_FILE;
	p->wall_ms = now_ms() - begin;
	p->peak_kib = (double)usage.ru_maxrss;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRUSTX_OK;
	fprintf(stderr, "bench: %s %s failed\n", program, args[1]);
	return TRUSTX_ERR_INTERNAL;
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, PROCESS_RUNS, sizeof(*values), compare);
	return (values[PROCESS_RUNS / 2 - 1] + values[PROCESS_RUNS / 2]) / 2;
}

enum trustx_err process_measure(struct process *p, const char *program, const char *const *args)
{
	static const struct sim_options new_chip = { 0 };
	double wall[PROCESS_RUNS], peak[PROCESS_RUNS];
	enum trustx_err err;
	struct fail f;

	for (unsigned i = 0; i < PROCESS_RUNS; i++) {
		(void)unlink(CHIP);
		if ((err = sim_new(CHIP, &new_chip, &f)) != TRUSTX_OK ||
			(err = run(p, program, args)) != TRUSTX_OK)
			return err;
		wall[i] = p->wall_ms;
		peak[i] = p->peak_kib;
	}
	p->wall_ms = median(wall);
	p->peak_kib = median(peak);
	return TRUSTX_OK;
}
