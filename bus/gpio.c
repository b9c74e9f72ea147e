/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "gpio.h"

#include "gpio-lib.h"
#include "node.h"
#include "num.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN 280

struct gpio {
	struct gpio_held *held;
	bool high_holds;
	char *text; /* of the option, for messages */
};

/* The option as it was understood. */
struct spec {
	const char *option, *text;
	char path[PATH_LEN]; /* of the chip */
	char name[64];	     /* of the line; "": by number */
	unsigned line;
	bool high_holds;
};

static enum trustx_err malformed(const struct spec *s, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_INPUT, "%s=%s is not the number or the name of a GPIO line",
		s->option, s->text);
	return fail_next(f,
		"for example %s=gpiochip0:17 or %s=GPIO17, with :high behind it if the line holds "
		"the chip while it is high",
		s->option, s->option);
}

/* "gpiochip0:17" or "GPIO17", of len characters. */
static enum trustx_err parse_line(struct spec *s, size_t len, struct fail *f)
{
	char text[PATH_LEN], *colon;
	uint64_t n;

	if (len == 0 || len >= sizeof(text))
		return malformed(s, f);
	snprintf(text, sizeof(text), "%.*s", (int)len, s->text);
	if ((colon = strrchr(text, ':')) == NULL) {
		if (len >= sizeof(s->name) || strchr(text, '/') != NULL)
			return malformed(s, f);
		memcpy(s->name, text, len + 1);
		return TRUSTX_OK;
	}
	*colon++ = '\0';
	if (text[0] == '\0' || num_parse_range(&n, colon, 0, UINT16_MAX) != TRUSTX_OK)
		return malformed(s, f);
	s->line = (unsigned)n;
	if (text[0] != '/' && strchr(text, '/') != NULL)
		return malformed(s, f);
	snprintf(s->path, sizeof(s->path), "%s%.260s", text[0] == '/' ? "" : "/dev/", text);
	return TRUSTX_OK;
}

static enum trustx_err parse(struct spec *s, const char *option, const char *text, struct fail *f)
{
	size_t len = strlen(text);

	*s = (struct spec){ .option = option, .text = text };
	if (len > 5 && strcmp(text + len - 5, ":high") == 0) {
		s->high_holds = true;
		len -= 5;
	} else if (len > 4 && strcmp(text + len - 4, ":low") == 0) {
		len -= 4;
	}
	return parse_line(s, len, f);
}

static int is_chip(const struct dirent *entry)
{
	return strncmp(entry->d_name, "gpiochip", 8) == 0;
}

