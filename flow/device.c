/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "device.h"

#include "cause.h"
#include "hex.h"
#include "state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest delay of the security monitor is 5 s; a slow part may take three times as long. */
#define TIMEOUT_MS 20000u

#define SHIPPED_HZ 400000u
#define FASTEST_HZ 1000000u

/* Batch, X and Y in the UID: SRM "Coprocessor UID". */
#define SERIAL_AT  11u
#define SERIAL_LEN 10u

/* Of struct trustx_error: SRM "Command coding" and table 17. */
enum { CMD_READ = 0x01, CMD_WRITE = 0x02, CMD_SIGN = 0x31, CMD_GENERATE = 0x38, CMD_OPEN = 0x70 };
enum { CODE_ACCESS = 0x07, CODE_CLOSED = 0x0C, CODE_USAGE = 0x24, PARAM_METADATA = 0x01 };

const char *device_lcs_text(uint8_t lcs)
{
	switch (lcs) {
	case TRUSTX_LCS_CREATION:
		return "creation";
	case TRUSTX_LCS_INITIALIZATION:
		return "initialization";
	case TRUSTX_LCS_TERMINATION:
		return "termination";
	default: /* an object without the tag counts as operational */
		return "operational";
	}
}

/* Does the outcome hang on the life cycle of chip or application? If not, *met is it. */
static bool needs_life_cycle(bool *met, const struct trustx_access *access, uint8_t lcso)
{
	static const uint8_t states[] = { TRUSTX_LCS_CREATION, TRUSTX_LCS_INITIALIZATION,
		TRUSTX_LCS_OPERATIONAL, TRUSTX_LCS_TERMINATION };

	*met = trustx_access_met(access, lcso, states[0], states[0]);
	for (size_t i = 0; i < 16; i++)
		if (trustx_access_met(access, lcso, states[i / 4], states[i % 4]) != *met)
			return true;
	return false;
}

/* Is the rule met in any state of the object from first to last, chip and application in any? */
static bool met_within(const struct trustx_access *access, uint8_t first, uint8_t last)
{
	static const uint8_t states[] = { TRUSTX_LCS_CREATION, TRUSTX_LCS_INITIALIZATION,
		TRUSTX_LCS_OPERATIONAL, TRUSTX_LCS_TERMINATION };

	for (size_t i = 0; i < 64; i++)
		if (states[i / 16] >= first && states[i / 16] <= last &&
			trustx_access_met(access, states[i / 16], states[i / 4 % 4], states[i % 4]))
			return true;
	return false;
}

/* Life cycles only go forward. An object without the tag counts as operational. */
static const char *can_when(const struct trustx_access *access, uint8_t lcso)
{
	uint8_t now = lcso != 0 ? lcso : TRUSTX_LCS_OPERATIONAL;

	if (met_within(access, now, TRUSTX_LCS_TERMINATION))
		return "cannot now";
	return met_within(access, TRUSTX_LCS_CREATION, now) ? "can no longer" : "can never";
}

struct rule {
	const char *thing, *name, *done; /* "slot", "change", "written" */
	const struct trustx_access *access;
};

static void print_rule(char text[static 160], const struct trustx_access *access)
{
	if (trustx_access_print(text, 160, access) != TRUSTX_OK)
		snprintf(text, 160, "malformed");
}

static void rule_text(char *out, size_t cap, uint8_t lcso, const struct rule *rule)
{
	char text[160];

	print_rule(text, rule->access);
	snprintf(out, cap, "the %s's life cycle is %s, its %s rule is %s: it %s be %s", rule->thing,
		device_lcs_text(lcso), rule->name, text, can_when(rule->access, lcso), rule->done);
}

void device_locked_text(char *out, size_t cap, const struct trustx_metadata *meta)
{
	struct rule rule = { "slot", "change", "written", &meta->change };

	rule_text(out, cap, meta->lcso, &rule);
}

