/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Hashes, secrets, sessions and authentication: every byte of the commands, and who repeats. */
#include "chip-world.h"

#define ZEROS_16 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define BYTES_32                                                                        \
	"A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE AF B0 B1 B2 B3 B4 B5 B6 B7 B8 B9" \
	" BA BB BC BD BE BF"
#define BYTES_48  BYTES_32 " C0 C1 C2 C3 C4 C5 C6 C7 C8 C9 CA CB CC CD CE CF"
#define BYTES_64  BYTES_32 " " BYTES_32
#define BYTES_96  BYTES_48 " " BYTES_48
#define DIGEST	  "01 00 20 " BYTES_32
#define CONTEXT	  BYTES_64 " " BYTES_64 " EE EF"
#define SIGNATURE "02 20 21 " BYTES_32_TAIL " 02 20 21 " BYTES_32_TAIL
#define BYTES_32_TAIL                                                                   \
	"A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE AF B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 BA" \
	" BB BC BD BE BF"

struct result {
	uint8_t out[200];
	size_t len;
};

static struct result room(size_t cap)
{
	struct result r;

	memset(&r, 0x55, sizeof(r));
	r.len = cap;
	return r;
}

/* len bytes, and nothing written behind the capacity. */
static void check_result(const struct result *r, const char *hex, size_t cap)
{
	uint8_t want[200];
	size_t len = unhex(want, sizeof(want), hex);

	CHECK_INT(r->len, len);
	CHECK_MEM(r->out, want, len);
	for (size_t i = cap; i < sizeof(r->out); i++)
		CHECK_INT(r->out[i], 0x55);
}

static void check_wiped(const struct result *r, size_t cap)
{
	CHECK_INT(r->len, 0);
	for (size_t i = 0; i < sizeof(r->out); i++)
		CHECK_INT(r->out[i], i < cap ? 0 : 0x55);
}

/* The chip begins to count afresh instead of answering: it may have executed the command. */
static void answer_gets_lost(struct world *w, const char *command)
{
	script_command_hex(w->s, command);
	script_chip_hex(w->s, "C0 00 00 0A 9A");
	w->s->host_nr = w->s->chip_nr = 3;
}

static void hash(struct world *w, const struct trustx_hash *what, const char *want)
{
	struct result r = room(TRUSTX_HASH_CONTEXT_LEN);

	CHECK_OK(trustx_hash(&w->se, r.out, &r.len, what));
	check_result(&r, want, TRUSTX_HASH_CONTEXT_LEN);
}

static void data_are_hashed_step_by_step(void)
{
	const uint8_t *abc = (const uint8_t *)"abc";
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, "30 E2 00 06 01 00 03 61 62 63", "00 00 00 23 " DIGEST);
	hash(&w, &(struct trustx_hash){ .step = TRUSTX_HASH_WHOLE, .data = abc, .len = 3 },
		BYTES_32);
	script_exchange(w.s, "30 E2 00 03 00 00 00", "00 00 00 00");
	hash(&w, &(struct trustx_hash){ .step = TRUSTX_HASH_START }, "");
	script_exchange(w.s, "30 E2 00 06 02 00 03 61 62 63", "00 00 00 00");
	hash(&w, &(struct trustx_hash){ .step = TRUSTX_HASH_CONTINUE, .data = abc, .len = 3 }, "");
	script_exchange(w.s, "30 E2 00 05 05 00 02 61 62", "00 00 00 23 " DIGEST);
	hash(&w, &(struct trustx_hash){ .step = TRUSTX_HASH_PEEK, .data = abc, .len = 2 },
		BYTES_32);
	script_exchange(w.s, "30 E2 00 03 03 00 00", "00 00 00 23 " DIGEST);
	hash(&w, &(struct trustx_hash){ .step = TRUSTX_HASH_FINAL }, BYTES_32);
	script_exchange(w.s, "30 E2 00 03 04 00 00", "00 00 00 00");
	hash(&w, &(struct trustx_hash){ .step = TRUSTX_HASH_DROP }, "");
	end(&w);
}

