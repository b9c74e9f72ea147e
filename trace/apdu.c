/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "apdu.h"

#include "buf.h"

#include <stdio.h>
#include <string.h>

#define CLEAR_ERROR	0x80u
#define OID_LAST_ERROR	0xF1C2u
#define TAG_EXPORT	0x07u
#define TAG_USAGE	0x02u
#define TAG_OBJECT_LOW	0x10u /* CalcHash over an object: 0x10 to 0x15 */
#define TAG_OBJECT_HIGH 0x15u
#define NO_TAG		0xFFu
#define OID_FIRST	0xFEu

struct known {
	uint8_t code;
	uint8_t oid_tag; /* where the OID stands: in an element, or in front */
	const char *name;
};

static const struct known known[] = {
	{ CMD_GET_DATA, OID_FIRST, "GetDataObject" },
	{ CMD_SET_DATA, OID_FIRST, "SetDataObject" },
	{ 0x03, NO_TAG, "SetObjectProtected" },
	{ CMD_GET_RANDOM, NO_TAG, "GetRandom" },
	{ CMD_SET_AUTH_SCHEME, OID_FIRST, "SetAuthScheme" },
	{ 0x14, NO_TAG, "EncryptSym" },
	{ 0x15, NO_TAG, "DecryptSym" },
	{ CMD_GET_AUTH_MSG, NO_TAG, "GetAuthMsg" },
	{ CMD_SET_AUTH_MSG, NO_TAG, "SetAuthMsg" },
	{ 0x1A, NO_TAG, "GetMsg" },
	{ 0x1B, NO_TAG, "PutMsg" },
	{ 0x1E, NO_TAG, "EncryptAsym" },
	{ 0x1F, NO_TAG, "DecryptAsym" },
	{ CMD_CALC_HASH, TAG_OBJECT_LOW, "CalcHash" },
	{ CMD_CALC_SIGN, 0x03, "CalcSign" },
	{ CMD_VERIFY_SIGN, 0x04, "VerifySign" },
	{ CMD_CALC_SSEC, 0x01, "CalcSSec" },
	{ CMD_DERIVE_KEY, 0x01, "DeriveKey" },
	{ CMD_GEN_KEY_PAIR, 0x01, "GenKeyPair" },
	{ 0x39, NO_TAG, "GenSymKey" },
	{ CMD_OPEN, NO_TAG, "OpenApplication" },
	{ 0x71, NO_TAG, "CloseApplication" },
};

static const struct known *find(uint8_t code)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].code == code)
			return &known[i];
	return NULL;
}

bool element_next(struct element *element, size_t *at, const uint8_t *data, size_t len)
{
	struct reader r;

	if (*at >= len)
		return false;
	reader_init(&r, data + *at, len - *at);
	element->tag = reader_u8(&r);
	element->len = reader_u16(&r);
	element->at = *at + 3;
	*at = element->at + element->len;
	return !r.failed;
}

static bool tag_matches(uint8_t tag, uint8_t wanted)
{
	if (wanted == TAG_OBJECT_LOW)
		return tag >= TAG_OBJECT_LOW && tag <= TAG_OBJECT_HIGH;
	return tag == wanted;
}

/* The first element with the tag, of which at least least bytes are there. */
static bool find_element(
	struct element *element, const struct command *cmd, uint8_t tag, size_t least)
{
	size_t at = 0;

	while (element_next(element, &at, cmd->in, cmd->got))
		if (tag_matches(element->tag, tag))
			return element->len >= least && cmd->got - element->at >= least;
	return false;
}

static void find_oid(struct command *cmd, uint8_t oid_tag)
{
	struct element element = { .at = 0 };

	if (oid_tag == NO_TAG)
		return;
	if (oid_tag == OID_FIRST ? cmd->got < 2 : !find_element(&element, cmd, oid_tag, 2))
		return;
	cmd->has_oid = true;
	cmd->oid = (uint16_t)(cmd->in[element.at] << 8 | cmd->in[element.at + 1]);
}

