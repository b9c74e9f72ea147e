/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * Whole operations, run again and again with another call failing each time until none is left:
 * they say so, nothing leaks, and the next run ends well with no second key.
 */
#include "inject.h"
#include "personalize.h"

#include "inject-world.h"

#include <openssl/err.h>

/* ---- the operations ---- */

static enum trustx_err init_ca(struct fail *f)
{
	static const struct ca_options options = { .passphrase = NULL, .intermediate = true };
	enum trustx_err err = ca_init("run/new-ca", &options, f);
	struct ca *ca = NULL;

	if (err == TRUSTX_ERR_EXISTS)
		fail_clear(f);
	else if (err != TRUSTX_OK)
		return err;
	err = ca_open(&ca, "run/new-ca", NULL, f);
	ca_close(ca);
	return err;
}

static enum trustx_err sign(struct fail *f)
{
	STACK_OF(X509) *certs = NULL, *roots = NULL;
	struct ca_entry *entries = NULL;
	struct ca *ca = NULL;
	X509_REQ *req = NULL;
	struct blob csr;
	enum trustx_err err;
	size_t count;

	blob_init(&csr, 1u << 16);
	if ((err = file_read(&csr, "csr.pem", f)) != TRUSTX_OK)
		goto out;
	if ((err = csr_parse(&req, csr.data, csr.len, f)) != TRUSTX_OK)
		goto out;
	if ((err = ca_open(&ca, "run/ca", NULL, f)) != TRUSTX_OK)
		goto out;
	if ((err = ca_sign(&certs, ca, req, CA_FOREVER, f)) != TRUSTX_OK)
		goto out;
	if ((err = ca_roots(&roots, "run/ca", f)) != TRUSTX_OK)
		goto out;
	if ((err = cert_check_chain(certs, roots, time(NULL), f)) != TRUSTX_OK)
		goto out;
	err = ca_list(&entries, &count, "run/ca", f);
out:
	free(entries);
	sk_X509_pop_free(certs, X509_free);
	sk_X509_pop_free(roots, X509_free);
	X509_REQ_free(req);
	ca_close(ca);
	blob_free(&csr);
	return err;
}

static enum trustx_err with_device(
	enum trustx_err (*use)(struct device *dev, struct fail *f), struct fail *f)
{
	struct device dev;
	enum trustx_err err = device_open(&dev, "sim:run/chip?scale=0", "run/state", f);

	if (err == TRUSTX_OK)
		err = use(&dev, f);
	device_close(&dev);
	return err;
}

static enum trustx_err make_request(struct device *dev, struct fail *f)
{
	struct csrflow_options options = world_csr();
	struct csrflow_result result = { 0 };
	const char *const san[] = { "dns:{serial}.example", "ip:192.0.2.1" };
	enum trustx_err err;

	options.subject.san = san;
	options.subject.san_count = 2;
	err = csrflow_create(&result, dev, &one, &options, f);
	csrflow_free(&result);
	return err;
}

static enum trustx_err create_request(struct fail *f)
{
	return with_device(make_request, f);
}

static enum trustx_err put_foreign(struct device *dev, struct fail *f)
{
	const struct slotcert_options options = { .foreign = true, .replace = true };
	struct slotcert_result result;
	STACK_OF(X509) *certs = NULL, *back = NULL;
	struct blob pem;
	enum trustx_err err;

	blob_init(&pem, 1u << 16);
	if ((err = file_read(&pem, CA_DIR "/root.pem", f)) != TRUSTX_OK)
		goto out;
	if ((err = cert_parse(&certs, pem.data, pem.len, f)) != TRUSTX_OK)
		goto out;
	if ((err = slotcert_write(&result, dev, &one, certs, &options, f)) != TRUSTX_OK)
		goto out;
	err = slotcert_read(&back, NULL, dev, &one, f);
out:
	sk_X509_pop_free(certs, X509_free);
	sk_X509_pop_free(back, X509_free);
	blob_free(&pem);
	return err;
}

static enum trustx_err write_certificate(struct fail *f)
{
	return with_device(put_foreign, f);
}

static enum trustx_err finish(struct device *dev, struct fail *f)
{
	static const char config[] = "{\"CN\":\"{serial}\",\"O\":\"Test\"}";
	struct personalize_options options = { .subject = { .config = config,
						       .config_len = sizeof(config) - 1 } };
	struct personalize_result result = { 0 };
	struct issuer issuer = { 0 };
	enum trustx_err err;

	if ((err = issuer_init(&issuer, "ca:run/ca", NULL, NULL, f)) != TRUSTX_OK)
		return err;
	options.issuer = &issuer;
	err = personalize_run(&result, dev, &one, &options, f);
	personalize_free(&result);
	issuer_free(&issuer);
	return err;
}

/* The public point of the key in the chip, as the request has it. */
static bool read_point(uint8_t *point, size_t *len)
{
	struct blob csr;
	struct fail f;
	X509_REQ *req = NULL;
	bool ok;

	blob_init(&csr, 1u << 16);
	ok = file_read(&csr, "csr.pem", &f) == TRUSTX_OK &&
	     csr_parse(&req, csr.data, csr.len, &f) == TRUSTX_OK &&
	     EVP_PKEY_get_octet_string_param(
		     X509_REQ_get0_pubkey(req), "encoded-pub-key", point, *len, len) == 1;
	X509_REQ_free(req);
	blob_free(&csr);
	return ok;
}

