/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "redact.h"

#include "apdu.h"
#include "buf.h"
#include "follow.h"
#include "mem.h"
#include "register.h"

#include <stdlib.h>
#include <string.h>

#define READ_ALWAYS	0x01u /* some metadata said so */
#define READ_RESTRICTED 0x02u /* some metadata, even one only wished for, said otherwise */
#define META_TAG	0x20u
#define META_READ	0xD1u
#define REGISTER_MAX	4u
#define TAG_PUBLIC_KEY	0x02u
#define TAG_DIGEST	0x01u
#define HASH_CONTEXT	0x06u
#define HASH_EXPORT	0x07u
#define HASH_OBJECT	0x10u /* 0x10 to 0x15: as 0x00 to 0x05, over an object */

struct redactor {
	struct follow follow;
	uint8_t objects[0x10000]; /* READ_ bits by OID */
	bool hash_secret;	  /* the running hash saw a secret */
	bool owing;		  /* a secret answer is due */
	bool tainted;		  /* the next answer may be one that was due before */
	bool settled;		  /* that answer came; it may still be repeated */
	struct tracefile_item item;
};

/* Which bytes of an APDU are kept. */
struct mask {
	uint8_t keep[APDU_MAX];
	size_t base; /* of InData or OutData */
};

enum exposure { ANSWER_EMPTY, ANSWER_PUBLIC, ANSWER_KEYS, ANSWER_HASH, ANSWER_SECRET };

static bool is_public_class(uint16_t oid)
{
	return (oid >= 0xE0C0 && oid <= 0xE0C6) || (oid >= 0xE0E0 && oid <= 0xE0E3) ||
	       (oid >= 0xE0E8 && oid <= 0xE0EF) || (oid >= 0xF1C0 && oid <= 0xF1C2);
}

static bool is_public(const struct redactor *r, uint16_t oid)
{
	if ((r->objects[oid] & READ_RESTRICTED) != 0)
		return false;
	return (r->objects[oid] & READ_ALWAYS) != 0 || is_public_class(oid);
}

/* What metadata says about reading; 0: nothing. */
static uint8_t read_access(const uint8_t *data, size_t len)
{
	uint8_t access = 0;
	struct reader r;

	reader_init(&r, data, len);
	if (reader_u8(&r) != META_TAG || reader_u8(&r) != reader_left(&r) || r.failed)
		return READ_RESTRICTED;
	while (reader_left(&r) > 0) {
		uint8_t tag = reader_u8(&r), size = reader_u8(&r);
		const uint8_t *value = reader_bytes(&r, size);

		if (r.failed)
			return READ_RESTRICTED;
		if (tag == META_READ)
			access |= size == 1 && value[0] == 0 ? READ_ALWAYS : READ_RESTRICTED;
	}
	return access;
}

static void learn_command(struct redactor *r, const struct apdu *apdu)
{
	struct command cmd;
	size_t len;
	const uint8_t *data = follow_plain(apdu, &len);

	if (data == NULL)
		return;
	command_decode(&cmd, data, len);
	if (cmd.code != CMD_SET_DATA || cmd.param != PARAM_METADATA || !cmd.has_oid || cmd.got < 4)
		return;
	/* Whether it takes effect is not known: only what restricts counts. */
	r->objects[cmd.oid] |= read_access(cmd.in + 4, cmd.got - 4) & READ_RESTRICTED;
}

static void learn_answer(struct redactor *r)
{
	struct command cmd;
	struct answer answer;
	size_t cmd_len, len;
	const uint8_t *asked = follow_plain(&r->follow.host.apdu, &cmd_len);
	const uint8_t *data = follow_plain(&r->follow.chip.apdu, &len);
	uint8_t access;

	if (asked == NULL || data == NULL)
		return;
	command_decode(&cmd, asked, cmd_len);
	answer_decode(&answer, data, len);
	if (cmd.code != CMD_GET_DATA || cmd.param != PARAM_METADATA || !cmd.has_oid ||
		!answer.headed || answer.status != 0)
		return;
	access = read_access(answer.out, answer.got);
	/* SRM "Metadata": without the tag nobody may read. */
	r->objects[cmd.oid] |= access != 0 ? access : READ_RESTRICTED;
}

