/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * libtrustx: talk to an Infineon OPTIGA Trust X (SLS 32AIA020X), or a Trust M V1 without its
 * shielded connection.
 *
 * C11, no heap, no operating system, no threads, no mutable globals. The caller provides the
 * handle's storage and a bus; a handle belongs to one thread. Byte strings are big endian as on
 * the wire. Unless a function says otherwise:
 *
 *   - Input and output of one call must not overlap. NULL is allowed where the length is 0.
 *   - `uint8_t *out, size_t *len`: *len holds the capacity before and the length after the call.
 *     Capacity is checked before anything is sent. On any error the capacity's bytes are zeroed
 *     and *len is 0.
 *   - The whole call, however many frames it takes, ends within the timeout of
 *     struct trustx_options (plus one bus transfer).
 *   - Errors of every call that talks to the chip:
 *       TRUSTX_ERR_ARGUMENT         an argument is out of range; nothing was sent
 *       TRUSTX_ERR_TOO_SMALL        the output capacity is too small
 *       TRUSTX_ERR_BUS, _NACK       the bus failed; the chip did not acknowledge within 100 ms
 *       TRUSTX_ERR_TIMEOUT          no answer within the timeout
 *       TRUSTX_ERR_PROTOCOL         the chip's answer breaks the protocol, retries included
 *       TRUSTX_ERR_UNKNOWN_OUTCOME  the answer to a command that must not be repeated was lost
 *       TRUSTX_ERR_CHIP             the chip refused; its code is in struct trustx_error
 *     and whatever the bus operations return.
 *   - A chip that lost its memory in between, by a reset or a loss of power, or that can no longer
 *     be talked to, is reset and opened again, twice within a call; its sessions are lost by that.
 *
 * Sources: Infineon I2C Protocol Specification v1.65 (IFX165), OPTIGA Trust X Data Sheet v2.70
 * (DSX), OPTIGA Trust M Solution Reference Manual v3.70 (SRM).
 */
#ifndef TRUSTX_H
#define TRUSTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trustx_err.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && !defined(_WIN32)
#pragma GCC visibility push(default)
#endif

/* ---- the bus: moves bytes and owns time ---- */

/*
 * write: START addr+W, len bytes, STOP.  read: START addr+R, len bytes, STOP. len is 1..278.
 * Both return TRUSTX_ERR_NACK when the address is not acknowledged, without retrying;
 * TRUSTX_ERR_BUS or a more telling code when the bus itself fails.
 * now_us never goes back; sleep_us waits at least that long.
 * set_speed, set_reset and set_power may be NULL: fixed speed, no line.
 * max_transfer: the longest transfer as far as is known by now; asked again at each start of the
 * chip, so that a bus that refused a long one is used with shorter frames. NULL or 0: no news.
 */
struct trustx_bus_ops {
	enum trustx_err (*write)(void *ctx, uint8_t addr, const uint8_t *data, size_t len);
	enum trustx_err (*read)(void *ctx, uint8_t addr, uint8_t *data, size_t len);
	enum trustx_err (*set_speed)(void *ctx, uint32_t hz);
	enum trustx_err (*set_reset)(void *ctx, bool released);
	enum trustx_err (*set_power)(void *ctx, bool on);
	uint64_t (*now_us)(void *ctx);
	void (*sleep_us)(void *ctx, uint32_t us);
	uint16_t (*max_transfer)(void *ctx);
};

/* Zero in a limit means none. The struct and what it points to must outlive the handle. */
struct trustx_bus {
	const struct trustx_bus_ops *ops;
	void *ctx;
	uint8_t addr;	       /* 7-bit address of the chip; 0: 0x30 */
	uint16_t max_transfer; /* longest transfer in bytes that this bus carries */
	uint32_t max_hz;       /* highest clock of this bus */
};

/* ---- the handle ---- */

/* Storage for a handle; contents are private. 1 KiB. */
struct trustx {
	uint64_t private_[128];
};

