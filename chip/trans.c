/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "trans.h"

#include "family.h"

enum chain { /* PCTR: channel 0, no presentation layer */
	CHAIN_SINGLE = 0,
	CHAIN_FIRST = 1,
	CHAIN_NEXT = 2,
	CHAIN_LAST = 4,
	CHAIN_ERROR = 7,
};

enum progress {
	SENDING,  /* the last packet has not left: nothing can have been executed */
	SENT,	  /* it may have arrived */
	REFUSED,  /* chain error: the chip threw the command away */
	ANSWERED, /* something of the answer is here */
};

size_t trans_len(const struct trans_call *call)
{
	size_t len = 0;

	for (size_t i = 0; i < call->count; i++)
		len += call->in[i].len;
	return len;
}

/* Copy len bytes of the command, from its byte at on. */
static void gather(uint8_t *out, const struct trans_call *call, size_t at, size_t len)
{
	const struct trans_piece *piece = call->in;

	while (len-- > 0) {
		while (at >= piece->len)
			at -= piece++->len;
		*out++ = piece->data[at++];
	}
}

static void scatter(struct trans_call *call, const uint8_t *data, size_t len)
{
	while (len-- > 0) {
		size_t at = call->len++;

		if (at < call->head_len)
			call->head[at] = *data;
		else if (at - call->head_len < call->cap)
			call->data[at - call->head_len] = *data;
		data++;
	}
}

static enum trustx_err broken(struct dlink *dl)
{
	return dlink_fail(dl, TRUSTX_LAYER_TRANSPORT, TRUSTX_ERR_PROTOCOL);
}

static enum trustx_err send_command(
	struct dlink *dl, const struct trans_call *call, enum progress *progress)
{
	const size_t room = dlink_room(dl) - 1, total = trans_len(call);
	uint8_t *out = dlink_packet(dl);
	const uint8_t *in;
	size_t at = 0, len;
	enum trustx_err err;

	for (; total - at > room; at += room) {
		out[0] = (uint8_t)family_pctr(dl, at == 0 ? CHAIN_FIRST : CHAIN_NEXT);
		gather(out + 1, call, at, room);
		if ((err = dlink_send(dl, 1 + room)) != TRUSTX_OK)
			return err;
		if ((err = dlink_wait(dl, WANT_ACK, 0)) != TRUSTX_OK)
			return err;
		in = dlink_received(dl, &len);
		if (len > 0) {
			if (family_chain(dl, in[0]) == CHAIN_ERROR)
				*progress = REFUSED;
			return broken(dl);
		}
	}
	out[0] = (uint8_t)family_pctr(dl, at == 0 ? CHAIN_SINGLE : CHAIN_LAST);
	gather(out + 1, call, at, total - at);
	err = dlink_send(dl, 1 + total - at);
	/* Without an acknowledged address no byte of it reached the chip. */
	if (err != TRUSTX_ERR_NACK)
		*progress = SENT;
	return err;
}

static bool in_order(uint8_t chain, bool open, size_t len, size_t room)
{
	if (chain == CHAIN_SINGLE)
		return !open;
	if (chain == CHAIN_LAST)
		return open && len > 1;
	return chain == (open ? CHAIN_NEXT : CHAIN_FIRST) && len == room;
}

static enum trustx_err send_chain_error(struct dlink *dl)
{
	dlink_packet(dl)[0] = CHAIN_ERROR;
	return dlink_send(dl, 1);
}

static enum trustx_err receive_answer(
	struct dlink *dl, struct trans_call *call, enum progress *progress)
{
	uint32_t pause_us = call->pause_us;
	bool open = false, complained = false;
	const uint8_t *in;
	enum trustx_err err;
	uint8_t chain;
	size_t len;

	for (call->len = 0;;) {
		if ((err = dlink_wait(dl, WANT_DATA, pause_us)) != TRUSTX_OK)
			return err;
		pause_us = 0;
		in = dlink_received(dl, &len);
		chain = family_chain(dl, in[0]);
		*progress = chain == CHAIN_ERROR && *progress == SENT ? REFUSED : ANSWERED;
		if (chain >= CHAIN_ERROR)
			return broken(dl);
		if (in_order(chain, open, len, dlink_room(dl))) {
			if (!open && !family_unwrap(&in, &len))
				return broken(dl);
			scatter(call, in + 1, len - 1);
			if (chain == CHAIN_SINGLE || chain == CHAIN_LAST)
				return TRUSTX_OK;
			open = true;
			continue;
		}
		if (complained)
			return broken(dl);
		complained = true;
		open = false;
		call->len = 0;
		if ((err = send_chain_error(dl)) != TRUSTX_OK)
			return err;
	}
}

/* Why the command may be sent once more, a bit of its own for each reason; 0: it may not. */
static unsigned reason(const struct trans_call *call, enum progress progress, enum trustx_err err)
{
	if (progress == REFUSED)
		return 1;
	return err == TRUSTX_ERR_UNKNOWN_OUTCOME && (progress == SENDING || call->repeatable) ? 2
											      : 0;
}

static enum trustx_err exchange(struct dlink *dl, struct trans_call *call)
{
	unsigned before = 0, why = 0;
	enum progress progress;
	enum trustx_err err;

	do {
		before |= why;
		progress = SENDING;
		if ((err = dlink_settle(dl)) != TRUSTX_OK)
			break;
		if ((err = send_command(dl, call, &progress)) == TRUSTX_OK)
			err = receive_answer(dl, call, &progress);
		if (err == TRUSTX_OK)
			return TRUSTX_OK;
		why = reason(call, progress, err);
	} while ((why & ~before) != 0);
	dlink_spoil(dl);
	if (!call->repeatable && (progress == SENT || progress == ANSWERED))
		return TRUSTX_ERR_UNKNOWN_OUTCOME;
	return err == TRUSTX_ERR_UNKNOWN_OUTCOME ? TRUSTX_ERR_PROTOCOL : err;
}

enum trustx_err trans_exchange(struct dlink *dl, struct trans_call *call)
{
	enum trustx_err err;

	family_wrap(dl, call);
	err = exchange(dl, call);
	family_bare(dl, call);
	return err;
}
