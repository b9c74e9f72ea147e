/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "dlink.h"

#include "crc.h"

#define ACK_US	   10000u   /* DSX table 21: TRANS_TIMEOUT */
#define OWING_US   5000u    /* an acknowledge due arrives well within it */
#define REPEATS	   3u	    /* DSX table 21: TRANS_REPEAT */
#define SILENCE_US 6000000u /* longest command: 5 s of the security monitor and its own time */
#define JUNK_MAX   8u	    /* useless frames in a row before the link counts as broken */

#define FCTR_CONTROL 0x80u
#define FCTR_NAK     0x20u
#define FCTR_RESYNC  0xC0u

enum event {
	EVENT_IDLE, /* nothing to read, nothing being done */
	EVENT_BUSY,
	EVENT_DROP, /* a frame of no use now */
	EVENT_BAD,
	EVENT_DUPLICATE,
	EVENT_ACK,
	EVENT_NAK,
	EVENT_RESYNC,
	EVENT_DATA,
};

void dlink_reset(struct dlink *dl)
{
	dl->sent_nr = dl->received_nr = 3;
	dl->acked = true;
	dl->dirty = dl->owing = false;
}

size_t dlink_room(const struct dlink *dl)
{
	return dl->phys.frame_size - DLINK_OVERHEAD;
}

uint8_t *dlink_packet(struct dlink *dl)
{
	return dl->out + 1 + DLINK_HEAD;
}

const uint8_t *dlink_received(const struct dlink *dl, size_t *len)
{
	*len = dl->received_len;
	return dl->in + DLINK_HEAD;
}

enum trustx_err dlink_fail(struct dlink *dl, enum trustx_layer layer, enum trustx_err err)
{
	return phys_fail(&dl->phys, layer, err);
}

void dlink_spoil(struct dlink *dl)
{
	dl->dirty = true;
}

/* Complete and send a frame whose packet of len bytes stands in buf after register and head. */
static enum trustx_err transmit(struct dlink *dl, uint8_t *buf, unsigned fctr, size_t len)
{
	const size_t size = DLINK_HEAD + len;
	uint16_t fcs;
	uint32_t state;
	enum trustx_err err;

	dl->owing = false;
	if ((dl->flags & TRUSTX_LOOK_FIRST) != 0 &&
		(err = phys_state(&dl->phys, &state)) != TRUSTX_OK)
		return err;
	buf[0] = REG_DATA;
	buf[1] = (uint8_t)fctr;
	buf[2] = (uint8_t)(len >> 8);
	buf[3] = (uint8_t)len;
	fcs = crc_frame(buf + 1, size);
	/* High byte first, unlike IFX165 3.3 says: so do the chip and all its hosts. */
	buf[1 + size] = (uint8_t)(fcs >> 8);
	buf[2 + size] = (uint8_t)fcs;
	return phys_write(&dl->phys, buf, 1 + size + 2);
}

static enum trustx_err control(struct dlink *dl, unsigned fctr)
{
	uint8_t buf[1 + DLINK_OVERHEAD];

	return transmit(dl, buf, fctr, 0);
}

static enum trustx_err resend(struct dlink *dl)
{
	unsigned fctr = (unsigned)dl->sent_nr << 2 | dl->received_nr;

	return transmit(dl, dl->out, fctr, dl->sent_len);
}

enum trustx_err dlink_send(struct dlink *dl, size_t len)
{
	dl->sent_nr = (dl->sent_nr + 1) & 3;
	dl->sent_len = (uint16_t)len;
	dl->acked = false;
	return resend(dl);
}

static enum event judge_control(struct dlink *dl, unsigned fctr, size_t size)
{
	if (size != DLINK_OVERHEAD || dl->in[1] != 0 || dl->in[2] != 0)
		return EVENT_DROP;
	if (fctr == FCTR_RESYNC)
		return EVENT_RESYNC;
	if (dl->acked || (fctr & ~FCTR_NAK) != (FCTR_CONTROL | dl->sent_nr))
		return EVENT_DROP;
	if ((fctr & FCTR_NAK) != 0)
		return EVENT_NAK;
	dl->acked = true;
	return EVENT_ACK;
}

/* What is the frame of size bytes in dl->in? IFX165 table 3-2. */
static enum event judge(struct dlink *dl, size_t size)
{
	const uint8_t *fcs = dl->in + size - 2;
	const unsigned fctr = dl->in[0];
	const size_t len = (size_t)dl->in[1] << 8 | dl->in[2];

	if (crc_frame(dl->in, size - 2) != (fcs[0] << 8 | fcs[1]))
		return EVENT_BAD;
	if ((fctr & FCTR_CONTROL) != 0)
		return judge_control(dl, fctr, size);
	if (len == 0 || len != size - DLINK_OVERHEAD || (fctr & 0x50) != 0)
		return EVENT_BAD;
	if ((fctr >> 2 & 3) != ((dl->received_nr + 1u) & 3))
		return EVENT_DUPLICATE;
	if ((fctr & 3) != dl->sent_nr)
		return EVENT_DROP;
	if ((fctr & FCTR_NAK) != 0)
		return dl->acked ? EVENT_DROP : EVENT_NAK;
	dl->received_nr = (uint8_t)(fctr >> 2 & 3);
	dl->received_len = (uint16_t)len;
	dl->acked = true;
	return EVENT_DATA;
}