enum trustx_reset {
	TRUSTX_RESET_AUTO,  /* reset line if the bus has one, else soft reset */
	TRUSTX_RESET_SOFT,  /* register SOFT_RESET */
	TRUSTX_RESET_LINE,  /* pulse on RST; TRUSTX_ERR_ARGUMENT if the bus has none */
	TRUSTX_RESET_POWER, /* power cycle; TRUSTX_ERR_ARGUMENT if the bus has none */
};

/*
 * How boldly the link is used; 0, the default, is what real chips are known to take and as fast as
 * doc/performance.md promises.
 */
enum trustx_flags {
	/* Read I2C_STATE before each frame that is sent, as Infineon's host does. Slower. */
	TRUSTX_LOOK_FIRST = 0x01,
	/* Ask for the answer from the start, not only when it can be there. More transfers. */
	TRUSTX_POLL_AT_ONCE = 0x02,
	/*
	 * Acknowledge the last frame of an answer with the next command, if that is sent within 5
	 * ms. Faster; IFX165 3 allows it, but no host is known to do it. A chip that gets no next
	 * command offers its answer three times more, then counts afresh: the next call finds out.
	 */
	TRUSTX_ACK_LATER = 0x04,
};

/* All members may be 0 for the default. */
struct trustx_options {
	uint16_t frame_size; /* DATA_REG_LEN to ask for, 16..277 bytes; default 277 */
	uint32_t speed_hz;   /* clock to ask for, up to 1000000; default 400000 */
	uint32_t timeout_ms; /* limit of one call; default 10000 */
	enum trustx_reset reset;
	uint8_t flags; /* enum trustx_flags */
};

#define TRUSTX_FRAME_MAX 277u /* DSX table 21: MAX_PACKET_SIZE 272 + 5 */
#define TRUSTX_FRAME_MIN 16u  /* IFX165 2.1: smallest DATA_REG_LEN */

/*
 * Reset the chip, negotiate clock and frame size by their volatile forms, and open the
 * application. Recovers by itself from whatever an earlier host left behind. se is initialised in
 * every case, so the error detail can be asked for afterwards.
 * TRUSTX_ERR_PROTOCOL: what answers at the address is no chip of this family.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_open(
	struct trustx *se, const struct trustx_bus *bus, const struct trustx_options *opt);

/* Forget the handle: wipes it. The chip keeps its state. NULL is fine. */
void trustx_close(struct trustx *se);

/*
 * What was negotiated. The chip is asked for the size of its buffer when a call first transfers
 * more than 256 bytes of an object; until then apdu_size is 0.
 */
struct trustx_link {
	uint16_t frame_size; /* bytes of DATA_REG_LEN */
	uint32_t speed_hz;
	uint16_t apdu_size; /* bytes of the chip's APDU buffer, 0xE0C6 */
};
void trustx_link(const struct trustx *se, struct trustx_link *link);

/* Bus time in microseconds, as the handle sees it. */
uint64_t trustx_now_us(const struct trustx *se);

/* ---- errors in detail ---- */

enum trustx_layer {
	TRUSTX_LAYER_NONE,
	TRUSTX_LAYER_CALLER,	/* the arguments */
	TRUSTX_LAYER_BUS,	/* below the registers */
	TRUSTX_LAYER_PHYSICAL,	/* registers, wake-up, negotiation: IFX165 2 */
	TRUSTX_LAYER_DATA_LINK, /* frames: IFX165 3 */
	TRUSTX_LAYER_TRANSPORT, /* chaining: IFX165 5 */
	TRUSTX_LAYER_APDU,	/* header and TLVs of the answer: SRM "Command coding" */
	TRUSTX_LAYER_CHIP,	/* the chip executed the check and refused */
};

/* Detail of the last failed call; all zero after a call that succeeded. */
struct trustx_error {
	enum trustx_err err;
	enum trustx_layer layer;
	uint8_t chip_code; /* last error code, object 0xF1C2, SRM table 17; 0 if not known */
	uint8_t command;   /* command code without bit 7; 0 outside a command */
	uint8_t param;	   /* its Param byte */
	uint16_t oid;	   /* the object or key of the command; 0 if none */
};
void trustx_error(const struct trustx *se, struct trustx_error *detail);

