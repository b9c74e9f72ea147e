/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * /dev/i2c-N of an adapter with a simulated chip. FILE[,KNOB[=VALUE]...]:
 * name=TEXT of the adapter; nack=N so many addresses are not acknowledged; errno=N for that,
 * instead of ENXIO; limit=N longer messages are refused with EOPNOTSUPP; timeout=N the Nth
 * transfer times out; gone=N the adapter is gone after N transfers; busy: a driver has the address;
 * smbus: the adapter can do no plain I2C.
 */
#include "mock.h"

#include "num.h"
#include "sim.h"

#include <errno.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define MESSAGES_MAX 42
#define MESSAGE_MAX  8192
#define SPEED_HZ     400000
#define PLAIN	     (I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL)
#define SMBUS	     (I2C_FUNC_SMBUS_BYTE | I2C_FUNC_SMBUS_BYTE_DATA)
#define ADDRESS	     "address"

struct knobs {
	char file[256];
	char name[64];
	uint64_t nack, nack_errno, limit, timeout, gone, busy, smbus;
};

struct mock_i2c {
	struct knobs knobs;
	struct sim *sim;
	bool is_gone;
};

static uint64_t *number_of(struct knobs *k, const char *name)
{
	const struct {
		const char *name;
		uint64_t *at;
	} table[] = {
		{ "nack", &k->nack },
		{ "errno", &k->nack_errno },
		{ "limit", &k->limit },
		{ "timeout", &k->timeout },
		{ "gone", &k->gone },
		{ "busy", &k->busy },
		{ "smbus", &k->smbus },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].at;
	return NULL;
}

static enum trustx_err set_knob(struct knobs *k, char *word, struct fail *f)
{
	char *value = strchr(word, '=');
	uint64_t *at;

	if (value != NULL)
		*value++ = '\0';
	if (strcmp(word, "name") == 0 && value != NULL) {
		g_strlcpy(k->name, value, sizeof(k->name));
		return TRUSTX_OK;
	}
	at = number_of(k, word);
	if (at == NULL || num_parse(at, value != NULL ? value : "1") != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT, "bad knob %s", word);
	return TRUSTX_OK;
}

static enum trustx_err parse(struct knobs *k, const char *text, struct fail *f)
{
	g_auto(GStrv) words = g_strsplit(text, ",", -1);
	enum trustx_err err;

	g_strlcpy(k->file, words[0] != NULL ? words[0] : "", sizeof(k->file));
	g_strlcpy(k->name, "bcm2835 (i2c@7e804000)", sizeof(k->name));
	k->nack_errno = ENXIO;
	for (size_t i = 1; words[0] != NULL && words[i] != NULL; i++)
		if ((err = set_knob(k, words[i], f)) != TRUSTX_OK)
			return err;
	return TRUSTX_OK;
}

static bool strikes(uint64_t *left)
{
	return *left > 0 && --*left == 0;
}

/* A transfer begins: 0 or errno. */
static int begin(struct mock_i2c *m)
{
	if (m->is_gone)
		return ENODEV;
	sim_wait_until(m->sim, mock_now());
	if (strikes(&m->knobs.gone))
		m->is_gone = true;
	return strikes(&m->knobs.timeout) ? ETIMEDOUT : 0;
}

/* START, address and bytes, without STOP: 0 or errno. */
static int message(struct mock_i2c *m, unsigned addr, bool reads, uint8_t *data, size_t len)
{
	if (m->knobs.limit > 0 && len > m->knobs.limit)
		return EOPNOTSUPP;
	if (m->knobs.nack > 0) {
		m->knobs.nack--;
		return (int)m->knobs.nack_errno;
	}
	if (!sim_start(m->sim, (uint8_t)addr, reads))
		return (int)m->knobs.nack_errno;
	if (reads)
		sim_get(m->sim, data, len);
	else
		sim_put(m->sim, data, len);
	return 0;
}

/* The transfer ends, and is answered when its bits have passed. */
static void end(struct mock_i2c *m, UMockdevIoctlClient *client, int error, size_t result)
{
	sim_stop(m->sim);
	mock_answer(client, sim_now_ns(m->sim), error == 0 ? (long)result : -1, error);
}

static unsigned address_of(UMockdevIoctlClient *client)
{
	return GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(client), ADDRESS));
}

static void i2c_read(void *ctx, UMockdevIoctlClient *client, UMockdevIoctlData *to)
{
	struct mock_i2c *m = ctx;
	size_t len = (size_t)to->data_len < MESSAGE_MAX ? (size_t)to->data_len : MESSAGE_MAX;
	g_autofree uint8_t *data = g_malloc0(len + 1);
	int error = begin(m);

	if (error == 0)
		error = message(m, address_of(client), true, data, len);
	if (error == 0)
		umockdev_ioctl_data_update(to, 0, data, (gint)len);
	end(m, client, error, len);
}

static void i2c_write(void *ctx, UMockdevIoctlClient *client, const UMockdevIoctlData *from)
{
	struct mock_i2c *m = ctx;
	size_t len = (size_t)from->data_len < MESSAGE_MAX ? (size_t)from->data_len : MESSAGE_MAX;
	int error = begin(m);

	if (error == 0)
		error = message(m, address_of(client), false, from->data, len);
	end(m, client, error, len);
}

