/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-opts.h"
#include "file.h"
#include "interrupt.h"
#include "options.h"
#include "passphrase.h"
#include "personalize.h"
#include "recipe.h"
#include "state.h"
#include "words.h"
#include "x509.h"

#include <openssl/x509.h>

#define DAYS_MAX 36500u

struct personalize_args {
	struct subject_args subject;
	struct slot slot;
	enum trustx_curve curve;
	enum cert_format format;
	struct opt_number days;
	const char *issuer, *passphrase_file, *state;
	bool replace_cert, infineon_slot;
	const char *recipe, *thing, *thing_type, *group, *policy;
	struct opt_list attribute;
	bool register_, weak_policy;
	struct aws_args aws;
};

/* What becomes of options and recipe together. */
struct registration {
	struct recipe recipe;
	struct blob file; /* of the recipe */
	struct cloud *cloud;
	struct enroll_options options;
};

static void tell(void *ctx, unsigned step, unsigned total, const char *text)
{
	struct tool *t = ctx;

	if (t->globals.verbose > 0)
		tool_note(t, "[%u/%u] %s", step, total, text);
	else
		progress_show(&t->progress, "[%u/%u] %s", step, total, text);
}

static enum trustx_err print_file(
	struct tool *t, const struct personalize_args *a, const char *key, enum state_kind kind)
{
	struct blob path;
	enum trustx_err err;

	blob_init(&path, 4096);
	err = state_path(&path, &t->dev, a->slot.key, kind, &t->fail);
	if (err == TRUSTX_OK && file_exists(blob_text(&path)))
		out_str(&t->out, key,
			kind == STATE_PUBLIC_KEY ? "Public key:" : "Journal:", blob_text(&path));
	else
		out_null(&t->out, key);
	blob_free(&path);
	return err;
}

/* For people; the same is in the members of the JSON object. */
static void summarize(
	struct tool *t, const struct personalize_args *a, const struct personalize_result *r)
{
	const char *key = r->made_key ? "new key" : "existing key";

	if (r->was_finished && r->aws.was_active) {
		tool_conclude(t,
			"slot %u is personalized already, its certificate active at AWS; nothing "
			"was "
			"written",
			a->slot.number);
		return;
	}
	if (r->was_finished) {
		tool_conclude(
			t, "slot %u is personalized already; nothing was written", a->slot.number);
		return;
	}
	tool_conclude(t, "slot %u personalized: %s in 0x%04X, %scertificate in 0x%04X, %s",
		a->slot.number, key, a->slot.key, r->reused_certificate ? "earlier issued " : "",
		a->slot.cert,
		r->chain_checked ? "chain checked, possession proved"
				 : "chain not checked, possession proved");
	if (r->aws.thing[0] != '\0')
		tool_conclude(t, "registered at AWS: thing %s, certificate active", r->aws.thing);
}

static void print_aws(struct out *o, const struct enroll_result *r)
{
	out_object(o, "aws");
	out_str(o, "thing", "Thing:", r->thing);
	out_str(o, "certificate_id", "Certificate id:", r->cert.id);
	out_str(o, "certificate_arn", "ARN:", r->cert.arn);
	out_bool(o, "was_active", r->was_active);
	out_bool(o, "adopted", r->adopted);
	out_num(o, "orphans", NULL, (unsigned)r->orphans);
	out_end(o);
}

static enum trustx_err print(
	struct tool *t, const struct personalize_args *a, const struct personalize_result *r)
{
	struct out *o = &t->out;
	enum trustx_err err;

	out_str(o, "uid", "UID:", t->dev.uid_hex);
	out_num(o, "slot", "Slot:", a->slot.number);
	out_oid(o, "key_oid", a->slot.key);
	out_oid(o, "certificate_oid", a->slot.cert);
	out_bool(o, "was_finished", r->was_finished);
	out_bool(o, "made_key", r->made_key);
	out_bool(o, "reused_certificate", r->reused_certificate);
	out_bool(o, "chain_checked", r->chain_checked);
	if ((err = x509_print(o, "certificate", sk_X509_value(r->certs, 0), &t->fail)) != TRUSTX_OK)
		return err;
	out_object(o, "files");
	if ((err = print_file(t, a, "public_key", STATE_PUBLIC_KEY)) == TRUSTX_OK)
		err = print_file(t, a, "journal", STATE_JOURNAL);
	out_end(o);
	if (r->aws.thing[0] != '\0')
		print_aws(o, &r->aws);
	summarize(t, a, r);
	return err;
}

/* ---- the registration ---- */

static const char *first_of(const char *option, const char *recipe)
{
	return option != NULL ? option : recipe;
}

static void say_note(void *ctx, const char *text)
{
	tool_say(ctx, "%s", text);
}

static enum trustx_err read_recipe(
	struct tool *t, struct registration *r, const struct personalize_args *a)
{
	enum trustx_err err;