static void objects_are_hashed(void)
{
	struct trustx_hash what = {
		.step = TRUSTX_HASH_WHOLE, .oid = 0xE0E1, .offset = 0x0102, .len = 0x0405
	};
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, "30 E2 00 09 11 00 06 E0 E1 01 02 04 05", "00 00 00 23 " DIGEST);
	hash(&w, &what, BYTES_32);
	what.step = TRUSTX_HASH_CONTINUE;
	script_exchange(w.s, "30 E2 00 09 12 00 06 E0 E1 01 02 04 05", "FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 0B");
	CHECK_ERR(trustx_hash(&w.se, NULL, &(size_t){ 0 }, &what), TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w.se),
		"hash 0xE0E1: the chip refused: command out of sequence (0x0B)");
	end(&w);
}

static void a_hash_moves_out_of_the_chip_and_back(void)
{
	struct trustx_hash what = { .step = TRUSTX_HASH_START, .export_context = true };
	uint8_t context[TRUSTX_HASH_CONTEXT_LEN];
	struct world w;

	unhex(context, sizeof(context), CONTEXT);
	begin(&w, 277, 0);
	script_exchange(w.s, "30 E2 00 06 00 00 00 07 00 00", "00 00 00 85 06 00 82 " CONTEXT);
	hash(&w, &what, CONTEXT);
	what.step = TRUSTX_HASH_CONTINUE;
	what.context = context;
	what.data = (const uint8_t *)"z";
	what.len = 1;
	script_exchange(w.s, "30 E2 00 8C 02 00 01 7A 06 00 82 " CONTEXT " 07 00 00",
		"00 00 00 85 06 00 82 " CONTEXT);
	hash(&w, &what, CONTEXT);
	what.step = TRUSTX_HASH_FINAL;
	what.export_context = false;
	script_exchange(w.s, "30 E2 00 89 03 00 01 7A 06 00 82 " CONTEXT, "00 00 00 23 " DIGEST);
	hash(&w, &what, BYTES_32);
	end(&w);
}

static void malformed_hashes_are_not_believed(void)
{
	static const char *const answers[] = { "00 00 00 00", "00 00 00 22 01 00 1F " BYTES_32,
		"00 00 00 23 06 00 20 " BYTES_32, "00 00 00 23 01 01 20 " BYTES_32,
		"00 00 00 23 01 00 21 " BYTES_32, "00 00 00 24 01 00 20 " BYTES_32 " 00" };
	const struct trustx_hash whole = { TRUSTX_HASH_WHOLE, (const uint8_t *)"a", 0, 0, 1, 0, 0 };
	const struct trustx_hash final = { TRUSTX_HASH_FINAL, (const uint8_t *)"a", 0, 0, 1, 0, 0 };

	for (size_t i = 0; i < 2 * sizeof(answers) / sizeof(answers[0]); i++) {
		struct result r = room(32);
		struct world w;

		begin(&w, 277, 0);
		script_command_hex(
			w.s, i % 2 == 0 ? "30 E2 00 04 01 00 01 61" : "30 E2 00 04 03 00 01 61");
		if (i / 2 == 1)
			script_answer_hex(w.s, "00 00 00 22 01 00 1F A0 A1 A2 A3 A4 A5 A6 A7 A8 "
					       "A9 AA AB AC AD AE AF B0 B1 B2 B3 B4 B5 B6 B7 B8 "
					       "B9 BA BB BC BD BE");
		else
			script_answer_hex(w.s, answers[i / 2]);
		CHECK_ERR(trustx_hash(&w.se, r.out, &r.len, i % 2 == 0 ? &whole : &final),
			i % 2 == 0 ? TRUSTX_ERR_PROTOCOL : TRUSTX_ERR_UNKNOWN_OUTCOME);
		check_wiped(&r, 32);
		end(&w);
	}
}

