/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "transport.h"

#include <string.h>

#include "mem.h"

enum {
	CHAIN_SINGLE = 0x00,
	CHAIN_FIRST = 0x01,
	CHAIN_MIDDLE = 0x02,
	CHAIN_LAST = 0x04,
	CHAIN_ERROR = 0x07,
};

static void clear(struct transport *t)
{
	mem_wipe(t->apdu, sizeof(t->apdu));
	t->apdu_len = 0;
	t->chain_open = false;
	t->sent = 0;
	t->complain = false;
}

void transport_reset(struct transport *t)
{
	clear(t);
	applet_reset(t->applet);
}

void transport_drop(struct transport *t)
{
	clear(t);
	applet_drop(t->applet);
}

bool transport_is_busy(const struct transport *t)
{
	return applet_is_busy(t->applet);
}

void transport_shown(struct transport *t)
{
	applet_release(t->applet);
}

/* Channel and presence bits, too, are no packet control of this chip. */
static bool is_legal(const struct transport *t, uint8_t control, size_t len, size_t full)
{
	switch (control) {
	case CHAIN_SINGLE:
		return !t->chain_open;
	case CHAIN_FIRST:
		return !t->chain_open && len == full;
	case CHAIN_MIDDLE:
		return t->chain_open && len == full;
	case CHAIN_LAST:
		return t->chain_open && len > 1;
	default:
		return false;
	}
}

static void collect(struct transport *t, const uint8_t *data, size_t len)
{
	size_t room = t->apdu_len < APDU_MAX ? APDU_MAX - t->apdu_len : 0;

	memcpy(t->apdu + (APDU_MAX - room), data, len < room ? len : room);
	t->apdu_len += len;
}

/* A command that is too long keeps its first bytes: its length field cannot be right. */
static void run(struct transport *t, uint64_t now)
{
	size_t len = t->apdu_len < APDU_MAX ? t->apdu_len : APDU_MAX;

	if (t->apdu_len > APDU_MAX)
		len = APDU_MAX - 1;
	applet_run(t->applet, t->apdu, len, now);
	clear(t);
}

enum transport_wish transport_receive(
	struct transport *t, const uint8_t *packet, size_t len, size_t full, uint64_t now)
{
	uint8_t control = packet[0];
	size_t answer_len;

	if (control == CHAIN_ERROR) {
		t->sent = 0;
		t->chain_open = false;
		t->apdu_len = 0;
		return applet_answer(t->applet, &answer_len) != NULL ? TRANSPORT_REPLY
								     : TRANSPORT_MORE;
	}
	applet_drop(t->applet);
	t->sent = 0;
	t->complain = !is_legal(t, control, len, full);
	if (t->complain || control == CHAIN_SINGLE || control == CHAIN_FIRST)
		t->apdu_len = 0;
	t->chain_open = !t->complain && (control == CHAIN_FIRST || control == CHAIN_MIDDLE);
	if (t->complain)
		return TRANSPORT_REPLY;
	collect(t, packet + 1, len - 1);
	if (t->chain_open)
		return TRANSPORT_MORE;
	run(t, now);
	return TRANSPORT_WAIT;
}

static uint8_t element(bool first, bool last)
{
	if (first)
		return last ? CHAIN_SINGLE : CHAIN_FIRST;
	return last ? CHAIN_LAST : CHAIN_MIDDLE;
}

size_t transport_take(struct transport *t, uint8_t *out, size_t full)
{
	const uint8_t *answer;
	size_t len, n;

	if (t->complain) {
		t->complain = false;
		out[0] = CHAIN_ERROR;
		return 1;
	}
	if ((answer = applet_answer(t->applet, &len)) == NULL || t->sent == len)
		return 0;
	n = len - t->sent < full - 1 ? len - t->sent : full - 1;
	out[0] = element(t->sent == 0, t->sent + n == len);
	memcpy(out + 1, answer + t->sent, n);
	t->sent += n;
	return 1 + n;
}
