/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "utc.h"

#include <string.h>

/* Of the Gregorian calendar, since 1970-01-01; a year begins with March here. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
	const int64_t y = month > 2 ? year : year - 1, from_march = (month + 9) % 12;
	const int64_t before = y >= 0 ? y : y - 399, era = before / 400, of_era = y - era * 400;
	const int64_t of_year = (153 * from_march + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t utc_seconds(const struct tm *tm)
{
	const int64_t days =
		days_since_1970((int64_t)tm->tm_year + 1900, (int64_t)tm->tm_mon + 1, tm->tm_mday);

	return ((days * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec;
}

/* Exactly count digits. */
static bool take_number(int *number, const char **text, unsigned count, int min, int max)
{
	int n = 0;

	for (; count > 0; count--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		n = 10 * n + (**text - '0');
	}
	*number = n;
	return n >= min && n <= max;
}

static bool take_word(const char **text, const char *word)
{
	if (strncmp(*text, word, strlen(word)) != 0)
		return false;
	*text += strlen(word);
	return true;
}

/* One of the names, three letters each; -1: none of them. */
static int take_name(const char **text, const char *names)
{
	for (int i = 0; *names != '\0'; i++, names += 3)
		if (strncmp(*text, names, 3) == 0) {
			*text += 3;
			return i;
		}
	return -1;
}

static bool take_clock(struct tm *tm, const char **text)
{
	return take_number(&tm->tm_hour, text, 2, 0, 23) && take_word(text, ":") &&
	       take_number(&tm->tm_min, text, 2, 0, 59) && take_word(text, ":") &&
	       take_number(&tm->tm_sec, text, 2, 0, 60);
}

bool utc_parse_iso(int64_t *seconds, const char *text)
{
	struct tm tm = { 0 };

	*seconds = 0;
	if (!take_number(&tm.tm_year, &text, 4, 0, 9999) || !take_word(&text, "-") ||
		!take_number(&tm.tm_mon, &text, 2, 1, 12) || !take_word(&text, "-") ||
		!take_number(&tm.tm_mday, &text, 2, 1, 31) || !take_word(&text, "T") ||
		!take_clock(&tm, &text))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*seconds = utc_seconds(&tm);
	return true;
}

bool utc_parse_http(int64_t *seconds, const char *text)
{
	struct tm tm = { 0 };

	*seconds = 0;
	if (take_name(&text, "SunMonTueWedThuFriSat") < 0 || !take_word(&text, ", ") ||
		!take_number(&tm.tm_mday, &text, 2, 1, 31) || !take_word(&text, " ") ||
		(tm.tm_mon = take_name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec")) < 0 ||
		!take_word(&text, " ") || !take_number(&tm.tm_year, &text, 4, 0, 9999) ||
		!take_word(&text, " ") || !take_clock(&tm, &text))
		return false;
	tm.tm_year -= 1900;
	*seconds = utc_seconds(&tm);
	return true;
}