void command_decode(struct command *cmd, const uint8_t *data, size_t len)
{
	const struct known *k;
	struct reader r;
	uint8_t code;

	memset(cmd, 0, sizeof(*cmd));
	reader_init(&r, data, len);
	code = reader_u8(&r);
	cmd->param = reader_u8(&r);
	cmd->in_len = reader_u16(&r);
	cmd->headed = !r.failed;
	if (!cmd->headed)
		return;
	cmd->clears = (code & CLEAR_ERROR) != 0;
	cmd->code = code & (uint8_t)~CLEAR_ERROR;
	cmd->got = reader_left(&r);
	cmd->in = data + APDU_HEAD;
	if ((k = find(cmd->code)) == NULL)
		return;
	cmd->name = k->name;
	find_oid(cmd, k->oid_tag);
}

void answer_decode(struct answer *answer, const uint8_t *data, size_t len)
{
	struct reader r;

	memset(answer, 0, sizeof(*answer));
	reader_init(&r, data, len);
	answer->status = reader_u8(&r);
	reader_skip(&r, 1);
	answer->out_len = reader_u16(&r);
	answer->headed = !r.failed;
	if (!answer->headed)
		return;
	answer->got = reader_left(&r);
	answer->out = data + APDU_HEAD;
}

static unsigned in_u16(const struct command *cmd, size_t at)
{
	return cmd->got >= at + 2 ? (unsigned)(cmd->in[at] << 8 | cmd->in[at + 1]) : 0;
}

static void get_text(char *out, size_t cap, const struct command *cmd)
{
	if (cmd->param == PARAM_METADATA)
		snprintf(out, cap, "metadata of 0x%04X", cmd->oid);
	else if (cmd->got >= 6)
		snprintf(out, cap, "0x%04X from %u, up to %u bytes", cmd->oid, in_u16(cmd, 2),
			in_u16(cmd, 4));
	else
		snprintf(out, cap, "0x%04X, all of it", cmd->oid);
}

static void set_text(char *out, size_t cap, const struct command *cmd)
{
	size_t len = cmd->got >= 4 ? cmd->got - 4 : 0;
	unsigned at = in_u16(cmd, 2);

	if (cmd->param == PARAM_METADATA)
		snprintf(out, cap, "metadata of 0x%04X, %zu bytes", cmd->oid, len);
	else if (cmd->param == PARAM_COUNT)
		snprintf(out, cap, "count 0x%04X", cmd->oid);
	else
		snprintf(out, cap, "%s 0x%04X at %u, %zu bytes",
			cmd->param == PARAM_ERASE ? "erase and write" : "write", cmd->oid, at, len);
}

static const char *curve_text(uint8_t param)
{
	if (param == 0x03)
		return "P-256";
	return param == 0x04 ? "P-384" : "of an unknown curve";
}

static void generate_text(char *out, size_t cap, const struct command *cmd)
{
	struct element usage;

	if (find_element(&usage, cmd, TAG_EXPORT, 0))
		snprintf(out, cap, "%s, exported", curve_text(cmd->param));
	else if (find_element(&usage, cmd, TAG_USAGE, 1))
		snprintf(out, cap, "%s 0x%04X, usage 0x%02X", curve_text(cmd->param), cmd->oid,
			cmd->in[usage.at]);
	else
		snprintf(out, cap, "%s 0x%04X", curve_text(cmd->param), cmd->oid);
}

static void other_text(char *out, size_t cap, const struct command *cmd)
{
	if (cmd->code == CMD_GET_RANDOM)
		snprintf(out, cap, "%u bytes", in_u16(cmd, 0));
	else if (cmd->has_oid)
		snprintf(out, cap, "0x%04X, param 0x%02X, %zu bytes", cmd->oid, cmd->param,
			cmd->got);
	else
		snprintf(out, cap, "param 0x%02X, %zu bytes", cmd->param, cmd->got);
}

