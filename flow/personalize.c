/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "personalize.h"

#include "jsontext.h"
#include "keygen.h"
#include "possession.h"
#include "run.h"
#include "state.h"

#include <stdio.h>
#include <string.h>

#define CONTENT_MAX 65535u
#define CHAIN_MAX   131072u /* the PEM of what an issuer may give */

static void tell(const struct run *run, const char *text)
{
	const struct personalize_progress *progress = &run->opt->progress;

	if (progress->tell != NULL)
		progress->tell(progress->ctx, run->step, run->total, text);
}

static bool always(const struct run *run)
{
	(void)run;
	return true;
}

static bool is_unfinished(const struct run *run)
{
	return !run->finished;
}

static bool is_unenrolled(const struct run *run)
{
	return !run->enrolled;
}

bool run_signs_at_aws(const struct run *run)
{
	return issuer_is_aws(run->opt->issuer);
}

/* ---- what is there ---- */

/* Bytes that are no certificate are our own doing if a write was begun and never completed. */
static bool is_torn_write(const struct run *run)
{
	return run->state.verdict != SLOT_NOT_READABLE && run->state.certs == NULL &&
	       run->journal.write_open;
}

static enum trustx_err refuse_occupied(const struct run *run, const char *why, struct fail *f)
{
	fail_set(f, TRUSTX_ERR_EXISTS, "the certificate slot is in use: %.400s", why);
	fail_next(f, "look at it (trustx cert read --slot %u), or replace it: --replace-cert",
		run->slot.number);
	f->oid = run->slot.cert;
	return fail_what(f, "personalize slot %u", run->slot.number);
}

static enum trustx_err check_occupied(const struct run *run, const char *difference, struct fail *f)
{
	char why[200];

	if (run->state.cert_empty || run->opt->replace_cert || is_torn_write(run))
		return TRUSTX_OK;
	if (run->state.certs != NULL)
		return refuse_occupied(run, difference, f);
	snprintf(why, sizeof(why), "it holds %zu bytes that are no certificate",
		run->state.content.len);
	return refuse_occupied(run, why, f);
}

static enum trustx_err check_possible(const struct run *run, struct fail *f)
{
	if (run->state.can_personalize)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_LOCKED, "%s", run->state.obstacle);
	fail_next(f, "use another slot; trustx info shows which are free");
	f->oid = run->slot.cert;
	return fail_what(f, "personalize slot %u", run->slot.number);
}

static enum trustx_err warn_throttled(const struct run *run, struct fail *f)
{
	char text[100];
	uint8_t sec;
	uint32_t delay_ms;
	enum trustx_err err;

	if ((err = device_throttle(run->dev, &sec, &delay_ms, f)) != TRUSTX_OK)
		return err;
	if (delay_ms == 0)
		return TRUSTX_OK;
	device_throttle_text(text, sizeof(text), sec, delay_ms);
	tell(run, text);
	return TRUSTX_OK;
}

static enum trustx_err inspect(struct run *run, struct fail *f)
{
	const struct keygen_options wanted = { .curve = run->opt->curve };
	enum trustx_err err;

	if ((err = slot_inspect(&run->state, run->dev, &run->slot, false, f)) != TRUSTX_OK)
		return err;
	if (run->state.has_key &&
		(err = keygen_fits(&run->state.key_meta, &run->slot, &wanted, f)) != TRUSTX_OK)
		return err;
	if (run->state.cert_unreadable || (run->state.has_key && !run->state.can_sign))
		return check_possible(run, f);
	if (run->state.has_key)
		return warn_throttled(run, f);
	if ((err = check_occupied(run, "it holds a certificate, and there is no key", f)) !=
			TRUSTX_OK ||
		(err = check_possible(run, f)) != TRUSTX_OK)
		return err;
	return warn_throttled(run, f);
}

/* ---- the key ---- */

static bool no_key(const struct run *run)
{
	return !run->state.has_key;
}

static enum trustx_err make_key(struct run *run, struct fail *f)
{
	struct keygen_options options = { .curve = run->opt->curve,
		.infineon_slot = run->opt->infineon_slot };
	struct pubkey *key = &run->result->key;
	enum trustx_err err;