void device_unreadable_text(char *out, size_t cap, const struct trustx_metadata *meta)
{
	struct rule rule = { "slot", "read", "read", &meta->read };

	rule_text(out, cap, meta->lcso, &rule);
}

void device_unusable_text(char *out, size_t cap, const struct trustx_metadata *meta)
{
	struct rule rule = { "key", "execute", "used", &meta->execute };

	rule_text(out, cap, meta->lcso, &rule);
}

static bool is_key(uint16_t oid)
{
	return (oid & 0xFFFC) == TRUSTX_OID_KEY_0;
}

static bool is_slot(uint16_t oid)
{
	return is_key(oid) || (oid & 0xFFFC) == TRUSTX_OID_CERT_0;
}

static enum trustx_err read_metadata(struct trustx *se, struct trustx_metadata *meta, uint16_t oid)
{
	uint8_t bytes[TRUSTX_METADATA_MAX];
	size_t len = sizeof(bytes);
	enum trustx_err err;

	if ((err = trustx_read_metadata(se, bytes, &len, oid)) != TRUSTX_OK)
		return err;
	return trustx_metadata_decode(meta, bytes, len);
}

/* Whatever its rules say: the object is not made for this. */
static bool explain_key_object(struct fail *f, const struct trustx_error *detail)
{
	if (!is_key(detail->oid) || detail->param == PARAM_METADATA)
		return false;
	if (detail->command == CMD_WRITE) {
		fail_set(f, f->err, "0x%04X is a key object: it takes no data", detail->oid);
		fail_next(f, "make a key in it: trustx key generate --slot %u", detail->oid & 3);
	} else if (detail->command == CMD_READ) {
		fail_set(f, f->err, "0x%04X is a key object: a private key cannot be read",
			detail->oid);
		fail_next(f, "get its public part: trustx key public --slot %u", detail->oid & 3);
	}
	return detail->command == CMD_WRITE || detail->command == CMD_READ;
}

static void choose_rule(
	struct rule *rule, const struct trustx_metadata *meta, const struct trustx_error *detail)
{
	rule->thing = is_slot(detail->oid) ? "slot" : "object";
	if (detail->command == CMD_READ)
		rule->name = "read", rule->done = "read", rule->access = &meta->read;
	else if (detail->command == CMD_WRITE || detail->command == CMD_GENERATE)
		rule->name = "change", rule->done = "written", rule->access = &meta->change;
	else
		rule->name = "execute", rule->done = "used", rule->access = &meta->execute;
}

static void explain_access(struct device *dev, struct fail *f, const struct trustx_error *detail)
{
	struct trustx_metadata meta;
	struct rule rule;
	char text[160];
	bool met;

	if (explain_key_object(f, detail) ||
		read_metadata(&dev->se, &meta, detail->oid) != TRUSTX_OK)
		return;
	choose_rule(&rule, &meta, detail);
	if (detail->command == CMD_WRITE && detail->param == PARAM_METADATA)
		fail_set(f, f->err,
			"the object's life cycle is %s: its metadata cannot be changed so",
			device_lcs_text(meta.lcso));
	else if (!needs_life_cycle(&met, rule.access, meta.lcso) && met) {
		print_rule(text, rule.access);
		fail_set(f, f->err,
			"0x%04X cannot be %s so, though its %s rule (%s) is met as far as life "
			"cycles go",
			detail->oid, rule.done, rule.name, text);
	} else
		rule_text(f->why, sizeof(f->why), meta.lcso, &rule);
	if (is_slot(detail->oid) &&
		(detail->command == CMD_WRITE || detail->command == CMD_GENERATE))
		fail_next(f, "use another slot; trustx info shows which are free");
}

static void explain_usage(struct device *dev, struct fail *f, const struct trustx_error *detail)
{
	struct trustx_metadata meta;

	if (read_metadata(&dev->se, &meta, detail->oid) != TRUSTX_OK)
		return;
	fail_set(f, f->err, "the key's usage is 0x%02X: it may not be used for this", meta.usage);
	fail_next(f, "use a key made with the usage sign");
}