/*
 * "write 0xE0E1: the chip refused: access condition not satisfied (0x07)". Lent until the next
 * call on se. "no error" after a call that succeeded.
 */
const char *trustx_error_text(struct trustx *se);

/* Meaning of a chip error code (SRM table 17); static string, never NULL. */
const char *trustx_chip_code_text(uint8_t code);

/* ---- objects: SRM "GetDataObject", "SetDataObject" ---- */

enum trustx_oid {
	TRUSTX_OID_LCSG = 0xE0C0, /* life cycle of the chip, 1 byte */
	TRUSTX_OID_SECURITY_STATUS = 0xE0C1,
	TRUSTX_OID_UID = 0xE0C2,	   /* coprocessor UID, 27 bytes */
	TRUSTX_OID_SLEEP_DELAY = 0xE0C3,   /* ms, 20..255 */
	TRUSTX_OID_CURRENT_LIMIT = 0xE0C4, /* mA, 6..15 */
	TRUSTX_OID_SEC = 0xE0C5,	   /* security event counter, 1 byte */
	TRUSTX_OID_APDU_SIZE = 0xE0C6,	   /* size of the APDU buffer, 2 bytes */
	TRUSTX_OID_CERT_0 = 0xE0E0,	   /* Infineon's certificate; slots 1..3 follow */
	TRUSTX_OID_TRUST_ANCHOR_1 = 0xE0E8,
	TRUSTX_OID_TRUST_ANCHOR_8 = 0xE0EF,
	TRUSTX_OID_KEY_0 = 0xE0F0,     /* Infineon's key; slots 1..3 follow */
	TRUSTX_OID_SESSION_0 = 0xE100, /* in RAM: a key or a secret; 1..3 follow */
	TRUSTX_OID_COUNTER_0 = 0xE120, /* Trust M: value and threshold, 4 bytes each; 1..3 follow */
	TRUSTX_OID_LCSA = 0xF1C0,      /* life cycle of the application, 1 byte */
	TRUSTX_OID_LAST_ERROR = 0xF1C2,
};

/*
 * Read an object from offset to its end, or as much as the capacity holds, in as few commands as
 * the chip's buffer allows. An empty object, or an offset at its used size, gives *len 0.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_read(
	struct trustx *se, uint8_t *data, size_t *len, uint16_t oid, size_t offset);

/* Write len bytes (1..65535) at offset; bytes outside the range keep their value. */
TRUSTX_MUST_CHECK enum trustx_err trustx_write(
	struct trustx *se, uint16_t oid, size_t offset, const uint8_t *data, size_t len);

/* Erase the whole object, then write len bytes (1..65535) from its start. */
TRUSTX_MUST_CHECK enum trustx_err trustx_replace(
	struct trustx *se, uint16_t oid, const uint8_t *data, size_t len);

#define TRUSTX_METADATA_MAX 64u /* bytes of one object's metadata, tag 0x20 included */

/* Metadata as stored: tag 0x20, length, TLVs (SRM "Metadata"). Always readable. */
TRUSTX_MUST_CHECK enum trustx_err trustx_read_metadata(
	struct trustx *se, uint8_t *data, size_t *len, uint16_t oid);

/*
 * Change the tags given in data (tag 0x20, length, TLVs); the others stay. May be irreversible:
 * life cycle states only go forward, access conditions freeze when the object is operational.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_write_metadata(
	struct trustx *se, uint16_t oid, const uint8_t *data, size_t len);

enum trustx_lcs { /* life cycle states, SRM "Life cycle management" */
	TRUSTX_LCS_CREATION = 0x01,
	TRUSTX_LCS_INITIALIZATION = 0x03,
	TRUSTX_LCS_OPERATIONAL = 0x07,
	TRUSTX_LCS_TERMINATION = 0x0F,
};

