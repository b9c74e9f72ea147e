/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The chip's forms of signatures and public keys, and the strict DER that others expect. */
#ifndef CHIP_DER_H
#define CHIP_DER_H

#include "trustx.h"

#define DER_BITS_HEAD 4u /* BIT STRING, length, no unused bits, uncompressed point */

/* Bytes of a coordinate; 0: no such curve. */
size_t der_field(enum trustx_curve curve);

/* SRM "CalcSign": 10 bytes up to the size of the field. */
bool der_is_digest(size_t len, size_t field);

/* Is the point uncompressed and of its curve's length? */
bool der_is_point(const struct trustx_public_key *key);

/* What stands in front of the coordinates in the chip's and in X.509's BIT STRING. */
void der_put_bits(uint8_t head[static DER_BITS_HEAD], size_t field);

/* Front to back, so that bytes may move towards the front. Returns where the copy ends. */
uint8_t *der_copy(uint8_t *to, const uint8_t *from, size_t len);

/*
 * Two INTEGERs, padded to the field by the chip, at sig + 2, len bytes, become an Ecdsa-Sig-Value
 * at sig: its length, or 0 if they are malformed. It needs at most len + 2 bytes.
 */
size_t der_from_pair(uint8_t *sig, size_t len, size_t field);

/* Is sig a strict DER Ecdsa-Sig-Value whose integers fit the field? */
bool der_is_signature(const uint8_t *sig, size_t len, size_t field);

#endif