void command_text(char *out, size_t cap, const struct command *cmd)
{
	char what[96], name[24], length[48] = "";

	if (!cmd->headed) {
		snprintf(out, cap, "a command without a head");
		return;
	}
	if (cmd->code == CMD_GET_DATA && cmd->has_oid)
		get_text(what, sizeof(what), cmd);
	else if (cmd->code == CMD_SET_DATA && cmd->has_oid)
		set_text(what, sizeof(what), cmd);
	else if (cmd->code == CMD_GEN_KEY_PAIR)
		generate_text(what, sizeof(what), cmd);
	else
		other_text(what, sizeof(what), cmd);
	snprintf(name, sizeof(name), "command 0x%02X", cmd->code);
	if (cmd->got != cmd->in_len)
		snprintf(
			length, sizeof(length), "; InLen %u, but %zu bytes", cmd->in_len, cmd->got);
	snprintf(out, cap, "%s %s%s", cmd->name != NULL ? cmd->name : name, what, length);
}

/* SRM table 17. */
static const char *error_text(unsigned code)
{
	static const struct {
		uint8_t code;
		const char *text;
	} errors[] = {
		{ 0x00, "no error" },
		{ 0x01, "invalid OID" },
		{ 0x03, "invalid param" },
		{ 0x04, "invalid length" },
		{ 0x05, "invalid parameter in the data" },
		{ 0x06, "internal error" },
		{ 0x07, "access condition not satisfied" },
		{ 0x08, "beyond the object's boundary" },
		{ 0x09, "metadata truncated" },
		{ 0x0A, "invalid command" },
		{ 0x0B, "command out of sequence" },
		{ 0x0C, "command not available" },
		{ 0x0D, "insufficient memory" },
		{ 0x0E, "counter threshold reached" },
		{ 0x0F, "invalid manifest" },
		{ 0x10, "wrong payload version" },
		{ 0x11, "invalid metadata of the object" },
		{ 0x24, "unsupported extension, key usage or algorithm" },
		{ 0x25, "unsupported parameter" },
		{ 0x29, "invalid certificate" },
		{ 0x2A, "unsupported certificate" },
		{ 0x2C, "signature verification failed" },
		{ 0x2D, "integrity check failed" },
		{ 0x2E, "decryption failed" },
		{ 0x2F, "authorization failed" },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return errors[i].text;
	return "unknown error";
}

int answer_error(const struct command *cmd, const struct answer *answer)
{
	if (cmd->code != CMD_GET_DATA || cmd->param != PARAM_DATA || !cmd->has_oid ||
		cmd->oid != OID_LAST_ERROR)
		return -1;
	return answer->status == 0 && answer->got >= 1 ? answer->out[0] : -1;
}

void answer_text(char *out, size_t cap, const struct command *cmd, const struct answer *answer)
{
	const char *name = cmd->name != NULL ? cmd->name : "command";
	char oid[12] = "", tail[80] = "";
	int error = answer_error(cmd, answer);

	if (!answer->headed) {
		snprintf(out, cap, "an answer without a head");
		return;
	}
	if (cmd->has_oid)
		snprintf(oid, sizeof(oid), " 0x%04X", cmd->oid);
	if (answer->got != answer->out_len)
		snprintf(tail, sizeof(tail), "; OutLen %u, but %zu bytes", answer->out_len,
			answer->got);
	else if (error >= 0)
		snprintf(tail, sizeof(tail), ": %s (0x%02X)", error_text((unsigned)error),
			(unsigned)error);
	if (answer->status == 0)
		snprintf(out, cap, "%s%s: ok, %zu bytes%s", name, oid, answer->got, tail);
	else
		snprintf(out, cap, "%s%s: refused, status 0x%02X%s", name, oid, answer->status,
			tail);
}
