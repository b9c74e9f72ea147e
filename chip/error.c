/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Errors in words. */
#include "apdu.h"
#include "text.h"

#define ANY_PARAM 0xFFu

struct code {
	uint8_t code;
	const char *text;
};

struct verb {
	uint8_t command, param; /* ANY_PARAM: whatever param */
	const char *text;
	const char *before; /* the object, if there is one */
};

/* SRM table 17 */
static const struct code codes[] = {
	{ 0x00, "no error" },
	{ 0x01, "no such object" },
	{ 0x02, "invalid password" },
	{ 0x03, "invalid parameter of the command" },
	{ 0x04, "invalid length" },
	{ 0x05, "invalid value in the command" },
	{ 0x06, "internal error of the chip" },
	{ 0x07, "access condition not satisfied" },
	{ 0x08, "beyond the end of the object" },
	{ 0x09, "metadata too long" },
	{ 0x0A, "unknown command" },
	{ 0x0B, "command out of sequence" },
	{ 0x0C, "the application is not open" },
	{ 0x0D, "not enough memory in the chip" },
	{ 0x0E, "counter at its limit" },
	{ 0x0F, "invalid manifest" },
	{ 0x10, "wrong payload version" },
	{ 0x11, "metadata of the object invalid" },
	{ 0x24, "not allowed by the key's usage, or unsupported algorithm" },
	{ 0x25, "unsupported parameter" },
	{ 0x29, "invalid certificate format" },
	{ 0x2A, "unsupported certificate" },
	{ 0x2C, "signature does not verify" },
	{ 0x2D, "integrity check failed" },
	{ 0x2E, "decryption failed" },
	{ 0x2F, "authorization failed" },
};

static const struct verb verbs[] = {
	{ CMD_READ, PARAM_METADATA, "read the metadata", " of" },
	{ CMD_READ, ANY_PARAM, "read", "" },
	{ CMD_WRITE, PARAM_METADATA, "write the metadata", " of" },
	{ CMD_WRITE, PARAM_COUNT, "count up", "" },
	{ CMD_WRITE, ANY_PARAM, "write", "" },
	{ CMD_RANDOM, ANY_PARAM, "get random bytes", "" },
	{ CMD_SCHEME, ANY_PARAM, "begin to authenticate", " with" },
	{ CMD_PROOF, ANY_PARAM, "authenticate", " with" },
	{ CMD_CHALLENGE, ANY_PARAM, "send a challenge", " for" },
	{ CMD_HASH, ANY_PARAM, "hash", "" },
	{ CMD_SIGN, ANY_PARAM, "sign", " with" },
	{ CMD_VERIFY, ANY_PARAM, "verify a signature", " by" },
	{ CMD_SECRET, ANY_PARAM, "agree on a secret", " with" },
	{ CMD_DERIVE, ANY_PARAM, "derive a secret", " from" },
	{ CMD_GENERATE, ANY_PARAM, "generate a key", " in" },
	{ CMD_OPEN, ANY_PARAM, "open the application", "" },
	{ CMD_CLOSE, ANY_PARAM, "close the application", "" },
};

static const char *const layers[] = {
	[TRUSTX_LAYER_NONE] = "",
	[TRUSTX_LAYER_CALLER] = "caller",
	[TRUSTX_LAYER_BUS] = "bus",
	[TRUSTX_LAYER_PHYSICAL] = "registers",
	[TRUSTX_LAYER_DATA_LINK] = "data link",
	[TRUSTX_LAYER_TRANSPORT] = "transport",
	[TRUSTX_LAYER_APDU] = "answer",
	[TRUSTX_LAYER_CHIP] = "chip",
};

const char *trustx_chip_code_text(uint8_t code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return codes[i].text;
	return "unknown error code";
}

static void add_what(struct text *t, const struct trustx_error *error)
{
	const struct verb *v = verbs;

	if (error->command == 0)
		return;
	while (v->command != error->command || (v->param != ANY_PARAM && v->param != error->param))
		v++;
	text_add(t, v->text);
	if (error->oid != 0) {
		text_add(t, v->before);
		text_add(t, " 0x");
		text_add_hex(t, error->oid, 4);
	}
	text_add(t, ": ");
}

static void add_refusal(struct text *t, uint8_t code)
{
	text_add(t, "the chip refused");
	if (code == 0) {
		text_add(t, " and did not say why");
		return;
	}
	text_add(t, ": ");
	text_add(t, trustx_chip_code_text(code));
	text_add(t, " (0x");
	text_add_hex(t, code, 2);
	text_add(t, ")");
}

static void add_timeout(struct text *t, uint32_t ms)
{
	text_add(t, "no answer within ");
	text_add_number(t, ms % 1000 == 0 ? ms / 1000 : ms);
	text_add(t, ms % 1000 == 0 ? " s" : " ms");
}

const char *trustx_error_text(struct trustx *se)
{
	struct handle *h = handle_of(se);
	const struct trustx_error *error = &h->error;
	struct text t;

	if (error->err == TRUSTX_OK)
		return trustx_err_text(TRUSTX_OK);
	text_init(&t, h->text, sizeof(h->text));
	add_what(&t, error);
	if (error->err == TRUSTX_ERR_CHIP) {
		add_refusal(&t, error->chip_code);
		return h->text;
	}
	if (error->err == TRUSTX_ERR_TIMEOUT)
		add_timeout(&t, h->timeout_ms);
	else
		text_add(&t, trustx_err_text(error->err));
	text_add(&t, " (");
	text_add(&t, layers[error->layer]);
	text_add(&t, ")");
	return h->text;
}
