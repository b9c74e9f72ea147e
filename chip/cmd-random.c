/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* GetRandom from the true random number generator (SRM "GetRandom"). */
#include "apdu.h"

#define RANDOM_MIN 8u
#define RANDOM_MAX 256u

static enum trustx_err random_part(struct handle *h, uint8_t *out, size_t len)
{
	struct apdu a;

	apdu_begin(h, &a, CMD_RANDOM, PARAM_DATA, 0);
	apdu_u16(&a, len);
	apdu_answer(&a, 0, out, len);
	return apdu_run_exact(h, &a);
}

enum trustx_err trustx_random(struct trustx *se, uint8_t *out, size_t len)
{
	struct handle *h = handle_of(se);
	uint8_t least[RANDOM_MIN];
	size_t done = 0, part;
	enum trustx_err err = TRUSTX_OK;

	call_begin(h);
	if (len > 0 && len < RANDOM_MIN) {
		err = random_part(h, least, RANDOM_MIN);
		for (; done < len; done++)
			out[done] = least[done];
	}
	for (; err == TRUSTX_OK && done < len; done += part) {
		part = len - done < RANDOM_MAX ? len - done : RANDOM_MAX;
		/* The rest must not be shorter than the chip gives. */
		if (len - done > part && len - done - part < RANDOM_MIN)
			part -= RANDOM_MIN;
		err = random_part(h, out + done, part);
	}
	return call_end(h, err, out, &len, len);
}