	if (a->recipe != NULL && (err = tool_read_file(t, &r->file, a->recipe)) != TRUSTX_OK)
		return err;
	if ((err = recipe_parse(&r->recipe, r->file.data, r->file.len, &t->fail)) != TRUSTX_OK)
		return fail_what(&t->fail, "read %.120s", a->recipe);
	for (size_t i = 0; i < a->attribute.count && err == TRUSTX_OK; i++)
		err = recipe_add_attribute(&r->recipe, a->attribute.at[i], &t->fail);
	return err == TRUSTX_OK ? err : fail_what(&t->fail, "--attribute");
}

/* An option is stronger than the recipe. */
static struct aws_args merge(const struct personalize_args *a, const struct recipe *recipe)
{
	struct aws_args aws = a->aws;

	aws.profile = first_of(aws.profile, recipe->profile);
	aws.region = first_of(aws.region, recipe->region);
	aws.account = first_of(aws.account, recipe->account);
	aws.endpoint_url = first_of(aws.endpoint_url, recipe->endpoint_url);
	aws.ca_bundle = first_of(aws.ca_bundle, recipe->ca_bundle);
	aws.allow_http |= recipe->allow_http;
	aws.imds |= recipe->imds;
	if (!aws.stations.given && recipe->stations > 0)
		aws.stations = (struct opt_number){ true, recipe->stations };
	return aws;
}

static enum trustx_err open_registration(
	struct tool *t, struct registration *r, const struct personalize_args *a)
{
	const struct recipe *recipe = &r->recipe;
	struct aws_args aws;
	enum trustx_err err;

	if ((err = read_recipe(t, r, a)) != TRUSTX_OK)
		return err;
	aws = merge(a, recipe);
	if ((err = aws_open(&r->cloud, t, &aws)) != TRUSTX_OK)
		return err;
	r->options = (struct enroll_options){ .cloud = r->cloud,
		.thing = first_of(a->thing, recipe->thing),
		.type = first_of(a->thing_type, recipe->thing_type),
		.group = first_of(a->group, recipe->group),
		.policy = first_of(a->policy, recipe->policy),
		.attributes = recipe->attributes,
		.attribute_count = recipe->attribute_count,
		.account = aws.account,
		.weak_policy = a->weak_policy || recipe->weak_policy,
		.note = say_note,
		.ctx = t };
	return TRUSTX_OK;
}

static void close_registration(struct tool *t, struct registration *r)
{
	aws_close(r->cloud, t);
	recipe_free(&r->recipe);
	blob_free(&r->file);
}

static enum trustx_err personalize(struct tool *t, const struct personalize_args *a,
	const struct csrflow_subject *subject, struct issuer *issuer,
	const struct enroll_options *aws)
{
	const struct personalize_options opt = { .subject = *subject,
		.issuer = issuer,
		.aws = aws,
		.days = a->days.given ? (unsigned)a->days.v : CA_FOREVER,
		.format = a->format,
		.curve = a->curve,
		.replace_cert = a->replace_cert,
		.infineon_slot = a->infineon_slot,
		.progress = { tell, t },
		.stop = interrupt_seen };
	struct personalize_result result = { .certs = NULL };
	enum trustx_err err;

	if ((err = tool_open(t, a->state)) != TRUSTX_OK)
		return err;
	t->dev.watch.doing = NULL; /* the steps are told */
	err = personalize_run(&result, &t->dev, &a->slot, &opt, &t->fail);
	if (err == TRUSTX_OK)
		err = print(t, a, &result);
	personalize_free(&result);
	return err;
}

/* The CA's passphrase is asked for before the chip is touched, and only if there is one. */
static enum trustx_err get_passphrase(
	struct tool *t, struct blob *secret, const struct personalize_args *a)
{
	struct passphrase_source source = { .file = a->passphrase_file,
		.prompt = "Passphrase of the CA" };
	const char *dir = issuer_ca_dir(a->issuer);

	blob_init(secret, PASSPHRASE_MAX);
	if (dir == NULL || !ca_is_encrypted(dir))
		return TRUSTX_OK;
	return passphrase_get(secret, &source, &t->fail);
}

static enum trustx_err check(struct tool *t, const struct personalize_args *a)
{
	if (!a->days.given || (a->days.v >= 1 && a->days.v <= DAYS_MAX))
		return TRUSTX_OK;
	return fail_set(&t->fail, TRUSTX_ERR_INPUT, "--days must be 1 to %u", DAYS_MAX);
}

/* What has no effect without a registration is a misunderstanding. */
static enum trustx_err check_registration(
	struct tool *t, const struct personalize_args *a, const struct issuer *issuer)
{
	bool wanted = a->recipe != NULL || a->thing != NULL || a->thing_type != NULL ||
		      a->group != NULL || a->policy != NULL || a->attribute.count > 0;

	if (issuer_is_aws(issuer) && a->days.given)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE,
			"--days is for a ca: AWS's certificates end on 2049-12-31");
	if (issuer_is_aws(issuer) && a->register_)
		return fail_set(&t->fail, TRUSTX_ERR_USAGE,
			"--register is for certificates that another issuer signs");
	if (issuer_is_aws(issuer) || a->register_ || !wanted)
		return TRUSTX_OK;
	fail_set(&t->fail, TRUSTX_ERR_USAGE, "nothing is registered at AWS with --issuer %.60s",
		a->issuer);
	return fail_next(&t->fail, "add --register, or leave the options of things out");
}

