/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The proof that a device works: MQTT over TLS with the chip's key, and why not if it does not. */
#ifndef FLOW_CONNECT_H
#define FLOW_CONNECT_H

#include "iot.h"
#include "mqtt.h"
#include "reach.h"
#include "slot.h"

#define CONNECT_HOST_MAX  256
#define CONNECT_TOPIC_MAX (IOT_NAME_MAX + 16)
#define CONNECT_TLS_PORT  8883
#define CONNECT_ALPN_PORT 443 /* where AWS wants x-amzn-mqtt-ca */

struct connect_endpoint {
	char host[CONNECT_HOST_MAX];
	uint16_t port;
};

/* HOST, HOST:PORT, [IPV6]:PORT; without a port the one given. TRUSTX_ERR_INPUT. */
TRUSTX_MUST_CHECK enum trustx_err connect_parse_endpoint(
	struct connect_endpoint *endpoint, const char *text, uint16_t port, struct fail *f);

/* Lent for the call. */
struct connect_options {
	struct slot slot;
	const struct connect_endpoint *endpoint;
	const char *thing;     /* NULL: of the journal, else the certificate's common name */
	STACK_OF(X509) *roots; /* NULL: Amazon's */
	const char *alpn;      /* NULL: none */
	bool v311;
	unsigned timeout_s;
	time_t now;
	bool (*interrupted)(void);
};

struct connect_result {
	struct slot_state state;
	char thing[IOT_NAME_MAX + 1], topic[CONNECT_TOPIC_MAX], address[REACH_ADDRESS_MAX];
	const char *uid; /* of the chip; lent by the device */
	bool visited;	 /* mqtt is meaningful */
	struct mqtt_report mqtt;
	const char *cause;   /* of a failure: "server-untrusted"; static; NULL: none of the list */
	bool broker_said_no; /* AWS may know why */
	const char *action;  /* that was refused: "iot:Publish"; static; NULL: not known */
	char resource[CONNECT_TOPIC_MAX + 16]; /* on this: "topic/..." */
};

/*
 * Check what can be checked here, reach the server, and visit the broker as the thing. In this order:
 *   TRUSTX_ERR_MISMATCH  no certificate, one for another key, outside its dates
 *   TRUSTX_ERR_INPUT     no name of a thing
 *   TRUSTX_ERR_NO_DEVICE, _TIMEOUT, _PROTOCOL   no such host, nobody there, no TLS, no MQTT
 *   TRUSTX_ERR_MISMATCH  the server's certificate
 *   TRUSTX_ERR_ISSUER    the broker said no
 * and those of the chip. Free the result in every case.
 */
TRUSTX_MUST_CHECK enum trustx_err connect_run(struct connect_result *result, struct device *dev,
	const struct connect_options *opt, struct fail *f);
void connect_free(struct connect_result *result); /* fine on a zeroed struct */

/*
 * After broker_said_no: ask AWS what is the matter and put it into f, which says so far what the
 * broker said. *found: AWS knew a reason. Errors of cloud_finish, in f.
 */
TRUSTX_MUST_CHECK enum trustx_err connect_ask(struct connect_result *result, bool *found,
	struct cloud *cloud, const struct connect_options *opt, struct fail *f);

#endif
