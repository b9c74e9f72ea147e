/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Transfers as packets for Wireshark: pcapng with LINKTYPE_I2C_LINUX, times in microseconds of
 * the bus clock. Each session is a section of its own, since its clock starts again.
 */
#ifndef TRACE_PCAPNG_H
#define TRACE_PCAPNG_H

#include "blob.h"
#include "tracefile.h"

#define PCAPNG_LINKTYPE 209u

/* Both append to out: TRUSTX_ERR_TOO_BIG, TRUSTX_ERR_MEMORY. */
TRUSTX_MUST_CHECK enum trustx_err pcapng_section(struct blob *out);

/* Nothing for what is no transfer. comment is shown with the packet. */
TRUSTX_MUST_CHECK enum trustx_err pcapng_packet(
	struct blob *out, const struct tracefile_record *rec, const char *comment);

#endif
