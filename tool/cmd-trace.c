/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "decode.h"
#include "file.h"
#include "interrupt.h"
#include "pcapng.h"
#include "redact.h"
#include "tracefile.h"

#include <stdio.h>
#include <string.h>

#define PCAPNG_MAX ((size_t)1 << 30)

struct trace_args {
	const char *file, *out, *pcapng;
};

/* One pass over a trace; record is called for each transfer with its lines. */
struct pass {
	struct tool *t;
	struct tracefile_reader reader;
	struct tracefile_item item;
	struct trace_decoder *decoder;
	size_t records; /* of all sessions */
	bool cut, redacted;
	struct blob pcapng;
	enum trustx_err (*record)(struct pass *p, const struct trace_line *lines, size_t count);
	enum trustx_err (*session)(struct pass *p);
};

static enum trustx_err read_trace(struct tool *t, struct blob *file, const char *path)
{
	enum trustx_err err;

	blob_init(file, TRACEFILE_MAX);
	if ((err = file_read(file, path, &t->fail)) != TRUSTX_OK)
		fail_what(&t->fail, "read %.120s", path);
	return err;
}

static enum trustx_err take_item(struct pass *p)
{
	struct trace_line lines[2];
	size_t count;

	switch (p->item.kind) {
	case TRACEFILE_SESSION:
		trace_decoder_restart(p->decoder);
		p->redacted = p->redacted || p->item.session.redacted;
		return p->session(p);
	case TRACEFILE_RECORD:
		p->records++;
		count = trace_decode(p->decoder, lines, &p->item.record);
		return p->record(p, lines, count);
	case TRACEFILE_CUT:
		p->cut = true;
		break;
	case TRACEFILE_END:
		break;
	}
	return TRUSTX_OK;
}

static enum trustx_err run_pass(struct pass *p, const struct blob *file, const char *path)
{
	struct fail *f = &p->t->fail;
	enum trustx_err err;

	if ((p->decoder = trace_decoder_new()) == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	tracefile_reader_init(&p->reader, file->data, file->len);
	do {
		if ((err = tracefile_next(&p->reader, &p->item, f)) != TRUSTX_OK) {
			fail_what(f, "read %.120s", path);
			break;
		}
		if ((err = take_item(p)) != TRUSTX_OK || (err = interrupt_check(f)) != TRUSTX_OK)
			break;
	} while (p->item.kind != TRACEFILE_END);
	trace_decoder_free(p->decoder);
	return err;
}

/* Every line leaves at once: a trace may be longer than what a result may be. */
static enum trustx_err finish_line(struct pass *p, struct out *o)
{
	enum trustx_err err = out_finish(o, "trustx.trace-show/1", NULL, &p->t->fail);

	out_free(o);
	return err;
}

static enum trustx_err show_session(struct pass *p)
{
	struct out o;

	if (p->t->globals.json)
		return TRUSTX_OK;
	out_init(&o, false);
	out_line(&o, "%ssession %zu%s", p->reader.sessions > 1 ? "\n" : "", p->reader.sessions,
		p->item.session.redacted ? ", redacted" : "");
	out_line(&o, "%14s  %-4s  %-8s  %s", "ms", "from", "layer", "what");
	return finish_line(p, &o);
}

static void print_apdu(struct out *o, const struct trace_line *line)
{
	if (line->command != NULL)
		out_str(o, "command", NULL, line->command);
	else
		out_null(o, "command");
	if (line->has_oid)
		out_oid(o, "oid", line->oid);
	else
		out_null(o, "oid");
	out_num(o, "length", NULL, line->length);
	if (line->status >= 0)
		out_num(o, "status", NULL, (uint64_t)line->status);
	if (line->error_code >= 0)
		out_num(o, "error_code", NULL, (uint64_t)line->error_code);
}

static enum trustx_err show_line(struct pass *p, const struct trace_line *line)
{
	const struct tracefile_record *rec = &p->item.record;
	const char *from = line->from_chip ? "chip" : "host";
	const char *layer = trace_layer_name(line->layer);
	struct out o;

	out_init(&o, p->t->globals.json);
	out_num(&o, "session", NULL, p->reader.sessions);
	out_num(&o, "line", NULL, p->reader.line);
	out_num(&o, "at_us", NULL, rec->at_us);
	out_num(&o, "took_us", NULL, rec->took_us);
	out_str(&o, "from", NULL, from);
	out_str(&o, "layer", NULL, layer);
	out_str(&o, "result", NULL, rec->result == TRUSTX_OK ? "ok" : trustx_err_name(rec->result));
	out_str(&o, "text", NULL, line->text);
	if (line->layer == TRACE_APDU)
		print_apdu(&o, line);
	out_line(&o, "%10llu.%03u  %-4s  %-8s  %s", (unsigned long long)(rec->at_us / 1000),
		(unsigned)(rec->at_us % 1000), from, layer, line->text);
	return finish_line(p, &o);
}

static enum trustx_err show_record(struct pass *p, const struct trace_line *lines, size_t count)
{
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < count && err == TRUSTX_OK; i++)
		err = show_line(p, &lines[i]);
	return err;
}