/* Names of the chips that are there, for messages. */
static void list_chips(char *out, size_t cap)
{
	struct dirent **entry = NULL;
	int count = scandir("/dev", &entry, is_chip, versionsort);
	size_t n = 0;

	snprintf(out, cap, "none");
	for (int i = 0; i < count; i++) {
		if (n < cap)
			n += (size_t)snprintf(
				out + n, cap - n, "%s%.40s", i > 0 ? ", " : "", entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
}

static enum trustx_err no_such(
	const struct spec *s, enum trustx_err err, const char *what, struct fail *f)
{
	char chips[200];

	list_chips(chips, sizeof(chips));
	fail_set(f, err, "%s=%s: %s; GPIO chips here: %s", s->option, s->text, what, chips);
	fail_next(f, "gpioinfo lists all lines");
	return fail_cause(f, "reset-line");
}

/* By name, the first on any chip, as libgpiod's own programs do. */
static enum trustx_err find_line(struct spec *s, struct fail *f)
{
	struct dirent **entry = NULL;
	int count = scandir("/dev", &entry, is_chip, versionsort), line = -1;
	char closed[PATH_LEN] = "";

	for (int i = 0; i < count; i++) {
		if (line < 0) {
			snprintf(s->path, sizeof(s->path), "/dev/%s", entry[i]->d_name);
			line = gpio_lib_find(s->path, s->name);
			if (line < 0 && (errno == EACCES || errno == EPERM))
				memcpy(closed, s->path, sizeof(closed));
		}
		free(entry[i]);
	}
	free(entry);
	if (line >= 0) {
		s->line = (unsigned)line;
		return TRUSTX_OK;
	}
	if (closed[0] == '\0')
		return no_such(s, TRUSTX_ERR_NO_DEVICE, "no line has this name", f);
	errno = EACCES;
	return node_refused(closed, f);
}

static enum trustx_err taken(const struct spec *s, const struct gpio_seen *seen, struct fail *f)
{
	if (seen->consumer[0] != '\0')
		fail_set(f, TRUSTX_ERR_IN_USE, "%s=%s: the line is in use by '%s'", s->option,
			s->text, seen->consumer);
	else
		fail_set(f, TRUSTX_ERR_IN_USE,
			"%s=%s: the line is in use by a program that gives no name, or by the "
			"kernel",
			s->option, s->text);
	fail_next(f, "end that program, or name another line; gpioinfo lists all lines");
	return fail_cause(f, "reset-line");
}

static enum trustx_err not_taken(const struct spec *s, const struct gpio_seen *seen, struct fail *f)
{
	char why[80];

	switch (errno) {
	case EBUSY:
		return taken(s, seen, f);
	case EACCES:
	case EPERM:
		node_refused(s->path, f);
		return fail_next(f, "give the GPIO chips to a group: a udev rule with "
				    "SUBSYSTEM==\"gpio\", GROUP=\"gpio\", MODE=\"0660\"");
	case ENOENT:
		return no_such(s, TRUSTX_ERR_NO_DEVICE, "there is no such GPIO chip", f);
	case ENOTTY:
	case ENODEV:
		return no_such(s, TRUSTX_ERR_NO_DEVICE, "that is not a GPIO chip", f);
	case EINVAL:
		if (seen->lines == 0 || s->line < seen->lines)
			break;
		snprintf(why, sizeof(why), "the chip has the lines 0 to %u", seen->lines - 1);
		return no_such(s, TRUSTX_ERR_INPUT, why, f);
	default:
		break;
	}
	fail_errno(f, TRUSTX_ERR_NO_DEVICE, "%s=%s: the line cannot be used", s->option, s->text);
	return fail_cause(f, "reset-line");
}

enum trustx_err gpio_check(const char *option, const char *text, struct fail *f)
{
	struct spec s;

	return parse(&s, option, text, f);
}

enum trustx_err gpio_open(struct gpio **line, const char *option, const char *text, struct fail *f)
{
	struct gpio_seen seen;
	struct gpio *g;
	struct spec s;
	enum trustx_err err;

	*line = NULL;
	if ((err = parse(&s, option, text, f)) != TRUSTX_OK)
		return err;
	if (s.name[0] != '\0' && (err = find_line(&s, f)) != TRUSTX_OK)
		return err;
	if ((g = calloc(1, sizeof(*g))) == NULL || (g->text = strdup(text)) == NULL) {
		free(g);
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	g->high_holds = s.high_holds;
	if ((g->held = gpio_lib_take(&seen, s.path, s.line, !s.high_holds)) == NULL) {
		err = not_taken(&s, &seen, f);
		free(g->text);
		free(g);
		return err;
	}
	*line = g;
	return TRUSTX_OK;
}

enum trustx_err gpio_set(struct gpio *line, bool run, struct fail *f)
{
	if (gpio_lib_set(line->held, run != line->high_holds))
		return TRUSTX_OK;
	fail_errno(f, TRUSTX_ERR_BUS, "the GPIO line %s cannot be set", line->text);
	return fail_cause(f, "reset-line");
}

void gpio_close(struct gpio *line)
{
	if (line == NULL)
		return;
	(void)gpio_lib_set(line->held, !line->high_holds);
	gpio_lib_give_back(line->held);
	free(line->text);
	free(line);
}
