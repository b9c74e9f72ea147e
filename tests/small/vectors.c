/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The processor starts with the stack and the entry that stand first in memory. */
extern void _start(void);
extern char __stack[];

static void hang(void)
{
	for (;;)
		;
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
	(void (*)(void))__stack,
	_start,
	hang,
	hang,
	hang,
	hang,
};
