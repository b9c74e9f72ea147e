/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A command with several faults is refused for the first of them, in one order for all commands:
 * length, command, application, Param, form of the input, object, access, usage, range, the rest.
 */

#include "sim-host.h"

#define DIGEST "01 0020 BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
#define DIGEST_33                                                                \
	"01 0021 BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015" \
	"AD00"
#define POINT                                                                               \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285" \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5B"
#define BAD_POINT                                                                           \
	"06 0044 03420004 8A3C113CFA9F8624BF482B6618A268FD06BC24329410A2681758AF6A936AA285" \
	"9AFC080C6A15F7F473972BACF2E587F573FF228E0B8E58866983D24199958D5C"
#define SIG    "02 0006 020101020101"
#define SEED_8 "02 0008 0102030405060708"

struct fault {
	const char *apdu; /* with at least two faults, but for the last of each command */
	uint8_t code;
};

/*
 * 0xE0F1 has a key to sign, 0xE0F2 one to agree, 0xE0F3 none; the conditions of 0xF1D1 are never
 * true, those of 0xF1D2 for execution are.
 */
static void start(struct host *h, const char *profile)
{
	struct sim_options opt = { .profile = profile };

	host_remove("chip");
	host_attach(h, host_open("chip", &opt));
	host_open_application(h);
	CHECK_INT(host_run(h, "38 03 0009 01 0002 E0F1 02 0001 10"), 0);
	CHECK_INT(host_run(h, "38 03 0009 01 0002 E0F2 02 0001 20"), 0);
	host_yields(h, "02 01 000C F1D1 0000 20 06 D0 01 FF D1 01 FF", "");
	host_yields(h, "02 01 0009 F1D2 0000 20 03 D3 01 00", "");
}

static void check(struct host *h, const struct fault *faults, size_t n)
{
	for (size_t i = 0; i < n; i++)
		host_refuses(h, faults[i].apdu, faults[i].code);
}

#define CHECK_FAULTS(h, faults) check(h, faults, sizeof(faults) / sizeof(faults[0]))

