/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "tracefile.h"

#include "hex.h"
#include "num.h"

#include <stdio.h>
#include <string.h>

#define MAGIC	  "trustx-trace"
#define WORDS_MAX 6 /* of a record, and of a head behind its version */

static const char *const op_names[TRACEFILE_OPS_] = { "write", "read", "speed", "reset", "power" };
static const char op_letters[TRACEFILE_OPS_ + 1] = "..srp";

const char *tracefile_op_name(enum tracefile_op op)
{
	return op_names[op];
}

bool tracefile_has_data(const struct tracefile_record *rec)
{
	return rec->op == TRACEFILE_WRITE ||
	       (rec->op == TRACEFILE_READ && rec->result == TRUSTX_OK);
}

size_t tracefile_print_session(
	char line[static TRACEFILE_LINE_MAX], const struct tracefile_session *session)
{
	char letters[TRACEFILE_OPS_ + 1] = "";
	size_t n = 0;

	for (size_t op = TRACEFILE_SPEED; op < TRACEFILE_OPS_; op++)
		if (session->has[op])
			letters[n++] = op_letters[op];
	return (size_t)snprintf(line, TRACEFILE_LINE_MAX,
		MAGIC " 1 %s clock=%llu addr=%02x transfer=%u hz=%lu lines=%s\n",
		session->redacted ? "redacted" : "raw", (unsigned long long)session->at_us,
		session->addr, session->max_transfer, (unsigned long)session->max_hz,
		n > 0 ? letters : "-");
}

size_t tracefile_print_record(
	char line[static TRACEFILE_LINE_MAX], const struct tracefile_record *rec)
{
	size_t n = (size_t)snprintf(line, TRACEFILE_LINE_MAX, "%llu %lu %s %s ",
		(unsigned long long)rec->at_us, (unsigned long)rec->took_us, op_names[rec->op],
		rec->result == TRUSTX_OK ? "ok" : trustx_err_name(rec->result));

	if (rec->op >= TRACEFILE_SPEED)
		return n + (size_t)snprintf(line + n, TRACEFILE_LINE_MAX - n, "%lu\n",
				   (unsigned long)rec->value);
	n += (size_t)snprintf(line + n, TRACEFILE_LINE_MAX - n, "%02x ", rec->addr);
	if (!tracefile_has_data(rec))
		return n + (size_t)snprintf(line + n, TRACEFILE_LINE_MAX - n, "%zu\n", rec->len);
	hex_print(line + n, rec->data, rec->len);
	n += 2 * rec->len;
	memcpy(line + n, "\n", 2);
	return n + 1;
}

void tracefile_reader_init(struct tracefile_reader *r, const void *data, size_t len)
{
	memset(r, 0, sizeof(*r));
	r->at = data;
	r->end = len > 0 ? r->at + len : r->at;
}

/* Words between single blanks; WORDS_MAX + 1: there are more. */
static size_t split(char *words[static WORDS_MAX], char *line)
{
	size_t n = 0;

	while (n < WORDS_MAX) {
		words[n++] = line;
		if ((line = strchr(line, ' ')) == NULL)
			return n;
		*line++ = '\0';
	}
	return n + 1;
}

static bool parse_number(uint64_t *v, const char *text, uint64_t max)
{
	return num_parse_range(v, text, 0, max) == TRUSTX_OK;
}

static bool parse_addr(uint8_t *addr, const char *text)
{
	size_t len = 1;

	return hex_parse(addr, &len, text) == TRUSTX_OK && len == 1 && *addr <= 0x7F;
}

/* "name=value" to value; "?", which no parser takes, for another name. */
static const char *value_of(const char *word, const char *name)
{
	size_t len = strlen(name);

	return strncmp(word, name, len) == 0 && word[len] == '=' ? word + len + 1 : "?";
}

static bool parse_letters(bool has[static TRACEFILE_OPS_], const char *text)
{
	const char *at = text;

	has[TRACEFILE_WRITE] = has[TRACEFILE_READ] = true;
	if (strcmp(text, "-") == 0)
		return true;
	for (size_t op = TRACEFILE_SPEED; op < TRACEFILE_OPS_; op++)
		if (*at == op_letters[op]) {
			has[op] = true;
			at++;
		}
	return at != text && *at == '\0';
}

static bool parse_session(struct tracefile_session *session, char *words[static WORDS_MAX])
{
	uint64_t transfer, hz;

	session->redacted = strcmp(words[0], "redacted") == 0;
	if (!session->redacted && strcmp(words[0], "raw") != 0)
		return false;
	if (!parse_number(&session->at_us, value_of(words[1], "clock"), INT64_MAX) ||
		!parse_addr(&session->addr, value_of(words[2], "addr")) ||
		!parse_number(&transfer, value_of(words[3], "transfer"), UINT16_MAX) ||
		!parse_number(&hz, value_of(words[4], "hz"), UINT32_MAX))
		return false;
	session->max_transfer = (uint16_t)transfer;
	session->max_hz = (uint32_t)hz;
	return parse_letters(session->has, value_of(words[5], "lines"));
}

static enum trustx_err take_session(
	struct tracefile_reader *r, struct tracefile_item *item, char *rest, struct fail *f)
{
	char *words[WORDS_MAX];

