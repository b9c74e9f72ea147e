/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "quota.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define SHARE	0.8
#define SLOW_MS 30000u

/* Requests a second, per account and region. */
static const struct {
	const char *operation;
	double rate;
} rates[] = {
	{ "CreateCertificateFromCsr", 15 }, { "RegisterCertificateWithoutCA", 10 },
	{ "RegisterCACertificate", 10 }, { "GetRegistrationCode", 10 }, { "UpdateCertificate", 10 },
	{ "DescribeCertificate", 10 }, { "DeleteCertificate", 10 }, { "ListCertificates", 10 },
	{ "CreateThing", 15 }, { "UpdateThing", 10 }, { "DeleteThing", 15 },
	{ "AttachThingPrincipal", 15 }, { "DetachThingPrincipal", 15 },
	{ "ListThingPrincipals", 10 }, { "ListPrincipalThings", 10 },
	{ "AddThingToThingGroup", 60 }, { "CreateThingType", 15 }, { "CreateThingGroup", 25 },
	{ "CreatePolicy", 10 }, { "GetPolicy", 10 }, { "AttachPolicy", 15 }, { "DetachPolicy", 15 },
	{ "ListAttachedPolicies", 15 }, { "", 10 }, /* any other; the last */
};
#define RATES (sizeof(rates) / sizeof(rates[0]))
static_assert(RATES <= QUOTA_OPERATIONS, "a bucket for each");

static size_t find(const char *operation)
{
	size_t i = 0;

	while (i < RATES - 1 && strcmp(rates[i].operation, operation) != 0)
		i++;
	return i;
}

uint32_t quota_take(struct quota *quota, const char *operation, uint64_t now_ms)
{
	size_t i = find(operation);
	double rate = rates[i].rate * SHARE / (quota->stations > 0 ? quota->stations : 1);
	double burst = rate > 1 ? rate : 1, *tokens = &quota->bucket[i].tokens;

	if (now_ms < quota->bucket[i].slow_until)
		rate /= 2;
	if (quota->bucket[i].at_ms == 0)
		*tokens = burst;
	else
		*tokens += (double)(now_ms - quota->bucket[i].at_ms) / 1000 * rate;
	quota->bucket[i].at_ms = now_ms > 0 ? now_ms : 1;
	*tokens = *tokens < burst ? *tokens : burst;
	if (*tokens < 1)
		return (uint32_t)((1 - *tokens) / rate * 1000) + 1;
	*tokens -= 1;
	return 0;
}

void quota_slow(struct quota *quota, const char *operation, uint64_t now_ms)
{
	size_t i = find(operation);

	quota->bucket[i].tokens = 0;
	quota->bucket[i].slow_until = now_ms + SLOW_MS;
}
