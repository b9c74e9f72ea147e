/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "pcapng.h"

#include "buf.h"

#include <string.h>

/* Block and option types of draft-ietf-opsawg-pcapng. */
#define BLOCK_SECTION	 0x0A0D0D0Au
#define BLOCK_INTERFACE	 1u
#define BLOCK_PACKET	 6u
#define BYTE_ORDER_MAGIC 0x1A2B3C4Du
#define OPT_END		 0u
#define OPT_COMMENT	 1u
#define OPT_NAME	 2u
#define OPT_APPLICATION	 4u
#define OPT_RESOLUTION	 9u
#define MICROSECONDS	 6u
#define LENGTH_UNKNOWN	 UINT64_MAX

#define COMMENT_MAX ((size_t)512)
#define BLOCK_MAX   (TRACEFILE_DATA_MAX + COMMENT_MAX + 128)

/* Of each packet: number of the bus, then flags as in Linux's struct i2c_msg. */
#define FLAG_READ 0x0001u

struct block {
	uint8_t bytes[BLOCK_MAX];
	struct writer w;
};

static void block_begin(struct block *b, uint32_t type)
{
	writer_init(&b->w, b->bytes, sizeof(b->bytes));
	writer_u32(&b->w, type);
	writer_u32(&b->w, 0); /* the length, put in by block_end */
}

static void put_padded(struct block *b, const void *data, size_t len)
{
	static const uint8_t zeros[3] = { 0 };

	writer_bytes(&b->w, data, len);
	writer_bytes(&b->w, zeros, (4 - len % 4) % 4);
}

static void put_option(struct block *b, uint16_t code, const void *data, size_t len)
{
	writer_u16(&b->w, code);
	writer_u16(&b->w, (uint16_t)len);
	put_padded(b, data, len);
}

static enum trustx_err block_end(struct block *b, struct blob *out)
{
	uint32_t len = (uint32_t)writer_len(&b->w) + 4;
	struct writer at;

	writer_u32(&b->w, len);
	if (b->w.failed)
		return TRUSTX_ERR_INTERNAL;
	writer_init(&at, b->bytes + 4, 4);
	writer_u32(&at, len);
	return blob_add(out, b->bytes, len);
}

enum trustx_err pcapng_section(struct blob *out)
{
	static const char application[] = "trustx", name[] = "i2c";
	const uint8_t resolution = MICROSECONDS;
	struct block b;
	enum trustx_err err;

	block_begin(&b, BLOCK_SECTION);
	writer_u32(&b.w, BYTE_ORDER_MAGIC);
	writer_u16(&b.w, 1);
	writer_u16(&b.w, 0);
	writer_u64(&b.w, LENGTH_UNKNOWN);
	put_option(&b, OPT_APPLICATION, application, sizeof(application) - 1);
	put_option(&b, OPT_END, NULL, 0);
	if ((err = block_end(&b, out)) != TRUSTX_OK)
		return err;
	block_begin(&b, BLOCK_INTERFACE);
	writer_u16(&b.w, PCAPNG_LINKTYPE);
	writer_u16(&b.w, 0);
	writer_u32(&b.w, 0);
	put_option(&b, OPT_NAME, name, sizeof(name) - 1);
	put_option(&b, OPT_RESOLUTION, &resolution, 1);
	put_option(&b, OPT_END, NULL, 0);
	return block_end(&b, out);
}

static size_t packet_print(uint8_t *out, size_t cap, const struct tracefile_record *rec)
{
	bool is_read = rec->op == TRACEFILE_READ;
	struct writer w;

	writer_init(&w, out, cap);
	writer_u8(&w, 0);
	writer_u32(&w, is_read ? FLAG_READ : 0);
	writer_u8(&w, (uint8_t)(rec->addr << 1 | (is_read ? 1 : 0)));
	/* Behind an address that nobody acknowledged nothing was clocked. */
	if (tracefile_has_data(rec) && rec->result != TRUSTX_ERR_NACK)
		writer_bytes(&w, rec->data, rec->len);
	return writer_len(&w);
}

enum trustx_err pcapng_packet(
	struct blob *out, const struct tracefile_record *rec, const char *comment)
{
	uint8_t packet[TRACEFILE_DATA_MAX + 8];
	size_t len = packet_print(packet, sizeof(packet), rec);
	size_t text_len = strlen(comment);
	struct block b;

	if (rec->op > TRACEFILE_READ)
		return TRUSTX_OK;
	block_begin(&b, BLOCK_PACKET);
	writer_u32(&b.w, 0);
	writer_u64(&b.w, rec->at_us);
	writer_u32(&b.w, (uint32_t)len);
	writer_u32(&b.w, (uint32_t)len);
	put_padded(&b, packet, len);
	if (text_len > 0)
		put_option(
			&b, OPT_COMMENT, comment, text_len < COMMENT_MAX ? text_len : COMMENT_MAX);
	put_option(&b, OPT_END, NULL, 0);
	return block_end(&b, out);
}
