/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Packets of the link layer to whole commands, and answers back to packets. On a Trust M with the
 * presentation layer between, for messages that are not encrypted.
 */
#ifndef SIM_TRANSPORT_H
#define SIM_TRANSPORT_H

#include "applet.h"

/* What is to happen to the frame that brought a packet. */
enum transport_wish {
	TRANSPORT_MORE,	 /* acknowledge now: the next element of the chain is wanted */
	TRANSPORT_WAIT,	 /* a command runs: acknowledge when the timer says so */
	TRANSPORT_REPLY, /* there is something to send at once */
};

struct transport {
	struct applet *applet;
	uint8_t apdu[APDU_MAX];
	size_t apdu_len; /* may exceed the array: then the rest was not kept */
	bool chain_open;
	size_t sent; /* bytes of the answer */
	bool complain;
	bool has_presentation; /* the command has a presentation layer: so has the answer */
	uint8_t presentation;  /* its control byte */
	bool alert;	       /* a message of that layer that this chip cannot follow */
};

void transport_reset(struct transport *t);

/* A packet of at least one byte; full is the size of a full one. */
enum transport_wish transport_receive(
	struct transport *t, const uint8_t *packet, size_t len, size_t full, uint64_t now);

/* The next packet to send, of at most full bytes, into out. 0: none. */
size_t transport_take(struct transport *t, uint8_t *out, size_t full);

bool transport_is_busy(const struct transport *t); /* a command runs */
void transport_shown(struct transport *t);	   /* ... and the host has seen it */

/* Forget the answer, also one that is still to come, and a half received command. */
void transport_drop(struct transport *t);

#endif