static void learn(struct redactor *r, const struct tracefile_record *rec)
{
	struct follow_step step;

	follow_record(&r->follow, &step, rec);
	if (step.place == PLACE_NEW && step.apdu->whole && !step.from_chip)
		learn_command(r, step.apdu);
	if (step.complete && step.from_chip)
		learn_answer(r);
}

static void keep(struct mask *mask, size_t from, size_t len)
{
	for (size_t i = from; i < from + len && i < sizeof(mask->keep); i++)
		mask->keep[i] = 1;
}

/* Keep the SCTR and the head. false: what follows is protected. */
static bool keep_head(struct mask *mask, const struct apdu *apdu)
{
	size_t len;

	memset(mask, 0, sizeof(*mask));
	mask->base = APDU_HEAD + (apdu->headed ? 1 : 0);
	keep(mask, 0, apdu->headed ? 1 : 0);
	if (follow_plain(apdu, &len) == NULL)
		return false;
	keep(mask, 0, mask->base);
	return true;
}

/* Keep tags and lengths, and the values that is_open lets pass, up to an unknown tag. */
static void keep_elements(struct mask *mask, const uint8_t *data, size_t len,
	int (*is_open)(const struct redactor *r, uint8_t tag), const struct redactor *r)
{
	struct element element;
	size_t at = 0, from = 0;

	while (element_next(&element, &at, data, len)) {
		int open = is_open(r, element.tag);

		if (open < 0)
			return;
		keep(mask, mask->base + from, open > 0 ? at - from : element.at - from);
		from = at;
	}
	/* The head of an element that goes on in the next frame. */
	if (from < len)
		keep(mask, mask->base + from, 2);
}

static int hash_input_open(const struct redactor *r, uint8_t tag)
{
	(void)r;
	if (tag == HASH_CONTEXT)
		return 0;
	return (tag & (uint8_t)~HASH_OBJECT) <= HASH_EXPORT ? 1 : -1;
}

static int hash_output_open(const struct redactor *r, uint8_t tag)
{
	if (tag == HASH_CONTEXT)
		return 0;
	return tag == TAG_DIGEST ? !r->hash_secret : -1;
}

static int key_open(const struct redactor *r, uint8_t tag)
{
	(void)r;
	if (tag == TAG_PUBLIC_KEY)
		return 1;
	return tag == 0x01 ? 0 : -1;
}

static void mask_command(const struct redactor *r, struct mask *mask, const struct apdu *apdu)
{
	struct command cmd;
	size_t len;
	const uint8_t *data = follow_plain(apdu, &len);

	if (!keep_head(mask, apdu) || data == NULL)
		return;
	command_decode(&cmd, data, len);
	switch (cmd.code) {
	case CMD_SET_DATA:
		keep(mask, mask->base, 4); /* OID and offset */
		if (cmd.param == PARAM_METADATA || cmd.param == PARAM_COUNT ||
			(cmd.has_oid && is_public(r, cmd.oid)))
			keep(mask, mask->base, APDU_MAX);
		break;
	case CMD_OPEN:
		keep(mask, mask->base, 16); /* the name; a saved context's handle may follow */
		break;
	case CMD_CALC_HASH:
		keep_elements(mask, cmd.in, cmd.got, hash_input_open, r);
		break;
	case CMD_GET_DATA:
	case CMD_GET_RANDOM:
	case CMD_SET_AUTH_SCHEME:
	case CMD_SET_AUTH_MSG:
	case CMD_GET_AUTH_MSG:
	case CMD_CALC_SIGN:
	case CMD_VERIFY_SIGN:
	case CMD_CALC_SSEC:
	case CMD_DERIVE_KEY:
	case CMD_GEN_KEY_PAIR:
		keep(mask, mask->base, APDU_MAX);
		break;
	default:
		break;
	}
}

static enum exposure exposure(const struct redactor *r, const struct command *cmd)
{
	switch (cmd->code) {
	case CMD_GET_DATA:
		if (cmd->param == PARAM_METADATA)
			return ANSWER_PUBLIC;
		return cmd->param == PARAM_DATA && cmd->has_oid && is_public(r, cmd->oid)
			       ? ANSWER_PUBLIC
			       : ANSWER_SECRET;
	case CMD_GET_RANDOM:
		return cmd->param <= 1 ? ANSWER_PUBLIC : ANSWER_SECRET;
	case CMD_GET_AUTH_MSG:
	case CMD_CALC_SIGN:
		return ANSWER_PUBLIC;
	case CMD_CALC_HASH:
		return ANSWER_HASH;
	case CMD_GEN_KEY_PAIR:
		return ANSWER_KEYS;
	case CMD_OPEN:
	case CMD_SET_DATA:
	case CMD_SET_AUTH_SCHEME:
	case CMD_SET_AUTH_MSG:
	case CMD_VERIFY_SIGN:
		return ANSWER_EMPTY;
	default:
		return ANSWER_SECRET;
	}
}

