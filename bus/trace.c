/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * trace:FILE:URI records every transfer of another bus as it is, and decodes nothing. Each record
 * is one write to the file, so that what a killed program leaves can be read. A transfer that
 * cannot be recorded is an error: a trace has no gaps.
 */
#include "backend.h"
#include "bus.h"
#include "net.h"
#include "osfile.h"
#include "str.h"
#include "tracefile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace_bus {
	struct bus_ctx base;
	struct trustx_bus inner;
	struct trustx_bus_ops ops; /* without what the inner bus lacks */
	int fd;
	bool failed; /* the file is full or worse */
	char *path;
};

static enum trustx_err write_line(struct trace_bus *t, const char *line, size_t len)
{
	ptrdiff_t n;

	for (; len > 0; line += n, len -= (size_t)n) {
		if ((n = osfile_write(t->fd, line, len)) >= 0)
			continue;
		t->failed = true;
		return fail_errno(
			&t->base.fail, TRUSTX_ERR_FILE, "cannot write the trace %s", t->path);
	}
	return TRUSTX_OK;
}

static enum trustx_err finish(
	struct trace_bus *t, struct tracefile_record *rec, enum trustx_err result)
{
	uint64_t took_us = t->inner.ops->now_us(t->inner.ctx) - rec->at_us;
	char line[TRACEFILE_LINE_MAX];
	enum trustx_err err;

	rec->took_us = took_us < UINT32_MAX ? (uint32_t)took_us : UINT32_MAX;
	rec->result = result;
	if ((err = write_line(t, line, tracefile_print_record(line, rec))) != TRUSTX_OK)
		return err;
	if (result == TRUSTX_OK)
		return TRUSTX_OK;
	fail_set(&t->base.fail, result, "%s", trustx_bus_reason(&t->inner));
	return fail_cause(&t->base.fail, trustx_bus_cause(&t->inner));
}

static enum trustx_err begin(struct trace_bus *t, struct tracefile_record *rec, size_t len)
{
	if (t->failed)
		return TRUSTX_ERR_FILE;
	if (len > sizeof(rec->data))
		return TRUSTX_ERR_ARGUMENT;
	rec->at_us = t->inner.ops->now_us(t->inner.ctx);
	rec->len = len;
	return TRUSTX_OK;
}

static enum trustx_err trace_write(void *ctx, uint8_t addr, const uint8_t *data, size_t len)
{
	struct trace_bus *t = ctx;
	struct tracefile_record rec = { .op = TRACEFILE_WRITE, .addr = addr };
	enum trustx_err err;

	if ((err = begin(t, &rec, len)) != TRUSTX_OK)
		return err;
	memcpy(rec.data, data, len);
	return finish(t, &rec, t->inner.ops->write(t->inner.ctx, addr, data, len));
}

static enum trustx_err trace_read(void *ctx, uint8_t addr, uint8_t *data, size_t len)
{
	struct trace_bus *t = ctx;
	struct tracefile_record rec = { .op = TRACEFILE_READ, .addr = addr };
	enum trustx_err err;

	if ((err = begin(t, &rec, len)) != TRUSTX_OK)
		return err;
	if ((err = t->inner.ops->read(t->inner.ctx, addr, data, len)) == TRUSTX_OK)
		memcpy(rec.data, data, len);
	return finish(t, &rec, err);
}

static enum trustx_err trace_set_speed(void *ctx, uint32_t hz)
{
	struct trace_bus *t = ctx;
	struct tracefile_record rec = { .op = TRACEFILE_SPEED, .value = hz };
	enum trustx_err err;

	if ((err = begin(t, &rec, 0)) != TRUSTX_OK)
		return err;
	return finish(t, &rec, t->inner.ops->set_speed(t->inner.ctx, hz));
}

static enum trustx_err trace_set_reset(void *ctx, bool released)
{
	struct trace_bus *t = ctx;
	struct tracefile_record rec = { .op = TRACEFILE_RESET, .value = released };
	enum trustx_err err;

	if ((err = begin(t, &rec, 0)) != TRUSTX_OK)
		return err;
	return finish(t, &rec, t->inner.ops->set_reset(t->inner.ctx, released));
}

static enum trustx_err trace_set_power(void *ctx, bool on)
{
	struct trace_bus *t = ctx;
	struct tracefile_record rec = { .op = TRACEFILE_POWER, .value = on };
	enum trustx_err err;

	if ((err = begin(t, &rec, 0)) != TRUSTX_OK)
		return err;
	return finish(t, &rec, t->inner.ops->set_power(t->inner.ctx, on));
}

static uint64_t trace_now_us(void *ctx)
{
	struct trace_bus *t = ctx;

	return t->inner.ops->now_us(t->inner.ctx);
}

static uint16_t trace_max_transfer(void *ctx)
{
	struct trace_bus *t = ctx;

	return t->inner.ops->max_transfer(t->inner.ctx);
}

static void trace_sleep_us(void *ctx, uint32_t us)
{
	struct trace_bus *t = ctx;

	t->inner.ops->sleep_us(t->inner.ctx, us);
}

static void trace_close(void *ctx)
{
	struct trace_bus *t = ctx;

	trustx_bus_close(&t->inner);
	if (t->fd >= 0)
		osfile_close(t->fd);
	free(t->path);
	free(t);
}

/* A file that is there must be a trace to which another session may be added. */
static enum trustx_err check_old(struct trace_bus *t, uint64_t size, struct fail *f)
{
	char head[TRACEFILE_LINE_MAX];
	struct tracefile_reader reader;
	struct tracefile_item item;
	ptrdiff_t n = osfile_read_at(t->fd, head, sizeof(head), 0);

