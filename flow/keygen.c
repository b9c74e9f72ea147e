/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "keygen.h"

#include "state.h"

#include <string.h>
#include <strings.h>

static enum trustx_err check_consent(const struct device *dev, const struct slot *slot,
	const struct keygen_options *opt, bool has_key, struct fail *f)
{
	if (slot->number == 0 && !opt->infineon_slot) {
		fail_set(f, TRUSTX_ERR_CONSENT, "0xE0F0 holds Infineon's own key");
		return fail_next(f, "use another slot (--slot 1), or say --infineon-slot");
	}
	if (opt->confirm != NULL && strcasecmp(opt->confirm, dev->uid_hex) != 0) {
		fail_set(f, TRUSTX_ERR_CONSENT, "the confirmed UID is not this chip's");
		return fail_next(f, "this chip is %s", dev->uid_hex);
	}
	if (has_key && opt->replace && opt->confirm == NULL) {
		fail_set(f, TRUSTX_ERR_CONSENT,
			"replacing the key in 0x%04X destroys it for ever; that needs the chip's "
			"UID",
			slot->key);
		return fail_next(f, "if that is meant: --replace-key --confirm %s", dev->uid_hex);
	}
	return TRUSTX_OK;
}

static enum trustx_err check_slot(struct device *dev, const struct slot *slot,
	const struct keygen_options *opt, const struct trustx_metadata *meta, struct fail *f)
{
	char why[sizeof(f->why)];
	bool can;
	enum trustx_err err;

	if (meta->has_algorithm && !opt->replace) {
		fail_set(f, TRUSTX_ERR_EXISTS, "there is a key in 0x%04X", slot->key);
		return fail_next(f,
			"use it (trustx csr create), use another slot, or replace it: "
			"--replace-key --confirm %s",
			dev->uid_hex);
	}
	if ((err = device_can_change(dev, &can, meta, f)) != TRUSTX_OK)
		return err;
	if (!can) {
		device_locked_text(why, sizeof(why), meta);
		fail_set(f, TRUSTX_ERR_LOCKED, "%s", why);
		return fail_next(f, "use another slot; trustx info shows which are free");
	}
	return state_reserve(dev, slot->key, f);
}

static enum trustx_err save(
	const struct pubkey *key, struct device *dev, const struct slot *slot, struct fail *f)
{
	enum trustx_err err = pubkey_save(key, dev, slot->key, f);

	if (err == TRUSTX_OK)
		return TRUSTX_OK;
	f->next[0] = '\0'; /* another state directory comes too late */
	if (key->usage & (TRUSTX_USAGE_SIGN | TRUSTX_USAGE_AUTH))
		return fail_next(f,
			"the key was made, its public part was not kept; trustx key public --slot "
			"%u recovers it from two signatures",
			slot->number);
	return fail_next(f, "the key was made, its public part was not kept, and it cannot sign: "
			    "keep the one that is printed, or make a new key (--replace-key)");
}

/* The chip gives the public key only here: it is on disk before anything else happens. */
static enum trustx_err generate(
	struct pubkey *key, struct device *dev, const struct slot *slot, struct fail *f)
{
	enum trustx_err err;

	device_doing(dev, "make a key pair in 0x%04X", slot->key);
	key->source = PUBKEY_GENERATED;
	key->point_len = sizeof(key->point);
	err = trustx_generate_key(
		&dev->se, key->point, &key->point_len, slot->key, key->curve, key->usage);
	if (err != TRUSTX_OK) {
		key->point_len = 0;
		return device_fail(dev, err, f, "make a key in 0x%04X", slot->key);
	}
	return save(key, dev, slot, f);
}

/*
 * A key was there before. If the chip still signs as that one (it is in the certificate or in the
 * state file: keygen_run has seen to it), nothing was made. A key that cannot sign tells nothing.
 */
