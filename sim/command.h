/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The commands of the chip. Each reads its input, fills the output, and says what has to be
 * committed and how long it takes; nothing changes before that time is over.
 */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include "access.h"
#include "buf.h"
#include "context.h"
#include "curve.h"
#include "nvm.h"

#define COMMAND_DATA_MAX 1553 /* of input and of output */

enum code {
	CODE_OK = 0x00,
	CODE_OID = 0x01,
	CODE_PARAM = 0x03,
	CODE_LENGTH = 0x04,
	CODE_DATA = 0x05,
	CODE_INTERNAL = 0x06,
	CODE_ACCESS = 0x07,
	CODE_BOUNDARY = 0x08,
	CODE_METADATA = 0x09,
	CODE_COMMAND = 0x0A,
	CODE_SEQUENCE = 0x0B,
	CODE_CLOSED = 0x0C,
	CODE_MEMORY = 0x0D,
	CODE_COUNTER = 0x0E,
	CODE_USAGE = 0x24,
	CODE_CERTIFICATE = 0x29,
	CODE_UNSUPPORTED_CERTIFICATE = 0x2A,
	CODE_SIGNATURE = 0x2C,
};

/* What becomes of the application when the command is over. */
enum outcome { OUTCOME_NONE, OUTCOME_OPEN, OUTCOME_CLOSE, OUTCOME_RESTORE };

struct call {
	struct nvm *nvm;
	struct curves *curves;
	struct context *context;
	uint8_t param;
	struct reader in;
	struct writer out;
	uint32_t us; /* execution time; of a refusal at the start */
	struct change change;
	bool is_event;	   /* for the security monitor */
	uint32_t *key_use; /* counter of the stored private key that is used; NULL: none */
	enum outcome outcome;
	bool keeps_change; /* even when the command is refused */
	uint8_t used_up;   /* counters that conditions moved, a bit for each: in any case */
};

enum code command_open(struct call *c);
enum code command_close(struct call *c); /* Trust M */
enum code command_get_data(struct call *c);
enum code command_set_data(struct call *c);
enum code command_set_metadata(struct call *c); /* SetDataObject, Param 01 */
enum code command_count(struct call *c);	/* SetDataObject, Param 02, on Trust M */
enum code command_random(struct call *c);
enum code command_hash(struct call *c);
enum code command_sign(struct call *c);
enum code command_verify(struct call *c);
enum code command_generate(struct call *c);
enum code command_secret(struct call *c); /* CalcSSec */
enum code command_derive(struct call *c);
enum code command_auth_scheme(struct call *c); /* the three steps of an authentication */
enum code command_auth_set(struct call *c);
enum code command_auth_get(struct call *c);
enum code command_dtls(struct call *c); /* GetMsg and PutMsg */
enum code command_rsa(struct call *c);	/* what Trust M does with RSA keys */

/* Is Param a scheme for signatures? */
enum code command_check_scheme(const struct call *c);

/* The value of the next element if it has this tag, lent; else NULL with *code set. */
const uint8_t *command_element(struct call *c, size_t *len, enum code *code, uint8_t tag);

/* The same for an element of two bytes, a number. false: *code is set. */
bool command_number(uint16_t *value, struct call *c, enum code *code, uint8_t tag);

/* The object of an OID that commands can name; NULL: CODE_OID. */
struct object *command_object(struct call *c, uint16_t oid);

/*
 * Is an access condition of this object true? An absent one is never. An execution may use up
 * counters, so this is asked once.
 */
bool command_may(struct call *c, const struct object *o, uint8_t tag);

/* Keys and sessions are never readable. */
bool command_may_read(struct call *c, const struct object *o);

/* The states that conditions look at. */
struct access_state command_state(struct call *c, const struct object *o);

/* May a key be made for this? */
bool command_is_usage(const struct call *c, uint8_t usage);

bool command_on_trust_m(const struct call *c);

/* Microseconds of an operation that takes us on P-256. */
uint32_t command_curve_cost(const struct call *c, uint32_t us, uint8_t alg);

uint32_t command_cost(const struct cost *cost, size_t len);

#endif