/* A step that goes on must not count its bytes twice; one that begins may begin again. */
static void only_the_begin_of_a_hash_is_repeated(void)
{
	static const struct {
		enum trustx_hash_step step;
		const char *command;
		bool repeated;
	} steps[] = {
		{ TRUSTX_HASH_START, "30 E2 00 04 00 00 01 61", true },
		{ TRUSTX_HASH_WHOLE, "30 E2 00 04 01 00 01 61", true },
		{ TRUSTX_HASH_CONTINUE, "30 E2 00 04 02 00 01 61", false },
		{ TRUSTX_HASH_FINAL, "30 E2 00 04 03 00 01 61", false },
		{ TRUSTX_HASH_PEEK, "30 E2 00 04 05 00 01 61", false },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		const struct trustx_hash what = {
			.step = steps[i].step, .data = (const uint8_t *)"a", .len = 1
		};
		struct result r = room(32);
		struct world w;

		begin(&w, 277, 0);
		answer_gets_lost(&w, steps[i].command);
		if (steps[i].repeated)
			script_exchange(w.s, steps[i].command,
				steps[i].step == TRUSTX_HASH_WHOLE ? "00 00 00 23 " DIGEST
								   : "00 00 00 00");
		CHECK_ERR(trustx_hash(&w.se, r.out, &r.len, &what),
			steps[i].repeated ? TRUSTX_OK : TRUSTX_ERR_UNKNOWN_OUTCOME);
		end(&w);
	}
}

static void impossible_hashes_are_refused_before_anything_is_sent(void)
{
	static const uint8_t bytes[TRUSTX_HASH_PART + 1];
	static const struct trustx_hash impossible[] = {
		{ .step = (enum trustx_hash_step)6 },
		{ .step = (enum trustx_hash_step)255 },
		{ .step = TRUSTX_HASH_WHOLE },
		{ .step = TRUSTX_HASH_DROP, .data = bytes, .len = 1 },
		{ .step = TRUSTX_HASH_START, .data = bytes, .len = sizeof(bytes) },
		{ .step = TRUSTX_HASH_START, .oid = 0xE0E1, .len = 65536 },
		{ .step = TRUSTX_HASH_START, .oid = 0xE0E1, .len = 1, .offset = 65536 },
		{ .step = TRUSTX_HASH_START, .context = bytes },
		{ .step = TRUSTX_HASH_DROP, .context = bytes },
		{ .step = TRUSTX_HASH_FINAL, .export_context = true },
		{ .step = TRUSTX_HASH_PEEK, .export_context = true },
	};
	const struct trustx_hash final = { .step = TRUSTX_HASH_FINAL };
	const struct trustx_hash most = { .step = TRUSTX_HASH_START, .export_context = true };
	struct result r;
	struct world w;

	begin(&w, 277, 0);
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
		r = room(130);
		CHECK_ERR(trustx_hash(&w.se, r.out, &r.len, &impossible[i]), TRUSTX_ERR_ARGUMENT);
		check_wiped(&r, 130);
	}
	r = room(31);
	CHECK_ERR(trustx_hash(&w.se, r.out, &r.len, &final), TRUSTX_ERR_TOO_SMALL);
	check_wiped(&r, 31);
	r = room(129);
	CHECK_ERR(trustx_hash(&w.se, r.out, &r.len, &most), TRUSTX_ERR_TOO_SMALL);
	check_wiped(&r, 129);
	end(&w);
}

static const uint8_t point_of[97] = { 0x04, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8,
	0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7,
	0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6,
	0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5,
	0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE, 0xBF };

#define KEY_P256 "05 00 01 03 06 00 44 03 42 00 04 " BYTES_64