	if (run->opt->aws != NULL && (err = enroll_start_thing(&run->enroll, f)) != TRUSTX_OK)
		return err;
	if ((err = keygen_run(key, run->dev, &run->slot, &options, f)) != TRUSTX_OK)
		return err;
	run->result->made_key = true;
	return run->opt->aws != NULL ? enroll_set_key(&run->enroll, key, f) : TRUSTX_OK;
}

/* AWS says itself what it issued; any other issuer is known by its roots or from the journal. */
static bool is_wished(const struct run *run, struct fail *difference)
{
	const struct pubkey *key = &run->result->key;
	STACK_OF(X509) *certs = run->state.certs;

	if (certs == NULL)
		return false;
	if (run_signs_at_aws(run))
		return run_check_issued(run, certs, difference) == TRUSTX_OK;
	return finish_check(certs, key, &run->wish, &run->journal, difference) == TRUSTX_OK;
}

/* The signature that proves the key is the only use of it that a finished chip costs. */
static enum trustx_err find_key(struct run *run, struct fail *f)
{
	struct pubkey *key = &run->result->key;
	struct fail difference = { 0 };
	enum trustx_err err;

	if ((err = pubkey_of_state(key, run->dev, &run->state, f)) != TRUSTX_OK)
		return err;
	run->finished = is_wished(run, &difference) && key->proved;
	if (run->opt->aws != NULL && (err = run_aws_look(run, &difference, f)) != TRUSTX_OK)
		return err;
	if (run->finished)
		return TRUSTX_OK;
	if ((err = check_occupied(run, difference.why, f)) != TRUSTX_OK)
		return err;
	return check_possible(run, f);
}

static bool key_unknown(const struct run *run)
{
	return run->result->key.point_len == 0;
}

/* ---- the certificate ---- */

/* A certificate that an earlier run got and did not write to the end. */
bool run_fits_stored(const struct run *run, STACK_OF(X509) *certs, const char *fingerprint)
{
	const struct journal *journal = &run->journal;
	struct fail ignored;

	return strcmp(journal->days, run->days) == 0 &&
	       strcmp(journal->issuer, run->wish.issuer) == 0 &&
	       (journal->issue_open || strcmp(journal->certificate, fingerprint) == 0) &&
	       run_check_issued(run, certs, &ignored) == TRUSTX_OK;
}

/* Stopped between the file and the journal: now the journal knows it, too. */
static enum trustx_err take_stored(struct run *run, STACK_OF(X509) *certs, struct fail *f)
{
	struct journal_detail detail = { run->wish.issuer, run->days, run->fingerprint };

	run->certs = certs;
	run->result->reused_certificate = true;
	return run->journal.issue_open ? journal_done(&run->journal, "issue", &detail, f)
				       : TRUSTX_OK;
}

static enum trustx_err find_stored(struct run *run, struct fail *f)
{
	STACK_OF(X509) *certs = NULL;
	struct fail ignored;
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, CHAIN_MAX);
	if ((err = state_load(&pem, run->dev, run->slot.key, STATE_CERTIFICATE, f)) != TRUSTX_OK)
		goto out;
	if (pem.len > 0 && cert_parse(&certs, pem.data, pem.len, &ignored) == TRUSTX_OK &&
		finish_fingerprint(run->fingerprint, certs, &ignored) == TRUSTX_OK &&
		run_fits_stored(run, certs, run->fingerprint)) {
		err = take_stored(run, certs, f);
		certs = NULL; /* transferred */
	}
out:
	sk_X509_pop_free(certs, X509_free);
	blob_free(&pem);
	return err;
}

static bool has_stored_request(struct run *run)
{
	X509_REQ *req = NULL;
	struct fail ignored;
	bool fits;

	if (state_load(&run->request, run->dev, run->slot.key, STATE_REQUEST, &ignored) !=
			TRUSTX_OK ||
		run->request.len == 0)
		return false;
	fits = csr_parse(&req, run->request.data, run->request.len, &ignored) == TRUSTX_OK &&
	       finish_request_fits(req, &run->result->key, &run->wish);
	X509_REQ_free(req);
	return fits;
}

static enum trustx_err request(struct run *run, struct fail *f)
{
	enum trustx_err err;

