/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The kernel's side of i2c-dev, in front of a simulated chip. The linker leads system calls of the
 * product here (-Wl,--wrap); /sys and /proc are the folder root/ of the test.
 */
#ifndef TESTS_I2C_KERNEL_H
#define TESTS_I2C_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "trustx.h"

#define KERNEL_ADAPTER 7
#define KERNEL_NODE    "/dev/i2c-7"
#define KERNEL_HIDRAW  "/dev/hidraw7" /* gets the same answers, and carries nothing */

struct kernel {
	/* how the adapter is */
	struct trustx_bus chip;
	unsigned long functions;
	bool missing;	     /* no node */
	unsigned major;	     /* of the node, 89 */
	unsigned gid;	     /* of the node */
	unsigned mode;	     /* of the node */
	int open_error;	     /* errno */
	int lock_error;	     /* errno, of the file of a lock */
	int functions_error; /* errno */
	int claim_error;     /* errno */
	unsigned taken;	     /* this address is a driver's; 0: none is */
	int nack_error;	     /* errno */
	int always_error;    /* errno of every transfer */
	int passing_error;   /* errno of the first passing transfers of each ten */
	unsigned passing;
	size_t longest[2];     /* longer reads, writes fail; 0: none do */
	int long_error;	       /* with this errno */
	size_t cut;	       /* longer writes are split in silence: hid-ft260 of Linux 6.1 */
	ssize_t lie;	       /* added to the count that is returned */
	unsigned unplug_after; /* transfers; 0: never */

	/* what happened */
	unsigned transfers, refused, soft_resets, resets, power_cycles, opened;
	size_t longest_seen[2];
	bool reset_low, power_off;
};

extern struct kernel kernel;

/* A new adapter in front of the simulated chip of this URI; root/ is empty. */
void kernel_start(const char *uri);
void kernel_stop(void);

/* Make root/PATH with this text. */
void kernel_file(const char *path, const char *text);
void kernel_link(const char *path, const char *target);

#endif