	if (n < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot read %s", t->path);
	tracefile_reader_init(&reader, head, (size_t)n);
	if (tracefile_next(&reader, &item, f) != TRUSTX_OK || item.kind != TRACEFILE_SESSION)
		fail_set(f, TRUSTX_ERR_EXISTS, "%s is there and is not a trace", t->path);
	else if (item.session.redacted)
		fail_set(f, TRUSTX_ERR_EXISTS, "%s is a redacted trace; secrets must not be added",
			t->path);
	else if (osfile_read_at(t->fd, head, 1, size - 1) != 1)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot read %s", t->path);
	else if (head[0] != '\n' &&
		 write_line(t, TRACEFILE_CUT_MARK, strlen(TRACEFILE_CUT_MARK)) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_FILE, "%s", t->base.fail.why);
	else
		return TRUSTX_OK;
	return fail_next(f, "name a file that is not there yet");
}

static enum trustx_err check_file(struct trace_bus *t, struct fail *f)
{
	struct osfile_info info;

	if (osfile_look(t->fd, &info) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot look at %s", t->path);
	if (info.kind != OSFILE_REGULAR)
		return fail_set(f, TRUSTX_ERR_INPUT, "%s is not a regular file", t->path);
	if (osfile_lock(t->fd) != 0)
		return fail_set(
			f, TRUSTX_ERR_IN_USE, "another program is recording into %s", t->path);
	if (info.size > 0 && check_old(t, info.size, f) != TRUSTX_OK)
		return f->err;
	/* Even if it was there before: what is recorded may hold secrets. */
	if (osfile_make_private(t->fd) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot make %s private", t->path);
	return TRUSTX_OK;
}

static enum trustx_err open_file(struct trace_bus *t, bool *made, struct fail *f)
{
	*made = true;
	t->fd = osfile_open(t->path, OSFILE_APPEND_NEW);
	if (t->fd < 0 && errno == EEXIST) {
		*made = false;
		t->fd = osfile_open(t->path, OSFILE_APPEND);
	}
	if (t->fd < 0)
		return fail_errno(f,
			errno == EACCES || errno == EPERM ? TRUSTX_ERR_PERMISSION : TRUSTX_ERR_FILE,
			"cannot write the trace %s", t->path);
	return check_file(t, f);
}

static enum trustx_err write_head(struct trace_bus *t, struct fail *f)
{
	const struct trustx_bus *inner = &t->inner;
	struct tracefile_session session = {
		.at_us = inner->ops->now_us(inner->ctx),
		.addr = inner->addr,
		.max_transfer = inner->max_transfer,
		.max_hz = inner->max_hz,
		.has[TRACEFILE_SPEED] = inner->ops->set_speed != NULL,
		.has[TRACEFILE_RESET] = inner->ops->set_reset != NULL,
		.has[TRACEFILE_POWER] = inner->ops->set_power != NULL,
	};
	char line[TRACEFILE_LINE_MAX];

	if (write_line(t, line, tracefile_print_session(line, &session)) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_FILE, "%s", t->base.fail.why);
	return TRUSTX_OK;
}

static void take_ops(struct trace_bus *t)
{
	t->ops = (struct trustx_bus_ops){
		.write = trace_write,
		.read = trace_read,
		.set_speed = t->inner.ops->set_speed != NULL ? trace_set_speed : NULL,
		.set_reset = t->inner.ops->set_reset != NULL ? trace_set_reset : NULL,
		.set_power = t->inner.ops->set_power != NULL ? trace_set_power : NULL,
		.now_us = trace_now_us,
		.sleep_us = trace_sleep_us,
		.max_transfer = t->inner.ops->max_transfer != NULL ? trace_max_transfer : NULL,
	};
}

/* The file comes first: nothing reaches a chip that cannot be recorded. */
static enum trustx_err open_both(struct trace_bus *t, const char *inner, struct fail *f)
{
	enum trustx_err err;
	bool made = false;

	if ((err = net_unescape(t->path, f)) != TRUSTX_OK ||
		(err = open_file(t, &made, f)) != TRUSTX_OK)
		return err;
	if ((err = trustx_bus_open(&t->inner, inner, f)) != TRUSTX_OK) {
		if (made)
			(void)osfile_remove(t->path);
		return err;
	}
	return write_head(t, f);
}

static enum trustx_err trace_open(struct trustx_bus *bus, const struct bus_uri *uri, struct fail *f)
{
	const char *colon = strchr(uri->target + osfile_root_len(uri->target), ':');
	struct trace_bus *t;
	enum trustx_err err;

	if (colon == NULL || colon == uri->target || colon[1] == '\0') {
		fail_set(f, TRUSTX_ERR_INPUT, "a trace is written trace:FILE:URI");
		return fail_next(f, "for example trace:chip.trace:sim:chip; a ':' in FILE is %%3A");
	}
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	t->fd = -1;
	t->path = str_cut(uri->target, (size_t)(colon - uri->target));
	err = t->path != NULL ? open_both(t, colon + 1, f)
			      : fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (err != TRUSTX_OK) {
		trace_close(t);
		return err;
	}
	take_ops(t);
	t->base.backend = &bus_trace;
	*bus = t->inner;
	bus->ops = &t->ops;
	bus->ctx = t;
	return TRUSTX_OK;
}

static bool trace_is_virtual(const void *ctx)
{
	const struct trace_bus *t = ctx;

	return trustx_bus_is_virtual(&t->inner);
}

static enum trustx_bus_lines trace_lines(void *ctx)
{
	struct trace_bus *t = ctx;

	return trustx_bus_lines(&t->inner);
}

const struct bus_backend bus_trace = {
	.scheme = "trace",
	.form = "trace:FILE:URI",
	.options = " ",
	.decorator = true,
	.open = trace_open,
	.close = trace_close,
	.is_virtual = trace_is_virtual,
	.lines = trace_lines,
};