/* Signed in two halves by contexts that are copies, verified, and encoded. */
static bool sign_and_verify(EVP_PKEY *key, OSSL_LIB_CTX *libctx)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new(), *copy = EVP_MD_CTX_new();
	unsigned char sig[TRUSTX_SIG_MAX], *der = NULL;
	size_t len = sizeof(sig);
	bool ok;

	ok = ctx != NULL && copy != NULL &&
	     EVP_DigestSignInit_ex(ctx, NULL, "SHA256", libctx, NULL, key, NULL) == 1 &&
	     EVP_DigestSignUpdate(ctx, "one", 3) == 1 && EVP_MD_CTX_copy_ex(copy, ctx) == 1 &&
	     EVP_DigestSignUpdate(copy, "two", 3) == 1 &&
	     EVP_DigestSignFinal(copy, sig, &len) == 1 && EVP_MD_CTX_reset(ctx) == 1 &&
	     EVP_DigestVerifyInit_ex(ctx, NULL, "SHA256", libctx, NULL, key, NULL) == 1 &&
	     EVP_DigestVerify(ctx, sig, len, (const unsigned char *)"onetwo", 6) == 1 &&
	     i2d_PUBKEY(key, &der) > 0 && EVP_PKEY_eq(key, key) == 1;
	OPENSSL_free(der);
	EVP_MD_CTX_free(copy);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

static enum trustx_err use_key(struct device *dev, struct fail *f)
{
	uint8_t bytes[TRUSTX_POINT_MAX];
	struct trustx_public_key point = { TRUSTX_P256, bytes, sizeof(bytes) };
	enum trustx_err err;
	EVP_PKEY *key;

	if (!read_point(bytes, &point.point_len))
		return fail_set(f, TRUSTX_ERR_MEMORY, "the request could not be read");
	if ((err = device_key(&key, dev, one.key, &point, f)) != TRUSTX_OK)
		return err;
	if (!sign_and_verify(key, dev->provider.libctx))
		err = fail_set(f, TRUSTX_ERR_MEMORY, "OpenSSL could not use the key");
	EVP_PKEY_free(key);
	return err;
}

static enum trustx_err sign_by_provider(struct fail *f)
{
	return with_device(use_key, f);
}

static enum trustx_err personalize(struct fail *f)
{
	return with_device(finish, f);
}

/* ---- one call failing after the other ---- */

struct operation {
	const char *name;
	enum trustx_err (*run)(struct fail *f);
	unsigned keys; /* that there are in the end */
	const char *chip;
};

static void check_end(const struct operation *op, const struct injected *in)
{
	struct sim_info info;
	struct fail f = { 0 };
	enum trustx_err err = op->run(&f);

	if (err != TRUSTX_OK)
		fprintf(stderr, "%s after a failed %s (place %u)\n", op->name, in->name, in->place);
	MUST(err, f);
	MUST(sim_info(&info, "run/chip", &f), f);
	CHECK_INT(info.key_generations[1], op->keys);
}

/*
 * Calls whose failure may go without a word: closing what was read, what is tried first only, and
 * a name for a message that then is "(no name)".
 */
static bool may_be_harmless(const struct injected *in)
{
	static const char *const names[] = { "close", "mkdir", "lseek", "BIO_new", "malloc",
		"vsnprintf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(in->name, names[i]) == 0)
			return true;
	return false;
}

/* The simulated chip says in its own way that something failed inside it. */
static void check_error(const struct operation *op, const struct injected *in, enum trustx_err err)
{
	static const enum trustx_err expected[] = { TRUSTX_ERR_MEMORY, TRUSTX_ERR_FILE };

	if (err == TRUSTX_OK ? may_be_harmless(in)
			     : err == TRUSTX_ERR_CHIP || in->kind == INJECT_LIBRARY ||
				       err == expected[in->kind] || op->run == sign_by_provider)
		return;
	fprintf(stderr, "%s, a failed %s (place %u): got %s\n", op->name, in->name, in->place,
		trustx_err_name(err));
	exit(1);
}

static bool run_once(const struct operation *op, unsigned *harmless)
{
	struct injected in;
	struct fail f = { 0 };
	enum trustx_err err;

	begin_anew(op->chip);
	inject_arm();
	err = op->run(&f);
	in = inject_disarm();
	if (!in.done) {
		MUST(err, f);
		return false;
	}
	check_error(op, &in, err);
	*harmless += err == TRUSTX_OK;
	CHECK(err == TRUSTX_OK || f.why[0] != '\0');
	check_end(op, &in);
	return true;
}

static void fail_everywhere(const struct operation *op)
{
	unsigned runs = 0, harmless = 0;

	inject_restart();
	while (run_once(op, &harmless))
		CHECK(++runs < RUNS_MAX);
	printf("    %u calls failed, %u of them harmlessly\n", runs, harmless);
	CHECK(runs > 0);
}

static void making_a_ca_survives_every_failure(void)
{
	fail_everywhere(&(struct operation){ "ca init", init_ca, 0, "chip" });
}

static void signing_survives_every_failure(void)
{
	fail_everywhere(&(struct operation){ "ca sign", sign, 0, "chip" });
}

static void making_a_request_survives_every_failure(void)
{
	fail_everywhere(&(struct operation){ "csr create", create_request, 1, "chip" });
}

static void writing_a_certificate_survives_every_failure(void)
{
	fail_everywhere(&(struct operation){ "cert write", write_certificate, 0, "chip" });
}

static void using_the_key_survives_every_failure(void)
{
	fail_everywhere(
		&(struct operation){ "sign by the provider", sign_by_provider, 1, "chip-1" });
}

static void personalizing_survives_every_failure(void)
{
	fail_everywhere(&(struct operation){ "personalize", personalize, 1, "chip" });
}

int main(void)
{
	prepare();
	RUN(making_a_ca_survives_every_failure);
	RUN(signing_survives_every_failure);
	RUN(making_a_request_survives_every_failure);
	RUN(writing_a_certificate_survives_every_failure);
	RUN(using_the_key_survives_every_failure);
	RUN(personalizing_survives_every_failure);
	return 0;
}
