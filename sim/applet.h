/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The application in the chip: one command at a time, from its bytes to the bytes of the answer.
 *
 * A command is computed when it arrives and takes effect when its time is over:
 *   idle -> (private key used: delayed by the security monitor) -> running -> idle, answer there
 * With scale 0 it runs until the link layer has shown it as running: held, then released.
 */
#ifndef SIM_APPLET_H
#define SIM_APPLET_H

#include "command.h"
#include "pace.h"
#include "secmon.h"

#define APDU_MAX (4 + COMMAND_DATA_MAX)

enum applet_phase { APPLET_IDLE, APPLET_DELAYED, APPLET_RUNNING, APPLET_HELD };

struct applet {
	struct nvm *nvm;
	struct secmon *secmon;
	struct curves *curves;
	struct pace *pace;
	enum applet_phase phase;
	uint64_t at; /* when the phase ends; NEVER */
	uint64_t run_ns;
	struct context context;
	bool is_open;
	enum outcome outcome;
	uint32_t *key_use;
	bool dropped; /* nobody waits for the answer any more */
	struct change change;
	uint8_t answer[APDU_MAX];
	size_t answer_len; /* 0: none yet */
};

void applet_reset(struct applet *a);
void applet_run(struct applet *a, const uint8_t *apdu, size_t len, uint64_t now);
void applet_fire(struct applet *a, uint64_t now); /* when at has come */
void applet_release(struct applet *a);
void applet_drop(struct applet *a);

bool applet_is_busy(const struct applet *a);

/* A reset: what is being programmed stays as it is now. */
void applet_interrupt(struct applet *a, uint64_t now);

/* NULL: none. Lent until the next command. */
const uint8_t *applet_answer(const struct applet *a, size_t *len);

#endif