static enum trustx_err export_failed(struct pass *p, enum trustx_err err)
{
	if (err == TRUSTX_OK)
		return TRUSTX_OK;
	return fail_set(&p->t->fail, err, "cannot make the pcapng file: %s", trustx_err_text(err));
}

static enum trustx_err export_session(struct pass *p)
{
	return export_failed(p, pcapng_section(&p->pcapng));
}

static enum trustx_err export_record(struct pass *p, const struct trace_line *lines, size_t count)
{
	char comment[2 * TRACE_TEXT_MAX + 8];

	snprintf(comment, sizeof(comment), "%s%s%s", lines[0].text, count > 1 ? "; " : "",
		count > 1 ? lines[1].text : "");
	return export_failed(p, pcapng_packet(&p->pcapng, &p->item.record, comment));
}

static enum trustx_err check_export(struct tool *t, const char *path)
{
	if (path == NULL)
		return TRUSTX_OK;
	if (strcmp(path, "-") == 0 && t->globals.json)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE,
			"--pcapng - and --json both want standard output");
	return file_check_writable(path, &t->fail);
}

static void print_end(struct out *o, const struct pass *p)
{
	out_num(o, "sessions", NULL, p->reader.sessions);
	out_num(o, "records", NULL, p->records);
	out_bool(o, "redacted", p->redacted);
	out_bool(o, "cut", p->cut);
	if (p->cut)
		tool_conclude(p->t, "the last record was cut off and is left out");
}

static enum trustx_err run_show(struct tool *t, const void *values)
{
	const struct trace_args *a = values;
	bool export = a->pcapng != NULL;
	struct pass p = {
		.t = t,
		.session = export ? export_session : show_session,
		.record = export ? export_record : show_record,
	};
	struct blob file;
	enum trustx_err err;

	blob_init(&p.pcapng, PCAPNG_MAX);
	if ((err = read_trace(t, &file, a->file)) != TRUSTX_OK ||
		(err = check_export(t, a->pcapng)) != TRUSTX_OK ||
		(err = run_pass(&p, &file, a->file)) != TRUSTX_OK)
		goto out;
	/* As private as the trace itself. */
	if (export && (err = file_write(a->pcapng, p.pcapng.data, p.pcapng.len,
			       p.redacted ? FILE_PUBLIC : FILE_PRIVATE, FILE_SYNC, &t->fail)) !=
			      TRUSTX_OK)
		goto out;
	print_end(&t->out, &p);
	err = TRUSTX_OK;
out:
	blob_free(&p.pcapng);
	blob_free(&file);
	return err;
}

static enum trustx_err run_redact(struct tool *t, const void *values)
{
	const struct trace_args *a = values;
	struct redaction did;
	struct blob file, redacted;
	enum trustx_err err;

	blob_init(&redacted, TRACEFILE_MAX);
	if ((err = read_trace(t, &file, a->file)) != TRUSTX_OK ||
		(err = tool_check_output(t, a->out)) != TRUSTX_OK)
		goto out;
	if ((err = redact_trace(&redacted, &did, file.data, file.len, &t->fail)) != TRUSTX_OK) {
		fail_what(&t->fail, "redact %.120s", a->file);
		goto out;
	}
	if ((err = file_write(a->out, redacted.data, redacted.len, FILE_PUBLIC, FILE_SYNC,
		     &t->fail)) != TRUSTX_OK)
		goto out;
	out_num(&t->out, "sessions", NULL, did.sessions);
	out_num(&t->out, "records", NULL, did.records);
	out_num(&t->out, "blanked", NULL, did.blanked);
	out_bool(&t->out, "cut", did.cut);
	tool_conclude(t, "%zu bytes of %zu records blanked", did.blanked, did.records);
	if (did.cut)
		tool_conclude(t, "the last record was cut off and is left out");
	err = TRUSTX_OK;
out:
	blob_free(&redacted);
	blob_free(&file);
	return err;
}

static const struct opt file_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "FILE",
		.help = "trace, as -d trace:FILE:URI records it",
		.at = offsetof(struct trace_args, file),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

static const struct opt show_opts[] = {
	{ .kind = OPT_TEXT,
		.name = "pcapng",
		.value = "FILE",
		.help = "write the transfers there for Wireshark, and print nothing",
		.at = offsetof(struct trace_args, pcapng),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

static const struct opt redact_opts[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.letter = 'o',
		.name = "out",
		.value = "FILE",
		.help = "write the redacted trace there",
		.at = offsetof(struct trace_args, out),
		.hint = HINT_FILE },
	{ .kind = OPT_END },
};

const struct cmd cmd_trace_show = {
	.noun = "trace",
	.verb = "show",
	.help = "Say what passed between host and chip in a recorded trace.",
	.args = file_args,
	.opts = show_opts,
	.run = run_show,
};

const struct cmd cmd_trace_redact = {
	.noun = "trace",
	.verb = "redact",
	.help = "Blank the secrets in a trace, so that it can be shown to others.",
	.args = file_args,
	.opts = redact_opts,
	.run = run_redact,
};
