/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* How far a device is at AWS IoT: chip, certificates, thing and policies side by side. */
#ifndef FLOW_AWS_STATUS_H
#define FLOW_AWS_STATUS_H

#include "aws-known.h"
#include "slot.h"

#define AWS_STATUS_CERTS   16
#define AWS_STATUS_GAPS	   12
#define AWS_STATUS_WHATMAX 240

struct aws_status_wish {
	const char *thing;		/* NULL: that of the chip's certificate, if there is one */
	const char *uid;		/* of the chip; NULL: not known */
	const struct aws_known *known;	/* the journal, or NULL */
	const struct slot_state *state; /* of the chip's slot, or NULL: it is not there */
};

struct aws_status_cert {
	struct record_name name;
	bool there; /* AWS has it; the rest is meaningful then */
	enum iot_status status;
	bool attached; /* to the thing */
	bool in_chip, in_journal;
	json_t *policies; /* names, attached to it directly */
};

struct aws_status_gap {
	char what[AWS_STATUS_WHATMAX], next[AWS_STATUS_WHATMAX];
};

struct aws_status {
	char thing[IOT_NAME_MAX + 1]; /* or "" */
	bool thing_there;
	char type[IOT_NAME_MAX + 1], uid[AWS_UID_LEN + 1]; /* of the thing, or "" */
	json_t *groups;	 /* of the thing: names to arrays of policy names */
	json_t *orphans; /* of the journal: id (or null) to status, or null if AWS has it not */
	struct aws_status_cert certs[AWS_STATUS_CERTS];
	size_t cert_count;
	struct aws_status_gap gaps[AWS_STATUS_GAPS]; /* what is missing for it to work */
	size_t gap_count;
};

/* What is missing is no error. Errors of cloud_finish. Free in every case. */
TRUSTX_MUST_CHECK enum trustx_err aws_status_look(struct aws_status *status, struct cloud *cloud,
	const struct aws_status_wish *wish, struct fail *f);
void aws_status_free(struct aws_status *status);

#endif
