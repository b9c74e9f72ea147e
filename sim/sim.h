/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A simulated OPTIGA Trust X on a simulated I2C bus, its non-volatile memory in one file.
 * This is the one header that the rest of the tree may include. All times on the bus's clock.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blob.h"
#include "fail.h"

struct sim;

/* All members may be 0 for the default. */
struct sim_options {
	const char *profile;  /* "trust-x" or "trust-m1" */
	bool real_clock;      /* default: virtual, time passes by transfers and delays only */
	bool sync;	      /* fsync every write of the file */
	bool has_scale;	      /* else 1.000 */
	uint32_t scale_milli; /* chip-side times are multiplied by scale_milli / 1000; 0: none */
	bool has_jitter;      /* draw each execution time between 0.7 and 1.5 of the profile */
	uint64_t jitter;      /* seed of those draws */
	bool has_seed;	      /* makes a new chip reproducible: UID, keys, random numbers */
	uint64_t seed;
	bool has_nack;	  /* else the profile's */
	uint32_t nack_us; /* how long the address is NACKed while a received frame is checked */
	uint32_t cut;	  /* the power goes at this commit point, counted from here; 0: at none */
};

/*
 * Open the chip in the file at path, manufacturing one if there is none (mode 0600), take the
 * lock path + ".lock", and switch it on. TRUSTX_ERR_IN_USE: by pid N. TRUSTX_ERR_PERMISSION.
 * TRUSTX_ERR_INPUT: not an image of this program, damaged, unknown profile. TRUSTX_ERR_FILE.
 */
TRUSTX_MUST_CHECK enum trustx_err sim_open(
	struct sim **sim, const char *path, const struct sim_options *opt, struct fail *f);

/* Power off and free. NULL is fine. */
void sim_close(struct sim *sim);

enum sim_status {
	SIM_DONE,
	SIM_ADDRESS_NACK, /* also: the chip is off, in reset, asleep, busy, not at this address */
	SIM_DATA_NACK,	  /* never, on this chip */
	SIM_BUS_TIMEOUT,
};

/*
 * One transaction: wlen > 0 alone writes, rlen > 0 alone reads, both are joined by a repeated
 * START (the chip does not know it: the write takes effect, SIM_ADDRESS_NACK), neither is START
 * addr+W STOP. r has room for rlen bytes, filled only with SIM_DONE.
 * Takes one bit time for each START, repeated START and STOP, nine for each byte really clocked.
 */
enum sim_status sim_transfer(
	struct sim *sim, uint8_t addr, const uint8_t *w, size_t wlen, uint8_t *r, size_t rlen);

/*
 * The same in parts, for a controller that holds the bus between them; each takes its bits.
 * sim_start: is the address acknowledged? While a transaction is held it is a repeated START.
 * sim_get fills with FF what nobody sends. sim_put and sim_get without START do nothing.
 */
bool sim_start(struct sim *sim, uint8_t addr, bool reads);
void sim_put(struct sim *sim, const uint8_t *data, size_t len);
void sim_get(struct sim *sim, uint8_t *data, size_t len);
void sim_stop(struct sim *sim);

/* Time goes on until ns of sim_now_ns, unless it is later already. */
void sim_wait_until(struct sim *sim, uint64_t ns);

void sim_delay(struct sim *sim, uint64_t us);	    /* virtual: advances; real: waits */
void sim_set_speed(struct sim *sim, uint32_t hz);   /* 100000 at the start */
void sim_set_reset(struct sim *sim, bool released); /* the RST line */
void sim_set_power(struct sim *sim, bool on);	    /* VCC; off: RAM lost at once */
uint64_t sim_now_ns(struct sim *sim);		    /* since sim_open */
bool sim_is_virtual(const struct sim *sim);

/* Execution times of all commands since sim_open, as they were drawn. */
uint64_t sim_execution_ns(const struct sim *sim);

/* Accesses so far that came within the guard time after the one before. */
uint32_t sim_guard_violations(const struct sim *sim);

/* ---- the file, without switching the chip on ---- */

/* Manufacture a chip into a new file. TRUSTX_ERR_EXISTS: there is a file at path. */
TRUSTX_MUST_CHECK enum trustx_err sim_new(
	const char *path, const struct sim_options *opt, struct fail *f);

/* Let powered idle time pass: the security event counter sinks. */
TRUSTX_MUST_CHECK enum trustx_err sim_rest(const char *path, uint32_t seconds, struct fail *f);

/*
 * From the next start on, let the power go at the commit point with this number: before each
 * change of the memory and after each of its steps. Then it stays off until the file is opened
 * again. 0 takes it back.
 */
TRUSTX_MUST_CHECK enum trustx_err sim_power_cut(const char *path, uint32_t after, struct fail *f);

#define SIM_KEY_SLOTS 4
#define SIM_OBJECTS   96
struct sim_cycles {
	uint16_t oid; /* 0: the persistent bus settings */
	uint32_t count;
};

struct sim_info {
	char profile[16];
	uint8_t uid[27];
	uint8_t sec;				 /* security event counter */
	uint8_t lcsg, lcsa;			 /* life cycle: chip, application */
	uint32_t key_generations[SIM_KEY_SLOTS]; /* executed GenKeyPair commands, 0xE0F0.. */
	uint32_t key_uses[SIM_KEY_SLOTS]; /* uses of the private key, counted as they begin */
	uint32_t nvm_writes;		  /* commits over the life of the chip */
	bool pending;			  /* programming was cut, the next start-up ends it */
	uint32_t cut_after;		  /* of sim_power_cut, what is left; 0: none */
	size_t objects;			  /* that were programmed */
	struct sim_cycles cycles[SIM_OBJECTS];
};
TRUSTX_MUST_CHECK enum trustx_err sim_info(struct sim_info *info, const char *path, struct fail *f);

/* PEM of the simulated manufacturer's test root and the test CA under it, the same for all chips. */
TRUSTX_MUST_CHECK enum trustx_err sim_root_pem(struct blob *pem, struct fail *f);

#endif
