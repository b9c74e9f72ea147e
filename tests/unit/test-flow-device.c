/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "device.h"
#include "keygen.h"
#include "possession.h"
#include "state.h"

#include "flow-world.h"

static const struct slot one = { 1, 0xE0F1, 0xE0E1 };

static void set_metadata(struct world *w, uint16_t oid, const char *bytes, size_t len)
{
	CHECK_OK(trustx_write_metadata(&w->dev.se, oid, (const uint8_t *)bytes, len));
}

static void check_words(const struct fail *f, const char *what, const char *why)
{
	if (strstr(f->what, what) == NULL || strstr(f->why, why) == NULL) {
		fprintf(stderr, "%s: %s; want %s: %s\n", f->what, f->why, what, why);
		exit(1);
	}
}

/* ---- opening ---- */

static void a_chip_says_who_it_is(void)
{
	struct world w;
	char expect[21];

	world_new(&w, 1, "");
	CHECK_INT(strlen(w.dev.uid_hex), 54);
	CHECK(strncmp(w.dev.uid_hex, "cd16", 4) == 0);
	snprintf(expect, sizeof(expect), "%.20s", w.dev.uid_hex + 22);
	CHECK_STR(w.dev.serial_hex, expect);
	world_free(&w);
	device_close(&w.dev);
}

static void what_cannot_be_opened_is_explained(void)
{
	struct device dev;
	struct fail f = { 0 };

	CHECK_ERR(
		device_open(&dev, "sim:absent?clock=virtual&addr=0x31", NULL, &f), TRUSTX_ERR_NACK);
	check_words(&f, "open the chip", "does not acknowledge");
	CHECK(strstr(f.next, "powered") != NULL && strstr(f.next, "addr=") != NULL);
	device_close(&dev);
	CHECK_ERR(device_open(&dev, "usb:1", NULL, &f), TRUSTX_ERR_INPUT);
	check_words(&f, "open the device", "usb:1");
	device_close(&dev);
	CHECK_ERR(device_open(&dev, "unix:no-socket", NULL, &f), TRUSTX_ERR_NO_DEVICE);
	CHECK(f.why[0] != '\0');
	device_close(&dev);
}

static void one_chip_is_for_one_process_at_a_time(void)
{
	struct device second;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 2, "");
	CHECK_ERR(device_open(&second, w.uri, w.state, &f), TRUSTX_ERR_IN_USE);
	CHECK(strstr(f.why, "pid") != NULL);
	device_close(&second);
	world_free(&w);
}

static void a_chip_is_opened_again_with_its_keys(void)
{
	struct keygen_options options = { 0 };
	struct trustx_public_key view;
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 3, "");
	MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
	MUST(device_reopen(&w.dev, &f), f);
	view = pubkey_view(&key);
	MUST(possession_prove(&w.dev, one.key, &view, &f), f);
	world_free(&w);
}

/* ---- refusals ---- */

static void a_refused_access_is_explained_by_the_rule(void)
{
	static const uint8_t byte[] = { 1 };
	uint8_t data[10];
	size_t len = sizeof(data);
	struct world w;
	struct fail f = { 0 };
	enum trustx_err err;

	world_new(&w, 4, "");
	err = trustx_read(&w.dev.se, data, &len, 0xE0F1, 0);
	CHECK_ERR(device_fail(&w.dev, err, &f, NULL), TRUSTX_ERR_CHIP);
	check_words(&f, "0xE0F1", "0xE0F1 is a key object: a private key cannot be read");
	CHECK(strstr(f.next, "trustx key public --slot 1") != NULL);
	CHECK_INT(f.oid, 0xE0F1);
	CHECK(f.chip_code != 0);

	err = trustx_write(&w.dev.se, 0xE0F1, 0, byte, 1);
	CHECK_ERR(device_fail(&w.dev, err, &f, NULL), TRUSTX_ERR_CHIP);
	check_words(&f, "0xE0F1", "0xE0F1 is a key object: it takes no data");
	CHECK(strstr(f.next, "trustx key generate --slot 1") != NULL);

	err = trustx_write(&w.dev.se, TRUSTX_OID_UID, 0, byte, 1);
	CHECK_ERR(device_fail(&w.dev, err, &f, "scratch the name off"), TRUSTX_ERR_CHIP);
	check_words(
		&f, "scratch the name off", "its change rule is never: it can never be written");
	CHECK_INT(f.chip_code, 0x07);

	set_metadata(&w, 0xE0E1, "\x20\x03\xC0\x01\x07", 5);
	err = trustx_write(&w.dev.se, 0xE0E1, 0, byte, 1);
	CHECK_ERR(device_fail(&w.dev, err, &f, NULL), TRUSTX_ERR_CHIP);
	check_words(&f, "0xE0E1",
		"the slot's life cycle is operational, its change rule is LcsO < operational: it "
		"can no longer be written");
	CHECK(strstr(f.next, "another slot") != NULL);

	err = trustx_write_metadata(&w.dev.se, 0xE0E1, (const uint8_t *)"\x20\x03\xD0\x01\x00", 5);
	CHECK_ERR(device_fail(&w.dev, err, &f, NULL), TRUSTX_ERR_CHIP);
	check_words(&f, "0xE0E1", "life cycle is operational: its metadata cannot be changed");
	world_free(&w);
}

