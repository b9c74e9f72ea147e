/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * One short visit to an MQTT broker over TLS: connect, subscribe to a topic, publish to it, and
 * receive what was published (MQTT 5 or 3.1.1; libmosquitto). Knows no chip.
 */
#ifndef CLOUD_MQTT_H
#define CLOUD_MQTT_H

#include "tls.h"

/* Lent for the call. */
struct mqtt_options {
	struct tls_options tls;
	uint16_t port;
	const char *client, *topic;
	bool v311;
	unsigned timeout_ms;	   /* of the whole visit */
	bool (*interrupted)(void); /* NULL: never */
};

/* What was under way when it ended. */
enum mqtt_stage {
	MQTT_TLS,
	MQTT_CONNECT,	/* until CONNACK */
	MQTT_SUBSCRIBE, /* until SUBACK */
	MQTT_PUBLISH,	/* until PUBACK */
	MQTT_RECEIVE,	/* until the message is back */
	MQTT_DONE,
};

enum mqtt_end {
	MQTT_END_NONE,	   /* still under way */
	MQTT_END_DONE,	   /* the message came back */
	MQTT_END_REFUSED,  /* CONNACK, SUBACK or PUBACK with code */
	MQTT_END_SENT_OFF, /* DISCONNECT with code */
	MQTT_END_CLOSED,   /* the connection was closed, or TLS failed: see tls */
	MQTT_END_TIMEOUT,
};

struct mqtt_report {
	enum mqtt_stage stage;
	enum mqtt_end end;
	int code;	   /* MQTT's reason code; with v311 its return code */
	char words[80];	   /* that code in words */
	char detail[160];  /* the library's own words of the last error, printable, or "" */
	uint64_t round_us; /* from sending the message to its coming back */
	struct tls_seen tls;
};

/*
 * TRUSTX_OK: it is over, report says how. TRUSTX_ERR_INTERRUPTED, _MEMORY, _CRYPTO (tls_new).
 * Free the report in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err mqtt_visit(
	struct mqtt_report *report, const struct mqtt_options *opt, struct fail *f);
void mqtt_report_free(struct mqtt_report *report); /* fine on a zeroed struct */

#endif