/* The library has opened it again, to no avail: SRM table 17. */
static void explain_closed(struct fail *f, const struct trustx_error *detail)
{
	if (detail->command == CMD_OPEN) {
		fail_set(f, f->err,
			"the chip does not open its application (0x%02X): its life cycle is "
			"termination, or it is reset again and again",
			detail->chip_code);
	} else {
		fail_set(f, f->err,
			"the chip's application is not open (0x%02X), though it was opened again: "
			"the chip is reset, or without power, again and again",
			detail->chip_code);
	}
	fail_next(f, "check its supply and its reset line, then run it again");
}

/* The chip's own words first; the metadata make them better where they can. */
static void explain_chip(struct device *dev, struct fail *f, const struct trustx_error *detail)
{
	fail_set(f, TRUSTX_ERR_CHIP, "the chip refused: %s (0x%02X)",
		trustx_chip_code_text(detail->chip_code), detail->chip_code);
	if (detail->chip_code == CODE_ACCESS && detail->oid != 0)
		explain_access(dev, f, detail);
	else if (detail->chip_code == CODE_USAGE && detail->oid != 0)
		explain_usage(dev, f, detail);
	else if (detail->chip_code == CODE_CLOSED)
		explain_closed(f, detail);
	else if (detail->chip_code == 0) {
		fail_set(f, TRUSTX_ERR_CHIP, "the chip refused and did not say why");
		fail_next(f, "run it again; if it stays so, switch the chip off and on");
	}
	f->chip_code = detail->chip_code;
}

static const char *next_step(enum trustx_err err)
{
	switch (err) {
	case TRUSTX_ERR_NACK:
		return "check that the chip is powered and wired, and its address (addr= in the "
		       "device's name; as shipped 0x30)";
	case TRUSTX_ERR_TIMEOUT:
		return "run it again; if it stays so, switch the chip off and on";
	case TRUSTX_ERR_PROTOCOL:
		return "check that an OPTIGA Trust X is at this address; try a slower bus "
		       "(speed=100000 in the device's name)";
	case TRUSTX_ERR_BUS:
	case TRUSTX_ERR_NO_DEVICE:
		return "check the adapter and its cable, then run it again";
	case TRUSTX_ERR_UNKNOWN_OUTCOME:
		return "run it again: it looks at the chip first";
	default:
		return NULL;
	}
}

static void explain(struct device *dev, enum trustx_err err, struct fail *f)
{
	const char *reason = trustx_bus_reason(&dev->bus), *next = next_step(err);
	const struct cause *cause = cause_find(trustx_bus_cause(&dev->bus));
	struct trustx_error detail;

	trustx_error(&dev->se, &detail);
	if (err == TRUSTX_ERR_CHIP)
		explain_chip(dev, f, &detail);
	else if ((err == TRUSTX_ERR_BUS || err == TRUSTX_ERR_NO_DEVICE) && reason[0] != '\0')
		fail_set(f, err, "%s", reason);
	else
		fail_set(f, err, "%s", trustx_err_text(err));
	/* A bus that knows why knows better what to do. */
	if (cause != NULL && cause->err == err) {
		fail_cause(f, cause->name);
		fail_next(f, "%s", cause->remedy);
	}
	if (next != NULL)
		fail_next(f, "%s", next);
	f->oid = detail.oid;
}

/* "write 0xE0E1: the chip refused: ..." up to the first colon. */
static void name_last_call(char *what, size_t cap, struct device *dev)
{
	snprintf(what, cap, "%s", trustx_error_text(&dev->se));
	what[strcspn(what, ":")] = '\0';
}

enum trustx_err device_fail(
	struct device *dev, enum trustx_err err, struct fail *f, const char *fmt, ...)
{
	char what[sizeof(f->what)];
	va_list ap;

	va_start(ap, fmt);
	if (fmt != NULL)
		vsnprintf(what, sizeof(what), fmt, ap);
	else
		name_last_call(what, sizeof(what), dev);
	va_end(ap);
	explain(dev, err, f);
	fail_what(f, "%s", what);
	return err;
}