	if (run->opt->aws != NULL && (err = enroll_start_thing(&run->enroll, f)) != TRUSTX_OK)
		return err;
	err = run_signs_at_aws(run) ? run_aws_find_answer(run, f) : find_stored(run, f);
	if (err != TRUSTX_OK || run->certs != NULL)
		return err;
	if (has_stored_request(run))
		return TRUSTX_OK;
	blob_free(&run->request);
	if ((err = csrflow_sign(&run->request, run->dev, &run->slot, &run->opt->subject,
		     &run->result->key, f)) != TRUSTX_OK)
		return err;
	return state_save(run->dev, run->slot.key, STATE_REQUEST, &run->request, f);
}

static bool no_certificate(const struct run *run)
{
	return !run->finished && run->certs == NULL;
}

/* Durable before the write: a run that continues does not ask the issuer again. */
static enum trustx_err save_certificate(struct run *run, struct fail *f)
{
	struct blob pem;
	enum trustx_err err = TRUSTX_OK;

	blob_init(&pem, CHAIN_MAX);
	for (int i = 0; err == TRUSTX_OK && i < sk_X509_num(run->certs); i++)
		err = cert_pem(&pem, sk_X509_value(run->certs, i), f);
	if (err == TRUSTX_OK)
		err = state_save(run->dev, run->slot.key, STATE_CERTIFICATE, &pem, f);
	blob_free(&pem);
	return err;
}

static enum trustx_err issue(struct run *run, struct fail *f)
{
	struct issuer_request ask = { .csr_pem = blob_text(&run->request),
		.uid = run->dev->uid_hex,
		.serial = run->dev->serial_hex,
		.days = run->opt->days,
		.stop = run->opt->stop };
	enum trustx_err err;

	if ((err = state_drop(run->dev, run->slot.key, STATE_CERTIFICATE, f)) != TRUSTX_OK)
		return err;
	if ((err = issuer_sign(&run->certs, run->opt->issuer, &ask, f)) != TRUSTX_OK)
		return err;
	if ((err = finish_fingerprint(run->fingerprint, run->certs, f)) != TRUSTX_OK)
		return err;
	return save_certificate(run, f);
}

static bool no_own_certificate(const struct run *run)
{
	return no_certificate(run) && !run_signs_at_aws(run);
}

static bool no_aws_certificate(const struct run *run)
{
	return no_certificate(run) && run_signs_at_aws(run);
}

enum trustx_err run_check(struct run *run, struct fail *f)
{
	enum trustx_err err;

	err = run_check_issued(run, run->certs, f);
	if (err == TRUSTX_OK)
		err = slotcert_encode(&run->content, run->certs, run->opt->format, &run->state, f);
	if (err != TRUSTX_OK)
		fail_next(f, "nothing was written; look at what the issuer %s gives",
			run->wish.issuer);
	return err;
}

/* ---- into the chip ---- */

enum trustx_err run_write(struct run *run, struct fail *f)
{
	return slotcert_put(run->dev, run->slot.cert, &run->content, f);
}

static enum trustx_err read_back(struct run *run, struct fail *f)
{
	return slotcert_compare(run->dev, run->slot.cert, &run->content, f);
}

static enum trustx_err prove(struct run *run, struct fail *f)
{
	struct pubkey *key = &run->result->key;
	struct trustx_public_key view = pubkey_view(key);
	enum trustx_err err;

	if ((err = possession_prove(run->dev, run->slot.key, &view, f)) != TRUSTX_OK)
		return err;
	key->proved = true;
	return TRUSTX_OK;
}

/* ---- the run ---- */

/*
 * Key and certificate are asked of the chip itself after a stop. Only the journal knows whose a
 * certificate in the state directory is, and that a half written one is ours.
 */