	if (strncmp(rest, "1 ", 2) != 0)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"line %zu: a trace of another version than 1: %.20s", r->line, rest);
	memset(&item->session, 0, sizeof(item->session));
	if (split(words, rest + 2) != WORDS_MAX || !parse_session(&item->session, words))
		return fail_set(f, TRUSTX_ERR_INPUT, "line %zu: a damaged head", r->line);
	item->kind = TRACEFILE_SESSION;
	r->sessions++;
	r->records = 0;
	r->earlier_us = item->session.at_us;
	return TRUSTX_OK;
}

static bool parse_result(enum trustx_err *result, const char *text)
{
	*result = TRUSTX_OK;
	if (strcmp(text, "ok") == 0)
		return true;
	for (int err = TRUSTX_OK + 1; err < TRUSTX_ERR_COUNT_; err++)
		if (strcmp(text, trustx_err_name((enum trustx_err)err)) == 0) {
			*result = (enum trustx_err)err;
			return true;
		}
	return false;
}

static bool parse_op(enum tracefile_op *op, const char *text)
{
	for (int i = 0; i < TRACEFILE_OPS_; i++)
		if (strcmp(text, op_names[i]) == 0) {
			*op = (enum tracefile_op)i;
			return true;
		}
	return false;
}

static bool parse_transfer(struct tracefile_record *rec, const char *addr, const char *rest)
{
	uint64_t len;

	if (!parse_addr(&rec->addr, addr))
		return false;
	if (!tracefile_has_data(rec)) {
		if (!parse_number(&len, rest, TRACEFILE_DATA_MAX))
			return false;
		rec->len = (size_t)len;
		return len > 0;
	}
	rec->len = sizeof(rec->data);
	return hex_parse(rec->data, &rec->len, rest) == TRUSTX_OK && rec->len > 0;
}

static bool parse_record(struct tracefile_record *rec, char *line)
{
	uint64_t took, value;
	char *words[WORDS_MAX];
	size_t n = split(words, line);

	if (n < 5 || n > WORDS_MAX || !parse_number(&rec->at_us, words[0], INT64_MAX) ||
		!parse_number(&took, words[1], UINT32_MAX) || !parse_op(&rec->op, words[2]) ||
		!parse_result(&rec->result, words[3]))
		return false;
	rec->took_us = (uint32_t)took;
	if (rec->op <= TRACEFILE_READ)
		return n == 6 && parse_transfer(rec, words[4], words[5]);
	rec->addr = 0;
	rec->len = 0;
	if (n != 5 || !parse_number(&value, words[4], rec->op == TRACEFILE_SPEED ? UINT32_MAX : 1))
		return false;
	rec->value = (uint32_t)value;
	return true;
}

static enum trustx_err take_record(
	struct tracefile_reader *r, struct tracefile_item *item, char *line, struct fail *f)
{
	if (!parse_record(&item->record, line))
		return fail_set(f, TRUSTX_ERR_INPUT, "line %zu: not a record of a trace", r->line);
	if (item->record.at_us < r->earlier_us)
		return fail_set(f, TRUSTX_ERR_INPUT, "line %zu: the clock goes back", r->line);
	r->earlier_us = item->record.at_us;
	r->records++;
	item->kind = TRACEFILE_RECORD;
	return TRUSTX_OK;
}

static enum trustx_err take_line(
	struct tracefile_reader *r, struct tracefile_item *item, char *line, struct fail *f)
{
	static const char magic[] = MAGIC " ";

	if (strncmp(line, magic, sizeof(magic) - 1) == 0)
		return take_session(r, item, line + sizeof(magic) - 1, f);
	if (r->sessions == 0)
		return fail_set(f, TRUSTX_ERR_INPUT, "it is not a trace of trustx");
	return take_record(r, item, line, f);
}

/* Was the line, len bytes without newline, closed after it had been cut off? */
static bool is_marked(const uint8_t *line, size_t len)
{
	size_t mark = strlen(TRACEFILE_CUT_MARK) - 1;

	return len >= mark && memcmp(line + len - mark, TRACEFILE_CUT_MARK, mark) == 0;
}

enum trustx_err tracefile_next(
	struct tracefile_reader *r, struct tracefile_item *item, struct fail *f)
{
	const uint8_t *start = r->at;
	size_t left = (size_t)(r->end - start);
	const uint8_t *end = left > 0 ? memchr(start, '\n', left) : NULL;
	size_t len = end != NULL ? (size_t)(end - start) : left;
	char line[TRACEFILE_LINE_MAX];

	r->line++;
	r->at = end != NULL ? end + 1 : r->end;
	if (r->sessions == 0 && end == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "it is not a trace of trustx");
	if (end == NULL || is_marked(start, len)) {
		item->kind = left == 0 ? TRACEFILE_END : TRACEFILE_CUT;
		return TRUSTX_OK;
	}
	if (len >= sizeof(line) || memchr(start, 0, len) != NULL)
		return fail_set(f, TRUSTX_ERR_INPUT, "%s",
			r->sessions == 0 ? "it is not a trace of trustx"
					 : "a line is too long or holds a zero byte");
	memcpy(line, start, len);
	line[len] = '\0';
	return take_line(r, item, line, f);
}
