/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "server.h"

#include "listen.h"
#include "net.h"
#include "rbus.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 16
#define TICK_MS	  100 /* how late a signal may be noticed */
#define BURST	  64  /* steps of one client before the others have their turn */
#define NS_PER_MS 1000000u
#define DRAIN_NS  2000000000u

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

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

/* Nothing more to read, and nothing ever will be: it left without our noticing yet. */
static bool has_left(const struct conn *c)
{
	uint8_t byte;

	return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static enum rbus_client standing(struct server *s, const struct conn *c)
{
	if (c->greeted)
		return RBUS_GREETED;
	for (size_t i = 0; i < s->count; i++) {
		if (!s->conns[i]->greeted)
			continue;
		if (!has_left(s->conns[i]))
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
	ssize_t n = recv(c->fd, c->in + c->in_len, want - c->in_len, 0);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (n < 0 && errno == EINTR)
		return true;
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
	shutdown(c->fd, SHUT_WR);
	c->until_ns = net_now_ns() + DRAIN_NS;
	c->state = DRAINING;
}

static bool step_send(struct server *s, struct conn *c)
{
	ssize_t n = send(c->fd, c->out + c->out_at, c->out_len - c->out_at, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return false;
	if (n < 0 && errno == EINTR)
		return true;
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
	ssize_t n = recv(c->fd, c->in, sizeof(c->in), 0);

	if (n > 0 || (n < 0 && errno == EINTR))
		return net_now_ns() < c->until_ns;
	if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) || net_now_ns() >= c->until_ns)
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

static void serve_conn(struct server *s, struct conn *c, short events)
{
	if (c->state == HOLDING && (events & (POLLHUP | POLLERR)) != 0)
		end(s, c);
	for (int i = 0; i < BURST && step(s, c); i++)
		continue;
}

static void forget(struct server *s, size_t i)
{
	close(s->conns[i]->fd);
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
	int fd = accept(s->listener.fd, NULL, NULL);
	struct conn *c;

	if (fd < 0)
		return;
	net_prepare(fd);
	if ((c = calloc(1, sizeof(*c))) == NULL) {
		close(fd);
		return;
	}
	c->fd = fd;
	make_room(s);
	s->conns[s->count++] = c;
}

static short wanted_events(const struct conn *c)
{
	switch (c->state) {
	case READING:
	case DRAINING:
		return POLLIN;
	case SENDING:
		return POLLOUT;
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
	struct timespec ts = { 0, 0 };

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
	ts.tv_nsec = (long)left;
	nanosleep(&ts, NULL);
	return 0;
}

static void serve_once(struct server *s)
{
	struct pollfd fds[CONNS_MAX + 1];
	size_t n = s->count;

	for (size_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){ s->conns[i]->fd, wanted_events(s->conns[i]), 0 };
	fds[n] = (struct pollfd){ s->listener.fd, POLLIN, 0 };
	if (poll(fds, n + 1, pause_ms(s)) < 0)
		return;
	rbus_catch_up(&s->bus);
	for (size_t i = 0; i < n; i++)
		if (fds[i].revents != 0 || fds[i].events != POLLIN ||
			s->conns[i]->state == DRAINING)
			serve_conn(s, s->conns[i], fds[i].revents);
	forget_ended(s);
	if (fds[n].revents != 0)
		accept_one(s);
}

/* Signals stay blocked and are looked for, so that no handler and no global is needed. */
struct signals {
	sigset_t watched, mask;
	struct sigaction on_int, on_term;
};

static void watch_signals(struct signals *sig)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };

	sigemptyset(&sig->watched);
	sigaddset(&sig->watched, SIGINT);
	sigaddset(&sig->watched, SIGTERM);
	sigprocmask(SIG_BLOCK, &sig->watched, &sig->mask);
	/* An ignored signal, as a shell gives it to background jobs, need not become pending. */
	sigaction(SIGINT, &plain, &sig->on_int);
	sigaction(SIGTERM, &plain, &sig->on_term);
}

static bool signal_came(void)
{
	sigset_t pending;

	sigemptyset(&pending);
	sigpending(&pending);
	return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

static void unwatch_signals(const struct signals *sig)
{
	int number;

	while (signal_came())
		sigwait(&sig->watched, &number);
	sigaction(SIGINT, &sig->on_int, NULL);
	sigaction(SIGTERM, &sig->on_term, NULL);
	sigprocmask(SIG_SETMASK, &sig->mask, NULL);
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
	printf("listening on %s\n", uri);
	fflush(stdout);
}

enum trustx_err sim_serve(const struct serve_options *opt, struct fail *f)
{
	struct server s = { .listener.fd = -1 };
	struct sim_options chip = opt->chip;
	struct signals sig;
	enum trustx_err err;

	s.bus.real_clock = chip.real_clock;
	chip.real_clock = false;
	watch_signals(&sig);
	if ((err = listen_open(&s.listener, opt->listen, f)) != TRUSTX_OK)
		goto out;
	if ((err = sim_open(&s.bus.sim, opt->state, &chip, f)) != TRUSTX_OK)
		goto out;
	s.bus.started_ns = net_now_ns();
	announce(&s);
	while (!signal_came())
		serve_once(&s);

	err = TRUSTX_OK;
out:
	while (s.count > 0)
		forget(&s, 0);
	listen_close(&s.listener);
	sim_close(s.bus.sim);
	unwatch_signals(&sig);
	return err;
}
