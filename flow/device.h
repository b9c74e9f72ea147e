/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* One opened chip: bus, handle, identity, state directory, and words for what went wrong. */
#ifndef FLOW_DEVICE_H
#define FLOW_DEVICE_H

#include "bus.h"
#include "fail.h"
#include "idle.h"
#include "provider.h"
#include "trustx.h"

#include <openssl/evp.h>

/* What somebody in front of it wants to know while it works. Every function may be NULL. */
struct device_watch {
	/* Before the first use of a key, if the chip is going to delay it. */
	void (*throttled)(void *ctx, uint8_t sec, uint32_t delay_ms);
	/* Before what may take long: "0xE0F1 signs". text is lent for the call. */
	void (*doing)(void *ctx, const char *text);
	void *ctx;
};

/*
 * Members are for reading, and se and bus for calls that flow/ has no word for. Must not move
 * while open: keys of the provider point at se. One thread.
 */
struct device {
	struct trustx_bus bus;
	struct trustx se;
	struct provider provider; /* opened on first need, see device_key */
	uint8_t uid[TRUSTX_UID_LEN];
	char uid_hex[2 * TRUSTX_UID_LEN + 1]; /* lower case */
	char serial_hex[21];	   /* batch, X, Y: what Infineon calls the ChipID; lower case */
	char *state_dir;	   /* resolved; NULL: none given and no home directory */
	struct device_watch watch; /* set by the caller, once open */
	struct idle idle;	   /* run and ctx: set by the caller, once open */
	bool throttle_known;	   /* delay_ms is that of the first key use */
	uint32_t delay_ms;
};

/*
 * Open the bus, the chip and its application, and read the UID. Nothing persistent changes.
 * state_dir NULL: $XDG_STATE_HOME/trustx, else ~/.local/state/trustx. It is made when the first
 * file is written into it, not before. dev is safe to close in every case.
 * Errors: those of trustx_bus_open and trustx_open, explained; TRUSTX_ERR_MEMORY.
 */
TRUSTX_MUST_CHECK enum trustx_err device_open(
	struct device *dev, const char *uri, const char *state_dir, struct fail *f);

/*
 * The two halves of it: the bus alone, and the chip on it. bus is &dev->bus or a bus around it;
 * options NULL: as device_open.
 */
TRUSTX_MUST_CHECK enum trustx_err device_open_bus(
	struct device *dev, const char *uri, const char *state_dir, struct fail *f);
TRUSTX_MUST_CHECK enum trustx_err device_start(struct device *dev, const struct trustx_bus *bus,
	const struct trustx_options *options, struct fail *f);

/* The clock that device_open asks for. */
uint32_t device_speed(const struct trustx_bus *bus);

/* Fine on a zeroed struct and after a failed open. */
void device_close(struct device *dev);

/* Reset the chip and open its application again, on the same bus. Keys made before stay valid. */
TRUSTX_MUST_CHECK enum trustx_err device_reopen(struct device *dev, struct fail *f);

/*
 * Turn the failure err of the last call on dev->se into words: what was being done (fmt; NULL: from
 * the command and object of the call), why, in the user's terms (a refused access is explained by
 * the object's metadata, which is read for it: so the handle's error detail is gone afterwards),
 * and what to do next. f->chip_code and f->oid are filled. Returns err.
 */
enum trustx_err device_fail(struct device *dev, enum trustx_err err, struct fail *f,
	const char *fmt, ...) FAIL_PRINTF(4, 5);

/* Read and decode an object's metadata. Errors explained. */
TRUSTX_MUST_CHECK enum trustx_err device_metadata(
	struct device *dev, struct trustx_metadata *meta, uint16_t oid, struct fail *f);

/*
 * Can the data of an object with this metadata be changed (access D0) in the present life cycle?
 * Life cycles of chip and application are read only if the rule depends on them.
 */
TRUSTX_MUST_CHECK enum trustx_err device_can_change(
	struct device *dev, bool *can, const struct trustx_metadata *meta, struct fail *f);

/* The same for any access of an object in life cycle lcso; an absent rule is never met. */
TRUSTX_MUST_CHECK enum trustx_err device_access(struct device *dev, bool *can,
	const struct trustx_access *access, uint8_t lcso, struct fail *f);

/*
 * Why the object cannot be changed, read, or its key used: "the slot's life cycle is operational,
 * its change rule is LcsO < operational: it can no longer be written"; "it can never be" and "it
 * cannot now be" if it never could, or will be able. out is always terminated, may be cut.
 */
void device_locked_text(char *out, size_t cap, const struct trustx_metadata *meta);
void device_unreadable_text(char *out, size_t cap, const struct trustx_metadata *meta);
void device_unusable_text(char *out, size_t cap, const struct trustx_metadata *meta);

/*
 * The security monitor: its counter (0xE0C5), and the delay it puts on the next use of a private
 * key in milliseconds, 0 up to a counter of 127, 5000 at 255. Ask before a command that uses a
 * key and tell the user when delay_ms is not 0; the library waits by itself.
 */
TRUSTX_MUST_CHECK enum trustx_err device_throttle(
	struct device *dev, uint8_t *sec, uint32_t *delay_ms, struct fail *f);

/* The same, of a counter that was read already. */
uint32_t device_delay_ms(uint8_t sec);

/* "operational"; of an object without the tag, too. Static. */
const char *device_lcs_text(uint8_t lcs);

/* Tell the watch what is done now. */
void device_doing(struct device *dev, const char *fmt, ...) FAIL_PRINTF(2, 3);

/* The same for a signature by the key in oid, that comes next; tells of the delay, once. */
TRUSTX_MUST_CHECK enum trustx_err device_signs(struct device *dev, uint16_t oid, struct fail *f);

/* "the chip delays key use by up to 5.0 s (security event counter at 255)". out is terminated. */
void device_throttle_text(char *out, size_t cap, uint8_t sec, uint32_t delay_ms);

/*
 * The key pair in slot oid with this public point as an EVP_PKEY of dev->provider.libctx, for
 * csr_create and other users of EVP. Freed by the caller, before device_close.
 */
TRUSTX_MUST_CHECK enum trustx_err device_key(EVP_PKEY **key, struct device *dev, uint16_t oid,
	const struct trustx_public_key *point, struct fail *f);

#endif