#define TRUSTX_ACCESS_MAX 44u
struct trustx_access { /* an access condition expression; len 0: the tag is absent (never) */
	uint8_t len;
	uint8_t bytes[TRUSTX_ACCESS_MAX];
};

struct trustx_metadata {
	uint8_t lcso; /* enum trustx_lcs; 0 if absent: the object counts as operational */
	bool has_max_size, has_used_size, has_algorithm;
	uint16_t max_size, used_size; /* bytes; used_size is max_size if its tag is absent */
	uint8_t algorithm; /* enum trustx_curve, tag E0; has_algorithm: the slot has a key */
	uint8_t usage;	   /* TRUSTX_USAGE_ bits, tag E1 */
	uint8_t data_type; /* tag E8 */
	struct trustx_access change, read, execute; /* D0, D1, D3 */
};

/* Bytes to struct. Needs no handle. TRUSTX_ERR_PROTOCOL: not well formed. */
TRUSTX_MUST_CHECK enum trustx_err trustx_metadata_decode(
	struct trustx_metadata *meta, const uint8_t *data, size_t len);

/*
 * Text of an expression, "LcsO < operational", "always", "never"; unknown elements in hex. out is
 * always terminated. TRUSTX_ERR_TOO_SMALL: text was cut. 320 bytes hold every valid expression.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_access_print(
	char *out, size_t cap, const struct trustx_access *access);

/*
 * Can the expression ever be met again by an object in state lcso, on a chip in state lcsg and an
 * application in state lcsa, with nothing else changing? NEV and what is malformed: no.
 */
bool trustx_access_met(
	const struct trustx_access *access, uint8_t lcso, uint8_t lcsg, uint8_t lcsa);

/* ---- the coprocessor UID: DSX/SRM "Coprocessor UID" ---- */

#define TRUSTX_UID_LEN 27u

/* Firmware build as printed by Infineon, 0x1118 for 1.40.1118: bytes 25..26 of the UID. */
uint16_t trustx_uid_build(const uint8_t uid[TRUSTX_UID_LEN]);

TRUSTX_MUST_CHECK enum trustx_err trustx_read_uid(struct trustx *se, uint8_t uid[TRUSTX_UID_LEN]);

/* ---- random: SRM "GetRandom" ---- */

/* len bytes (any length) from the chip's true random number generator, 8..256 a command. */
TRUSTX_MUST_CHECK enum trustx_err trustx_random(struct trustx *se, uint8_t *out, size_t len);

/* ---- keys: SRM "GenKeyPair", "CalcSign", "VerifySign" ---- */

enum trustx_curve { TRUSTX_P256 = 0x03, TRUSTX_P384 = 0x04 }; /* the chip's algorithm ids */

enum trustx_usage { /* SRM "Key usage identifier" */
	TRUSTX_USAGE_AUTH = 0x01,
	TRUSTX_USAGE_ENC = 0x02,
	TRUSTX_USAGE_SIGN = 0x10,
	TRUSTX_USAGE_AGREE = 0x20,
};

#define TRUSTX_POINT_MAX  97u  /* 04 X Y: 65 bytes for P-256, 97 for P-384 */
#define TRUSTX_SPKI_MAX	  120u /* SubjectPublicKeyInfo: 91 and 120 bytes */
#define TRUSTX_SIG_MAX	  104u /* DER Ecdsa-Sig-Value: at most 72 and 104 bytes */
#define TRUSTX_DIGEST_MAX 48u

