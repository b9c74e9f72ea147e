/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Why a chip cannot be talked to: the layers between a user and a chip, and every cause that
 * trustx doctor can name, with its one remedy. The output, the man page, the README and the list
 * of tests follow from these two tables.
 */
#ifndef FLOW_CAUSE_H
#define FLOW_CAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "trustx_err.h"

/* In the order in which they are checked. */
enum cause_layer {
	LAYER_DEVICE,
	LAYER_NODE,
	LAYER_PERMISSION,
	LAYER_GROUP,
	LAYER_DRIVER,
	LAYER_LOCK,
	LAYER_LINES,
	LAYER_ADDRESS,
	LAYER_STATE,
	LAYER_NEGOTIATION,
	LAYER_APPLICATION,
	LAYER_UID,
	LAYER_LIFE_CYCLE,
	LAYER_FRAMES,
	LAYER_SEC,
	LAYER_CLOCK,
	LAYER_COUNT,
};

const char *cause_layer_text(enum cause_layer layer); /* "bus levels"; static */
const char *cause_layer_name(enum cause_layer layer); /* "lines", for machines; static */

struct cause {
	const char *name; /* "bus-stuck": what struct fail calls it */
	enum cause_layer layer;
	enum trustx_err err;
	const char *sentence; /* what is the matter */
	const char *remedy;   /* what to do, up to the command */
	const char *command;  /* exactly what to type, with {uri}, {uri?OPTION}, {node}, ... */
};

extern const struct cause causes[];
extern const size_t causes_count;

const struct cause *cause_find(const char *name); /* NULL: none of this name, or name NULL */

/* Can this system have it? */
bool cause_is_here(const struct cause *cause);

/* What stands in commands. A missing word, or words NULL, is shown as its name: URI, NODE. */
struct cause_words {
	const char *uri, *node, *group, *user, *pid;
};

#define CAUSE_COMMAND_MAX 700
/* The command with its words, quoted for a shell where they need it. */
void cause_command(char out[static CAUSE_COMMAND_MAX], const struct cause *cause,
	const struct cause_words *words);

/*
 * The URI with this option, "speed=100000", in place of one of the same name. Always terminated, may
 * be cut.
 */
void cause_uri_with(char *out, size_t cap, const char *uri, const char *option);

/* The word as a shell takes it: as it is, or in quotes. Always terminated, may be cut. */
void cause_quote(char *out, size_t cap, const char *word);

#endif