static const struct step steps[] = {
	{ "inspect", "look at the chip", always, inspect, FILE_NO_SYNC, false },
	{ "key", "make the key pair in the chip", no_key, make_key, FILE_NO_SYNC, false },
	{ "public-key", "find the key's public part", key_unknown, find_key, FILE_NO_SYNC, false },
	{ "csr", "let the chip sign the request", is_unfinished, request, FILE_NO_SYNC, false },
	{ "issue", "get the certificate issued", no_certificate, issue, FILE_SYNC, false },
	{ "check", "check the certificate", is_unfinished, run_check, FILE_NO_SYNC, false },
	{ "write", "write the certificate into the chip", is_unfinished, run_write, FILE_SYNC,
		false },
	{ "read-back", "read it back and compare", is_unfinished, read_back, FILE_NO_SYNC, false },
	{ "prove", "let the chip prove that it has the key", is_unfinished, prove, FILE_NO_SYNC,
		false },
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* With a registration: what AWS does is begun beside what the chip does. */
static const struct step aws_steps[] = {
	{ "inspect", "look at the chip", always, inspect, FILE_NO_SYNC, false },
	{ "look-at-policy", "look at the policy", run_aws_has_policy, run_aws_policy, FILE_NO_SYNC,
		false },
	{ "key", "make the key pair in the chip", no_key, make_key, FILE_NO_SYNC, false },
	{ "public-key", "find the key's public part", key_unknown, find_key, FILE_NO_SYNC, false },
	{ "csr", "let the chip sign the request", is_unfinished, request, FILE_NO_SYNC, false },
	{ "thing", "register the thing", is_unenrolled, run_aws_thing, FILE_SYNC, true },
	{ "issue", "get the certificate issued", no_own_certificate, issue, FILE_SYNC, false },
	{ "issue", "get the certificate issued by AWS", no_aws_certificate, run_aws_issue,
		FILE_SYNC, true },
	{ "check", "check the certificate", is_unfinished, run_aws_check, FILE_NO_SYNC, false },
	{ "write", "write the certificate into the chip", is_unfinished, run_aws_write, FILE_SYNC,
		false },
	{ "read-back", "read it back and compare", is_unfinished, read_back, FILE_NO_SYNC, false },
	{ "prove", "let the chip prove that it has the key", is_unfinished, prove, FILE_NO_SYNC,
		false },
	{ "attach", "attach the certificate to the thing", is_unenrolled, run_aws_attach, FILE_SYNC,
		true },
	{ "activate", "activate the certificate", is_unenrolled, run_aws_activate, FILE_SYNC,
		true },
};
#define AWS_STEPS (sizeof(aws_steps) / sizeof(aws_steps[0]))

static enum trustx_err run_step(struct run *run, const struct step *step, struct fail *f)
{
	struct journal_detail detail = { run->wish.issuer, run->days, run->fingerprint };
	struct journal_detail *issued = step->run == issue ? &detail : NULL;
	struct fail second;
	enum trustx_err err;

	tell(run, step->text);
	if (step->own_lines) {
		if ((err = step->run(run, f)) != TRUSTX_OK)
			fail_what(f, "%s", step->text);
		return err;
	}
	if ((err = journal_begin(&run->journal, step->name, issued, step->sync, f)) != TRUSTX_OK)
		return err;
	if ((err = step->run(run, f)) == TRUSTX_OK)
		return journal_done(&run->journal, step->name, issued, f);
	if (journal_failed(&run->journal, step->name, f, &second) != TRUSTX_OK)
		fail_next(f, "mind the journal too: %.200s", second.why);
	fail_what(f, "%s", step->text);
	return err;
}

/* Between two steps nothing is half done: the place to stop. */
static enum trustx_err run_steps(struct run *run, struct fail *f)
{
	const struct personalize_options *opt = run->opt;
	enum trustx_err err;

	for (unsigned i = 0; i < run->total; i++) {
		const struct step *step = &run->steps[i];

		if (opt->stop != NULL && opt->stop())
			return fail_set(f, TRUSTX_ERR_INTERRUPTED, "stopped before the step %s",
				step->name);
		run->step = i + 1;
		if (step->needed(run) && (err = run_step(run, step, f)) != TRUSTX_OK)
			return err;
	}
	return TRUSTX_OK;
}

/* As the journal keeps it: the next run compares. */
static enum trustx_err name_issuer(struct run *run, struct fail *f)
{
	json_t *words = jsontext_words(run->opt->issuer->text);
	const char *text = json_string_value(words);
	enum trustx_err err = TRUSTX_OK;

	if (text == NULL)
		err = fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	else if ((size_t)snprintf(run->issuer, sizeof(run->issuer), "%s", text) >=
		 sizeof(run->issuer))
		err = fail_set(f, TRUSTX_ERR_INPUT, "the issuer is longer than %d bytes: %.60s...",
			JOURNAL_ISSUER_MAX - 1, text);
	json_decref(words);
	run->wish.issuer = run->issuer;
	return err;
}

/* What cannot work is said before the chip is touched. */
static enum trustx_err prepare(struct run *run, struct fail *f)
{
	const struct personalize_options *opt = run->opt;
	enum trustx_err err;

	if ((err = name_issuer(run, f)) != TRUSTX_OK)
		return err;
	snprintf(run->days, sizeof(run->days), "%u", opt->days);
	run->wish.now = opt->now != 0 ? opt->now : time(NULL);
	err = csrflow_sample(&run->wish.sample, run->dev, &opt->subject, f);
	if (err != TRUSTX_OK)
		return err;
	if ((err = issuer_roots(&run->wish.roots, opt->issuer, f)) != TRUSTX_OK)
		return err;
	if (run->slot.number == 0 && !opt->infineon_slot) {
		fail_set(f, TRUSTX_ERR_CONSENT, "slot 0 is Infineon's own identity");
		return fail_next(f, "use another slot (--slot 1), or say --infineon-slot");
	}
	if (run_signs_at_aws(run) && opt->aws == NULL)
		return fail_set(f, TRUSTX_ERR_ARGUMENT, "no client for AWS");
	if ((err = journal_open(&run->journal, run->dev, &run->slot, f)) != TRUSTX_OK)
		return err;
	if (opt->aws == NULL)
		return TRUSTX_OK;
	run->steps = aws_steps;
	run->total = AWS_STEPS;
	return run_aws_prepare(run, f);
}

/* The files of a stopped run have served; the journal and the public key stay. */
static enum trustx_err clean_up(struct run *run, struct fail *f)
{
	struct personalize_result *result = run->result;
	STACK_OF(X509) **certs = run->finished ? &run->state.certs : &run->certs;
	enum trustx_err err;

	result->was_finished = run->finished && (run->opt->aws == NULL || run->enrolled);
	result->chain_checked = run->wish.roots != NULL;
	result->certs = *certs;
	*certs = NULL; /* transferred */
	if (run->opt->aws != NULL)
		enroll_tell(&result->aws, &run->enroll);
	if ((err = state_drop(run->dev, run->slot.key, STATE_REQUEST, f)) != TRUSTX_OK)
		return err;
	if (run->opt->aws != NULL &&
		(err = state_drop(run->dev, run->slot.key, STATE_ANSWER, f)) != TRUSTX_OK)
		return err;
	return state_drop(run->dev, run->slot.key, STATE_CERTIFICATE, f);
}

static void run_free(struct run *run)
{
	run->dev->idle.run = NULL;
	enroll_close(&run->enroll);
	journal_close(&run->journal);
	slot_state_free(&run->state);
	sk_X509_pop_free(run->certs, X509_free);
	sk_X509_pop_free(run->wish.roots, X509_free);
	X509_REQ_free(run->wish.sample);
	blob_free(&run->request);
	blob_free(&run->content);
}

enum trustx_err personalize_run(struct personalize_result *result, struct device *dev,
	const struct slot *slot, const struct personalize_options *opt, struct fail *f)
{
	struct run run = { .result = result,
		.dev = dev,
		.opt = opt,
		.slot = *slot,
		.journal = { .fd = -1 },
		.steps = steps,
		.total = STEPS };
	enum trustx_err err;

	memset(result, 0, sizeof(*result));
	blob_init(&run.request, CSR_PEM_MAX);
	blob_init(&run.content, CONTENT_MAX);
	if ((err = prepare(&run, f)) != TRUSTX_OK)
		goto out;
	if ((err = run_steps(&run, f)) != TRUSTX_OK)
		goto out;
	err = clean_up(&run, f);
out:
	run_free(&run);
	return err;
}

void personalize_free(struct personalize_result *result)
{
	sk_X509_pop_free(result->certs, X509_free);
	memset(result, 0, sizeof(*result));
}
