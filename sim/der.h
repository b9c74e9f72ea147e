/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* DER from the last byte to the first: by the time a length is written it is known. */
#ifndef SIM_DER_H
#define SIM_DER_H

#include <stddef.h>
#include <stdint.h>

#define DER_MAX 768 /* enough for every certificate that is made here */

enum {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_UTF8_STRING = 0x0C,
	DER_UTC_TIME = 0x17,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

struct der {
	uint8_t bytes[DER_MAX];
	size_t at; /* the DER so far stands from here to the end */
};

void der_init(struct der *d);
const uint8_t *der_data(const struct der *d);
size_t der_len(const struct der *d);

/* Put bytes in front. */
void der_bytes(struct der *d, const void *data, size_t len);

/* Make one element of all that was put in front since at was mark. */
void der_wrap(struct der *d, uint8_t tag, size_t mark);

void der_element(struct der *d, uint8_t tag, const void *data, size_t len);

/* A number of len bytes, without superfluous zeros, never negative. */
void der_number(struct der *d, const uint8_t *data, size_t len);

#endif