/*
 * Make a key pair in slot or session oid. Replaces what is there: the caller has asked the metadata
 * before. A key in a session lasts until the next reset, and the security monitor does not count
 * its uses. point: uncompressed public point (SEC 1 2.3.3), capacity at least 65 or 97. The chip
 * gives it only this once. TRUSTX_ERR_UNKNOWN_OUTCOME: a key may have been made; never repeated by
 * itself.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_generate_key(struct trustx *se, uint8_t *point,
	size_t *len, uint16_t oid, enum trustx_curve curve, uint8_t usage);

#define TRUSTX_PAIR_MAX 151u

/*
 * Make a key pair that leaves the chip, which keeps nothing of it: pair is the private key, 32 or 48
 * bytes, a secret that the caller wipes, then the uncompressed point, 65 or 97 bytes. Capacity at
 * least 103 (P-256) or 151 (P-384).
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_generate_pair(
	struct trustx *se, uint8_t *pair, size_t *len, enum trustx_curve curve);

/*
 * ECDSA over a digest of 10..32 (P-256) or 10..48 (P-384) bytes with the key in slot or session oid. sig: strict
 * DER, SEQUENCE of two minimal INTEGERs (RFC 3279 2.2.3); capacity at least 72 (P-256) or 104.
 * curve says which capacity is enough. A private key use: the security monitor counts it.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_sign(struct trustx *se, uint8_t *sig, size_t *len,
	uint16_t oid, enum trustx_curve curve, const uint8_t *digest, size_t digest_len);

struct trustx_public_key {
	enum trustx_curve curve;
	const uint8_t *point; /* uncompressed point */
	size_t point_len;     /* 65 or 97 */
};

/*
 * Let the chip verify sig (strict DER) over digest with a public key of the host.
 * TRUSTX_ERR_CHIP with code 0x2C: the signature is wrong. TRUSTX_ERR_ARGUMENT: sig is no DER.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_verify(struct trustx *se,
	const struct trustx_public_key *key, const uint8_t *digest, size_t digest_len,
	const uint8_t *sig, size_t sig_len);

/*
 * The same with the key of the certificate in object oid: one X.509 certificate in DER, without a
 * TLS identity around it, of at most 1300 bytes; digest of 10..48 bytes. TRUSTX_ERR_CHIP with code
 * 0x29: no such certificate; 0x2A: one that the chip does not understand.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_verify_by_object(struct trustx *se, uint16_t oid,
	const uint8_t *digest, size_t digest_len, const uint8_t *sig, size_t sig_len);

/*
 * Prove that the chip has the key in slot oid, whose usage must contain TRUSTX_USAGE_AUTH: sig, as
 * of trustx_sign, is over SHA-256 of data, 8..256 bytes. Trust X only: SetAuthScheme, SetAuthMsg,
 * GetAuthMsg. A private key use. TRUSTX_ERR_UNKNOWN_OUTCOME: nothing is lost but that use.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_authenticate(struct trustx *se, uint8_t *sig, size_t *len,
	uint16_t oid, enum trustx_curve curve, const uint8_t *data, size_t data_len);

/* Point to SubjectPublicKeyInfo (RFC 5480 2). No handle needed. */
TRUSTX_MUST_CHECK enum trustx_err trustx_spki(
	uint8_t *spki, size_t *len, const struct trustx_public_key *key);

/* ---- secrets: SRM "CalcSSec", "DeriveKey" ---- */

#define TRUSTX_SECRET_MAX 48u

/*
 * ECDH between the key in slot or session oid, with TRUSTX_USAGE_AGREE, and a public key. secret:
 * the X coordinate, 32 or 48 bytes, which the caller wipes; capacity at least that. A use of a key
 * in a slot.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_ecdh(struct trustx *se, uint8_t *secret, size_t *len,
	uint16_t oid, const struct trustx_public_key *key);

/*
 * The same, but the secret stays in the chip, in session, and replaces what is there: also the key
 * in oid if that is the same session. So it is never repeated: TRUSTX_ERR_UNKNOWN_OUTCOME.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_ecdh_session(
	struct trustx *se, uint16_t session, uint16_t oid, const struct trustx_public_key *key);

/*
 * TLS 1.2 PRF with SHA-256 (RFC 5246 5) of the secret in oid, a session or a data object of at most
 * 64 bytes, and seed: 8..1024 bytes, label included. len bytes come out, 16..256; the caller wipes
 * them.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_derive(struct trustx *se, uint8_t *out, size_t len,
	uint16_t oid, const uint8_t *seed, size_t seed_len);

/* The same, but len bytes, 16..48, stay in the chip, in session, as with trustx_ecdh_session. */
TRUSTX_MUST_CHECK enum trustx_err trustx_derive_session(struct trustx *se, uint16_t session,
	size_t len, uint16_t oid, const uint8_t *seed, size_t seed_len);