static uint16_t known_limit(const struct trustx_bus *bus)
{
	return bus->ops->max_transfer != NULL ? bus->ops->max_transfer(bus->ctx) : 0;
}

/* Again with shorter frames, if that is what the bus has learned from it. */
static enum trustx_err open_chip(
	struct trustx *se, const struct trustx_bus *bus, const struct trustx_options *options)
{
	enum trustx_err err;
	uint16_t limit;

	do {
		limit = known_limit(bus);
		err = trustx_open(se, bus, options);
	} while (err == TRUSTX_ERR_BUS && known_limit(bus) != limit);
	return err;
}

/* 400 kHz is what all are shipped with; faster is for a bus that says so. */
uint32_t device_speed(const struct trustx_bus *bus)
{
	if (bus->max_hz <= SHIPPED_HZ)
		return SHIPPED_HZ;
	return bus->max_hz < FASTEST_HZ ? bus->max_hz : FASTEST_HZ;
}

static enum trustx_err start_chip(struct device *dev, const struct trustx_bus *bus,
	const struct trustx_options *options, struct fail *f)
{
	struct trustx_options usual = { .timeout_ms = TIMEOUT_MS };
	enum trustx_err err;

	usual.speed_hz = device_speed(bus);
	if (options == NULL)
		options = &usual;
	if ((err = open_chip(&dev->se, idle_wrap(&dev->idle, bus, &dev->bus), options)) !=
		TRUSTX_OK)
		return device_fail(dev, err, f, "open the chip");
	return TRUSTX_OK;
}

/* Infineon's ChipID, by which its reel bundles name their files: batch, X, Y. */
static enum trustx_err read_identity(struct device *dev, struct fail *f)
{
	enum trustx_err err;

	if ((err = trustx_read_uid(&dev->se, dev->uid)) != TRUSTX_OK)
		return device_fail(dev, err, f, "read the chip's UID");
	hex_print(dev->uid_hex, dev->uid, sizeof(dev->uid));
	hex_print(dev->serial_hex, dev->uid + SERIAL_AT, SERIAL_LEN);
	return TRUSTX_OK;
}

enum trustx_err device_open_bus(
	struct device *dev, const char *uri, const char *state_dir, struct fail *f)
{
	enum trustx_err err;

	memset(dev, 0, sizeof(*dev));
	dev->state_dir = state_dir != NULL ? strdup(state_dir) : state_default_dir();
	if (state_dir != NULL && dev->state_dir == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = trustx_bus_open(&dev->bus, uri, f)) != TRUSTX_OK) {
		fail_what(f, "open the device %s", uri);
		return err;
	}
	return TRUSTX_OK;
}

enum trustx_err device_start(struct device *dev, const struct trustx_bus *bus,
	const struct trustx_options *options, struct fail *f)
{
	enum trustx_err err;

	if ((err = start_chip(dev, bus, options, f)) != TRUSTX_OK)
		return err;
	return read_identity(dev, f);
}

enum trustx_err device_open(
	struct device *dev, const char *uri, const char *state_dir, struct fail *f)
{
	enum trustx_err err;

	if ((err = device_open_bus(dev, uri, state_dir, f)) != TRUSTX_OK)
		return err;
	return device_start(dev, &dev->bus, NULL, f);
}

void device_close(struct device *dev)
{
	provider_close(&dev->provider);
	trustx_close(&dev->se);
	trustx_bus_close(&dev->bus);
	free(dev->state_dir);
	memset(dev, 0, sizeof(*dev));
}

enum trustx_err device_reopen(struct device *dev, struct fail *f)
{
	trustx_close(&dev->se);
	return start_chip(dev, &dev->bus, NULL, f);
}

enum trustx_err device_metadata(
	struct device *dev, struct trustx_metadata *meta, uint16_t oid, struct fail *f)
{
	enum trustx_err err;