static enum trustx_err resolve_replaced(struct pubkey *key, struct device *dev,
	const struct slot *slot, bool old_proved, struct fail *f)
{
	struct pubkey found;
	enum trustx_err err = TRUSTX_OK;

	if (old_proved && (err = pubkey_find(&found, dev, slot, f)) == TRUSTX_OK &&
		found.source != PUBKEY_RECOVERED)
		return generate(key, dev, slot, f);
	if (!old_proved || err == TRUSTX_ERR_NO_PUBLIC_KEY) {
		fail_set(f, TRUSTX_ERR_UNKNOWN_OUTCOME,
			"the chip's answer was lost: the key in 0x%04X may be the old or a new one",
			slot->key);
		return fail_next(f, "run it again");
	}
	if (err == TRUSTX_OK)
		*key = found;
	return err;
}

/* The slot was empty: tag E0 in its metadata says whether the command was executed. */
static enum trustx_err resolve(
	struct pubkey *key, struct device *dev, const struct slot *slot, struct fail *f)
{
	struct trustx_metadata meta;
	enum trustx_err err;

	if ((err = device_metadata(dev, &meta, slot->key, f)) != TRUSTX_OK)
		return err;
	if (!meta.has_algorithm)
		return generate(key, dev, slot, f);
	return pubkey_find(key, dev, slot, f);
}

/* Replacing: the old key is made known first, so that a lost answer can be resolved. */
static enum trustx_err find_old(
	bool *proved, struct device *dev, const struct slot *slot, struct fail *f)
{
	struct pubkey old;
	enum trustx_err err = pubkey_find(&old, dev, slot, f);

	*proved = err == TRUSTX_OK && old.proved;
	return err == TRUSTX_ERR_NO_PUBLIC_KEY ? TRUSTX_OK : err;
}

enum trustx_err keygen_run(struct pubkey *key, struct device *dev, const struct slot *slot,
	const struct keygen_options *opt, struct fail *f)
{
	struct trustx_metadata meta;
	bool old_proved = false;
	enum trustx_err err;

	*key = (struct pubkey){ .curve = opt->curve != 0 ? opt->curve : TRUSTX_P256,
		.usage = opt->usage != 0 ? opt->usage : TRUSTX_USAGE_SIGN };
	if ((err = device_metadata(dev, &meta, slot->key, f)) != TRUSTX_OK)
		return err;
	if ((err = check_consent(dev, slot, opt, meta.has_algorithm, f)) != TRUSTX_OK ||
		(err = check_slot(dev, slot, opt, &meta, f)) != TRUSTX_OK)
		goto refused;
	if (meta.has_algorithm && (err = find_old(&old_proved, dev, slot, f)) != TRUSTX_OK)
		return err;
	if ((err = generate(key, dev, slot, f)) != TRUSTX_ERR_UNKNOWN_OUTCOME)
		return err;
	if ((err = device_reopen(dev, f)) != TRUSTX_OK)
		return err;
	return meta.has_algorithm ? resolve_replaced(key, dev, slot, old_proved, f)
				  : resolve(key, dev, slot, f);
refused:
	f->oid = slot->key;
	fail_what(f, "make a key in 0x%04X", slot->key);
	return err;
}

enum trustx_err keygen_fits(const struct trustx_metadata *meta, const struct slot *slot,
	const struct keygen_options *opt, struct fail *f)
{
	if (opt->curve != 0 && meta->algorithm != (uint8_t)opt->curve)
		fail_set(f, TRUSTX_ERR_EXISTS, "there is a %s key in 0x%04X, not one of %s",
			meta->algorithm == TRUSTX_P384 ? "P-384" : "P-256", slot->key,
			opt->curve == TRUSTX_P384 ? "P-384" : "P-256");
	else if (opt->usage != 0 && meta->usage != opt->usage)
		fail_set(f, TRUSTX_ERR_EXISTS,
			"there is a key in 0x%04X whose usage is 0x%02X, not 0x%02X", slot->key,
			meta->usage, opt->usage);
	else
		return TRUSTX_OK;
	f->oid = slot->key;
	return fail_next(f,
		"leave out --curve and --usage to use it as it is, use another slot, or make "
		"another key: trustx key generate --slot %u --replace-key",
		slot->number);
}