static void a_secret_is_agreed_on(void)
{
	const struct trustx_public_key key = { TRUSTX_P256, point_of, 65 };
	struct result r = room(40);
	struct world w;

	begin(&w, 277, 0);
	script_exchange(
		w.s, "33 01 00 53 01 00 02 E0 F2 " KEY_P256 " 07 00 00", "00 00 00 20 " BYTES_32);
	CHECK_OK(trustx_ecdh(&w.se, r.out, &r.len, 0xE0F2, &key));
	check_result(&r, BYTES_32, 40);
	script_exchange(
		w.s, "33 01 00 55 01 00 02 E1 00 " KEY_P256 " 08 00 02 E1 01", "00 00 00 00");
	CHECK_OK(trustx_ecdh_session(&w.se, 0xE101, 0xE100, &key));
	end(&w);
}

static void a_secret_of_the_larger_curve_is_agreed_on(void)
{
	uint8_t point[97] = { 0x04 };
	const struct trustx_public_key key = { TRUSTX_P384, point, 97 };
	struct result r = room(48);
	struct world w;

	unhex(point + 1, 96, BYTES_96);
	begin(&w, 55, 0);
	script_exchange(w.s,
		"33 01 00 73 01 00 02 E0 F3 05 00 01 04 06 00 64 03 62 00 04 " BYTES_96 " 07 00 00",
		"00 00 00 30 " BYTES_48);
	CHECK_OK(trustx_ecdh(&w.se, r.out, &r.len, 0xE0F3, &key));
	check_result(&r, BYTES_48, 48);
	end(&w);
}

