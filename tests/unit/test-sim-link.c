/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "sim-host.h"

static void the_data_sheet_exchange_is_byte_exact(void)
{
	struct host h;

	host_remove("chip");
	host_attach(&h, host_open("chip", NULL));
	CHECK_INT(host_state(&h), 0x08000000);
	host_write(&h, "80 03 0015 00 70 00 0010 D276000004 47656E417574684170706C 041A");
	while (!(host_state(&h) & 0x40000000))
		continue;
	CHECK_INT(host_state(&h), 0xC8000005);
	host_expect(&h, "80 00 00 0C EC");
	CHECK_INT(host_state(&h), 0x88000000);
	while (!(host_state(&h) & 0x40000000))
		continue;
	CHECK_INT(host_state(&h), 0x4800000A);
	host_expect(&h, "00 00 05 00 00 00 00 00 14 87");
	host_write(&h, "80 80 00 00 0C EC");
	host_write(&h, "80 04 000B 00 01 00 0006 E0C2 0000 0064 F09F");
	while (!(host_state(&h) & 0x40000000))
		continue;
	CHECK_INT(host_state(&h), 0x48000025);
	sim_close(h.sim);
}

int main(void)
{
	RUN(the_data_sheet_exchange_is_byte_exact);
	return 0;
}