static enum trustx_err run_personalize(struct tool *t, const void *values)
{
	const struct personalize_args *a = values;
	struct registration registration = { .cloud = NULL };
	struct csrflow_subject subject;
	struct issuer issuer = { .kind = NULL };
	struct blob config, secret;
	enum trustx_err err;
	bool aws;

	blob_init(&secret, PASSPHRASE_MAX);
	blob_init(&registration.file, RECIPE_MAX);
	if ((err = tool_subject(t, &subject, &config, &a->subject)) != TRUSTX_OK ||
		(err = check(t, a)) != TRUSTX_OK)
		goto out;
	/* What is no issuer at all is said before its passphrase is asked for. */
	if ((err = issuer_init(&issuer, a->issuer, NULL, NULL, &t->fail)) != TRUSTX_OK ||
		(err = check_registration(t, a, &issuer)) != TRUSTX_OK)
		goto out;
	aws = issuer_is_aws(&issuer) || a->register_;
	if (aws && (err = open_registration(t, &registration, a)) != TRUSTX_OK)
		goto out;
	if ((err = get_passphrase(t, &secret, a)) != TRUSTX_OK)
		goto out;
	issuer.passphrase = secret.len > 0 ? blob_text(&secret) : NULL;
	err = personalize(t, a, &subject, &issuer, aws ? &registration.options : NULL);
out:
	close_registration(t, &registration);
	issuer_free(&issuer);
	blob_free(&secret);
	blob_free(&config);
	return err;
}

static const struct opt opts[] = {
	SUBJECT_OPTS(struct personalize_args),
	{ .kind = OPT_TEXT,
		.required = true,
		.name = "issuer",
		.value = "WHO",
		.help = "who signs: ca:DIR, exec:PROGRAM or aws",
		.at = offsetof(struct personalize_args, issuer),
		.hint = HINT_WORDS,
		.words = "ca: exec: aws" },
	SLOT_OPT(struct personalize_args),
	CURVE_OPT(struct personalize_args,
		"of the key, p256 or p384; p256 if one is made and it is not given"),
	FORMAT_OPT(struct personalize_args),
	{ .kind = OPT_NUMBER,
		.name = "days",
		.value = "N",
		.help = "validity asked of a ca; without it the certificate does not expire",
		.at = offsetof(struct personalize_args, days) },
	PASSPHRASE_FILE_OPT(struct personalize_args,
		"passphrase of the CA's key, first line; else the terminal"),
	STATE_OPT(struct personalize_args, "where public keys and the journal are kept"),
	REPLACE_CERT_OPT(struct personalize_args),
	INFINEON_SLOT_OPT(struct personalize_args, "slot 0, Infineon's own, too"),
	{ .kind = OPT_FLAG,
		.name = "register",
		.help = "register a local CA's certificate at AWS, too",
		.at = offsetof(struct personalize_args, register_) },
	{ .kind = OPT_TEXT,
		.name = "recipe",
		.value = "FILE",
		.help = "what follows as JSON, {\"thing\":\"{serial}\",\"group\":\"line1\"}",
		.at = offsetof(struct personalize_args, recipe),
		.hint = HINT_FILE },
	{ .kind = OPT_TEXT,
		.name = "thing",
		.value = "NAME",
		.help = "of the thing; {uid} and {serial} are filled in; the subject's CN if not "
			"given",
		.at = offsetof(struct personalize_args, thing) },
	{ .kind = OPT_TEXT,
		.name = "thing-type",
		.value = "TYPE",
		.help = "of the thing",
		.at = offsetof(struct personalize_args, thing_type) },
	{ .kind = OPT_LIST,
		.name = "attribute",
		.value = "NAME=VALUE",
		.help = "of the thing, besides chipUid; {uid} and {serial} are filled in; "
			"repeatable",
		.at = offsetof(struct personalize_args, attribute) },
	{ .kind = OPT_TEXT,
		.name = "group",
		.value = "GROUP",
		.help = "thing group, which has the policy",
		.at = offsetof(struct personalize_args, group) },
	{ .kind = OPT_TEXT,
		.name = "policy",
		.value = "POLICY",
		.help = "attach this policy to the certificate",
		.at = offsetof(struct personalize_args, policy) },
	{ .kind = OPT_FLAG,
		.name = "weak-policy",
		.help = "though it allows too much",
		.at = offsetof(struct personalize_args, weak_policy) },
	AWS_OPTS(struct personalize_args),
	{ .kind = OPT_END },
};

const struct cmd cmd_personalize = {
	.noun = "personalize",
	.help = "Turn a chip into a device: key, request, certificate, proof; continues if "
		"stopped.",
	.opts = opts,
	.flags = CMD_CHIP | CMD_KEY_USE | CMD_WRITES,
	.run = run_personalize,
};