/* The session may be the one that the private key comes from: then it is gone. */
static void a_secret_that_stays_in_the_chip_is_not_made_twice(void)
{
	const struct trustx_public_key key = { TRUSTX_P256, point_of, 65 };
	const uint8_t seed[8] = { 0 };
	struct result r = room(32);
	struct world w;

	begin(&w, 277, 0);
	answer_gets_lost(&w, "33 01 00 53 01 00 02 E0 F2 " KEY_P256 " 07 00 00");
	script_exchange(
		w.s, "33 01 00 53 01 00 02 E0 F2 " KEY_P256 " 07 00 00", "00 00 00 20 " BYTES_32);
	CHECK_OK(trustx_ecdh(&w.se, r.out, &r.len, 0xE0F2, &key));
	answer_gets_lost(&w, "33 01 00 55 01 00 02 E1 00 " KEY_P256 " 08 00 02 E1 00");
	CHECK_ERR(trustx_ecdh_session(&w.se, 0xE100, 0xE100, &key), TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	answer_gets_lost(&w, "34 01 00 1A 01 00 02 E1 00 02 00 08 00 00 00 00 00 00 00 00 "
			     "03 00 02 00 10 08 00 02 E1 00");
	CHECK_ERR(trustx_derive_session(&w.se, 0xE100, 16, 0xE100, seed, 8),
		TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	end(&w);
}

static void secrets_of_a_wrong_length_are_not_believed(void)
{
	const struct trustx_public_key key = { TRUSTX_P256, point_of, 65 };
	struct result r = room(64);
	struct world w;

	begin(&w, 277, 0);
	script_exchange(
		w.s, "33 01 00 53 01 00 02 E0 F2 " KEY_P256 " 07 00 00", "00 00 00 10 " ZEROS_16);
	CHECK_ERR(trustx_ecdh(&w.se, r.out, &r.len, 0xE0F2, &key), TRUSTX_ERR_PROTOCOL);
	check_wiped(&r, 64);
	r = room(31);
	CHECK_ERR(trustx_ecdh(&w.se, r.out, &r.len, 0xE0F2, &key), TRUSTX_ERR_TOO_SMALL);
	check_wiped(&r, 31);
	script_exchange(w.s, "33 01 00 55 01 00 02 E0 F2 " KEY_P256 " 08 00 02 E1 01",
		"00 00 00 20 " BYTES_32);
	CHECK_ERR(trustx_ecdh_session(&w.se, 0xE101, 0xE0F2, &key), TRUSTX_ERR_UNKNOWN_OUTCOME);
	end(&w);
}

static void keys_are_derived(void)
{
	uint8_t seed[1025];
	struct result r = room(20);
	struct world w;

	for (size_t i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)(0xA0 + i % 32);
	begin(&w, 277, 0);
	script_exchange(w.s,
		"34 01 00 30 01 00 02 F1 D0 02 00 20 " BYTES_32 " 03 00 02 00 10 07 00 00",
		"00 00 00 10 " ZEROS_16);
	CHECK_OK(trustx_derive(&w.se, r.out, 16, 0xF1D0, seed, 32));
	r.len = 16;
	check_result(&r, ZEROS_16, 16);
	script_exchange(w.s,
		"34 01 00 32 01 00 02 E1 01 02 00 20 " BYTES_32 " 03 00 02 00 30 08 00 02 E1 02",
		"00 00 00 00");
	CHECK_OK(trustx_derive_session(&w.se, 0xE102, 48, 0xE101, seed, 32));
	r = room(17);
	CHECK_ERR(trustx_derive(&w.se, r.out, 15, 0xE101, seed, 32), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_derive(&w.se, r.out, 17, 0xE101, seed, 7), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_derive(&w.se, r.out, 17, 0xE101, seed, 1025), TRUSTX_ERR_ARGUMENT);
	r.len = 0;
	check_wiped(&r, 17);
	CHECK_ERR(trustx_derive_session(&w.se, 0xE102, 49, 0xE101, seed, 32), TRUSTX_ERR_ARGUMENT);
	CHECK_STR(trustx_error_text(&w.se),
		"derive a secret from 0xE101: an argument is out of range (caller)");
	end(&w);
}

#define CHALLENGE "11 22 33 44 55 66 77 88"

static void the_chip_authenticates_itself(void)
{
	const uint8_t challenge[8] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
	struct result r = room(72);
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, "10 91 00 02 E0 F0", "00 00 00 00");
	script_exchange(w.s, "19 01 00 08 " CHALLENGE, "00 00 00 00");
	script_exchange(w.s, "18 02 00 00", "00 00 00 44 " SIGNATURE);
	CHECK_OK(trustx_authenticate(
		&w.se, r.out, &r.len, 0xE0F0, TRUSTX_P256, challenge, sizeof(challenge)));
	check_result(&r, "30 44 " SIGNATURE, 72);
	r = room(72);
	CHECK_ERR(trustx_authenticate(&w.se, r.out, &r.len, 0xE0F0, TRUSTX_P256, challenge, 7),
		TRUSTX_ERR_ARGUMENT);
	check_wiped(&r, 72);
	r = room(71);
	CHECK_ERR(trustx_authenticate(&w.se, r.out, &r.len, 0xE0F0, TRUSTX_P256, challenge, 8),
		TRUSTX_ERR_TOO_SMALL);
	check_wiped(&r, 71);
	end(&w);
}

static void a_failing_authentication_says_where(void)
{
	const uint8_t challenge[8] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };
	struct result r = room(72);
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, "10 91 00 02 E0 F1", "FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 24");
	CHECK_ERR(trustx_authenticate(&w.se, r.out, &r.len, 0xE0F1, TRUSTX_P256, challenge, 8),
		TRUSTX_ERR_CHIP);
	check_wiped(&r, 72);
	CHECK_STR(trustx_error_text(&w.se),
		"begin to authenticate with 0xE0F1: the chip refused: not allowed by the key's "
		"usage, or unsupported algorithm (0x24)");
	/* The scheme may be chosen twice, the rest of the conversation not. */
	answer_gets_lost(&w, "10 91 00 02 E0 F1");
	script_exchange(w.s, "10 91 00 02 E0 F1", "00 00 00 00");
	answer_gets_lost(&w, "19 01 00 08 " CHALLENGE);
	r = room(72);
	CHECK_ERR(trustx_authenticate(&w.se, r.out, &r.len, 0xE0F1, TRUSTX_P256, challenge, 8),
		TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	script_exchange(w.s, "10 91 00 02 E0 F1", "00 00 00 00");
	script_exchange(w.s, "19 01 00 08 " CHALLENGE, "00 00 00 00");
	answer_gets_lost(&w, "18 02 00 00");
	r = room(72);
	CHECK_ERR(trustx_authenticate(&w.se, r.out, &r.len, 0xE0F1, TRUSTX_P256, challenge, 8),
		TRUSTX_ERR_UNKNOWN_OUTCOME);
	works_again(&w);
	end(&w);
}