/* ---- SHA-256 in the chip: SRM "CalcHash" ---- */

#define TRUSTX_HASH_LEN		32u
#define TRUSTX_HASH_CONTEXT_LEN 130u
#define TRUSTX_HASH_PART	1408u

enum trustx_hash_step {		  /* the chip's codes */
	TRUSTX_HASH_START = 0,	  /* begin; a sequence that was not ended is dropped */
	TRUSTX_HASH_WHOLE = 1,	  /* begin and end: the digest; not of nothing */
	TRUSTX_HASH_CONTINUE = 2, /* go on */
	TRUSTX_HASH_FINAL = 3,	  /* go on and end: the digest */
	TRUSTX_HASH_DROP = 4,	  /* end without a digest; takes no data */
	TRUSTX_HASH_PEEK = 5,	  /* go on: the digest so far, with more to come */
};

/* Members may be 0 for none. */
struct trustx_hash {
	enum trustx_hash_step step;
	const uint8_t *data; /* len bytes, at most TRUSTX_HASH_PART, */
	uint16_t oid;	     /* or, if this is not 0, len bytes of this object from offset */
	size_t offset;
	size_t len;
	const uint8_t
		*context;    /* CONTINUE, FINAL, PEEK: from this exported state, not the chip's */
	bool export_context; /* START, CONTINUE: out gets the state */
};

/*
 * One step of the chip's one hash sequence, which lasts until its end or a reset. out: the digest
 * of WHOLE, FINAL and PEEK, TRUSTX_HASH_LEN bytes; with export_context the opaque state,
 * TRUSTX_HASH_CONTEXT_LEN bytes, from which any chip sequence can go on; else nothing (*len 0).
 * Only what begins a sequence is repeated. TRUSTX_ERR_UNKNOWN_OUTCOME: the bytes may count or not;
 * begin afresh, or from an exported state.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_hash(
	struct trustx *se, uint8_t *out, size_t *len, const struct trustx_hash *what);

/* ---- Trust M: SRM "CloseApplication", "SetDataObject" ---- */

enum trustx_family { TRUSTX_FAMILY_X, TRUSTX_FAMILY_M };

/*
 * Which family the chip belongs to, by its presentation layer: known after trustx_open. A library
 * built without TRUSTX_TRUST_M says Trust X of all, and the other two calls of this chapter are
 * TRUSTX_ERR_ARGUMENT.
 */
enum trustx_family trustx_family(const struct trustx *se);

/*
 * Close the application, so that the security event counter is stored. Afterwards only trustx_open
 * and trustx_close. Never repeated by itself. A Trust X refuses: it does not know the command.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_close_application(struct trustx *se);

/*
 * Count the counter oid up by step, 1..255. Never repeated by itself. TRUSTX_ERR_CHIP with code
 * 0x0E: it is at its threshold.
 */
TRUSTX_MUST_CHECK enum trustx_err trustx_count(struct trustx *se, uint16_t oid, uint8_t step);

/* ---- persistent settings of the bus: irreversible habits, never used by trustx_open ---- */

/* Store the I2C mode for every later start: 1 Sm, 2 Fm, 3 Sm+Fm (as shipped), 4 Fm+. IFX165 2.1. */
TRUSTX_MUST_CHECK enum trustx_err trustx_store_i2c_mode(struct trustx *se, uint8_t mode);

/* Store the 7-bit address for every later start; the handle follows at once. IFX165 2.1. */
TRUSTX_MUST_CHECK enum trustx_err trustx_store_address(struct trustx *se, uint8_t addr);

#if defined(__GNUC__) && !defined(_WIN32)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif
#endif
