/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Recorded transfers: read, printed again, decoded, redacted, exported. */
#include "decode.h"
#include "fuzz.h"
#include "pcapng.h"
#include "redact.h"

#define OUT_MAX ((size_t)16 << 20)

/* A line that was read and printed means the same when it is read again. */
static void check_record(const struct tracefile_record *rec, const struct tracefile_session *s)
{
	char text[2 * TRACEFILE_LINE_MAX];
	struct tracefile_reader again;
	struct tracefile_item item;
	struct fail f = { 0 };
	size_t len;

	len = tracefile_print_session(text, s);
	len += tracefile_print_record(text + len, rec);
	tracefile_reader_init(&again, text, len);
	PROPERTY(tracefile_next(&again, &item, &f) == TRUSTX_OK);
	PROPERTY(item.kind == TRACEFILE_SESSION);
	PROPERTY(tracefile_next(&again, &item, &f) == TRUSTX_OK);
	PROPERTY(item.kind == TRACEFILE_RECORD && item.record.op == rec->op);
	if (rec->op >= TRACEFILE_SPEED)
		PROPERTY(item.record.value == rec->value);
	else
		PROPERTY(item.record.len == rec->len);
	if (tracefile_has_data(rec))
		PROPERTY(memcmp(item.record.data, rec->data, rec->len) == 0);
}

static void walk(const uint8_t *data, size_t size, struct trace_decoder *decoder)
{
	struct tracefile_reader reader;
	struct tracefile_item item;
	struct trace_line lines[2];
	struct fail f = { 0 };
	struct blob out;

	blob_init(&out, OUT_MAX);
	tracefile_reader_init(&reader, data, size);
	while (tracefile_next(&reader, &item, &f) == TRUSTX_OK && item.kind != TRACEFILE_END) {
		if (item.kind == TRACEFILE_SESSION) {
			trace_decoder_restart(decoder);
			PROPERTY(pcapng_section(&out) == TRUSTX_OK);
		} else if (item.kind == TRACEFILE_RECORD) {
			check_record(&item.record, &item.session);
			PROPERTY(trace_decode(decoder, lines, &item.record) <= 2);
			PROPERTY(memchr(lines[0].text, '\0', TRACE_TEXT_MAX) != NULL);
			PROPERTY(pcapng_packet(&out, &item.record, lines[0].text) == TRUSTX_OK);
		}
	}
	blob_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_decoder *decoder = trace_decoder_new();
	struct redaction did, none;
	struct fail f = { 0 };
	struct blob out, twice;

	PROPERTY(decoder != NULL);
	walk(data, size, decoder);
	trace_decoder_free(decoder);
	blob_init(&out, OUT_MAX);
	blob_init(&twice, OUT_MAX);
	if (redact_trace(&out, &did, data, size, &f) == TRUSTX_OK)
		PROPERTY(redact_trace(&twice, &none, out.data, out.len, &f) != TRUSTX_OK ||
			 none.records == did.records);
	else
		PROPERTY(f.why[0] != '\0');
	blob_free(&twice);
	blob_free(&out);
	return 0;
}