static enum exposure exposure_of_last(const struct redactor *r)
{
	struct command cmd;
	size_t len;
	const uint8_t *data = follow_plain(&r->follow.host.apdu, &len);

	if (data == NULL)
		return ANSWER_SECRET;
	command_decode(&cmd, data, len);
	return cmd.headed ? exposure(r, &cmd) : ANSWER_SECRET;
}

static void mask_answer(const struct redactor *r, struct mask *mask, const struct apdu *apdu)
{
	struct answer answer;
	size_t len;
	const uint8_t *data = follow_plain(apdu, &len);

	if (!keep_head(mask, apdu) || data == NULL || r->tainted)
		return;
	answer_decode(&answer, data, len);
	switch (exposure_of_last(r)) {
	case ANSWER_PUBLIC:
		keep(mask, mask->base, APDU_MAX);
		break;
	case ANSWER_KEYS:
		keep_elements(mask, answer.out, answer.got, key_open, r);
		break;
	case ANSWER_HASH:
		keep_elements(mask, answer.out, answer.got, hash_output_open, r);
		break;
	default:
		break;
	}
}

static size_t blank(uint8_t *data, size_t from, size_t to)
{
	if (from >= to)
		return 0;
	memset(data + from, REDACT_BLANK, to - from);
	return to - from;
}

static size_t blank_payload(const struct redactor *r, uint8_t *data, const struct follow_step *step)
{
	size_t end = step->len - FRAME_FCS, blanked = 0;
	struct mask mask;

	if (step->place != PLACE_NEW && step->place != PLACE_REPEAT)
		return blank(data, step->payload_at, end);
	if (step->from_chip)
		mask_answer(r, &mask, step->apdu);
	else
		mask_command(r, &mask, step->apdu);
	for (size_t i = step->payload_at; i < end; i++)
		if (!mask.keep[step->apdu_at + i - step->payload_at])
			blanked += blank(data, i, i + 1);
	return blanked;
}

static size_t blank_frame(const struct redactor *r, uint8_t *data, const struct follow_step *step)
{
	size_t blanked;
	uint16_t fcs;

	if (!step->frame.shaped)
		return blank(data, 0, step->len);
	blanked = step->frame.control ? 0 : blank_payload(r, data, step);
	if (blanked == 0 && step->frame.fcs_ok)
		return 0;
	fcs = frame_fcs(data, step->len - FRAME_FCS);
	if (!step->frame.fcs_ok)
		fcs = (uint16_t)~fcs;
	data[step->len - 2] = (uint8_t)(fcs >> 8);
	data[step->len - 1] = (uint8_t)fcs;
	return blanked;
}

static bool is_hash_secret(
	const struct redactor *r, const struct command *cmd, const struct element *element)
{
	if (element->tag == HASH_CONTEXT)
		return true;
	if ((element->tag & HASH_OBJECT) == 0)
		return false;
	return cmd->got < element->at + 2 ||
	       !is_public(r, (uint16_t)(cmd->in[element->at] << 8 | cmd->in[element->at + 1]));
}

/* Start over with a start element, then look for what must not be known. */
static void follow_hash(struct redactor *r, const struct command *cmd)
{
	struct element element;

	for (size_t at = 0; element_next(&element, &at, cmd->in, cmd->got);)
		if ((element.tag & (uint8_t)~HASH_OBJECT) <= 1)
			r->hash_secret = false;
	for (size_t at = 0; element_next(&element, &at, cmd->in, cmd->got);)
		if (is_hash_secret(r, cmd, &element))
			r->hash_secret = true;
}

