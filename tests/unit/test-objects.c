/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Each object of the map, through the library: metadata, content, and the way back where it is
 * writable. */
#include "test.h"

#include <unistd.h>

#include "bus.h"
#include "trustx.h"

#define OPEN_EVER  0x00 /* change: always */
#define OPEN_UNTIL 0x07 /* change: LcsO < operational */
#define CLOSED	   0xFF /* change: never, or no rule */

struct entry {
	uint16_t first, last;
	uint16_t max;	/* 0: no data to read */
	int used;	/* -1: whatever the factory put there */
	uint8_t change; /* OPEN_EVER ... */
	int write;	/* a byte that it takes when new, -1: none */
};

static const struct entry trust_x[] = {
	{ 0xE0C0, 0xE0C0, 1, 1, OPEN_EVER, 0x07 },
	{ 0xE0C1, 0xE0C1, 1, 1, OPEN_EVER, 0x00 },
	{ 0xE0C2, 0xE0C2, 27, 27, CLOSED, -1 },
	{ 0xE0C3, 0xE0C3, 1, 1, OPEN_EVER, 0xFF },
	{ 0xE0C4, 0xE0C4, 1, 1, OPEN_EVER, 0x0F },
	{ 0xE0C5, 0xE0C5, 1, 1, CLOSED, -1 },
	{ 0xE0C6, 0xE0C6, 2, 2, CLOSED, -1 },
	{ 0xE0E0, 0xE0E0, 1728, -1, CLOSED, -1 },
	{ 0xE0E1, 0xE0E3, 1728, 1728, OPEN_UNTIL, 0x30 },
	{ 0xE0E8, 0xE0E8, 1024, -1, OPEN_UNTIL, 0x30 },
	{ 0xE0EF, 0xE0EF, 1024, 1024, OPEN_UNTIL, 0x30 },
	{ 0xE0F0, 0xE0F0, 0, 0, CLOSED, -1 },
	{ 0xE0F1, 0xE0F3, 0, 0, OPEN_UNTIL, -1 },
	{ 0xE100, 0xE103, 0, 0, CLOSED, -1 },
	{ 0xF1C0, 0xF1C0, 1, 1, OPEN_EVER, 0x03 },
	{ 0xF1C1, 0xF1C1, 1, 1, OPEN_EVER, 0x00 },
	{ 0xF1C2, 0xF1C2, 1, 1, CLOSED, -1 },
	{ 0xF1D0, 0xF1DF, 100, 100, OPEN_UNTIL, 0x5A },
	{ 0xF1E0, 0xF1E1, 1500, 1500, OPEN_UNTIL, 0x5A },
};

static const struct entry trust_m[] = {
	{ 0xE0C0, 0xE0C0, 1, 1, OPEN_EVER, 0x07 },
	{ 0xE0C1, 0xE0C1, 1, 1, OPEN_EVER, 0x00 },
	{ 0xE0C2, 0xE0C2, 27, 27, CLOSED, -1 },
	{ 0xE0C3, 0xE0C3, 1, 1, OPEN_EVER, 0xFF },
	{ 0xE0C4, 0xE0C4, 1, 1, OPEN_EVER, 0x0F },
	{ 0xE0C5, 0xE0C5, 1, 1, CLOSED, -1 },
	{ 0xE0C6, 0xE0C6, 2, 2, CLOSED, -1 },
	{ 0xE0E0, 0xE0E0, 1728, -1, CLOSED, -1 },
	{ 0xE0E1, 0xE0E3, 1728, 1728, OPEN_UNTIL, 0x30 },
	{ 0xE0E8, 0xE0E9, 1200, 1200, OPEN_UNTIL, 0x30 },
	{ 0xE0EF, 0xE0EF, 1200, 1200, OPEN_UNTIL, 0x30 },
	{ 0xE0F0, 0xE0F0, 0, 0, CLOSED, -1 },
	{ 0xE0F1, 0xE0F3, 0, 0, OPEN_UNTIL, -1 },
	{ 0xE0FC, 0xE0FD, 0, 0, OPEN_UNTIL, -1 },
	{ 0xE100, 0xE103, 0, 0, CLOSED, -1 },
	{ 0xE120, 0xE123, 8, 8, OPEN_UNTIL, 0x05 },
	{ 0xE140, 0xE140, 64, 64, OPEN_UNTIL, 0x5A },
	{ 0xF1C0, 0xF1C0, 1, 1, OPEN_EVER, 0x03 },
	{ 0xF1C1, 0xF1C1, 1, 1, OPEN_EVER, 0x00 },
	{ 0xF1C2, 0xF1C2, 1, 1, CLOSED, -1 },
	{ 0xF1D0, 0xF1DB, 140, 100, OPEN_UNTIL, 0x5A },
	{ 0xF1E0, 0xF1E1, 1500, 1500, OPEN_UNTIL, 0x5A },
};

struct world {
	struct trustx_bus bus;
	struct trustx se;
};

static void start(struct world *w, const char *uri)
{
	struct fail f = { 0 };

	CHECK_OK(trustx_bus_open(&w->bus, uri, &f));
	CHECK_OK(trustx_open(&w->se, &w->bus, NULL));
}

static void stop(struct world *w)
{
	trustx_close(&w->se);
	trustx_bus_close(&w->bus);
}