/* Look once whether the chip has something to say, and answer what needs an answer. */
static enum trustx_err listen(struct dlink *dl, enum event *event)
{
	uint32_t state;
	size_t size;
	enum trustx_err err;

	if ((err = phys_state(&dl->phys, &state)) != TRUSTX_OK)
		return err;
	*event = (state & STATE_BUSY) != 0 ? EVENT_BUSY : EVENT_IDLE;
	size = state & STATE_LEN;
	if ((state & STATE_RESP_RDY) == 0 || size < DLINK_OVERHEAD || size > dl->phys.frame_size)
		return TRUSTX_OK;
	if ((err = phys_read(&dl->phys, REG_DATA, dl->in, size)) != TRUSTX_OK)
		return err;
	*event = judge(dl, size);
	if (*event == EVENT_BAD)
		return control(dl, FCTR_CONTROL | FCTR_NAK | ((dl->received_nr + 1u) & 3));
	if (*event != EVENT_DATA && *event != EVENT_DUPLICATE)
		return TRUSTX_OK;
	/* The transport layer's chain bits: more follows, but only after the acknowledge. */
	dl->owing = *event == EVENT_DATA && (dl->flags & TRUSTX_ACK_LATER) != 0 &&
		    (dl->in[DLINK_HEAD] & 3) == 0;
	/* What came is good even if the chip cannot be told: the next exchange begins afresh. */
	if (!dl->owing && control(dl, FCTR_CONTROL | dl->received_nr) != TRUSTX_OK)
		dlink_spoil(dl);
	return TRUSTX_OK;
}

/* The wait between two looks grows with the time waited so far. */
static void pause_since(struct dlink *dl, uint32_t begin)
{
	phys_sleep(&dl->phys, (phys_now(&dl->phys) - begin) / 64);
}

static enum trustx_err resync(struct dlink *dl)
{
	dlink_reset(dl);
	return control(dl, FCTR_RESYNC);
}

static enum trustx_err lost(struct dlink *dl, enum event event)
{
	enum trustx_err err = TRUSTX_OK;

	if (event == EVENT_RESYNC)
		dlink_reset(dl);
	else
		err = resync(dl);
	if (err != TRUSTX_OK)
		return err;
	return phys_fail(&dl->phys, TRUSTX_LAYER_DATA_LINK, TRUSTX_ERR_UNKNOWN_OUTCOME);
}

static enum trustx_err fail(struct dlink *dl, enum trustx_err err)
{
	/* A deadline that passes while waiting for an answer is this layer's. */
	if (err == TRUSTX_ERR_TIMEOUT)
		(void)phys_fail(&dl->phys, TRUSTX_LAYER_DATA_LINK, err);
	return err;
}

enum trustx_err dlink_wait(struct dlink *dl, enum dlink_want want, uint32_t pause_us)
{
	const uint32_t begin = phys_now(&dl->phys);
	uint32_t quiet = begin, silent;
	unsigned repeats = 0, junk = 0;
	enum trustx_err err;
	enum event event;

	dl->received_len = 0;
	phys_sleep(&dl->phys, pause_us);
	for (;;) {
		if ((err = listen(dl, &event)) != TRUSTX_OK)
			return fail(dl, err);
		if (event == EVENT_DATA || (event == EVENT_ACK && want == WANT_ACK))
			return TRUSTX_OK;
		if (event == EVENT_RESYNC)
			return lost(dl, event);
		if (event >= EVENT_DROP && event <= EVENT_DUPLICATE && ++junk > JUNK_MAX)
			return phys_fail(&dl->phys, TRUSTX_LAYER_DATA_LINK, TRUSTX_ERR_PROTOCOL);
		if (event == EVENT_BUSY || event == EVENT_ACK)
			quiet = phys_now(&dl->phys);
		silent = phys_now(&dl->phys) - quiet;
		if (event == EVENT_NAK || silent >= (dl->acked ? SILENCE_US : ACK_US)) {
			if (dl->acked || repeats++ == REPEATS)
				return lost(dl, event);
			if ((err = resend(dl)) != TRUSTX_OK)
				return err;
			quiet = phys_now(&dl->phys);
		}
		/* It may be another register that looks idle, by a disturbed select. */
		if (silent >= ACK_US)
			dl->phys.reg = 0;
		pause_since(dl, begin);
	}
}

enum trustx_err dlink_settle(struct dlink *dl)
{
	const uint32_t begin = phys_now(&dl->phys);
	enum event event = EVENT_BUSY;
	unsigned junk = 0;
	enum trustx_err err;

	if (!dl->dirty && (!dl->owing || begin - dl->phys.stop < OWING_US))
		return TRUSTX_OK;
	while (event != EVENT_IDLE && junk <= JUNK_MAX) {
		if ((err = listen(dl, &event)) != TRUSTX_OK)
			return fail(dl, err);
		if (event != EVENT_BUSY)
			junk++;
		pause_since(dl, begin);
	}
	return resync(dl);
}
