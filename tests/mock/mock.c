/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * trustx-mock [--i2c FILE[,KNOB...]]... [--ft260 FILE[,KNOB...]]... COMMAND [ARG...]
 *
 * Runs the command, under umockdev-wrapper, on a computer that has these adapters: at /dev/i2c-N
 * with a simulated chip each, and FT260s with one each. The command finds the nodes in its
 * environment: I2C0, I2C1, ... and HIDRAW0, HIDRAW1, ... The numbers differ from process to
 * process, for they name the locks. The exit code is that of the command.
 */
#include "mock.h"

#include <openssl/crypto.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_MOCK    99 /* of this program itself */
#define NUMBER_FIRST 100

typedef struct {
	UMockdevIoctlBase parent;
	const struct mock_ops *ops;
	void *ctx;
} MockNode;

typedef struct {
	UMockdevIoctlBaseClass parent;
} MockNodeClass;

GType mock_node_get_type(void);
G_DEFINE_TYPE(MockNode, mock_node, UMOCKDEV_TYPE_IOCTL_BASE)

struct answer {
	UMockdevIoctlClient *client;
	long result;
	int error;
};

struct call {
	void (*fn)(void *p);
	void *p;
};

struct machine {
	UMockdevTestbed *bed;
	struct mock_i2c *i2c[MOCK_DEVICES];
	struct mock_ft260 *ft260[MOCK_DEVICES];
	unsigned i2cs, ft260s;
	GMainLoop *loop;
	int status;
};

uint64_t mock_now(void)
{
	return (uint64_t)g_get_monotonic_time() * 1000;
}

static gboolean run_call(gpointer p)
{
	const struct call *call = p;

	call->fn(call->p);
	return G_SOURCE_REMOVE;
}

void mock_call_at(uint64_t at, void (*fn)(void *p), void *p)
{
	GSource *source = g_timeout_source_new(0);
	struct call *call = g_new(struct call, 1);

	*call = (struct call){ fn, p };
	g_source_set_ready_time(source, (gint64)((at + 999) / 1000));
	g_source_set_callback(source, run_call, call, g_free);
	g_source_attach(source, g_source_get_context(g_main_current_source()));
	g_source_unref(source);
}

static void give_answer(void *p)
{
	struct answer *a = p;

	if (umockdev_ioctl_client_get_connected(a->client))
		umockdev_ioctl_client_complete(a->client, a->result, a->error);
	g_object_unref(a->client);
	g_free(a);
}

void mock_answer(UMockdevIoctlClient *client, uint64_t at, long result, int error)
{
	struct answer *a;

	if (at <= mock_now()) {
		umockdev_ioctl_client_complete(client, result, error);
		return;
	}
	a = g_new(struct answer, 1);
	*a = (struct answer){ g_object_ref(client), result, error };
	mock_call_at(at, give_answer, a);
}

/* The thread is not ours to end: what the chips' cryptography keeps for it goes at once. */
static gboolean done(void)
{
	OPENSSL_thread_stop();
	return TRUE;
}

static gboolean handle_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
	const MockNode *node = (MockNode *)base;

	node->ops->ioctl(node->ctx, client, umockdev_ioctl_client_get_request(client));
	return done();
}

static gboolean handle_read(UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
	const MockNode *node = (MockNode *)base;

	node->ops->read(node->ctx, client, umockdev_ioctl_client_get_arg(client));
	return done();
}

static gboolean handle_write(UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
	const MockNode *node = (MockNode *)base;

	node->ops->write(node->ctx, client, umockdev_ioctl_client_get_arg(client));
	return done();
}

static void client_connected(UMockdevIoctlBase *base, UMockdevIoctlClient *client)
{
	const MockNode *node = (MockNode *)base;

	(void)client;
	if (node->ops->connected != NULL)
		node->ops->connected(node->ctx);
}

static void mock_node_init(MockNode *node)
{
	node->ops = NULL;
}

static void mock_node_class_init(MockNodeClass *class)
{
	class->parent.handle_ioctl = handle_ioctl;
	class->parent.handle_read = handle_read;
	class->parent.handle_write = handle_write;
	class->parent.client_connected = client_connected;
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "trustx-mock: %s: %s\n", what, why);
	exit(EXIT_MOCK);
}

void mock_describe(UMockdevTestbed *bed, const char *description)
{
	GError *error = NULL;

	if (!umockdev_testbed_add_from_string(bed, description, &error))
		die("cannot describe a device", error->message);
}

void mock_serve(UMockdevTestbed *bed, const char *node, const struct mock_ops *ops, void *ctx)
{
	MockNode *served = g_object_new(mock_node_get_type(), NULL);
	GError *error = NULL;

	served->ops = ops;
	served->ctx = ctx;
	if (!umockdev_testbed_attach_ioctl(bed, node, &served->parent, &error))
		die(node, error->message);
	g_object_unref(served);
}

unsigned mock_number(unsigned n)
{
	return NUMBER_FIRST + (unsigned)getpid() % 2000 * MOCK_DEVICES + n;
}

static void add_device(struct machine *m, int kind, const char *text)
{
	struct fail f = { .err = TRUSTX_OK };
	enum trustx_err err;

	if (m->i2cs == MOCK_DEVICES || m->ft260s == MOCK_DEVICES)
		die(text, "too many devices");
	if (kind == 'i')
		err = mock_i2c_add(&m->i2c[m->i2cs], m->bed, m->i2cs, text, &f);
	else
		err = mock_ft260_add(&m->ft260[m->ft260s], m->bed, m->ft260s, text, &f);
	if (err != TRUSTX_OK)
		die(text, f.why);
	m->i2cs += kind == 'i';
	m->ft260s += kind == 'f';
}

static char **parse(struct machine *m, int argc, char **argv)
{
	static const struct option options[] = { { "i2c", required_argument, NULL, 'i' },
		{ "ft260", required_argument, NULL, 'f' }, { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c != 'i' && c != 'f')
			exit(EXIT_MOCK);
		add_device(m, c, optarg);
	}
	if (argv[optind] == NULL)
		die("usage", "trustx-mock [--i2c CHIP]... [--ft260 CHIP]... COMMAND [ARG...]");
	return argv + optind;
}

static void ended(GPid pid, gint status, gpointer p)
{
	struct machine *m = p;

	(void)pid;
	m->status = status;
	g_main_loop_quit(m->loop);
}

static void run(struct machine *m, char **command)
{
	GError *error = NULL;
	GPid pid;

	if (!g_spawn_async(NULL, command, NULL,
		    G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
		    NULL, NULL, &pid, &error))
		die(command[0], error->message);
	m->loop = g_main_loop_new(NULL, FALSE);
	g_child_watch_add(pid, ended, m);
	g_main_loop_run(m->loop);
	g_main_loop_unref(m->loop);
}

int main(int argc, char **argv)
{
	struct machine m = { .status = 0 };

	m.bed = umockdev_testbed_new();
	if (!umockdev_in_mock_environment())
		die("start", "run this under umockdev-wrapper");
	run(&m, parse(&m, argc, argv));
	g_object_unref(m.bed);
	for (unsigned i = 0; i < m.i2cs; i++)
		mock_i2c_close(m.i2c[i]);
	for (unsigned i = 0; i < m.ft260s; i++)
		mock_ft260_close(m.ft260[i]);
	return WIFEXITED(m.status) ? WEXITSTATUS(m.status) : 128 + WTERMSIG(m.status);
}