static void before_frame(struct redactor *r, const struct follow_step *step)
{
	if (step->from_chip)
		return;
	/* Unless its address was not acknowledged, a failed frame may have come through. */
	if (step->failed && r->item.record.result != TRUSTX_ERR_NACK) {
		r->tainted = r->hash_secret = true;
		r->settled = false;
	}
	if (step->failed || step->place != PLACE_NEW || step->apdu_at != 0)
		return;
	r->tainted = (r->tainted && !r->settled) || r->owing;
	r->owing = r->settled = false;
}

static void after_frame(struct redactor *r, const struct follow_step *step)
{
	struct command cmd;
	const uint8_t *data;
	size_t len;

	if (!step->complete)
		return;
	if (step->from_chip) {
		r->owing = false;
		r->settled = true;
		return;
	}
	r->owing = exposure_of_last(r) > ANSWER_PUBLIC;
	if ((data = follow_plain(step->apdu, &len)) == NULL)
		return;
	command_decode(&cmd, data, len);
	if (cmd.code == CMD_CALC_HASH)
		follow_hash(r, &cmd);
}

static size_t redact_record(struct redactor *r, struct tracefile_record *rec)
{
	struct follow_step step;
	uint8_t *data;
	size_t blanked = 0;

	follow_record(&r->follow, &step, rec);
	if (step.data == NULL || step.kind == FOLLOW_LINE)
		return 0;
	data = rec->data + (rec->len - step.len);
	if (step.kind == FOLLOW_LOST)
		return blank(data, 0, step.len);
	if (step.kind == FOLLOW_REGISTER)
		return blank(data, register_name(step.reg) != NULL ? REGISTER_MAX : 0, step.len);
	if (step.kind == FOLLOW_FRAME) {
		before_frame(r, &step);
		blanked = blank_frame(r, data, &step);
		after_frame(r, &step);
	}
	return blanked;
}

static void restart(struct redactor *r)
{
	follow_init(&r->follow);
	r->hash_secret = r->tainted = true;
	r->owing = r->settled = false;
}

static enum trustx_err learn_all(struct redactor *r, const void *data, size_t len, struct fail *f)
{
	struct tracefile_reader reader;
	enum trustx_err err;

	tracefile_reader_init(&reader, data, len);
	do {
		if ((err = tracefile_next(&reader, &r->item, f)) != TRUSTX_OK)
			return err;
		if (r->item.kind == TRACEFILE_SESSION)
			restart(r);
		else if (r->item.kind == TRACEFILE_RECORD)
			learn(r, &r->item.record);
	} while (r->item.kind != TRACEFILE_END);
	return TRUSTX_OK;
}

/* The item as it may be seen, as a line. */
static size_t redact_item(struct redactor *r, struct redaction *did, char *line)
{
	switch (r->item.kind) {
	case TRACEFILE_SESSION:
		restart(r);
		did->sessions++;
		r->item.session.redacted = true;
		return tracefile_print_session(line, &r->item.session);
	case TRACEFILE_RECORD:
		did->records++;
		did->blanked += redact_record(r, &r->item.record);
		return tracefile_print_record(line, &r->item.record);
	case TRACEFILE_CUT:
		did->cut = true;
		break;
	case TRACEFILE_END:
		break;
	}
	return 0;
}

static enum trustx_err redact_all(struct redactor *r, struct blob *out, struct redaction *did,
	struct tracefile_reader *reader, struct fail *f)
{
	char line[TRACEFILE_LINE_MAX];
	enum trustx_err err;
	size_t n;

	do {
		if ((err = tracefile_next(reader, &r->item, f)) != TRUSTX_OK)
			return err;
		n = redact_item(r, did, line);
		if ((err = blob_add(out, line, n)) != TRUSTX_OK)
			return fail_set(f, err, "%s", trustx_err_text(err));
	} while (r->item.kind != TRACEFILE_END);
	return TRUSTX_OK;
}

enum trustx_err redact_trace(
	struct blob *out, struct redaction *did, const void *data, size_t len, struct fail *f)
{
	struct redactor *r = calloc(1, sizeof(*r));
	struct tracefile_reader reader;
	enum trustx_err err;

	memset(did, 0, sizeof(*did));
	if (r == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	tracefile_reader_init(&reader, data, len);
	if ((err = learn_all(r, data, len, f)) == TRUSTX_OK)
		err = redact_all(r, out, did, &reader, f);
	mem_wipe(r, sizeof(*r));
	free(r);
	return err;
}