static void a_rule_that_may_be_met_later_is_told_apart(void)
{
	static const uint8_t byte[] = { 1 };
	struct world w;
	struct fail f = { 0 };
	enum trustx_err err;

	world_new(&w, 5, "");
	set_metadata(&w, 0xE0E1, "\x20\x05\xD0\x03\xE0\xFB\x07", 7); /* LcsA > operational */
	err = trustx_write(&w.dev.se, 0xE0E1, 0, byte, 1);
	CHECK_ERR(device_fail(&w.dev, err, &f, NULL), TRUSTX_ERR_CHIP);
	check_words(&f, "0xE0E1", "it cannot now be written");
	set_metadata(&w, 0xE0E2, "\x20\x05\xD0\x03\xE1\xFB\x07", 7); /* LcsO > operational */
	err = trustx_write(&w.dev.se, 0xE0E2, 0, byte, 1);
	CHECK_ERR(device_fail(&w.dev, err, &f, NULL), TRUSTX_ERR_CHIP);
	check_words(&f, "0xE0E2", "is LcsO > operational: it cannot now be written");
	world_free(&w);
}

static void a_key_locked_by_its_execute_rule_is_explained_by_it(void)
{
	static const char *const words =
		"the key's life cycle is creation, its execute rule is never: it can never be used";
	struct keygen_options options = { 0 };
	struct slot_state state;
	struct possession proof;
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 20, "");
	MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
	set_metadata(&w, 0xE0F1, "\x20\x03\xD3\x01\xFF", 5);
	CHECK_ERR(possession_sign(&proof, &w.dev, one.key, TRUSTX_P256, &f), TRUSTX_ERR_CHIP);
	check_words(&f, "sign with 0xE0F1", "its execute rule is never: it can never be used");
	MUST(slot_inspect(&state, &w.dev, &one, false, &f), f);
	CHECK(!state.can_sign && !state.can_personalize);
	CHECK(strstr(state.obstacle, words) != NULL);
	slot_state_free(&state);
	MUST(state_drop(&w.dev, one.key, STATE_PUBLIC_KEY, &f), f);
	CHECK_ERR(pubkey_find(&key, &w.dev, &one, &f), TRUSTX_ERR_NO_PUBLIC_KEY);
	CHECK(strstr(f.why, words) != NULL);
	world_free(&w);
}

static void a_key_used_against_its_usage_is_explained(void)
{
	struct keygen_options options = { .usage = TRUSTX_USAGE_AGREE };
	struct possession proof;
	struct world w;
	struct pubkey key;
	struct fail f = { 0 };

	world_new(&w, 6, "");
	MUST(keygen_run(&key, &w.dev, &one, &options, &f), f);
	CHECK_ERR(possession_sign(&proof, &w.dev, one.key, TRUSTX_P256, &f), TRUSTX_ERR_CHIP);
	check_words(&f, "sign with 0xE0F1", "the key's usage is 0x20");
	CHECK_INT(f.chip_code, 0x24);
	world_free(&w);
}

static void a_rule_that_hangs_on_the_chips_life_cycle_is_evaluated(void)
{
	struct trustx_metadata meta;
	struct world w;
	struct fail f = { 0 };
	bool can;

	world_new(&w, 7, "");
	set_metadata(&w, 0xE0E1, "\x20\x05\xD0\x03\x70\xFA\x07", 7); /* LcsG == operational */
	MUST(device_metadata(&w.dev, &meta, 0xE0E1, &f), f);
	MUST(device_can_change(&w.dev, &can, &meta, &f), f);
	CHECK(can);
	set_metadata(&w, 0xE0E1, "\x20\x05\xD0\x03\x70\xFA\x01", 7); /* LcsG == creation */
	MUST(device_metadata(&w.dev, &meta, 0xE0E1, &f), f);
	MUST(device_can_change(&w.dev, &can, &meta, &f), f);
	CHECK(!can);
	CHECK_ERR(device_metadata(&w.dev, &meta, 0xE123, &f), TRUSTX_ERR_CHIP);
	CHECK_INT(f.chip_code, 0x01);
	world_free(&w);
}

static void the_delay_follows_the_counter(void)
{
	struct world w;
	struct fail f = { 0 };
	char text[100];
	uint8_t sec;
	uint32_t delay_ms;

	world_new(&w, 8, "");
	MUST(device_throttle(&w.dev, &sec, &delay_ms, &f), f);
	CHECK_INT(sec, 0);
	CHECK_INT(delay_ms, 0);
	device_throttle_text(text, sizeof(text), 140, 507);
	CHECK_STR(text, "the chip delays key use by up to 0.5 s (security event counter at 140)");
	world_free(&w);
}

/* ---- requests ---- */

static X509_REQ *parsed(const struct csrflow_result *result)
{
	X509_REQ *req = NULL;
	struct fail f = { 0 };

	MUST(csr_parse(&req, result->pem.data, result->pem.len, &f), f);
	MUST(csr_verify(req, &f), f);
	return req;
}

