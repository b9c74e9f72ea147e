/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

#include <openssl/evp.h>

#define CONTEXT_LEN  130
#define ABC_DIGEST   "01 0020 BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
#define EMPTY_DIGEST "01 0020 E3B0C44298FC1C149AFBF4C8996FB924 27AE41E4649B934CA495991B7852B855"

static void start(struct host *h)
{
	host_remove("chip");
	host_attach(h, host_open("chip", NULL));
	host_open_application(h);
}

/* A hash element, and after it whatever else is wanted. */
static uint8_t element(struct host *h, uint8_t tag, const uint8_t *data, size_t len,
	const uint8_t *rest, size_t rest_len)
{
	uint8_t apdu[HOST_MAX] = { 0x30, 0xE2 };
	size_t in = 3 + len + rest_len;

	apdu[2] = (uint8_t)(in >> 8);
	apdu[3] = (uint8_t)in;
	apdu[4] = tag;
	apdu[5] = (uint8_t)(len >> 8);
	apdu[6] = (uint8_t)len;
	memcpy(apdu + 7, data, len);
	if (rest_len > 0)
		memcpy(apdu + 7 + len, rest, rest_len);
	return host_apdu(h, apdu, 4 + in);
}

static void check_digest(const struct host *h, const uint8_t *data, size_t len)
{
	uint8_t want[35] = { 0x01, 0x00, 0x20 };

	CHECK_INT(EVP_Digest(data, len, want + 3, NULL, EVP_sha256(), NULL), 1);
	CHECK_INT(h->len, sizeof(want));
	CHECK_MEM(h->data, want, sizeof(want));
}

static void published_messages_have_their_digests(void)
{
	static const char blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct host h;

	start(&h);
	host_yields(&h, "30 E2 0006 01 0003 616263", ABC_DIGEST);
	CHECK_INT(element(&h, 0x01, (const uint8_t *)blocks, 56, NULL, 0), 0);
	CHECK_INT(h.data[3], 0x24);
	check_digest(&h, (const uint8_t *)blocks, 56);
	host_yields(&h, "30 E2 0003 00 0000", "");
	host_yields(&h, "30 E2 0003 03 0000", EMPTY_DIGEST);
	sim_close(h.sim);
}

static void every_length_in_any_pieces_is_hashed_right(void)
{
	uint8_t data[400];
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + 1);
	for (size_t len = 1; len < sizeof(data); len += len < 140 ? 1 : 37) {
		size_t cut = len / 3;

		CHECK_INT(element(&h, 0x01, data, len, NULL, 0), 0);
		check_digest(&h, data, len);
		CHECK_INT(element(&h, 0x00, data, cut, NULL, 0), 0);
		CHECK_INT(h.len, 0);
		CHECK_INT(element(&h, 0x02, data + cut, cut, NULL, 0), 0);
		CHECK_INT(element(&h, 0x05, data, 0, NULL, 0), 0);
		check_digest(&h, data, 2 * cut);
		CHECK_INT(element(&h, 0x03, data + 2 * cut, len - 2 * cut, NULL, 0), 0);
		check_digest(&h, data, len);
	}
	sim_close(h.sim);
}

static void the_largest_message_fits(void)
{
	uint8_t data[1550];
	struct host h;

	start(&h);
	memset(data, 0x5A, sizeof(data));
	CHECK_INT(element(&h, 0x01, data, sizeof(data), NULL, 0), 0);
	check_digest(&h, data, sizeof(data));
	sim_close(h.sim);
}

static void a_sequence_has_an_order(void)
{
	static const char finish[] = "30 E2 0004 03 0001 63", go_on[] = "30 E2 0004 02 0001 62";
	static const char begin[] = "30 E2 0004 00 0001 61", peek[] = "30 E2 0003 05 0000";
	struct host h;

	start(&h);
	CHECK_INT(host_code(&h, finish), 0x0B);
	CHECK_INT(host_code(&h, go_on), 0x0B);
	CHECK_INT(host_code(&h, peek), 0x0B);
	CHECK_INT(host_code(&h, "30 E2 0003 04 0000"), 0);
	host_yields(&h, begin, "");
	host_yields(&h, go_on, "");
	host_yields(&h, finish, ABC_DIGEST);
	CHECK_INT(host_code(&h, finish), 0x0B); /* it is over */
	host_yields(&h, begin, "");
	host_yields(&h, "30 E2 0003 04 0000", "");
	CHECK_INT(host_code(&h, go_on), 0x0B); /* terminated */
	host_yields(&h, "30 E2 0008 00 0005 7878787878", "");
	host_yields(&h, begin, ""); /* drops the one that runs */
	host_yields(&h, go_on, "");
	host_yields(&h, finish, ABC_DIGEST);
	host_yields(&h, begin, "");
	host_yields(&h, "30 E2 0006 01 0003 616263", ABC_DIGEST); /* so does this */
	CHECK_INT(host_code(&h, go_on), 0x0B);
	sim_close(h.sim);
}

