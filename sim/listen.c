/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A socket file stays behind when a server is killed; only trying tells. */
static bool somebody_listens(const struct net_addr *addr)
{
	int fd = net_socket(addr);
	bool alive = fd < 0 || net_connect(fd, addr) == 0 || errno != ECONNREFUSED;

	if (fd >= 0)
		net_close(fd);
	return alive;
}

static enum trustx_err remove_stale(const struct net_addr *addr, struct fail *f)
{
	const char *path = net_file(addr);
	struct osfile_info info;

	if (path == NULL || osfile_look_at_name(path, &info) != 0)
		return TRUSTX_OK;
	if (info.kind != OSFILE_SOCKET)
		return fail_set(f, TRUSTX_ERR_EXISTS, "%s is there and is no socket", path);
	if (somebody_listens(addr)) {
		fail_set(f, TRUSTX_ERR_IN_USE, "another server listens at %s", path);
		return fail_next(f, "end it, or choose another path");
	}
	if (osfile_remove(path) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot replace the old socket %s", path);
	return TRUSTX_OK;
}

static enum trustx_err bind_failed(const struct net_addr *addr, struct fail *f)
{
	int number = errno;
	char uri[NET_TEXT_MAX];

	net_print(uri, addr);
	errno = number;
	if (number == EADDRINUSE) {
		fail_set(f, TRUSTX_ERR_IN_USE, "another program listens at %s", uri);
		return fail_next(f, "choose another port; port 0 takes a free one");
	}
	if (number == EACCES || number == EPERM)
		return fail_errno(f, TRUSTX_ERR_PERMISSION, "cannot listen at %s", uri);
	if (number == EADDRNOTAVAIL)
		return fail_errno(f, TRUSTX_ERR_NO_DEVICE, "cannot listen at %s", uri);
	return fail_errno(f, TRUSTX_ERR_FILE, "cannot listen at %s", uri);
}

static enum trustx_err open_one(struct listener *l, const struct net_addr *addr, struct fail *f)
{
	enum trustx_err err;

	if ((err = remove_stale(addr, f)) != TRUSTX_OK)
		return err;
	if ((l->fd = net_socket(addr)) < 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot make a socket");
	l->addr = *addr;
	if (net_listen(l->fd, &l->addr) != 0) {
		err = bind_failed(addr, f);
		net_close(l->fd);
		l->fd = -1;
		return err;
	}
	if (net_file(addr) != NULL)
		(void)osfile_look_at_name(net_file(addr), &l->file);
	return TRUSTX_OK;
}

static enum trustx_err resolve(struct net_list *list, const char *uri, struct fail *f)
{
	const char *colon = strchr(uri, ':');
	enum trustx_err err;
	char *target;

	if (strncmp(uri, "unix:", 5) != 0 && strncmp(uri, "tcp:", 4) != 0) {
		fail_set(f, TRUSTX_ERR_INPUT, "'%s' is no address to listen at", uri);
		return fail_next(f, "use unix:PATH or tcp:HOST:PORT");
	}
	if ((target = strdup(colon + 1)) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if ((err = net_unescape(target, f)) == TRUSTX_OK)
		err = net_resolve(list, uri[0] == 'u' ? "unix" : "tcp", target, f);
	free(target);
	return err;
}

enum trustx_err listen_open(struct listener *l, const char *uri, struct fail *f)
{
	struct net_list list = { .count = 0 };
	enum trustx_err err;

	memset(l, 0, sizeof(*l));
	l->fd = -1;
	if ((err = resolve(&list, uri, f)) != TRUSTX_OK)
		return err;
	for (size_t i = 0; i < list.count; i++)
		if ((err = open_one(l, &list.at[i], f)) == TRUSTX_OK)
			return TRUSTX_OK;
	return err;
}

void listen_close(struct listener *l)
{
	const char *path = net_file(&l->addr);
	struct osfile_info info;

	if (l->fd < 0)
		return;
	net_close(l->fd);
	l->fd = -1;
	if (path != NULL && osfile_look_at_name(path, &info) == 0 &&
		memcmp(info.id, l->file.id, sizeof(info.id)) == 0)
		(void)osfile_remove(path);
}