static void check_code(struct world *w, uint8_t code)
{
	struct trustx_error detail;

	trustx_error(&w->se, &detail);
	CHECK_INT(detail.layer, TRUSTX_LAYER_CHIP);
	CHECK_INT(detail.chip_code, code);
}

static void check_metadata(struct world *w, const struct entry *e, uint16_t oid)
{
	static const uint8_t until_op[] = { 0xE1, 0xFC, 0x07 };
	uint8_t raw[TRUSTX_METADATA_MAX];
	size_t len = sizeof(raw);
	struct trustx_metadata meta;

	CHECK_OK(trustx_read_metadata(&w->se, raw, &len, oid));
	CHECK_OK(trustx_metadata_decode(&meta, raw, len));
	CHECK_INT(meta.has_max_size, e->max > 0);
	CHECK_INT(meta.max_size, e->max);
	if (e->max > 0 && e->used >= 0)
		CHECK_INT(meta.used_size, e->used);
	if (e->change == OPEN_UNTIL)
		CHECK_MEM(meta.change.bytes, until_op, sizeof(until_op));
	else if (meta.change.len > 0)
		CHECK_INT(meta.change.bytes[0], e->change);
	else
		CHECK_INT(e->change, CLOSED);
}

static void check_content(struct world *w, const struct entry *e, uint16_t oid)
{
	uint8_t data[2000];
	size_t len = sizeof(data);

	if (e->max == 0) {
		CHECK_ERR(trustx_read(&w->se, data, &len, oid, 0), TRUSTX_ERR_CHIP);
		check_code(w, 0x07);
		return;
	}
	CHECK_OK(trustx_read(&w->se, data, &len, oid, 0));
	CHECK(len > 0 && len <= e->max);
	if (e->used >= 0)
		CHECK_INT(len, e->used);
}

/* The highest place of an object takes a byte and gives it back; the next one does not exist. */
static void check_writing(struct world *w, const struct entry *e, uint16_t oid)
{
	const size_t at = e->max > 0 ? e->max - 1u : 0;
	uint8_t byte = (uint8_t)(e->write >= 0 ? e->write : 0x55), back = 0;
	size_t len = 1;

	if (e->write < 0) {
		CHECK_ERR(trustx_write(&w->se, oid, 0, &byte, 1), TRUSTX_ERR_CHIP);
		return;
	}
	CHECK_OK(trustx_write(&w->se, oid, at, &byte, 1));
	CHECK_OK(trustx_read(&w->se, &back, &len, oid, at));
	CHECK_INT(len, 1);
	CHECK_INT(back, byte);
	CHECK_ERR(trustx_write(&w->se, oid, at + 1, &byte, 1), TRUSTX_ERR_CHIP);
	check_code(w, 0x08);
}

static void check_map(const char *uri, const struct entry *map, size_t count)
{
	struct world w;

	start(&w, uri);
	for (size_t i = 0; i < count; i++) {
		for (uint16_t oid = map[i].first; oid <= map[i].last; oid++) {
			check_metadata(&w, &map[i], oid);
			check_content(&w, &map[i], oid);
			check_writing(&w, &map[i], oid);
		}
	}
	stop(&w);
}

static void every_object_of_a_trust_x_is_reached_through_the_library(void)
{
	unlink("x");
	check_map("sim:x?clock=virtual&scale=0&seed=1", trust_x,
		sizeof(trust_x) / sizeof(trust_x[0]));
}

static void every_object_of_a_trust_m_is_reached_through_the_library(void)
{
	unlink("m");
	check_map("sim:m?clock=virtual&scale=0&seed=1&profile=trust-m1", trust_m,
		sizeof(trust_m) / sizeof(trust_m[0]));
}

static void keys_of_a_trust_m_sign_and_verify(void)
{
	static const uint16_t places[] = { 0xE0F1, 0xE100 };
	uint8_t point[TRUSTX_POINT_MAX], sig[TRUSTX_SIG_MAX], digest[32];
	struct trustx_public_key key = { TRUSTX_P256, point, 0 };
	size_t len;
	struct world w;

	unlink("m");
	start(&w, "sim:m?clock=virtual&scale=0&seed=1&profile=trust-m1");
	CHECK_INT(trustx_family(&w.se), TRUSTX_FAMILY_M);
	CHECK_OK(trustx_random(&w.se, digest, sizeof(digest)));
	for (size_t i = 0; i < 2; i++) {
		key.point_len = sizeof(point);
		CHECK_OK(trustx_generate_key(
			&w.se, point, &key.point_len, places[i], TRUSTX_P256, TRUSTX_USAGE_SIGN));
		len = sizeof(sig);
		CHECK_OK(trustx_sign(
			&w.se, sig, &len, places[i], TRUSTX_P256, digest, sizeof(digest)));
		CHECK_OK(trustx_verify(&w.se, &key, digest, sizeof(digest), sig, len));
		sig[len - 1] ^= 1;
		CHECK_ERR(trustx_verify(&w.se, &key, digest, sizeof(digest), sig, len),
			TRUSTX_ERR_CHIP);
		check_code(&w, 0x2C);
	}
	stop(&w);
}

int main(void)
{
	RUN(every_object_of_a_trust_x_is_reached_through_the_library);
	RUN(every_object_of_a_trust_m_is_reached_through_the_library);
	RUN(keys_of_a_trust_m_sign_and_verify);
	return 0;
}
