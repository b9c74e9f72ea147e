/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "cmd.h"

#include "aws-ca.h"
#include "aws-opts.h"
#include "aws-setup.h"
#include "options.h"
#include "passphrase.h"

#include <strings.h>

struct ca_args {
	struct aws_args aws;
	const char *dir, *mode, *passphrase_file;
};

static enum trustx_err take_mode(struct tool *t, bool *sni_only, const char *mode)
{
	*sni_only = strcasecmp(mode, "sni-only") == 0;
	if (*sni_only || strcasecmp(mode, "default") == 0)
		return TRUSTX_OK;
	return fail_set(
		&t->fail, TRUSTX_ERR_INPUT, "--mode '%.60s': there are default and sni-only", mode);
}

/* Only the proof of the default mode is signed. */
static enum trustx_err get_passphrase(
	struct tool *t, struct blob *secret, const struct ca_args *a, bool sni_only)
{
	struct passphrase_source source = { .file = a->passphrase_file,
		.prompt = "Passphrase of the CA" };

	blob_init(secret, PASSPHRASE_MAX);
	if (sni_only || !ca_is_encrypted(a->dir))
		return TRUSTX_OK;
	return passphrase_get(secret, &source, &t->fail);
}

static void print(struct tool *t, const struct aws_ca_result *r, bool sni_only)
{
	out_str(&t->out, "id", "CA:", r->id);
	out_str(&t->out, "arn", "ARN:", r->arn);
	out_str(&t->out, "mode", "Mode:", sni_only ? "SNI_ONLY" : "DEFAULT");
	out_bool(&t->out, "active", r->active);
	out_bool(&t->out, "was_there", r->was_there);
	if (r->was_there)
		tool_conclude(t, "the CA was registered already; nothing was changed");
	if (!r->active)
		tool_conclude(t,
			"it is INACTIVE: aws iot update-ca-certificate --certificate-id "
			"%s --new-status ACTIVE",
			r->id);
}

static enum trustx_err run_register_ca(struct tool *t, const void *values)
{
	const struct ca_args *a = values;
	struct aws_ca_wish wish = { .dir = a->dir };
	struct aws_ca_result result;
	struct cloud *cloud = NULL;
	struct iot_identity who;
	struct blob secret;
	enum trustx_err err;

	blob_init(&secret, PASSPHRASE_MAX);
	if ((err = take_mode(t, &wish.sni_only, a->mode)) != TRUSTX_OK ||
		(err = get_passphrase(t, &secret, a, wish.sni_only)) != TRUSTX_OK ||
		(err = aws_open(&cloud, t, &a->aws)) != TRUSTX_OK)
		goto out;
	if (a->aws.account != NULL &&
		(err = aws_identify(&who, cloud, a->aws.account, &t->fail)) != TRUSTX_OK)
		goto out;
	wish.passphrase = secret.len > 0 ? blob_text(&secret) : NULL;
	progress_show(&t->progress, "register the CA in %s", a->dir);
	if ((err = aws_ca_register(&result, cloud, &wish, &t->fail)) == TRUSTX_OK)
		print(t, &result, wish.sni_only);
out:
	aws_close(cloud, t);
	blob_free(&secret);
	return err;
}

static const struct opt ca_args[] = {
	{ .kind = OPT_TEXT,
		.required = true,
		.value = "DIR",
		.help = "directory of the CA",
		.at = offsetof(struct ca_args, dir),
		.hint = HINT_DIR },
	{ .kind = OPT_END },
};

static const struct opt ca_opts[] = {
	{ .kind = OPT_TEXT,
		.name = "mode",
		.value = "MODE",
		.help = "default, or sni-only for several accounts",
		.fallback = "default",
		.at = offsetof(struct ca_args, mode),
		.hint = HINT_WORDS,
		.words = "default sni-only" },
	PASSPHRASE_FILE_OPT(
		struct ca_args, "passphrase of the CA's key, first line; else the terminal"),
	AWS_OPTS(struct ca_args),
	{ .kind = OPT_END },
};

const struct cmd cmd_aws_register_ca = {
	.noun = "aws",
	.verb = "register-ca",
	.help = "Make a certificate authority of your own known to AWS.",
	.args = ca_args,
	.opts = ca_opts,
	.run = run_register_ca,
};
