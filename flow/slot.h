/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Slots: a key object 0xE0FN and the certificate object 0xE0EN that belongs to it. */
#ifndef FLOW_SLOT_H
#define FLOW_SLOT_H

#include "cert.h"
#include "device.h"

#include <openssl/x509.h>

#define SLOT_COUNT   4u
#define SLOT_DEFAULT "1"

struct slot {
	uint8_t number;	    /* 0..3; 0 is Infineon's own identity */
	uint16_t key, cert; /* 0xE0F0 + number, 0xE0E0 + number */
};

/*
 * "1", or the OID of either object in any case, with or without 0x: "E0F1", "0xe0e1".
 * TRUSTX_ERR_INPUT lists what there is.
 */
TRUSTX_MUST_CHECK enum trustx_err slot_parse(struct slot *slot, const char *text, struct fail *f);

/* number 0..3. */
struct slot slot_number(uint8_t number);

enum slot_verdict {
	SLOT_EMPTY,	   /* neither key nor certificate */
	SLOT_KEY_ONLY,	   /* a key, no certificate */
	SLOT_FITS,	   /* proved by a signature made now: the certificate is for this key */
	SLOT_DIFFERS,	   /* proved by a signature made now: it is for another key */
	SLOT_UNPROVED,	   /* key and certificate, not tested or not testable (usage, access) */
	SLOT_CERT_ONLY,	   /* a certificate without a key */
	SLOT_NOT_READABLE, /* the certificate object may not be read */
	SLOT_NO_CERT,	   /* the certificate object holds something that is no certificate */
};
/* "empty", "key only", "certificate fits the key", ...; static. */
const char *slot_verdict_text(enum slot_verdict verdict);
/* For machines: "empty", "key_only", "fits", "differs", "unproved", "cert_only",
 * "not_readable", "no_cert"; static. */
const char *slot_verdict_name(enum slot_verdict verdict);

struct slot_state {
	struct slot slot;
	enum slot_verdict verdict;
	struct trustx_metadata key_meta, cert_meta;
	bool has_key;		 /* tag E0 in key_meta: curve and usage are meaningful */
	enum trustx_curve curve; /* key_meta.algorithm */
	uint8_t usage;		 /* TRUSTX_USAGE_ bits, key_meta.usage */
	bool can_execute;	 /* the key's execute rule, if there is one, is met */
	bool can_sign;		 /* has_key, can_execute, and the usage has Sign or Auth */
	bool key_locked;	 /* GenKeyPair can no longer be executed on it */
	bool cert_locked;	 /* the certificate object can no longer be written */
	bool cert_unreadable;	 /* what is written to it could not be read back */
	struct blob content;	 /* of the certificate object, as read */
	bool cert_empty;	 /* no byte, or zeros only */
	STACK_OF(X509) *certs;	 /* leaf first; NULL unless it parses */
	enum cert_format format; /* meaningful with certs */
	char problem[240];	 /* why not empty and yet no certs, or not readable; else "" */
	bool can_personalize;	 /* a key is there or can be made, a certificate written and read */
	char obstacle[320];	 /* why not, else "" */
};

/* Why the key cannot sign: "its usage is 0x20", or its execute rule. out is terminated. */
void slot_silent_text(char *out, size_t cap, const struct slot_state *state);

/*
 * Look at a slot. prove: test with one use of the private key whether the certificate fits (only
 * if there are both and the key can sign). What is found is no error; those of reading are,
 * explained. TRUSTX_ERR_MEMORY. Free with slot_state_free.
 */
TRUSTX_MUST_CHECK enum trustx_err slot_inspect(struct slot_state *state, struct device *dev,
	const struct slot *slot, bool prove, struct fail *f);
void slot_state_free(struct slot_state *state); /* fine on a zeroed struct */

#endif