static void a_refused_step_leaves_the_sequence_alone(void)
{
	struct host h;

	start(&h);
	host_yields(&h, "30 E2 0005 00 0002 6162", "");
	CHECK_INT(host_code(&h, "30 E2 0005 06 0002 6162"), 0x05);
	CHECK_INT(host_code(&h, "30 E2 0009 12 0006 F1D0 0060 0005"), 0x08);
	CHECK_INT(host_code(&h, "30 E2 0003 01 0000"), 0x04);
	host_yields(&h, "30 E2 0004 03 0001 63", ABC_DIGEST);
	sim_close(h.sim);
}

static void a_sequence_ends_with_the_application(void)
{
	struct host h;

	start(&h);
	host_yields(&h, "30 E2 0004 00 0001 61", "");
	host_open_application(&h);
	CHECK_INT(host_code(&h, "30 E2 0003 03 0000"), 0x0B);
	host_yields(&h, "30 E2 0004 00 0001 61", "");
	host_write(&h, "88 0000");
	host_attach(&h, h.sim);
	host_open_application(&h);
	CHECK_INT(host_code(&h, "30 E2 0003 03 0000"), 0x0B);
	sim_close(h.sim);
}

/* Start with "a", export; the context into rest as an import element. */
static void export_context(struct host *h, uint8_t rest[static 3 + CONTEXT_LEN])
{
	CHECK_INT(host_run(h, "30 E2 0007 00 0001 61 07 0000"), 0);
	CHECK_INT(h->len, 3 + CONTEXT_LEN);
	CHECK_INT(h->data[0], 0x06);
	CHECK_INT(h->data[1] << 8 | h->data[2], CONTEXT_LEN);
	memcpy(rest, h->data, 3 + CONTEXT_LEN);
}

static void an_exported_context_goes_on_later(void)
{
	uint8_t rest[3 + CONTEXT_LEN + 3], digest[64];
	size_t len = host_bytes(digest, sizeof(digest), ABC_DIGEST);
	struct host h;

	start(&h);
	export_context(&h, rest);
	host_open_application(&h);
	CHECK_INT(element(&h, 0x05, (const uint8_t *)"bc", 2, rest, 3 + CONTEXT_LEN), 0);
	CHECK_MEM(h.data, digest, len);
	CHECK_INT(element(&h, 0x03, (const uint8_t *)"bc", 2, rest, 3 + CONTEXT_LEN), 0);
	CHECK_MEM(h.data, digest, len);
	CHECK_INT(host_code(&h, "30 E2 0003 03 0000"), 0x0B);
	host_bytes(rest + 3 + CONTEXT_LEN, 3, "07 0000");
	CHECK_INT(element(&h, 0x02, (const uint8_t *)"b", 1, rest, sizeof(rest)), 0);
	CHECK_INT(h.len, 3 + CONTEXT_LEN);
	CHECK(memcmp(h.data, rest, h.len) != 0);
	memcpy(rest, h.data, h.len);
	host_yields(&h, "30 E2 0004 03 0001 63", ABC_DIGEST); /* also without the import */
	CHECK_INT(element(&h, 0x03, (const uint8_t *)"c", 1, rest, 3 + CONTEXT_LEN), 0);
	CHECK_MEM(h.data, digest, len);
	sim_close(h.sim);
}

static void a_context_with_any_byte_changed_is_refused(void)
{
	uint8_t rest[3 + CONTEXT_LEN];
	struct host h;

	start(&h);
	export_context(&h, rest);
	for (size_t i = 3; i < sizeof(rest); i++) {
		rest[i] ^= 0x10;
		CHECK_INT(element(&h, 0x03, rest, 0, rest, sizeof(rest)), 0xFF);
		host_yields(&h, "01 00 0002 F1C2", "05");
		rest[i] ^= 0x10;
	}
	CHECK_INT(element(&h, 0x03, rest, 0, rest, sizeof(rest)), 0);
	rest[2]--;
	CHECK_INT(element(&h, 0x03, rest, 0, rest, sizeof(rest) - 1), 0xFF);
	host_yields(&h, "01 00 0002 F1C2", "04");
	sim_close(h.sim);
}

