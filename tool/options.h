/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Options that several commands have alike, for their tables. type is the struct of the command's
 * values; the member is called as the option.
 */
#ifndef TOOL_OPTIONS_H
#define TOOL_OPTIONS_H

#include "opt.h"
#include "slot.h"

#include <stddef.h>

/* type.subject is a struct subject_args. */
#define SUBJECT_OPTS(type)                                                        \
	{ .kind = OPT_TEXT,                                                       \
		.letter = 'i',                                                    \
		.name = "in",                                                     \
		.value = "FILE",                                                  \
		.help = "subject as JSON, {\"CN\":\"...\",\"O\":\"...\"}",        \
		.at = offsetof(type, subject.config),                             \
		.hint = HINT_FILE },                                              \
		{ .kind = OPT_TEXT,                                               \
			.name = "subject",                                        \
			.value = "NAME",                                          \
			.help = "subject as text, CN=...,O=... or /CN=.../O=...", \
			.at = offsetof(type, subject.subject) },                  \
	{                                                                         \
		.kind = OPT_LIST, .name = "san", .value = "KIND:VALUE",           \
		.help = "alternative name, kinds dns uri ip email; repeatable",   \
		.at = offsetof(type, subject.san), .hint = HINT_WORDS,            \
		.words = "dns: uri: ip: email:"                                   \
	}

#define SLOT_OPT(type)                                                                         \
	{                                                                                      \
		.kind = OPT_SLOT, .letter = 's', .name = "slot", .value = "N|OID",             \
		.help = "slot, by number or object, 1 if not given", .fallback = SLOT_DEFAULT, \
		.at = offsetof(type, slot), .hint = HINT_SLOT                                  \
	}

#define CURVE_OPT(type, text)                                                         \
	{                                                                             \
		.kind = OPT_CURVE, .name = "curve", .value = "CURVE", .help = (text), \
		.at = offsetof(type, curve), .hint = HINT_WORDS, .words = "p256 p384" \
	}

#define USAGE_OPT(type, text)                                                        \
	{                                                                            \
		.kind = OPT_USAGE, .name = "usage", .value = "LIST", .help = (text), \
		.at = offsetof(type, usage), .hint = HINT_WORDS,                     \
		.words = "sign auth enc agree sign,auth"                             \
	}

#define FORMAT_OPT(type)                                                                      \
	{                                                                                     \
		.kind = OPT_FORMAT, .name = "format", .value = "FORMAT",                      \
		.help = "in the slot: tls-identity (if not given) or der",                    \
		.at = offsetof(type, format), .hint = HINT_WORDS, .words = "tls-identity der" \
	}

#define OUT_OPT(type, text)                                                                      \
	{                                                                                        \
		.kind = OPT_TEXT, .letter = 'o', .name = "out", .value = "FILE", .help = (text), \
		.at = offsetof(type, out), .hint = HINT_FILE                                     \
	}

#define STATE_OPT(type, text)                                                      \
	{                                                                          \
		.kind = OPT_TEXT, .name = "state", .value = "DIR", .help = (text), \
		.at = offsetof(type, state), .hint = HINT_DIR                      \
	}

#define CONFIRM_OPT(type, text)                                                      \
	{                                                                            \
		.kind = OPT_TEXT, .name = "confirm", .value = "UID", .help = (text), \
		.at = offsetof(type, confirm)                                        \
	}

#define REPLACE_CERT_OPT(type)                                                                \
	{                                                                                     \
		.kind = OPT_FLAG, .name = "replace-cert", .help = "over another certificate", \
		.at = offsetof(type, replace_cert)                                            \
	}

#define FOREIGN_CERT_OPT(type, text)                                      \
	{                                                                 \
		.kind = OPT_FLAG, .name = "foreign-cert", .help = (text), \
		.at = offsetof(type, foreign_cert)                        \
	}

#define INFINEON_SLOT_OPT(type, text)                                      \
	{                                                                  \
		.kind = OPT_FLAG, .name = "infineon-slot", .help = (text), \
		.at = offsetof(type, infineon_slot)                        \
	}

#define PASSPHRASE_FILE_OPT(type, text)                                                       \
	{                                                                                     \
		.kind = OPT_TEXT, .name = "passphrase-file", .value = "FILE", .help = (text), \
		.at = offsetof(type, passphrase_file), .hint = HINT_FILE                      \
	}

#endif