/* One message of I2C_RDWR: 0 or errno. */
static int one_of(struct mock_i2c *m, UMockdevIoctlData *messages, size_t i)
{
	const size_t at = i * sizeof(struct i2c_msg);
	UMockdevIoctlData *data;
	struct i2c_msg msg;
	bool reads;
	int error;

	memcpy(&msg, messages->data + at, sizeof(msg));
	reads = (msg.flags & I2C_M_RD) != 0;
	if (msg.len > MESSAGE_MAX)
		return EINVAL;
	data = umockdev_ioctl_data_resolve(
		messages, at + offsetof(struct i2c_msg, buf), msg.len, NULL);
	if (data == NULL)
		return EFAULT;
	error = message(m, msg.addr, reads, data->data, msg.len);
	if (error == 0 && reads)
		umockdev_ioctl_data_update(data, 0, data->data, msg.len);
	umockdev_ioctl_data_unref(data);
	return error;
}

static int transfer(struct mock_i2c *m, UMockdevIoctlData *arg, size_t *done)
{
	UMockdevIoctlData *head, *messages;
	struct i2c_rdwr_ioctl_data request;
	int error = begin(m);

	*done = 0;
	head = umockdev_ioctl_data_resolve(arg, 0, sizeof(request), NULL);
	if (head == NULL)
		return EFAULT;
	memcpy(&request, head->data, sizeof(request));
	messages = request.nmsgs == 0 || request.nmsgs > MESSAGES_MAX
			   ? NULL
			   : umockdev_ioctl_data_resolve(
				     head, 0, request.nmsgs * sizeof(struct i2c_msg), NULL);
	for (size_t i = 0; messages != NULL && i < request.nmsgs && error == 0; i++)
		error = one_of(m, messages, i);
	if (messages == NULL)
		error = EINVAL;
	else
		umockdev_ioctl_data_unref(messages);
	umockdev_ioctl_data_unref(head);
	*done = request.nmsgs;
	return error;
}

static void set_address(struct mock_i2c *m, UMockdevIoctlClient *client, bool force)
{
	const UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	unsigned long address;

	memcpy(&address, arg->data, sizeof(address));
	if (address > 0x7F) {
		mock_answer(client, 0, -1, EINVAL);
	} else if (m->knobs.busy && !force) {
		mock_answer(client, 0, -1, EBUSY);
	} else {
		g_object_set_data(G_OBJECT(client), ADDRESS, GUINT_TO_POINTER((unsigned)address));
		mock_answer(client, 0, 0, 0);
	}
}

static void get_functions(const struct mock_i2c *m, UMockdevIoctlClient *client)
{
	unsigned long functions = m->knobs.smbus ? SMBUS : PLAIN;
	UMockdevIoctlData *arg = umockdev_ioctl_data_resolve(
		umockdev_ioctl_client_get_arg(client), 0, sizeof(functions), NULL);

	if (arg == NULL) {
		mock_answer(client, 0, -1, EFAULT);
		return;
	}
	umockdev_ioctl_data_update(arg, 0, (guint8 *)&functions, sizeof(functions));
	umockdev_ioctl_data_unref(arg);
	mock_answer(client, 0, 0, 0);
}

static void i2c_ioctl(void *ctx, UMockdevIoctlClient *client, unsigned long request)
{
	struct mock_i2c *m = ctx;
	size_t done;
	int error;

	switch (request) {
	case I2C_SLAVE:
	case I2C_SLAVE_FORCE:
		set_address(m, client, request == I2C_SLAVE_FORCE);
		break;
	case I2C_FUNCS:
		get_functions(m, client);
		break;
	case I2C_RDWR:
		error = transfer(m, umockdev_ioctl_client_get_arg(client), &done);
		end(m, client, error, done);
		break;
	case I2C_TIMEOUT:
	case I2C_RETRIES:
		mock_answer(client, 0, 0, 0);
		break;
	default:
		mock_answer(client, 0, -1, ENOTTY);
	}
}

enum trustx_err mock_i2c_add(
	struct mock_i2c **i2c, UMockdevTestbed *bed, unsigned n, const char *text, struct fail *f)
{
	static const struct mock_ops ops = { NULL, i2c_ioctl, i2c_read, i2c_write };
	struct mock_i2c *m = g_new0(struct mock_i2c, 1);
	unsigned number = mock_number(n);
	g_autofree char *node = g_strdup_printf("/dev/i2c-%u", number);
	g_autofree char *variable = g_strdup_printf("I2C%u", n);
	g_autofree char *description = NULL;
	enum trustx_err err;

	if ((err = parse(&m->knobs, text, f)) != TRUSTX_OK ||
		(err = sim_open(&m->sim, m->knobs.file, NULL, f)) != TRUSTX_OK) {
		g_free(m);
		return err;
	}
	sim_set_speed(m->sim, SPEED_HZ);
	description = g_strdup_printf("P: /devices/platform/soc/i2c-%u\nE: SUBSYSTEM=i2c\n"
				      "A: name=%s\n\n"
				      "P: /devices/platform/soc/i2c-%u/i2c-dev/i2c-%u\nN: i2c-%u\n"
				      "E: DEVNAME=/dev/i2c-%u\nE: SUBSYSTEM=i2c-dev\nE: MAJOR=89\n"
				      "E: MINOR=%u\nA: dev=89:%u\nA: name=%s\nL: device=../..\n",
		number, m->knobs.name, number, number, number, number, number, number,
		m->knobs.name);
	mock_describe(bed, description);
	mock_serve(bed, node, &ops, m);
	g_setenv(variable, node, TRUE);
	*i2c = m;
	return TRUSTX_OK;
}

void mock_i2c_close(struct mock_i2c *m)
{
	sim_close(m->sim);
	g_free(m);
}