static void a_certificate_in_the_chip_verifies(void)
{
	uint8_t sig[70] = { 0x30, 0x44 }, digest[32];
	struct world w;

	unhex(sig + 2, sizeof(sig) - 2, SIGNATURE);
	unhex(digest, sizeof(digest), BYTES_32);
	begin(&w, 277, 0);
	script_exchange(w.s,
		"32 11 00 6F 01 00 20 " BYTES_32 " 02 00 44 " SIGNATURE " 04 00 02 E0 E8",
		"00 00 00 00");
	CHECK_OK(trustx_verify_by_object(&w.se, 0xE0E8, digest, 32, sig, sizeof(sig)));
	script_exchange(w.s,
		"32 11 00 6F 01 00 20 " BYTES_32 " 02 00 44 " SIGNATURE " 04 00 02 E0 E0",
		"FF 00 00 00");
	script_exchange(w.s, "01 00 00 02 F1 C2", "00 00 00 01 29");
	CHECK_ERR(trustx_verify_by_object(&w.se, 0xE0E0, digest, 32, sig, sizeof(sig)),
		TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w.se), "verify a signature by 0xE0E0: the chip refused: "
					    "invalid certificate format (0x29)");
	CHECK_ERR(trustx_verify_by_object(&w.se, 0xE0E8, digest, 9, sig, sizeof(sig)),
		TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_verify_by_object(&w.se, 0xE0E8, digest, 32, sig, sizeof(sig) - 1),
		TRUSTX_ERR_ARGUMENT);
	end(&w);
}

static void a_key_is_made_in_a_session(void)
{
	struct result r = room(65);
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, "38 03 00 09 01 00 02 E1 02 02 00 01 20",
		"00 00 00 47 02 00 44 03 42 00 04 " BYTES_64);
	CHECK_OK(trustx_generate_key(
		&w.se, r.out, &r.len, TRUSTX_OID_SESSION_0 + 2, TRUSTX_P256, TRUSTX_USAGE_AGREE));
	check_result(&r, "04 " BYTES_64, 65);
	end(&w);
}

#define PAIR_ANSWER "00 00 00 6C 01 00 22 04 20 " BYTES_32 " 02 00 44 03 42 00 04 " BYTES_64

static bool holds(const void *haystack, size_t size, const uint8_t *needle, size_t len)
{
	const uint8_t *p = haystack;

	for (size_t i = 0; i + len <= size; i++)
		if (memcmp(p + i, needle, len) == 0)
			return true;
	return false;
}

static void a_key_pair_leaves_the_chip_and_nothing_of_it_stays_in_the_handle(void)
{
	struct result r = room(151);
	struct world w;

	begin(&w, 277, 0);
	script_exchange(w.s, "38 03 00 03 07 00 00", PAIR_ANSWER);
	CHECK_OK(trustx_generate_pair(&w.se, r.out, &r.len, TRUSTX_P256));
	CHECK_INT(r.len, 97);
	check_result(&r, BYTES_32 " 04 " BYTES_64, 151);
	CHECK(!holds(&w.se, sizeof(w.se), r.out, 8));
	r = room(151);
	script_exchange(w.s, "38 04 00 03 07 00 00",
		"00 00 00 9C 01 00 32 04 30 " BYTES_48 " 02 00 64 03 62 00 04 " BYTES_96);
	CHECK_OK(trustx_generate_pair(&w.se, r.out, &r.len, TRUSTX_P384));
	check_result(&r, BYTES_48 " 04 " BYTES_96, 151);
	CHECK(!holds(&w.se, sizeof(w.se), r.out, 8));
	r = room(102);
	CHECK_ERR(trustx_generate_pair(&w.se, r.out, &r.len, TRUSTX_P256), TRUSTX_ERR_TOO_SMALL);
	check_wiped(&r, 102);
	CHECK_ERR(trustx_generate_pair(&w.se, r.out, &r.len, (enum trustx_curve)5),
		TRUSTX_ERR_ARGUMENT);
	end(&w);
}

