/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "value.h"

#include <openssl/asn1.h>

#include <stdint.h>
#include <string.h>

#define LETTERS_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

#define HOST_MAX  253 /* RFC 1035 2.3.4 */
#define LABEL_MAX 63
#define LOCAL_MAX 64 /* RFC 5321 4.5.3.1.1 */

/* The character at text; its length, or 0 if it is none. */
static size_t take_utf8(unsigned long *c, const char *text, size_t len)
{
	int n = UTF8_getc((const unsigned char *)text, len < 4 ? (int)len : 4, c);

	if (n <= 0 || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF))
		return 0;
	return (size_t)n;
}

static bool is_control(unsigned long c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool value_is_utf8(size_t *count, const char *text, size_t len)
{
	unsigned long c;
	size_t n, found = 0;

	for (size_t at = 0; at < len; at += n, found++)
		if ((n = take_utf8(&c, text + at, len - at)) == 0)
			return false;
	*count = found;
	return true;
}

bool value_has_control(const char *text, size_t len)
{
	unsigned long c;
	size_t n;

	for (size_t at = 0; at < len; at += n) {
		if ((n = take_utf8(&c, text + at, len - at)) == 0)
			n = 1;
		else if (is_control(c))
			return true;
	}
	return false;
}

bool value_is_printable_string(const char *text)
{
	return text[strspn(text, LETTERS_DIGITS " '()+,-./:=?")] == '\0';
}

static bool is_label(const char *text, size_t len)
{
	if (len == 0 || len > LABEL_MAX || text[0] == '-' || text[len - 1] == '-')
		return false;
	return strspn(text, LETTERS_DIGITS "-") >= len;
}

bool value_is_host(const char *text)
{
	size_t len;

	if (strlen(text) > HOST_MAX)
		return false;
	for (;; text += len + 1) {
		len = strcspn(text, ".");
		if (!is_label(text, len))
			return false;
		if (text[len] == '\0')
			return true;
	}
}

/* RFC 5322 3.2.3 */
static bool is_dot_atom(const char *text, size_t len)
{
	if (len == 0 || len > LOCAL_MAX || text[0] == '.' || text[len - 1] == '.')
		return false;
	if (strspn(text, LETTERS_DIGITS ".!#$%&'*+-/=?^_`{|}~") < len)
		return false;
	for (size_t i = 1; i < len; i++)
		if (text[i - 1] == '.' && text[i] == '.')
			return false;
	return true;
}

bool value_is_email(const char *text)
{
	size_t local = strcspn(text, "@");

	return text[local] == '@' && is_dot_atom(text, local) && value_is_host(text + local + 1);
}

bool value_is_uri(const char *text)
{
	const char *hex = "0123456789ABCDEFabcdef";
	size_t scheme = strspn(text, LETTERS_DIGITS "+-.");

	if (scheme == 0 || strchr("+-.0123456789", text[0]) != NULL || text[scheme] != ':' ||
		text[scheme + 1] == '\0')
		return false;
	for (const char *at = text; *at != '\0'; at++)
		if (*at == '%' && strspn(at + 1, hex) < 2)
			return false;
	return text[strspn(text, LETTERS_DIGITS "-._~:/?#[]@!$&'()*+,;=%")] == '\0';
}

void value_show(char out[VALUE_SHOW], const char *text, size_t len)
{
	size_t n = 0, width;
	unsigned long c;

	for (size_t at = 0; at < len; at += width) {
		bool fine = (width = take_utf8(&c, text + at, len - at)) > 0 && !is_control(c);

		width = width > 0 ? width : 1;
		if (n + width > VALUE_SHOW - 4) {
			memcpy(out + n, "...", 3);
			n += 3;
			break;
		}
		memcpy(out + n, fine ? text + at : "?", fine ? width : 1);
		n += fine ? width : 1;
	}
	out[n] = '\0';
}
