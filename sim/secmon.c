/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "secmon.h"

#define CREDIT_MAX     5 /* not published for Trust X: doc/simulator.md */
#define SEC_MAX	       255
#define SEC_FREE       127 /* up to here nothing is delayed */
#define TICKS_PER_FULL 128

void secmon_reset(struct secmon *s, uint64_t now)
{
	s->credit = 0;
	s->tick_at = now + SECMON_TICK_NS;
}

static void set_sec(struct secmon *s, uint8_t sec)
{
	struct change c;

	change_begin(&c, nvm_find(s->nvm, OID_SEC));
	c.after.data[0] = sec;
	/* A chip that cannot program keeps its old counter, as this one does. */
	if (nvm_commit(s->nvm, &c) != TRUSTX_OK)
		return;
}

void secmon_fire(struct secmon *s, uint64_t now)
{
	while (s->tick_at <= now) {
		uint8_t sec = nvm_byte(s->nvm, OID_SEC);

		if (sec == 0 && s->credit == CREDIT_MAX) {
			s->tick_at += (now - s->tick_at) / SECMON_TICK_NS * SECMON_TICK_NS;
		} else if (sec > 0) {
			set_sec(s, (uint8_t)(sec - 1));
		} else {
			s->credit++;
		}
		s->tick_at += SECMON_TICK_NS;
	}
}

uint64_t secmon_delay(const struct secmon *s)
{
	uint8_t sec = nvm_byte(s->nvm, OID_SEC);

	return sec <= SEC_FREE ? 0 : (uint64_t)(sec - SEC_FREE) * SECMON_TICK_NS / TICKS_PER_FULL;
}

void secmon_event(struct secmon *s)
{
	uint8_t sec = nvm_byte(s->nvm, OID_SEC);

	if (s->credit > 0)
		s->credit--;
	else if (sec < SEC_MAX)
		set_sec(s, (uint8_t)(sec + 1));
}
