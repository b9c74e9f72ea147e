/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "server.h"

#include "listen.h"
#include "net.h"
#include "pause.h"
#include "rbus.h"
#include "stop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNS_MAX 16
#define TICK_MS	  100 /* how late a signal may be noticed */
#define BURST	  64  /* steps of one client before the others have their turn */
#define NS_PER_MS 1000000u
#define DRAIN_NS  2000000000u

/*
 *            whole request            due            all sent
 *  READING ----------------> HOLDING -----> SENDING ----------> READING
 *                                                  \----------> DRAINING, after the last answer
 *  ENDED from everywhere, when the connection is at its end
 */
enum conn_state { READING, HOLDING, SENDING, DRAINING, ENDED };

struct conn {
	int fd;
	enum conn_state state;
	bool greeted;	   /* this client has the chip */
	bool finished;	   /* the answer at hand is the last */
	uint64_t until_ns; /* HOLDING: when to answer; DRAINING: when to give up */
	size_t in_len, out_len, out_at;
	uint8_t in[RBUS_REQUEST_HEAD + RBUS_DATA_MAX];
	uint8_t out[RBUS_RESPONSE_HEAD + RBUS_DATA_MAX];
};

struct server {
	struct rbus bus;
	struct listener listener;
	struct conn *conns[CONNS_MAX]; /* oldest first */
	size_t count;
};

static void let_go(struct server *s, struct conn *c)
{
	if (c->greeted)
		rbus_hang_up(&s->bus);
	c->greeted = false;
}

static void end(struct server *s, struct conn *c)
{
	let_go(s, c);
	c->state = ENDED;
}

static enum rbus_client standing(struct server *s, const struct conn *c)
{
	if (c->greeted)
		return RBUS_GREETED;
	for (size_t i = 0; i < s->count; i++) {
		if (!s->conns[i]->greeted)
			continue;
		/* Or did it leave without our noticing yet? */
		if (!net_has_ended(s->conns[i]->fd))
			return RBUS_TURNED_AWAY;
		end(s, s->conns[i]);
	}
	return RBUS_STRANGER;
}

static void answer(struct server *s, struct conn *c)
{
	bool keep;

	c->out_len = rbus_answer(&s->bus, c->out, &keep, c->in, standing(s, c));
	c->out_at = 0;
	c->in_len = 0;
	c->greeted = c->greeted || keep;
	c->finished = !keep;
	c->until_ns = c->greeted ? rbus_due_ns(&s->bus) : 0;
	c->state = HOLDING;
}

/* The steps return whether there may be more to do at once. */
static bool step_read(struct server *s, struct conn *c)
{
	size_t want = c->in_len < RBUS_REQUEST_HEAD ? RBUS_REQUEST_HEAD : rbus_request_len(c->in);
	ptrdiff_t n = net_recv(c->fd, c->in + c->in_len, want - c->in_len);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		end(s, c);
		return false;
	}
	c->in_len += (size_t)n;
	if (c->in_len >= RBUS_REQUEST_HEAD && c->in_len == rbus_request_len(c->in))
		answer(s, c);
	return true;
}

static bool step_hold(struct conn *c)
{
	if (net_now_ns() < c->until_ns)
		return false;
	c->state = SENDING;
	return true;
}

/* Closing with unread bytes would take the last answer away from a client on TCP. */
static void start_draining(struct server *s, struct conn *c)
{
	let_go(s, c);
	net_end_sending(c->fd);
	c->until_ns = net_now_ns() + DRAIN_NS;
	c->state = DRAINING;
}

static bool step_send(struct server *s, struct conn *c)
{
	ptrdiff_t n = net_send(c->fd, c->out + c->out_at, c->out_len - c->out_at);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n < 0) {
		end(s, c);
		return false;
	}
	c->out_at += (size_t)n;
	if (c->out_at < c->out_len)
		return true;
	if (c->finished)
		start_draining(s, c);
	else
		c->state = READING;
	return true;
}

static bool step_drain(struct server *s, struct conn *c)
{
	ptrdiff_t n = net_recv(c->fd, c->in, sizeof(c->in));

	if (n > 0)
		return net_now_ns() < c->until_ns;
	if (n == 0 || errno != EAGAIN || net_now_ns() >= c->until_ns)
		end(s, c);
	return false;
}

