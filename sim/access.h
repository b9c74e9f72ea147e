/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Access conditions: expressions over the life cycles and security states. */
#ifndef SIM_ACCESS_H
#define SIM_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum life_cycle {
	LCS_CREATION = 1,
	LCS_INITIALISATION = 3,
	LCS_OPERATIONAL = 7,
	LCS_TERMINATION = 15
};

/* The states are legal and time does not go back. */
bool life_cycle_may_become(uint8_t from, uint8_t to);

#define ACCESS_COUNTERS	    4
#define ACCESS_COUNTER_BASE 0xE120 /* the first one's OID */

struct access_counter {
	uint32_t value, threshold;
};

/* What conditions look at, and what an execution that they allow leaves behind. */
struct access_state {
	bool is_trust_m; /* some conditions are known to one kind of chip only */
	uint8_t lcsg, lcsa, lcso;
	uint8_t global_status, application_status;
	struct access_counter counters[ACCESS_COUNTERS];
	bool is_execution; /* conditions on counters use them up */
	uint8_t used_up;   /* out: these counters go up by one, a bit for each */
};

enum access_verdict { ACCESS_MALFORMED, ACCESS_DENIED, ACCESS_GRANTED };

/* No expression (len 0) is malformed. */
enum access_verdict access_evaluate(struct access_state *s, const uint8_t *expression, size_t len);

#endif