static void a_malformed_key_pair_is_wiped(void)
{
	static const uint8_t at[] = { 4, 5, 6, 7, 8, 41, 42, 43, 44, 45, 46, 47 };
	uint8_t apdu[112];
	size_t len = unhex(apdu, sizeof(apdu), PAIR_ANSWER);
	struct world w;

	CHECK_INT(len, 112);
	for (size_t i = 0; i < sizeof(at); i++) {
		struct result r = room(103);

		begin(&w, 277, 0);
		script_command_hex(w.s, "38 03 00 03 07 00 00");
		apdu[at[i]] ^= 0x01;
		script_answer(w.s, apdu, len);
		apdu[at[i]] ^= 0x01;
		CHECK_ERR(trustx_generate_pair(&w.se, r.out, &r.len, TRUSTX_P256),
			TRUSTX_ERR_UNKNOWN_OUTCOME);
		check_wiped(&r, 103);
		CHECK(!holds(&w.se, sizeof(w.se), apdu + 9, 8));
		end(&w);
	}
}

static void a_closed_handle_refuses_these_calls_too(void)
{
	const struct trustx_public_key key = { TRUSTX_P256, point_of, 65 };
	const struct trustx_hash what = { .step = TRUSTX_HASH_FINAL };
	struct result r = room(103);
	struct trustx se;

	memset(&se, 0, sizeof(se));
	CHECK_ERR(trustx_hash(&se, r.out, &r.len, &what), TRUSTX_ERR_ARGUMENT);
	r = room(103);
	CHECK_ERR(trustx_generate_pair(&se, r.out, &r.len, TRUSTX_P256), TRUSTX_ERR_ARGUMENT);
	r = room(103);
	CHECK_ERR(trustx_ecdh(&se, r.out, &r.len, 0xE0F1, &key), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_ecdh_session(&se, 0xE100, 0xE0F1, &key), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(trustx_derive(&se, r.out, 32, 0xE100, point_of, 32), TRUSTX_ERR_ARGUMENT);
	CHECK_ERR(
		trustx_derive_session(&se, 0xE100, 32, 0xE100, point_of, 32), TRUSTX_ERR_ARGUMENT);
	r = room(103);
	CHECK_ERR(trustx_authenticate(&se, r.out, &r.len, 0xE0F1, TRUSTX_P256, point_of, 32),
		TRUSTX_ERR_ARGUMENT);
	check_wiped(&r, 103);
}

int main(void)
{
	RUN(data_are_hashed_step_by_step);
	RUN(objects_are_hashed);
	RUN(a_hash_moves_out_of_the_chip_and_back);
	RUN(malformed_hashes_are_not_believed);
	RUN(only_the_begin_of_a_hash_is_repeated);
	RUN(impossible_hashes_are_refused_before_anything_is_sent);
	RUN(a_secret_is_agreed_on);
	RUN(a_secret_of_the_larger_curve_is_agreed_on);
	RUN(a_secret_that_stays_in_the_chip_is_not_made_twice);
	RUN(secrets_of_a_wrong_length_are_not_believed);
	RUN(keys_are_derived);
	RUN(the_chip_authenticates_itself);
	RUN(a_failing_authentication_says_where);
	RUN(a_certificate_in_the_chip_verifies);
	RUN(a_key_is_made_in_a_session);
	RUN(a_key_pair_leaves_the_chip_and_nothing_of_it_stays_in_the_handle);
	RUN(a_malformed_key_pair_is_wiped);
	RUN(a_closed_handle_refuses_these_calls_too);
	return 0;
}
