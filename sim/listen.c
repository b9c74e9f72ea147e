/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128

static const char *file_of(const struct net_addr *addr)
{
	return addr->addr.ss_family == AF_UNIX ? ((const struct sockaddr_un *)&addr->addr)->sun_path
					       : NULL;
}

/* A socket file stays behind when a server is killed; only trying tells. */
static bool somebody_listens(const struct net_addr *addr)
{
	int fd = net_socket(addr);
	bool alive = fd < 0 || connect(fd, (const struct sockaddr *)&addr->addr, addr->len) == 0 ||
		     errno != ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return alive;
}

static enum trustx_err remove_stale(const struct net_addr *addr, struct fail *f)
{
	const char *path = file_of(addr);
	struct stat st;

	if (path == NULL || lstat(path, &st) != 0)
		return TRUSTX_OK;
	if (!S_ISSOCK(st.st_mode))
		return fail_set(f, TRUSTX_ERR_EXISTS, "%s is there and is no socket", path);
	if (somebody_listens(addr)) {
		fail_set(f, TRUSTX_ERR_IN_USE, "another server listens at %s", path);
		return fail_next(f, "end it, or choose another path");
	}
	if (unlink(path) != 0)
		return fail_errno(f, TRUSTX_ERR_FILE, "cannot replace the old socket %s", path);
	return TRUSTX_OK;
}

static bool bind_and_listen(int fd, const struct net_addr *addr)
{
	const int on = 1;

	if (addr->addr.ss_family != AF_UNIX)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, (const struct sockaddr *)&addr->addr, addr->len) == 0 &&
	       listen(fd, BACKLOG) == 0;
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
	if (!bind_and_listen(l->fd, addr)) {
		err = bind_failed(addr, f);
		close(l->fd);
		l->fd = -1;
		return err;
	}
	l->addr = *addr;
	if (file_of(addr) != NULL)
		(void)lstat(file_of(addr), &l->file);
	else
		(void)getsockname(l->fd, (struct sockaddr *)&l->addr.addr, &l->addr.len);
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
	const char *path = file_of(&l->addr);
	struct stat st;

	if (l->fd < 0)
		return;
	close(l->fd);
	l->fd = -1;
	if (path != NULL && lstat(path, &st) == 0 && st.st_ino == l->file.st_ino &&
		st.st_dev == l->file.st_dev)
		unlink(path);
}