	if ((err = read_metadata(&dev->se, meta, oid)) != TRUSTX_OK)
		return device_fail(dev, err, f, "read the metadata of 0x%04X", oid);
	return TRUSTX_OK;
}

static enum trustx_err read_byte(struct device *dev, uint8_t *value, uint16_t oid, struct fail *f)
{
	size_t len = 1;
	enum trustx_err err;

	if ((err = trustx_read(&dev->se, value, &len, oid, 0)) != TRUSTX_OK)
		return device_fail(dev, err, f, "read 0x%04X", oid);
	if (len != 1)
		return fail_set(f, TRUSTX_ERR_PROTOCOL, "0x%04X is empty", oid);
	return TRUSTX_OK;
}

enum trustx_err device_access(struct device *dev, bool *can, const struct trustx_access *access,
	uint8_t lcso, struct fail *f)
{
	uint8_t lcsg, lcsa;
	enum trustx_err err;

	if (!needs_life_cycle(can, access, lcso))
		return TRUSTX_OK;
	if ((err = read_byte(dev, &lcsg, TRUSTX_OID_LCSG, f)) != TRUSTX_OK)
		return err;
	if ((err = read_byte(dev, &lcsa, TRUSTX_OID_LCSA, f)) != TRUSTX_OK)
		return err;
	*can = trustx_access_met(access, lcso, lcsg, lcsa);
	return TRUSTX_OK;
}

enum trustx_err device_can_change(
	struct device *dev, bool *can, const struct trustx_metadata *meta, struct fail *f)
{
	return device_access(dev, can, &meta->change, meta->lcso, f);
}

/* SRM "Security Monitor": (SEC - 127) * t_max / 128, t_max being 5 s. */
uint32_t device_delay_ms(uint8_t sec)
{
	return sec > 127 ? (sec - 127u) * 5000u / 128u : 0;
}

enum trustx_err device_throttle(
	struct device *dev, uint8_t *sec, uint32_t *delay_ms, struct fail *f)
{
	enum trustx_err err;

	if ((err = read_byte(dev, sec, TRUSTX_OID_SEC, f)) != TRUSTX_OK)
		return err;
	*delay_ms = device_delay_ms(*sec);
	return TRUSTX_OK;
}

void device_throttle_text(char *out, size_t cap, uint8_t sec, uint32_t delay_ms)
{
	snprintf(out, cap,
		"the chip delays key use by up to %u.%u s (security event counter at %u)",
		(unsigned)(delay_ms / 1000), (unsigned)(delay_ms / 100 % 10), sec);
}

void device_doing(struct device *dev, const char *fmt, ...)
{
	char text[120];
	va_list ap;

	if (dev->watch.doing == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	dev->watch.doing(dev->watch.ctx, text);
}

enum trustx_err device_signs(struct device *dev, uint16_t oid, struct fail *f)
{
	uint8_t sec;
	enum trustx_err err;

	if (dev->watch.throttled != NULL && !dev->throttle_known) {
		if ((err = device_throttle(dev, &sec, &dev->delay_ms, f)) != TRUSTX_OK)
			return err;
		dev->throttle_known = true;
		if (dev->delay_ms > 0)
			dev->watch.throttled(dev->watch.ctx, sec, dev->delay_ms);
	}
	if (dev->delay_ms == 0)
		device_doing(dev, "0x%04X signs", oid);
	else
		device_doing(dev, "0x%04X signs, delayed by up to %u.%u s", oid,
			(unsigned)(dev->delay_ms / 1000), (unsigned)(dev->delay_ms / 100 % 10));
	return TRUSTX_OK;
}

enum trustx_err device_key(EVP_PKEY **key, struct device *dev, uint16_t oid,
	const struct trustx_public_key *point, struct fail *f)
{
	enum trustx_err err;

	*key = NULL;
	if (dev->provider.libctx == NULL && (err = provider_open(&dev->provider, f)) != TRUSTX_OK)
		return err;
	return provider_key(key, &dev->provider, &dev->se, oid, point, f);
}
