/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The least host there can be for a simulated chip: raw frames, own checksum, one frame at a time. */
#ifndef TESTS_SIM_HOST_H
#define TESTS_SIM_HOST_H

#include "test.h"

#include <stdint.h>
#include <unistd.h>

#include "fail.h"
#include "hex.h"
#include "sim.h"

#define HOST_MAX 2048

struct host {
	struct sim *sim;
	uint8_t addr;
	size_t frame_max;
	uint8_t sent_nr, received_nr;
	uint8_t sta;		/* of the last answer */
	uint8_t data[HOST_MAX]; /* OutData of the last answer */
	size_t len;
	unsigned acks; /* separate ACK frames seen by the last command */
};

static inline void host_remove(const char *path)
{
	char lock[300];

	snprintf(lock, sizeof(lock), "%s.lock", path);
	unlink(path);
	unlink(lock);
}

static inline void host_attach(struct host *h, struct sim *sim)
{
	memset(h, 0, sizeof(*h));
	h->sim = sim;
	h->addr = 0x30;
	h->frame_max = 277;
	h->sent_nr = h->received_nr = 3;
}

static inline struct sim *host_open(const char *path, const struct sim_options *opt)
{
	struct sim *sim = NULL;
	struct fail f;

	if (sim_open(&sim, path, opt, &f) != TRUSTX_OK) {
		fprintf(stderr, "%s: %s\n", f.what, f.why);
		exit(1);
	}
	return sim;
}

/* Bytes from hexadecimal text with blanks. */
static inline size_t host_bytes(uint8_t *out, size_t cap, const char *text)
{
	char packed[2 * HOST_MAX + 1];
	size_t n = 0;

	for (; *text != '\0'; text++)
		if (*text != ' ' && n + 1 < sizeof(packed))
			packed[n++] = *text;
	packed[n] = '\0';
	CHECK_OK(hex_parse(out, &cap, packed));
	return cap;
}

/* One write or read, NACKs retried as a host must. */
static inline void host_transfer(
	struct host *h, const uint8_t *w, size_t wlen, uint8_t *r, size_t rlen)
{
	for (int tries = 0; tries < 2000; tries++) {
		sim_delay(h->sim, 50);
		if (sim_transfer(h->sim, h->addr, w, wlen, r, rlen) == SIM_DONE)
			return;
	}
	test_die(__FILE__, __LINE__, "the chip does not acknowledge");
}

static inline void host_write(struct host *h, const char *text)
{
	uint8_t w[HOST_MAX];

	host_transfer(h, w, host_bytes(w, sizeof(w), text), NULL, 0);
}

static inline void host_read(struct host *h, uint8_t reg, uint8_t *r, size_t len)
{
	host_transfer(h, &reg, 1, NULL, 0);
	host_transfer(h, NULL, 0, r, len);
}

static inline uint32_t host_state(struct host *h)
{
	uint8_t s[4];

	host_read(h, 0x82, s, sizeof(s));
	return (uint32_t)s[0] << 24 | (uint32_t)s[1] << 16 | (uint32_t)s[2] << 8 | s[3];
}

/* Wait for a frame; 0: none came within 20 s. */
static inline size_t host_fetch(struct host *h, uint8_t *frame)
{
	for (int i = 0; i < 40000; i++) {
		uint32_t state = host_state(h);

		if (state & 0x40000000) {
			host_read(h, 0x80, frame, state & 0xFFFF);
			return state & 0xFFFF;
		}
		sim_delay(h->sim, 500);
	}
	return 0;
}

/* The next frame is exactly this. */
static inline void host_expect(struct host *h, const char *text)
{
	uint8_t got[HOST_MAX], want[HOST_MAX];
	size_t len = host_bytes(want, sizeof(want), text);

	CHECK_INT(host_fetch(h, got), len);
	CHECK_MEM(got, want, len);
}

static inline uint16_t host_crc(const uint8_t *p, size_t len)
{
	uint16_t crc = 0;

	while (len-- > 0) {
		uint8_t x = (uint8_t)(*p++ ^ crc);

		x = (uint8_t)(x ^ x << 4);
		crc = (uint16_t)(crc >> 8 ^ x << 8 ^ x << 3 ^ x >> 4);
	}
	return crc;
}

/* A frame from its control byte and packet, written to DATA. */
static inline void host_send_frame(
	struct host *h, uint8_t control, const uint8_t *packet, size_t len)
{
	uint8_t w[HOST_MAX] = { 0x80, control, (uint8_t)(len >> 8), (uint8_t)len };
	uint16_t crc;

