/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The shortest time in which a host can do an operation, computed from the lengths of frames:
 * nothing here knows the library or the simulator. The schedule:
 *   - each frame of the host is one write of the DATA register;
 *   - each frame of the chip costs one read of I2C_STATE, one read of DATA and one write of a
 *     control ACK;
 *   - each element of a chain that the host sends, but the last, costs one read of I2C_STATE and
 *     one of DATA for the chip's ACK; an ACK is not acknowledged;
 *   - the chip's execution time runs from the STOP of the last host frame until the answer is
 *     readable; the control ACK of that frame is read inside it, and the pointer put on I2C_STATE;
 *   - a register read is select and read, each followed by the guard time; no select while the
 *     pointer stands.
 * Through an FT260 each report of its USB takes a slot of 1 ms in its direction, one for the
 * request of a read and one for every 60 bytes or part; the I2C bus runs meanwhile and counts only
 * where it takes longer; one status read of 0.2 ms follows, in which the guard time passes.
 */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limit_link {
	uint32_t hz;
	uint16_t frame; /* DATA_REG_LEN in bytes */
	bool usb;	/* through an FT260 */
};

/* Time in ns of one command: cmd and answer are APDU lengths in bytes, headers included. */
double limit_command(const struct limit_link *link, size_t cmd, size_t answer, double execution_ns);

/* Time in ns of start-up after a soft reset and of the negotiation. */
double limit_bring_up(const struct limit_link *link, double start_up_ns);

#endif
