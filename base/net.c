/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "net.h"

#include "hex.h"
#include "num.h"
#include "sockets.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

_Static_assert(sizeof(struct sockaddr_storage) <= sizeof(((struct net_addr *)0)->bytes),
	"room for every address");

enum trustx_err net_unescape(char *text, struct fail *f)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		uint8_t byte = (uint8_t)*at;
		size_t len = 1;

		if (*at == '%') {
			char digits[3] = { 0 };

			strncpy(digits, at + 1, 2);
			if (strlen(digits) != 2 || hex_parse(&byte, &len, digits) != TRUSTX_OK ||
				byte == 0)
				return fail_set(f, TRUSTX_ERR_INPUT,
					"'%%%s' is not %% and two hexadecimal digits other than 00",
					digits);
			at += 2;
		}
		*to++ = (char)byte;
	}
	*to = '\0';
	return TRUSTX_OK;
}

static int family_of(const struct net_addr *addr)
{
	struct sockaddr any;

	memcpy(&any, addr->bytes, sizeof(any));
	return any.sa_family;
}

static enum trustx_err resolve_unix(struct net_list *list, const char *path, struct fail *f)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	if (len == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "the path of the socket is missing");
	if (len >= sizeof(un.sun_path))
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the path of a socket has at most %zu characters, this one has %zu",
			sizeof(un.sun_path) - 1, len);
	memcpy(un.sun_path, path, len + 1);
	memcpy(list->at[0].bytes, &un, sizeof(un));
	list->at[0].len = sizeof(un);
	list->count = 1;
	return TRUSTX_OK;
}

const char *net_file(const struct net_addr *addr)
{
	if (family_of(addr) != AF_UNIX)
		return NULL;
	return (const char *)addr->bytes + offsetof(struct sockaddr_un, sun_path);
}

/* host stays "" when it is not given. */
static enum trustx_err split_target(
	char *host, size_t host_cap, const char **port, const char *target, struct fail *f)
{
	const char *colon = strrchr(target, ':');
	const char *from = target, *to = colon != NULL ? colon : target;

	*port = colon != NULL ? colon + 1 : target;
	if (target[0] == '[') {
		if (colon == NULL || colon - target < 3 || colon[-1] != ']')
			return fail_set(f, TRUSTX_ERR_INPUT, "'%s' is not [IPV6]:PORT", target);
		from++;
		to--;
	} else if (memchr(from, ':', (size_t)(to - from)) != NULL) {
		return fail_set(f, TRUSTX_ERR_INPUT,
			"'%s': an IPv6 address is written in brackets, [::1]:PORT", target);
	}
	if ((size_t)(to - from) >= host_cap)
		return fail_set(f, TRUSTX_ERR_INPUT, "the host name is too long");
	memcpy(host, from, (size_t)(to - from));
	host[to - from] = '\0';
	return TRUSTX_OK;
}

static void list_infos(struct net_list *list, const struct addrinfo *info)
{
	for (; info != NULL && list->count < NET_ADDRS_MAX; info = info->ai_next) {
		struct net_addr *addr = &list->at[list->count];

		if (info->ai_addrlen > sizeof(addr->bytes))
			continue;
		memcpy(addr->bytes, info->ai_addr, info->ai_addrlen);
		addr->len = info->ai_addrlen;
		list->count++;
	}
}

static enum trustx_err resolve_tcp(struct net_list *list, const char *target, struct fail *f)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *info = NULL;
	enum trustx_err err;
	char host[256] = "", digits[8];
	const char *port;
	uint64_t number;
	int rc;

	if ((err = split_target(host, sizeof(host), &port, target, f)) != TRUSTX_OK)
		return err;
	if (num_parse_range(&number, port, 0, UINT16_MAX) != TRUSTX_OK)
		return fail_set(f, TRUSTX_ERR_INPUT, "'%s' is no port number, 0 to 65535", port);
	snprintf(digits, sizeof(digits), "%u", (unsigned)number);
	rc = getaddrinfo(host[0] != '\0' ? host : "127.0.0.1", digits, &hints, &info);
	if (rc == 0) {
		list_infos(list, info);
		freeaddrinfo(info);
	}
	if (list->count == 0)
		return fail_set(f, TRUSTX_ERR_NO_DEVICE, "the host '%s' is not known: %s", host,
			rc != 0 ? net_gai_text(rc) : "no usable address");
	return TRUSTX_OK;
}

enum trustx_err net_resolve(
	struct net_list *list, const char *scheme, const char *target, struct fail *f)
{
	memset(list, 0, sizeof(*list));
	net_start();
	if (strcmp(scheme, "unix") == 0)
		return resolve_unix(list, target, f);
	return resolve_tcp(list, target, f);
}

static void print_unix(char *out, size_t cap, const char *path)
{
	size_t n = (size_t)snprintf(out, cap, "unix:");

	for (; *path != '\0' && n + 4 <= cap; path++) {
		if (strchr("%?", *path) != NULL) {
			n += (size_t)snprintf(out + n, cap - n, "%%%02X", (unsigned)*path);
		} else {
			out[n++] = *path;
			out[n] = '\0';
		}
	}
}

void net_print(char out[static NET_TEXT_MAX], const struct net_addr *addr)
{
	const char *form = family_of(addr) == AF_INET6 ? "tcp:[%s]:%s" : "tcp:%s:%s";
	char host[128] = "?", port[16] = "?";
	const void *sockaddr = addr->bytes;

	if (net_file(addr) != NULL) {
		print_unix(out, NET_TEXT_MAX, net_file(addr));
		return;
	}
	(void)getnameinfo(sockaddr, (socklen_t)addr->len, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(out, NET_TEXT_MAX, form, host, port);
}

bool net_is_local(const struct net_addr *addr)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	memcpy(&in, addr->bytes, sizeof(in));
	memcpy(&in6, addr->bytes, sizeof(in6));
	if (family_of(addr) == AF_INET)
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	if (family_of(addr) == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	return family_of(addr) == AF_UNIX;
}

size_t net_parse_ip(uint8_t bytes[static 16], const char *text)
{
	net_start();
	if (inet_pton(AF_INET, text, bytes) == 1)
		return 4;
	return inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
}

bool net_print_ip(char out[static NET_IP_TEXT_MAX], const uint8_t *bytes, size_t len)
{
	net_start();
	return (len == 4 || len == 16) &&
	       inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, out, NET_IP_TEXT_MAX) != NULL;
}

uint64_t net_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