	if (len > 0)
		memcpy(w + 4, packet, len);
	crc = host_crc(w + 1, 3 + len);
	w[4 + len] = (uint8_t)(crc >> 8);
	w[5 + len] = (uint8_t)crc;
	host_transfer(h, w, 6 + len, NULL, 0);
}

static inline void host_send_packet(struct host *h, const uint8_t *packet, size_t len)
{
	h->sent_nr = (h->sent_nr + 1) & 3;
	host_send_frame(h, (uint8_t)(h->sent_nr << 2 | h->received_nr), packet, len);
}

/* The next data packet of the chip, acknowledged; ACK frames before it are counted. */
static inline size_t host_receive_packet(struct host *h, uint8_t *packet)
{
	uint8_t frame[HOST_MAX];
	size_t len;

	while ((len = host_fetch(h, frame)) == 5) {
		CHECK_INT(frame[0], 0x80 | h->sent_nr);
		h->acks++;
	}
	CHECK(len > 5);
	CHECK_INT(host_crc(frame, len - 2), frame[len - 2] << 8 | frame[len - 1]);
	h->received_nr = (h->received_nr + 1) & 3;
	CHECK_INT(frame[0], h->received_nr << 2 | h->sent_nr);
	CHECK_INT(frame[1] << 8 | frame[2], len - 5);
	host_send_frame(h, 0x80 | h->received_nr, NULL, 0);
	memcpy(packet, frame + 3, len - 5);
	return len - 5;
}

static inline void host_send_apdu(struct host *h, const uint8_t *apdu, size_t len)
{
	size_t part = h->frame_max - 6, n;
	uint8_t packet[HOST_MAX], ack[HOST_MAX];

	for (size_t at = 0; at < len; at += n) {
		n = len - at < part ? len - at : part;
		packet[0] = at == 0 ? (n == len ? 0 : 1) : (at + n == len ? 4 : 2);
		memcpy(packet + 1, apdu + at, n);
		host_send_packet(h, packet, 1 + n);
		if (at + n == len)
			break;
		CHECK_INT(host_fetch(h, ack), 5);
		CHECK_INT(ack[0], 0x80 | h->sent_nr);
	}
}

/* Whole command, whole answer: status into h->sta, OutData into h->data. */
static inline uint8_t host_apdu(struct host *h, const uint8_t *apdu, size_t len)
{
	uint8_t answer[HOST_MAX], packet[HOST_MAX];
	size_t n, have = 0;

	h->acks = 0;
	host_send_apdu(h, apdu, len);
	do {
		n = host_receive_packet(h, packet);
		CHECK(packet[0] == 0 || packet[0] == (have == 0 ? 1 : 2) ||
			(have > 0 && packet[0] == 4));
		memcpy(answer + have, packet + 1, n - 1);
		have += n - 1;
	} while (packet[0] == 1 || packet[0] == 2);
	CHECK(have >= 4);
	h->sta = answer[0];
	h->len = (size_t)(answer[2] << 8 | answer[3]);
	CHECK_INT(have, h->len + 4);
	memcpy(h->data, answer + 4, h->len);
	return h->sta;
}

static inline uint8_t host_run(struct host *h, const char *text)
{
	uint8_t apdu[HOST_MAX];

	return host_apdu(h, apdu, host_bytes(apdu, sizeof(apdu), text));
}

/* Run a command that succeeds, with this output. */
static inline void host_yields(struct host *h, const char *text, const char *out)
{
	uint8_t want[HOST_MAX];
	size_t len = host_bytes(want, sizeof(want), out);

	CHECK_INT(host_run(h, text), 0);
	CHECK_INT(h->len, len);
	CHECK_MEM(h->data, want, len);
}

/* Run a command that fails with this code: 0 for success. */
static inline uint8_t host_code(struct host *h, const char *text)
{
	if (host_run(h, text) == 0)
		return 0;
	CHECK_INT(h->sta, 0xFF);
	CHECK_INT(h->len, 0);
	CHECK_INT(host_run(h, "01 00 0002 F1C2"), 0);
	CHECK_INT(h->len, 1);
	return h->data[0];
}

/* The same, with the command in the message when the code is another one. */
static inline void host_refuses(struct host *h, const char *text, uint8_t code)
{
	uint8_t got = host_code(h, text);

	if (got != code)
		fprintf(stderr, "%s: 0x%02X\n", text, got);
	CHECK_INT(got, code);
}

#define HOST_OPEN_APDU "F0 00 0010 D276000004 47656E417574684170706C"

static inline void host_open_application(struct host *h)
{
	CHECK_INT(host_run(h, HOST_OPEN_APDU), 0);
}

#endif
