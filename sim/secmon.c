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

static enum trustx_err set_sec(struct secmon *s, uint8_t sec, uint32_t *count)
{
	struct change c;

	change_begin(&c, nvm_find(s->nvm, OID_SEC));
	c.after.data[0] = sec;
	c.count = count;
	return nvm_commit(s->nvm, &c);
}

/* A chip that cannot program keeps its old counter. */
static void sink(struct secmon *s, uint8_t sec)
{
	if (set_sec(s, (uint8_t)(sec - 1), NULL) != TRUSTX_OK)
		return;
}

void secmon_fire(struct secmon *s, uint64_t now)
{
	while (s->tick_at <= now) {
		uint8_t sec = nvm_byte(s->nvm, OID_SEC);

		if (sec == 0 && s->credit == CREDIT_MAX) {
			s->tick_at += (now - s->tick_at) / SECMON_TICK_NS * SECMON_TICK_NS;
		} else if (sec > 0) {
			sink(s, sec);
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

enum trustx_err secmon_event(struct secmon *s, uint32_t *count)
{
	uint8_t sec = nvm_byte(s->nvm, OID_SEC);
	struct change only_count = { .count = count };
	enum trustx_err err;

	if (s->credit == 0 && sec < SEC_MAX)
		return set_sec(s, (uint8_t)(sec + 1), count);
	if ((err = nvm_commit(s->nvm, &only_count)) == TRUSTX_OK && s->credit > 0)
		s->credit--;
	return err;
}