static void objects_are_hashed_where_they_may_be_read(void)
{
	uint8_t uid[27], anchor[1024];
	struct host h;
	size_t len;

	start(&h);
	CHECK_INT(host_run(&h, "01 00 0002 E0C2"), 0);
	memcpy(uid, h.data, sizeof(uid));
	CHECK_INT(host_run(&h, "30 E2 0009 11 0006 E0C2 0000 001B"), 0);
	check_digest(&h, uid, 27);
	CHECK_INT(host_run(&h, "30 E2 0009 10 0006 E0C2 0000 0005"), 0);
	CHECK_INT(host_run(&h, "30 E2 0009 12 0006 E0C2 0005 0002"), 0);
	CHECK_INT(host_run(&h, "30 E2 0009 15 0006 E0C2 001B 0000"), 0);
	check_digest(&h, uid, 7);
	CHECK_INT(host_run(&h, "30 E2 0009 13 0006 E0C2 0007 0014"), 0);
	check_digest(&h, uid, 27);
	CHECK_INT(host_run(&h, "01 00 0002 E0E8"), 0);
	len = h.len;
	memcpy(anchor, h.data, len);
	CHECK_INT(host_run(&h, "30 E2 0009 10 0006 E0E8 0000 0064"), 0);
	for (size_t at = 100; at < len; at += 10) {
		uint8_t place[6] = { 0xE0, 0xE8, (uint8_t)(at >> 8), (uint8_t)at, 0,
			(uint8_t)(len - at < 10 ? len - at : 10) };

		CHECK_INT(element(&h, 0x12, place, 6, NULL, 0), 0);
	}
	CHECK_INT(host_run(&h, "30 E2 0003 03 0000"), 0);
	check_digest(&h, anchor, len);
	CHECK_INT(host_code(&h, "02 01 0009 F1D2 0000 20 03 D1 01 FF"), 0);
	CHECK_INT(host_code(&h, "30 E2 0009 11 0006 F1D2 0000 0001"), 0x07);
	sim_close(h.sim);
}

static void hashing_checks_its_input(void)
{
	static const struct {
		const char *apdu;
		uint8_t code;
	} cases[] = {
		{ "30 E1 0006 01 0003 616263", 0x03 },
		{ "30 E3 0006 01 0003 616263", 0x03 },
		{ "30 E2 0000", 0x04 },
		{ "30 E2 0002 01 00", 0x04 },
		{ "30 E2 0005 01 0003 6162", 0x04 },
		{ "30 E2 0003 01 0000", 0x04 },
		{ "30 E2 0004 04 0001 00", 0x04 },
		{ "30 E2 0004 06 0001 00", 0x05 },
		{ "30 E2 0004 0F 0001 00", 0x05 },
		{ "30 E2 0009 14 0006 E0C2 0000 0001", 0x05 },
		{ "30 E2 0009 21 0006 E0C2 0000 0001", 0x05 },
		{ "30 E2 0008 11 0005 E0C2 0000 00", 0x04 },
		{ "30 E2 0009 11 0006 E0C2 0000 0000", 0x04 },
		{ "30 E2 0009 11 0006 E0C9 0000 0001", 0x01 },
		{ "30 E2 0009 11 0006 E0F0 0000 0001", 0x07 },
		{ "30 E2 0009 11 0006 E100 0000 0001", 0x07 },
		{ "30 E2 0009 11 0006 E0C2 0000 001C", 0x08 },
		{ "30 E2 0009 11 0006 E0C2 001C 0001", 0x08 },
		{ "30 E2 0009 11 0006 E0C2 FFFF FFFF", 0x08 },
		{ "30 E2 0007 00 0001 61 08 0000", 0x05 },
		{ "30 E2 0008 00 0001 61 07 0001 00", 0x04 },
		{ "30 E2 0008 00 0001 61 07 0000 00", 0x04 },
		{ "30 E2 0007 01 0001 61 07 0000", 0x05 },
		{ "30 E2 0006 03 0000 07 0000", 0x05 },
		{ "30 E2 0006 04 0000 07 0000", 0x05 },
		{ "30 E2 0006 05 0000 07 0000", 0x05 },
		{ "30 E2 0006 02 0000 06 0000", 0x04 },
	};
	uint8_t rest[3 + CONTEXT_LEN];
	struct host h;

	start(&h);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		host_refuses(&h, cases[i].apdu, cases[i].code);
	export_context(&h, rest);
	for (size_t i = 0; i < 3; i++) { /* steps that import nothing */
		static const uint8_t step[] = { 0, 1, 4 };

		CHECK_INT(element(&h, step[i], rest, i < 2, rest, sizeof(rest)), 0xFF);
		host_yields(&h, "01 00 0002 F1C2", "05");
	}
	sim_close(h.sim);
}

int main(void)
{
	RUN(published_messages_have_their_digests);
	RUN(every_length_in_any_pieces_is_hashed_right);
	RUN(the_largest_message_fits);
	RUN(a_sequence_has_an_order);
	RUN(a_refused_step_leaves_the_sequence_alone);
	RUN(a_sequence_ends_with_the_application);
	RUN(an_exported_context_goes_on_later);
	RUN(a_context_with_any_byte_changed_is_refused);
	RUN(objects_are_hashed_where_they_may_be_read);
	RUN(hashing_checks_its_input);
	return 0;
}
