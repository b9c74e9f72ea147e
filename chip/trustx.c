/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "apdu.h"

#include "mem.h"

#define SPEED_MAX_HZ	   1000000u
#define TIMEOUT_DEFAULT_MS 10000u
#define ADDR_MAX	   0x7Fu

_Static_assert(sizeof(struct handle) <= sizeof(struct trustx), "struct trustx is too small");
_Static_assert(_Alignof(struct handle) <= _Alignof(struct trustx), "struct trustx is misaligned");

void call_begin(struct handle *h)
{
	h->error = (struct trustx_error){ 0 };
	h->dlink.phys.layer = TRUSTX_LAYER_CALLER;
	if (h->open)
		phys_begin(&h->dlink.phys, h->timeout_ms);
}

enum trustx_err call_end(
	struct handle *h, enum trustx_err err, uint8_t *out, size_t *len, size_t result)
{
	if (err == TRUSTX_OK) {
		h->error = (struct trustx_error){ 0 };
	} else {
		h->error.err = err;
		h->error.layer = (enum trustx_layer)h->dlink.phys.layer;
		mem_wipe(out, *len);
		result = 0;
	}
	*len = result;
	/* Secrets pass through the frame buffers. */
	mem_wipe(h->dlink.out, sizeof(h->dlink.out));
	mem_wipe(h->dlink.in, sizeof(h->dlink.in));
	return err;
}

enum trustx_err call_done(struct handle *h, enum trustx_err err)
{
	size_t none = 0;

	return call_end(h, err, NULL, &none, 0);
}

/* Replace 0 by the default and keep within what the bus can do. */
static bool complete_options(struct trustx_options *opt, const struct trustx_bus *bus)
{
	if (bus == NULL || bus->ops == NULL || bus->addr > ADDR_MAX)
		return false;
	if (opt->frame_size == 0)
		opt->frame_size = TRUSTX_FRAME_MAX;
	if (opt->speed_hz == 0)
		opt->speed_hz = SPEED_FM_HZ;
	if (opt->timeout_ms == 0)
		opt->timeout_ms = TIMEOUT_DEFAULT_MS;
	if (opt->frame_size > TRUSTX_FRAME_MAX || opt->speed_hz > SPEED_MAX_HZ)
		return false;
	/* The register byte travels in front of a frame. */
	if (bus->max_transfer != 0 && opt->frame_size >= bus->max_transfer)
		opt->frame_size = (uint16_t)(bus->max_transfer - 1);
	if (bus->max_hz != 0 && opt->speed_hz > bus->max_hz)
		opt->speed_hz = bus->max_hz;
	if (opt->reset == TRUSTX_RESET_LINE && bus->ops->set_reset == NULL)
		return false;
	if (opt->reset == TRUSTX_RESET_POWER && bus->ops->set_power == NULL)
		return false;
	return opt->frame_size >= TRUSTX_FRAME_MIN && opt->reset <= TRUSTX_RESET_POWER;
}

enum trustx_err trustx_open(
	struct trustx *se, const struct trustx_bus *bus, const struct trustx_options *opt)
{
	struct handle *h = handle_of(se);
	struct trustx_options all = { 0 };
	enum trustx_err err;

	mem_wipe(se, sizeof(*se));
	h->dlink.phys.layer = TRUSTX_LAYER_CALLER;
	if (opt != NULL)
		all = *opt;
	if (!complete_options(&all, bus))
		return call_done(h, TRUSTX_ERR_ARGUMENT);
	h->timeout_ms = all.timeout_ms;
	h->dlink.flags = all.flags;
	phys_init(&h->dlink.phys, bus);
	h->open = true;
	call_begin(h);
	h->reset = (uint8_t)all.reset;
	h->dlink.phys.speed_hz = all.speed_hz;
	h->dlink.phys.frame_size = all.frame_size;
	err = apdu_open(h);
	h->open = err == TRUSTX_OK;
	return call_done(h, err);
}

void trustx_close(struct trustx *se)
{
	if (se != NULL)
		mem_wipe(se, sizeof(*se));
}

void trustx_link(const struct trustx *se, struct trustx_link *link)
{
	const struct handle *h = handle_of_const(se);

	link->frame_size = h->dlink.phys.frame_size;
	link->speed_hz = h->dlink.phys.speed_hz;
	link->apdu_size = h->apdu_size;
}

uint64_t trustx_now_us(const struct trustx *se)
{
	const struct trustx_bus *bus = handle_of_const(se)->dlink.phys.bus;

	return bus != NULL ? bus->ops->now_us(bus->ctx) : 0;
}

void trustx_error(const struct trustx *se, struct trustx_error *detail)
{
	*detail = handle_of_const(se)->error;
}