static void of_reading(struct host *h)
{
	static const struct fault faults[] = {
		{ "01 02 0007 FFFF 0000 0000", 0x04 },
		{ "01 02 0005 FFFF 0000 00", 0x03 },
		{ "01 00 0005 FFFF 0000 00", 0x04 },
		{ "01 00 0006 FFFF 0000 0000", 0x05 },
		{ "01 00 0006 FFFF FFFF 0001", 0x01 },
		{ "01 00 0006 F1D1 FFFF 0001", 0x07 },
		{ "01 00 0006 F1D0 FFFF 0001", 0x08 },
		{ "01 01 0003 FFFF 00", 0x04 },
		{ "01 01 0002 FFFF", 0x01 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_writing(struct host *h)
{
	static const struct fault faults[] = {
		{ "02 07 0006 FFFF FFFF 00", 0x04 },
		{ "02 07 0003 FFFF FF", 0x03 },
		{ "02 00 0004 FFFF FFFF", 0x04 },
		{ "02 00 0005 FFFF FFFF 00", 0x01 },
		{ "02 40 0005 F1D1 FFFF 00", 0x07 },
		{ "02 00 0005 E0C2 FFFF 00", 0x07 },
		{ "02 00 0005 E0C3 0001 00", 0x08 },
		{ "02 00 0005 E0C3 0000 00", 0x05 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_metadata(struct host *h)
{
	static const struct fault faults[] = {
		{ "02 01 0009 FFFF 0001 20 04 D0 01 FF", 0x04 },
		{ "02 01 0009 FFFF 0001 20 03 D0 01 FF", 0x05 },
		{ "02 01 0009 FFFF 0000 21 03 D0 01 FF", 0x05 },
		{ "02 01 0009 FFFF 0000 20 03 D0 02 FF", 0x05 },
		{ "02 01 0009 FFFF 0000 20 03 C4 01 FF", 0x01 },
		{ "02 01 0009 E0C2 0000 20 03 C4 01 FF", 0x05 },
		{ "02 01 0009 E0C2 0000 20 03 D0 01 00", 0x07 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_random(struct host *h)
{
	static const struct fault faults[] = {
		{ "0C 03 0003 0000", 0x04 },
		{ "0C 03 0003 000000", 0x03 },
		{ "0C 00 0003 000000", 0x04 },
		{ "0C 00 0002 0000", 0x05 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_hashing(struct host *h)
{
	static const struct fault faults[] = {
		{ "30 E1 000A 13 0006 FFFF FFFF FFFF", 0x04 },
		{ "30 E1 0008 13 0005 FFFF FFFF FF", 0x03 },
		{ "30 E2 0008 13 0005 FFFF FFFF FF", 0x04 },
		{ "30 E2 0009 16 0006 FFFF FFFF FFFF", 0x05 },
		{ "30 E2 0009 13 0006 FFFF FFFF FFFF", 0x01 },
		{ "30 E2 0009 13 0006 F1D1 FFFF FFFF", 0x07 },
		{ "30 E2 0009 13 0006 F1D0 FFFF FFFF", 0x08 },
		{ "30 E2 0009 13 0006 F1D0 0000 0001", 0x0B },
	};

	CHECK_FAULTS(h, faults);
}

static void of_signing(struct host *h)
{
	static const struct fault faults[] = {
		{ "31 12 002A" DIGEST_33 "03 0002 FFFF", 0x04 },
		{ "31 12 0028" DIGEST "03 0001 FF 00", 0x03 },
		{ "31 11 0028" DIGEST "03 0001 FF 00", 0x04 },
		{ "31 11 0029" DIGEST_33 "04 0002 FFFF", 0x05 },
		{ "31 11 0029" DIGEST_33 "03 0002 FFFF", 0x01 },
		{ "31 11 0029" DIGEST_33 "03 0002 F1D0", 0x01 },
		{ "31 11 0029" DIGEST_33 "03 0002 E0F3", 0x07 },
		{ "31 11 0029" DIGEST_33 "03 0002 E100", 0x0B },
		{ "31 11 0029" DIGEST_33 "03 0002 E0F2", 0x24 },
		{ "31 11 0029" DIGEST_33 "03 0002 E0F1", 0x05 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_verifying(struct host *h)
{
	static const struct fault faults[] = {
		{ "32 12 0031" DIGEST_33 SIG "04 0002 FFFF", 0x04 },
		{ "32 12 0032" DIGEST_33 SIG "04 0002 FFFF", 0x03 },
		{ "32 11 0033" DIGEST_33 SIG "04 0003 FFFFFF", 0x04 },
		{ "32 11 0032" DIGEST_33 SIG "07 0002 FFFF", 0x05 },
		{ "32 11 0032" DIGEST_33 SIG "04 0002 FFFF", 0x01 },
		{ "32 11 0032" DIGEST_33 SIG "04 0002 E0E3", 0x07 },
		{ "32 11 0032" DIGEST_33 SIG "04 0002 E0E0", 0x29 },
		{ "32 11 0078" DIGEST_33 SIG "05 0001 07" POINT, 0x24 },
		{ "32 11 0078" DIGEST_33 SIG "05 0001 03" BAD_POINT, 0x05 },
		{ "32 11 0077" DIGEST SIG "05 0001 03" POINT, 0x2C },
	};

	host_yields(h, "02 01 0009 E0E3 0000 20 03 D3 01 FF", "");
	CHECK_FAULTS(h, faults);
}

static void of_agreement(struct host *h)
{
	static const struct fault faults[] = {
		{ "33 02 0054 01 0002 FFFF 05 0001 07" POINT "07 0000", 0x04 },
		{ "33 02 0053 01 0002 FFFF 05 0001 07" POINT "09 0000", 0x03 },
		{ "33 01 0054 01 0002 FFFF 05 0001 07" POINT "07 0001 00", 0x04 },
		{ "33 01 0053 01 0002 FFFF 05 0001 07" POINT "09 0000", 0x05 },
		{ "33 01 0053 01 0002 FFFF 05 0001 07" POINT "07 0000", 0x01 },
		{ "33 01 0055 01 0002 E0F3 05 0001 07" POINT "08 0002 F1D0", 0x01 },
		{ "33 01 0053 01 0002 E0F3 05 0001 07" POINT "07 0000", 0x07 },
		{ "33 01 0053 01 0002 E101 05 0001 07" POINT "07 0000", 0x0B },
		{ "33 01 0053 01 0002 E0F1 05 0001 03" BAD_POINT "07 0000", 0x24 },
		{ "33 01 0053 01 0002 E0F2 05 0001 07" POINT "07 0000", 0x24 },
		{ "33 01 0053 01 0002 E0F2 05 0001 03" BAD_POINT "07 0000", 0x05 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_derivation(struct host *h)
{
	static const struct fault faults[] = {
		{ "34 02 0019 01 0002 FFFF " SEED_8 " 03 0002 0000 07 0000", 0x04 },
		{ "34 02 0018 01 0002 FFFF " SEED_8 " 03 0002 0000 07 0001", 0x03 },
		{ "34 01 0018 01 0002 FFFF " SEED_8 " 03 0002 0000 07 0001", 0x04 },
		{ "34 01 0018 01 0002 FFFF " SEED_8 " 03 0002 0000 07 0000", 0x05 },
		{ "34 01 0018 01 0002 FFFF " SEED_8 " 03 0002 0010 07 0000", 0x01 },
		{ "34 01 001A 01 0002 F1D1 " SEED_8 " 03 0002 0010 08 0002 FFFF", 0x01 },
		{ "34 01 0018 01 0002 F1D1 " SEED_8 " 03 0002 0010 07 0000", 0x07 },
		{ "34 01 0018 01 0002 F1D2 " SEED_8 " 03 0002 0010 07 0000", 0x05 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_generation(struct host *h)
{
	static const struct fault faults[] = {
		{ "38 05 000A 01 0002 FFFF 02 0001 00", 0x04 },
		{ "38 05 000A 01 0002 FFFF 02 0002 0000", 0x03 },
		{ "38 03 000A 01 0002 FFFF 02 0002 0000", 0x04 },
		{ "38 03 0009 01 0002 FFFF 02 0001 00", 0x05 },
		{ "38 03 0009 01 0002 FFFF 02 0001 10", 0x01 },
		{ "38 03 0009 01 0002 E0F0 02 0001 10", 0x07 },
	};

	CHECK_FAULTS(h, faults);
}

static void of_authentication(struct host *h)
{
	static const struct fault faults[] = {
		{ "10 90 0004 FFFF 00", 0x04 },
		{ "10 90 0003 FFFF 00", 0x03 },
		{ "10 91 0003 FFFF 00", 0x04 },
		{ "10 91 0002 FFFF", 0x01 },
		{ "10 91 0002 E0F3", 0x07 },
		{ "10 91 0002 E0F2", 0x24 },
		{ "19 02 0002 00", 0x04 },
		{ "19 02 0001 00", 0x03 },
		{ "19 01 0001 00", 0x04 },
		{ "19 01 0008 0102030405060708", 0x0B },
		{ "18 01 0001 00", 0x03 },
		{ "18 02 0001 00", 0x04 },
		{ "18 02 0000", 0x0B },
		{ "1A 04 0001 FF", 0x03 },
		{ "1A 01 0001 FF", 0x04 },
		{ "1A 01 0002 FFFF", 0x01 },
		{ "1A 01 0002 E100", 0x0B },
	};

	CHECK_FAULTS(h, faults);
}

static void of_opening(struct host *h)
{
	static const struct fault faults[] = {
		{ "70 02 0010 D276000004 47656E417574684170706C00", 0x04 },
		{ "70 02 0011 D276000004 47656E417574684170706D00", 0x03 },
		{ "70 00 0011 D276000004 47656E417574684170706D00", 0x04 },
		{ "70 00 0010 D276000004 47656E417574684170706D", 0x05 },
	};

	CHECK_FAULTS(h, faults);
}

static void the_first_fault_is_reported_by_trust_x(void)
{
	struct host h;

	start(&h, "trust-x");
	of_reading(&h);
	of_writing(&h);
	of_metadata(&h);
	of_random(&h);
	of_hashing(&h);
	of_signing(&h);
	of_verifying(&h);
	of_agreement(&h);
	of_derivation(&h);
	of_generation(&h);
	of_authentication(&h);
	of_opening(&h);
	sim_close(h.sim);
}

static void the_first_fault_is_reported_by_trust_m(void)
{
	static const struct fault own[] = {
		{ "02 02 0006 FFFF 0000 00", 0x04 },
		{ "02 02 0006 FFFF 0000 0000", 0x04 },
		{ "02 02 0005 FFFF 0000 00", 0x05 },
		{ "02 02 0005 F1D1 0000 01", 0x01 },
		{ "02 02 0005 E121 0000 01", 0x07 },
		{ "02 02 0005 E120 0000 01", 0x0E },
		{ "38 41 000A 01 0002 FFFF 02 0001 00", 0x04 },
		{ "38 41 0009 01 0002 FFFF 02 0001 00", 0x24 },
		{ "38 03 0009 01 0002 E0FC 02 0001 00", 0x05 },
		{ "38 03 0009 01 0002 E0FC 02 0001 10", 0x24 },
		{ "71 02 0002 00", 0x04 },
		{ "71 02 0001 00", 0x03 },
		{ "71 00 0001 00", 0x04 },
		{ "70 01 0010 D276000004 47656E417574684170706D", 0x04 },
		{ "70 01 0018 D276000004 47656E417574684170706D 0000000000000000", 0x05 },
	};
	struct host h;

	start(&h, "trust-m1");
	host_yields(&h, "02 01 0009 E121 0000 20 03 D3 01 FF", "");
	of_reading(&h);
	of_writing(&h);
	of_metadata(&h);
	of_random(&h);
	of_hashing(&h);
	of_signing(&h);
	of_verifying(&h);
	of_agreement(&h);
	of_derivation(&h);
	of_generation(&h);
	of_opening(&h);
	CHECK_FAULTS(&h, own);
	sim_close(h.sim);
}

static const char *const known_x[] = { "01", "02", "0C", "10", "18", "19", "1A", "1B", "30", "31",
	"32", "33", "34", "38" };
static const char *const known_m[] = { "01", "02", "0C", "1E", "1F", "30", "31", "32", "33", "34",
	"38", "71" };

static bool is_rsa(unsigned code)
{
	return code == 0x1E || code == 0x1F;
}

/* Wrong in length, unknown or known, closed: each hides what comes after it. */
static void refuse_all(const char *profile, const char *const *known, size_t n)
{
	struct sim_options opt = { .profile = profile };
	bool is_known[0x80] = { [0x70] = true };
	char apdu[16];
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", &opt));
	for (size_t i = 0; i < n; i++)
		is_known[strtol(known[i], NULL, 16)] = true;
	for (unsigned code = 0; code < 0x80; code++) {
		host_open_application(&h);
		snprintf(apdu, sizeof(apdu), "%02X EE 0001", code);
		host_refuses(&h, apdu, 0x04);
		snprintf(apdu, sizeof(apdu), "%02X EE 0000", code);
		host_refuses(&h, apdu, !is_known[code] ? 0x0A : is_rsa(code) ? 0x24 : 0x03);
		host_write(&h, "88 0000");
		host_attach(&h, h.sim);
		CHECK_INT(host_run(&h, apdu), 0xFF);
		CHECK_INT(host_run(&h, "70 00 0010 D276000004 47656E417574684170706C"), 0);
		host_yields(&h, "01 00 0002 F1C2",
			!is_known[code] ? "0A"
			: code == 0x70	? "03"
					: "0C");
		host_write(&h, "88 0000");
		host_attach(&h, h.sim);
	}
	sim_close(h.sim);
}

static void unknown_and_closed_come_before_all_but_the_length(void)
{
	refuse_all("trust-x", known_x, sizeof(known_x) / sizeof(known_x[0]));
	refuse_all("trust-m1", known_m, sizeof(known_m) / sizeof(known_m[0]));
}

/* Of several refusals the highest code stays, whichever command it came from, until it is read. */
static void the_highest_code_of_all_commands_is_kept(void)
{
	static const struct fault rising[] = {
		{ "34 01 0018 01 0002 FFFF " SEED_8 " 03 0002 0010 07 0000", 0x01 },
		{ "0C 03 0002 0008", 0x03 },
		{ "10 91 0003 FFFF 00", 0x04 },
		{ "38 03 0009 01 0002 FFFF 02 0001 00", 0x05 },
		{ "01 00 0002 F1D1", 0x07 },
		{ "30 E2 0009 13 0006 F1D0 FFFF FFFF", 0x08 },
		{ "71 00 0000", 0x0A },
		{ "18 02 0000", 0x0B },
		{ "31 11 0028" DIGEST "03 0002 E0F2", 0x24 },
		{ "32 11 0031" DIGEST SIG "04 0002 E0E0", 0x29 },
		{ "32 11 0077" DIGEST SIG "05 0001 03" POINT, 0x2C },
	};
	size_t n = sizeof(rising) / sizeof(rising[0]);
	char cleared[300], code[8];
	struct host h;

	start(&h, "trust-x");
	for (size_t high = 0; high < n; high++) {
		for (size_t low = 0; low < n; low++) {
			CHECK_INT(host_run(&h, rising[high].apdu), 0xFF);
			CHECK_INT(host_run(&h, rising[low].apdu), 0xFF);
			snprintf(code, sizeof(code), "%02X", rising[low > high ? low : high].code);
			host_yields(&h, "01 00 0002 F1C2", code);
		}
		/* With bit 7 set the command forgets what came before it. */
		CHECK_INT(host_run(&h, rising[n - 1].apdu), 0xFF);
		snprintf(cleared, sizeof(cleared), "%s", rising[high].apdu);
		cleared[0] = "89ABCDEF"[cleared[0] - '0'];
		CHECK_INT(host_run(&h, cleared), 0xFF);
		snprintf(code, sizeof(code), "%02X", rising[high].code);
		host_yields(&h, "01 00 0002 F1C2", code);
	}
	sim_close(h.sim);
}

int main(void)
{
	RUN(the_first_fault_is_reported_by_trust_x);
	RUN(the_first_fault_is_reported_by_trust_m);
	RUN(unknown_and_closed_come_before_all_but_the_length);
	RUN(the_highest_code_of_all_commands_is_kept);
	return 0;
}