static bool step(struct server *s, struct conn *c)
{
	switch (c->state) {
	case READING:
		return step_read(s, c);
	case HOLDING:
		return step_hold(c);
	case SENDING:
		return step_send(s, c);
	case DRAINING:
		return step_drain(s, c);
	case ENDED:
		break;
	}
	return false;
}

static void serve_conn(struct server *s, struct conn *c, unsigned is)
{
	if (c->state == HOLDING && (is & NET_GONE) != 0)
		end(s, c);
	for (int i = 0; i < BURST && step(s, c); i++)
		continue;
}

static void forget(struct server *s, size_t i)
{
	net_close(s->conns[i]->fd);
	free(s->conns[i]);
	for (s->count--; i < s->count; i++)
		s->conns[i] = s->conns[i + 1];
}

static void forget_ended(struct server *s)
{
	for (size_t i = s->count; i > 0; i--)
		if (s->conns[i - 1]->state == ENDED)
			forget(s, i - 1);
}

/* Whoever waits longest without the chip makes room. */
static void make_room(struct server *s)
{
	size_t i = 0;

	if (s->count < CONNS_MAX)
		return;
	while (s->conns[i]->greeted)
		i++;
	forget(s, i);
}

static void accept_one(struct server *s)
{
	int fd = net_accept(s->listener.fd);
	struct conn *c;

	if (fd < 0)
		return;
	if ((c = calloc(1, sizeof(*c))) == NULL) {
		net_close(fd);
		return;
	}
	c->fd = fd;
	make_room(s);
	s->conns[s->count++] = c;
}

static unsigned wanted_events(const struct conn *c)
{
	switch (c->state) {
	case READING:
	case DRAINING:
		return NET_IN;
	case SENDING:
		return NET_OUT;
	case HOLDING:
	case ENDED:
		break;
	}
	return 0;
}

/* Until something is due, at most a tick. Below a millisecond poll is too coarse. */
static int pause_ms(const struct server *s)
{
	uint64_t now = net_now_ns(), left = (uint64_t)TICK_MS * NS_PER_MS;

	for (size_t i = 0; i < s->count; i++) {
		const struct conn *c = s->conns[i];

		if (c->state != HOLDING)
			continue;
		if (c->until_ns <= now)
			return 0;
		if (c->until_ns - now < left)
			left = c->until_ns - now;
	}
	if (left >= NS_PER_MS)
		return (int)(left / NS_PER_MS);
	pause_us((uint32_t)(left / 1000));
	return 0;
}

static void serve_once(struct server *s)
{
	struct net_wait waits[CONNS_MAX + 1];
	size_t n = s->count;

	for (size_t i = 0; i < n; i++)
		waits[i] = (struct net_wait){ s->conns[i]->fd, wanted_events(s->conns[i]), 0 };
	waits[n] = (struct net_wait){ s->listener.fd, NET_IN, 0 };
	if (net_poll(waits, n + 1, pause_ms(s)) < 0)
		return;
	rbus_catch_up(&s->bus);
	for (size_t i = 0; i < n; i++)
		if (waits[i].is != 0 || waits[i].wanted != NET_IN || s->conns[i]->state == DRAINING)
			serve_conn(s, s->conns[i], waits[i].is);
	forget_ended(s);
	if (waits[n].is != 0)
		accept_one(s);
}

static void announce(const struct server *s)
{
	char uri[NET_TEXT_MAX];

	net_print(uri, &s->listener.addr);
	if (!net_is_local(&s->listener.addr))
		fprintf(stderr,
			"warning: %s can be reached from other computers, and nothing protects "
			"it\n",
			uri);
	fflush(stderr);
	printf("listening on %s\n", uri);
	fflush(stdout);
}

enum trustx_err sim_serve(const struct serve_options *opt, struct fail *f)
{
	struct server s = { .listener.fd = -1 };
	struct sim_options chip = opt->chip;
	struct stop *stop = stop_watch();
	enum trustx_err err;

	s.bus.real_clock = chip.real_clock;
	chip.real_clock = false;
	if (stop == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = listen_open(&s.listener, opt->listen, f)) != TRUSTX_OK)
		goto out;
	if ((err = sim_open(&s.bus.sim, opt->state, &chip, f)) != TRUSTX_OK)
		goto out;
	s.bus.started_ns = net_now_ns();
	announce(&s);
	while (!stop_wished())
		serve_once(&s);

	err = TRUSTX_OK;
out:
	while (s.count > 0)
		forget(&s, 0);
	listen_close(&s.listener);
	sim_close(s.bus.sim);
	stop_unwatch(stop);
	return err;
}
