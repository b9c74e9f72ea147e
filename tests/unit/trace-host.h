/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Write traces of conversations down: both sides' frames, as a bus would have carried them. */
#ifndef TESTS_TRACE_HOST_H
#define TESTS_TRACE_HOST_H

#include "test.h"

#include <stdbool.h>
#include <stdint.h>

#include "blob.h"
#include "hex.h"
#include "tracefile.h"

#define TALK_BYTES_MAX 2048

struct talk {
	struct blob text;
	size_t frame; /* DATA_REG_LEN */
	uint64_t now_us;
	uint8_t host_nr, chip_nr;
	uint8_t pctr;		/* set in every packet: 0x08, and then SCTR 0x20 */
	enum trustx_err result; /* of what is written from now on */
	bool bad_fcs;		/* of what is sent from now on */
};

static inline void talk_line(struct talk *t, const char *line, size_t len)
{
	CHECK_OK(blob_add(&t->text, line, len));
}

static inline void talk_begin(struct talk *t, size_t frame)
{
	const struct tracefile_session session = { .addr = 0x30 };
	char line[TRACEFILE_LINE_MAX];

	memset(t, 0, sizeof(*t));
	blob_init(&t->text, (size_t)1 << 22);
	t->frame = frame;
	t->host_nr = t->chip_nr = 3;
	talk_line(t, line, tracefile_print_session(line, &session));
}

static inline void talk_record(
	struct talk *t, enum tracefile_op op, const uint8_t *data, size_t len)
{
	static struct tracefile_record rec;
	char line[TRACEFILE_LINE_MAX];

	rec.at_us = t->now_us;
	rec.took_us = 10;
	rec.op = op;
	rec.result = t->result;
	rec.addr = 0x30;
	rec.value = 1;
	rec.len = len;
	CHECK(len <= sizeof(rec.data));
	if (len > 0)
		memcpy(rec.data, data, len);
	talk_line(t, line, tracefile_print_record(line, &rec));
	t->now_us += 100;
}

static inline uint16_t talk_fcs(const uint8_t *data, size_t len)
{
	unsigned fcs = 0;

	for (size_t i = 0; i < len; i++) {
		fcs ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			fcs = (fcs & 1) != 0 ? fcs >> 1 ^ 0x8408 : fcs >> 1;
	}
	return (uint16_t)fcs;
}

/* A frame of either side over the register DATA. */
static inline void talk_frame(
	struct talk *t, bool from_chip, uint8_t fctr, const uint8_t *packet, size_t len)
{
	uint8_t bytes[TALK_BYTES_MAX] = { 0x80, fctr, (uint8_t)(len >> 8), (uint8_t)len };
	uint16_t fcs;

	if (len > 0)
		memcpy(bytes + 4, packet, len);
	fcs = talk_fcs(bytes + 1, len + 3);
	if (t->bad_fcs)
		fcs ^= 0x0100;
	bytes[len + 4] = (uint8_t)(fcs >> 8);
	bytes[len + 5] = (uint8_t)fcs;
	if (!from_chip) {
		talk_record(t, TRACEFILE_WRITE, bytes, len + 6);
		return;
	}
	talk_record(t, TRACEFILE_WRITE, bytes, 1);
	talk_record(t, TRACEFILE_READ, bytes + 1, len + 5);
}

/* One packet under the next number, or once more under the last. */
static inline void talk_packet(
	struct talk *t, bool from_chip, bool again, const uint8_t *packet, size_t len)
{
	uint8_t *nr = from_chip ? &t->chip_nr : &t->host_nr;
	uint8_t other = from_chip ? t->host_nr : t->chip_nr;

	if (!again)
		*nr = (*nr + 1) & 3;
	talk_frame(t, from_chip, (uint8_t)(*nr << 2 | other), packet, len);
}

static inline void talk_ack(struct talk *t, bool from_chip)
{
	talk_frame(t, from_chip, 0x80 | (from_chip ? t->host_nr : t->chip_nr), NULL, 0);
}

/* A whole APDU in as many packets as it takes; each is sent times times. */
static inline void talk_apdu(
	struct talk *t, bool from_chip, unsigned times, const uint8_t *apdu, size_t len)
{
	uint8_t all[TALK_BYTES_MAX], packet[TALK_BYTES_MAX];
	size_t room = t->frame - 6, at = 0, n;

	if (t->pctr != 0) {
		all[0] = 0x20;
		memcpy(all + 1, apdu, len++);
		apdu = all;
	}
	do {
		bool first = at == 0, last = len - at <= room;

		n = last ? len - at : room;
		packet[0] = t->pctr | (last ? (first ? 0 : 4) : (first ? 1 : 2));
		memcpy(packet + 1, apdu + at, n);
		for (unsigned i = 0; i < times; i++)
			talk_packet(t, from_chip, i > 0, packet, n + 1);
		talk_ack(t, !from_chip);
		at += n;
	} while (at < len);
}

/* head: hexadecimal, without the length field, which follows the second byte. */
static inline size_t talk_build(
	uint8_t out[static TALK_BYTES_MAX], const char *head, const uint8_t *data, size_t len)
{
	size_t n = TALK_BYTES_MAX;

	CHECK_OK(hex_parse(out, &n, head));
	memmove(out + 4, out + 2, n - 2);
	if (len > 0)
		memcpy(out + n + 2, data, len);
	out[2] = (uint8_t)((n - 2 + len) >> 8);
	out[3] = (uint8_t)(n - 2 + len);
	return n + 2 + len;
}

static inline void talk_command(struct talk *t, const char *head, const uint8_t *data, size_t len)
{
	uint8_t apdu[TALK_BYTES_MAX];

	talk_apdu(t, false, 1, apdu, talk_build(apdu, head, data, len));
}

static inline void talk_answer(struct talk *t, const char *head, const uint8_t *data, size_t len)
{
	uint8_t apdu[TALK_BYTES_MAX];

	talk_apdu(t, true, 1, apdu, talk_build(apdu, head, data, len));
}

static inline void talk_open(struct talk *t)
{
	talk_command(t,
		"f000d276000004"
		"47656e41757468417070"
		"6c",
		NULL, 0);
	talk_answer(t, "0000", NULL, 0);
}

#endif