static void a_request_makes_a_key_once_and_signs_with_it(void)
{
	struct csrflow_options options = world_csr();
	struct csrflow_result first, second;
	struct blob config;
	X509_REQ *req;
	struct world w;
	struct fail f = { 0 };
	char line[200];

	world_new(&w, 9, "");
	blob_init(&config, 10000);
	MUST(file_read(&config, GOLDEN "/config.jsn", &f), f);
	options.subject =
		(struct csrflow_subject){ .config = config.data, .config_len = config.len };
	MUST(csrflow_create(&first, &w.dev, &one, &options, &f), f);
	CHECK_INT(first.key.source, PUBKEY_GENERATED);
	req = parsed(&first);
	X509_NAME_oneline(X509_REQ_get_subject_name(req), line, sizeof(line));
	CHECK_STR(line, "/CN=AWS IoT Certificate/O=Infineon Technologies AG/C=DE/ST=Germany");
	X509_REQ_free(req);
	MUST(csrflow_create(&second, &w.dev, &one, &options, &f), f);
	CHECK_INT(second.key.source, PUBKEY_STATE_FILE);
	CHECK_MEM(second.key.point, first.key.point, 65);
	X509_REQ_free(parsed(&second));
	csrflow_free(&first);
	csrflow_free(&second);
	blob_free(&config);
	CHECK_INT(world_info(&w).key_generations[1], 1);
	world_free(&w);
}

static void placeholders_become_the_chips_own(void)
{
	static const char *const san[] = { "dns:{serial}.example", "uri:urn:uid:{uid}" };
	struct csrflow_options options = world_csr();
	struct csrflow_result result;
	X509_REQ *req;
	struct world w;
	struct fail f = { 0 };
	unsigned char *der = NULL;
	int len;

	world_new(&w, 10, "");
	options.curve = TRUSTX_P384;
	options.subject.san = san;
	options.subject.san_count = 2;
	MUST(csrflow_create(&result, &w.dev, &one, &options, &f), f);
	req = parsed(&result);
	CHECK((len = i2d_X509_REQ(req, &der)) > 0);
	CHECK(memmem(der, (size_t)len, w.dev.uid_hex, 54) != NULL);
	CHECK(memmem(der, (size_t)len, w.dev.serial_hex, 20) != NULL);
	OPENSSL_free(der);
	X509_REQ_free(req);
	csrflow_free(&result);
	world_free(&w);
}

static void a_bad_request_makes_no_key(void)
{
	static const char *const bad[] = { "ip:1.2.3", "dns:{thing}.example", "nonsense" };
	struct csrflow_options options = world_csr();
	struct csrflow_result result;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 11, "");
	options.subject.san_count = 1;
	for (size_t i = 0; i < 3; i++) {
		options.subject.san = &bad[i];
		CHECK_ERR(csrflow_create(&result, &w.dev, &one, &options, &f), TRUSTX_ERR_INPUT);
		csrflow_free(&result);
	}
	options.subject = (struct csrflow_subject){ .config = "{", .config_len = 1 };
	CHECK_ERR(csrflow_create(&result, &w.dev, &one, &options, &f), TRUSTX_ERR_INPUT);
	csrflow_free(&result);
	CHECK_INT(world_info(&w).key_generations[1], 0);
	world_free(&w);
}

static void what_the_chip_refuses_reaches_the_user(void)
{
	struct csrflow_options options = world_csr();
	struct keygen_options keygen = { .usage = TRUSTX_USAGE_AGREE };
	struct csrflow_result result;
	struct pubkey key;
	struct world w;
	struct fail f = { 0 };

	world_new(&w, 12, "");
	MUST(keygen_run(&key, &w.dev, &one, &keygen, &f), f);
	CHECK_ERR(csrflow_create(&result, &w.dev, &one, &options, &f), TRUSTX_ERR_CHIP);
	check_words(&f, "sign the request with 0xE0F1", "the key's usage is 0x20");
	CHECK_INT(f.chip_code, 0x24);
	csrflow_free(&result);
	world_free(&w);
}

int main(void)
{
	world_init();
	RUN(a_chip_says_who_it_is);
	RUN(what_cannot_be_opened_is_explained);
	RUN(one_chip_is_for_one_process_at_a_time);
	RUN(a_chip_is_opened_again_with_its_keys);
	RUN(a_refused_access_is_explained_by_the_rule);
	RUN(a_rule_that_may_be_met_later_is_told_apart);
	RUN(a_key_locked_by_its_execute_rule_is_explained_by_it);
	RUN(a_key_used_against_its_usage_is_explained);
	RUN(a_rule_that_hangs_on_the_chips_life_cycle_is_evaluated);
	RUN(the_delay_follows_the_counter);
	RUN(a_request_makes_a_key_once_and_signs_with_it);
	RUN(placeholders_become_the_chips_own);
	RUN(a_bad_request_makes_no_key);
	RUN(what_the_chip_refuses_reaches_the_user);
	return 0;
}
