/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * A simulated FT260, the USB-HID to I2C bridge, with a simulated chip on its bus. It makes no system
 * calls: every entry takes the time of the front end's clock, in nanoseconds, never going back; the
 * chip must have a virtual clock, which then follows. One front end per bridge: the HID seam of
 * bus/, umockdev, USB/IP.
 *
 * On a full-speed bus a report takes a slot of 1 ms in its direction and a control transfer
 * 0.2 ms. The I2C engine takes the reports one after the other and may lag behind the host by one.
 */
#ifndef SIM_FT260_H
#define SIM_FT260_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FT260_VENDOR	    0x0403
#define FT260_PRODUCT	    0x6030
#define FT260_REPORT_MAX    64
#define FT260_SLOT_NS	    1000000u
#define FT260_CONTROL_NS    200000u
#define FT260_NEVER	    UINT64_MAX
#define FT260_INTERFACE_MAX 2

struct ft260;
struct sim;

/* Pins DCNF1 and DCNF0: which functions the device has, each an interface. */
enum ft260_mode { FT260_BOTH, FT260_I2C_ONLY, FT260_UART_ONLY };

/* All members may be 0 for the default. */
struct ft260_options {
	enum ft260_mode mode;
	uint16_t vendor, product;
	uint16_t chip_id;   /* in report A0; 0x0260 */
	const char *serial; /* NULL or "": none, as from the factory; copied, 31 characters */
	char reset_pin;	    /* that drives the chip's RST: 'A' to 'H', '0' to '5'; 'F'; '-': none */
	bool has_uart_mode; /* else 4: no flow control */
	uint8_t uart_mode;
	bool hid_over_i2c;    /* works as another kind of bridge: I2C reports have no effect */
	bool no_power_saving; /* else, 5 s after the last exchange, it slows down, with the erratum */
	bool stalls;	      /* erratum: interrupt endpoints STALL until the port is reset */
};

/* What goes wrong. A number N: the Nth from now, counting from 1, 0: never; each strikes once. */
struct ft260_faults {
	uint32_t nack;	      /* so many addresses from now on are not acknowledged */
	uint32_t stick_busy;  /* Nth START: the controller stays busy until I2C reset */
	uint32_t stick_bus;   /* Nth START: SDA is held until RST or nine clocks on GPIO0 */
	uint32_t lose_input;  /* Nth input report is lost */
	uint32_t cut_input;   /* Nth input report ends after half of its data */
	uint32_t wrong_input; /* Nth input report claims more data than it has room for */
	uint32_t bus_lag_us;  /* so long the bus stays busy after the controller is done */
	uint32_t disconnect;  /* after N reports of any kind the device is gone */
	bool stubborn_idle;   /* the idle erratum strikes in spite of a wake-up status read */
	bool lies;	      /* every input report claims more data than it has room for */
};

enum ft260_result {
	FT260_OK,
	FT260_STALL, /* refused */
	FT260_GONE,  /* unplugged */
};

/* The chip stays the caller's; NULL: nothing is on the bus. NULL: out of memory. */
struct ft260 *ft260_new(struct sim *chip, const struct ft260_options *opt);
void ft260_free(struct ft260 *f); /* NULL is fine */

/* May be changed at any time. Lent. */
struct ft260_faults *ft260_faults(struct ft260 *f);

/* How many interfaces there are, and whether this one is the I2C function. */
unsigned ft260_interfaces(const struct ft260 *f);
bool ft260_is_i2c(const struct ft260 *f, unsigned interface);

/* ---- reports: the first byte is the id ---- */

/* An output report, submitted now. *done: when the device has taken it, until then it NAKs. */
enum ft260_result ft260_out(struct ft260 *f, uint64_t now, unsigned interface,
	const uint8_t *report, size_t len, uint64_t *done);

/* When the next input report is due; FT260_NEVER: there is none. */
uint64_t ft260_in_due(const struct ft260 *f, unsigned interface);

/* Take the input report that is due by now. *len: 0 if there is none. */
enum ft260_result ft260_in(struct ft260 *f, uint64_t now, unsigned interface,
	uint8_t report[static FT260_REPORT_MAX], size_t *len);

/* report[0] names the report; *len: capacity, then its length. */
enum ft260_result ft260_get_feature(
	struct ft260 *f, uint64_t now, unsigned interface, uint8_t *report, size_t *len);
enum ft260_result ft260_set_feature(
	struct ft260 *f, uint64_t now, unsigned interface, const uint8_t *report, size_t len);

/* ---- the device on the bus ---- */

/* The report descriptor. Lent. */
const uint8_t *ft260_report_descriptor(const struct ft260 *f, unsigned interface, size_t *len);

/*
 * Answer a control request, all but SET_ADDRESS. setup: the eight bytes of the packet. data: for a
 * request to the device *len bytes; else room for *len bytes, at least wLength, then what came.
 */
enum ft260_result ft260_control(
	struct ft260 *f, uint64_t now, const uint8_t setup[static 8], uint8_t *data, size_t *len);

/* The interface of an interrupt endpoint, bit 7 set for IN; false: there is no such endpoint. */
bool ft260_endpoint(const struct ft260 *f, uint8_t address, unsigned *interface);

/* A reset of the USB port: cures stalled endpoints, drops what was going on. */
void ft260_port_reset(struct ft260 *f, uint64_t now);

#endif
