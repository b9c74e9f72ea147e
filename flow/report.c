/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "report.h"

#include "bus.h"
#include "decode.h"
#include "file.h"
#include "osfile.h"
#include "redact.h"
#include "system.h"
#include "tracefile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPORT_MAX ((size_t)64 << 20)

const char *report_contents(void)
{
	return "version, system, adapters with serial numbers, names of devices, users and groups, "
	       "UID and certificate of the chip, and the transfers with secrets blanked";
}

static enum trustx_err add_system(struct blob *text, const char *version)
{
	char system[320], when[32] = "?";
	const time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	system_describe(system, sizeof(system));
	return blob_addf(text, "trustx %s, report of %s\n%s\n\nContains: %s.\n", version, when,
		system, report_contents());
}

static enum trustx_err add_layers(struct blob *text, const struct doctor *d)
{
	enum trustx_err err = blob_addf(text, "\nLayers\n");

	for (unsigned i = 0; i < LAYER_COUNT && err == TRUSTX_OK; i++)
		err = blob_addf(text, "  %-17s  %-11s  %s\n", cause_layer_text((enum cause_layer)i),
			doctor_state_text(d->layers[i].state), d->layers[i].text);
	if (err == TRUSTX_OK && d->cause != NULL)
		err = blob_addf(text, "\nCause\n  %s: %s: %s\n  %s: %s\n", d->cause->name,
			d->cause->sentence, d->why, d->cause->remedy, d->command);
	else if (err == TRUSTX_OK)
		err = blob_addf(text, "\nCause\n  none: the chip can be talked to\n");
	return err;
}

static enum trustx_err add_adapters(struct blob *text)
{
	struct trustx_bus_found *list = NULL;
	struct fail f;
	size_t count = 0;
	enum trustx_err err;

	if (trustx_bus_list(&list, &count, &f) != TRUSTX_OK)
		return blob_addf(text, "\nAdapters\n  cannot be listed: %s\n", f.why);
	err = blob_addf(text, "\nAdapters\n%s", count == 0 ? "  none\n" : "");
	for (size_t i = 0; i < count && err == TRUSTX_OK; i++)
		err = blob_addf(text,
			"  %s\n    name '%s', driver '%s', serial '%s', path '%s'\n%s%s%s",
			list[i].uri, list[i].name, list[i].driver, list[i].serial, list[i].path,
			list[i].trouble[0] != '\0' ? "    " : "", list[i].trouble,
			list[i].trouble[0] != '\0' ? "\n" : "");
	free(list);
	return err;
}

static enum trustx_err add_record(
	struct blob *text, struct trace_decoder *decoder, const struct tracefile_record *rec)
{
	struct trace_line lines[2];
	const size_t count = trace_decode(decoder, lines, rec);
	enum trustx_err err = TRUSTX_OK;

	for (size_t i = 0; i < count && err == TRUSTX_OK; i++)
		err = blob_addf(text, "%10llu.%03u  %-4s  %-8s  %s\n",
			(unsigned long long)(rec->at_us / 1000), (unsigned)(rec->at_us % 1000),
			lines[i].from_chip ? "chip" : "host", trace_layer_name(lines[i].layer),
			lines[i].text);
	return err;
}

/* trace: redacted. */
static enum trustx_err add_decoded(struct blob *text, const struct blob *trace, struct fail *f)
{
	struct trace_decoder *decoder = trace_decoder_new();
	struct tracefile_reader reader;
	struct tracefile_item item;
	enum trustx_err err;

	if (decoder == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	tracefile_reader_init(&reader, trace->data, trace->len);
	do {
		if ((err = tracefile_next(&reader, &item, f)) != TRUSTX_OK)
			break;
		if (item.kind == TRACEFILE_RECORD)
			err = add_record(text, decoder, &item.record);
	} while (err == TRUSTX_OK && item.kind != TRACEFILE_END);
	trace_decoder_free(decoder);
	return err;
}

/* The bus may not have been opened: then there is none. */
static enum trustx_err add_trace(struct blob *text, const char *path, struct fail *f)
{
	struct redaction did;
	struct blob raw, redacted;
	enum trustx_err err;

	blob_init(&raw, TRACEFILE_MAX);
	blob_init(&redacted, TRACEFILE_MAX);
	if ((err = file_read(&raw, path, f)) != TRUSTX_OK)
		goto out;
	if (raw.len == 0) {
		err = blob_addf(text, "\nTransfers\n  none\n");
		goto out;
	}
	if ((err = redact_trace(&redacted, &did, raw.data, raw.len, f)) != TRUSTX_OK ||
		(err = blob_addf(text, "\nTransfers\n")) != TRUSTX_OK ||
		(err = add_decoded(text, &redacted, f)) != TRUSTX_OK ||
		(err = blob_addf(text, "\nTrace, %zu bytes of secrets blanked\n", did.blanked)) !=
			TRUSTX_OK ||
		(err = blob_add(text, redacted.data, redacted.len)) != TRUSTX_OK)
		goto out;
	err = TRUSTX_OK;
out:
	blob_free(&raw);
	blob_free(&redacted);
	return err;
}

static enum trustx_err write_report(const struct doctor *d, const char *path, const char *trace,
	const char *version, struct fail *f)
{
	struct blob text;
	enum trustx_err err;

	fail_clear(f);
	blob_init(&text, REPORT_MAX);
	if ((err = add_system(&text, version)) != TRUSTX_OK ||
		(err = add_layers(&text, d)) != TRUSTX_OK ||
		(err = add_adapters(&text)) != TRUSTX_OK ||
		(err = add_trace(&text, trace, f)) != TRUSTX_OK ||
		(err = file_write(path, text.data, text.len, FILE_PRIVATE, FILE_SYNC, f)) !=
			TRUSTX_OK)
		goto out;
	err = TRUSTX_OK;
out:
	if (err != TRUSTX_OK && f->err != err)
		fail_set(f, err, "%s", trustx_err_text(err));
	blob_free(&text);
	return err;
}

enum trustx_err report_run(struct doctor *d, const struct doctor_options *opt, const char *path,
	const char *version, struct fail *f)
{
	struct doctor_options traced = *opt;
	char *trace = NULL;
	enum trustx_err err;
	int fd;

	if (file_make_temporary(&trace, &fd, path, f) != TRUSTX_OK)
		return fail_what(f, "write the report %.100s", path);
	osfile_close(fd);
	traced.trace = trace;
	if ((err = doctor_run(d, &traced, f)) == TRUSTX_OK)
		err = write_report(d, path, trace, version, f);
	(void)osfile_remove(trace);
	free(trace);
	if (err != TRUSTX_OK)
		fail_what(f, "write the report %.100s", path);
	return err;
}
