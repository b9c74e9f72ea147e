/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ca.h"

#include "ca-index.h"
#include "ca-key.h"
#include "ca-leaf.h"
#include "ca-profile.h"
#include "cert.h"
#include "file.h"
#include "name.h"
#include "osfile.h"
#include "ossl.h"
#include "pause.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CERT_FILE_MAX 65536u
#define LOCK_WAIT_MS  5000
#define LOCK_TICK_MS  20

/* The index is made last: without it ca_init did not finish. */
#define ROOT_CERT	  "root.pem"
#define ROOT_KEY	  "root.key"
#define INTERMEDIATE_CERT "intermediate.pem"
#define INTERMEDIATE_KEY  "intermediate.key"
#define ISSUED		  "issued"
#define INDEX		  "index.txt"
#define LOCK		  "lock"

struct ca {
	char *dir;
	struct file_lock lock;
	X509 *issuer; /* signs leaves */
	EVP_PKEY *key;
	bool intermediate;
};

/* ---- the directory ---- */

struct path {
	char text[4096]; /* PATH_MAX of Windows is 260, which is not its limit */
};

/* A path that is too long is cut and then not found. */
static struct path path_in(const char *dir, const char *name)
{
	struct path path;
	int n;

	n = snprintf(path.text, sizeof(path.text), "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof(path.text))
		path.text[0] = '\0';
	return path;
}

static bool has(const char *dir, const char *name)
{
	return file_exists(path_in(dir, name).text);
}

/* The first file of a CA in dir, or NULL. */
static const char *first_file(const char *dir)
{
	static const char *const names[] = { ROOT_KEY, ROOT_CERT, INTERMEDIATE_KEY,
		INTERMEDIATE_CERT, ISSUED };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (has(dir, names[i]))
			return names[i];
	return NULL;
}

static enum trustx_err half_made(enum trustx_err err, const char *dir, struct fail *f)
{
	fail_set(f, err, "the CA in %s is half made: it has %s but no %s", dir, first_file(dir),
		INDEX);
	return fail_next(f,
		"if ca init was interrupted, remove %s and make the CA again; "
		"else restore %s from a backup",
		dir, INDEX);
}

static enum trustx_err check_dir(const char *dir, struct fail *f)
{
	struct osfile_others others;
	int rc;

	if (!dir_exists(dir) || (rc = osfile_others(&others, dir)) < 0) {
		fail_set(f, TRUSTX_ERR_INPUT, "there is no directory %s", dir);
		return fail_next(f, "make a CA: trustx ca init %s", dir);
	}
	if (rc == 0)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "the CA's directory %s is open to others (%s)", dir,
		others.how);
	return fail_next(f, "%s", others.remedy);
}

static enum trustx_err check_present(const char *dir, struct fail *f)
{
	if (first_file(dir) != NULL)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "there is no CA in %s", dir);
	return fail_next(f, "make a CA: trustx ca init %s", dir);
}

static enum trustx_err check_complete(const char *dir, struct fail *f)
{
	enum trustx_err err;

	if ((err = check_present(dir, f)) != TRUSTX_OK)
		return err;
	return has(dir, INDEX) ? TRUSTX_OK : half_made(TRUSTX_ERR_INPUT, dir, f);
}

/* Parallel stations share a CA: wait for each other's signature, not for ever. */
static enum trustx_err lock_dir(struct file_lock *lock, const char *dir, struct fail *f)
{
	struct path path = path_in(dir, LOCK);
	enum trustx_err err;

	for (int ms = 0;; ms += LOCK_TICK_MS) {
		err = file_lock(lock, path.text, f);
		if (err != TRUSTX_ERR_IN_USE || ms >= LOCK_WAIT_MS)
			return err;
		pause_us(LOCK_TICK_MS * 1000);
	}
}

/* ---- certificates in files ---- */

static enum trustx_err load_certs(
	STACK_OF(X509) **certs, const char *dir, const char *name, struct fail *f)
{
	struct path path = path_in(dir, name);
	enum trustx_err err;
	struct blob pem;

	*certs = NULL;
	blob_init(&pem, CERT_FILE_MAX);
	if ((err = file_read(&pem, path.text, f)) == TRUSTX_OK)
		err = cert_parse(certs, pem.data, pem.len, f);
	if (err != TRUSTX_OK)
		fail_what(f, "read %s", path.text);
	blob_free(&pem);
	return err;
}

static enum trustx_err load_cert(X509 **cert, const char *dir, const char *name, struct fail *f)
{
	STACK_OF(X509) *certs;
	enum trustx_err err;

	*cert = NULL;
	if ((err = load_certs(&certs, dir, name, f)) == TRUSTX_OK)
		*cert = sk_X509_shift(certs);
	sk_X509_pop_free(certs, X509_free);
	return err;
}

static enum trustx_err store_cert(X509 *cert, const char *dir, const char *name, struct fail *f)
{
	enum trustx_err err;
	struct blob pem;

	blob_init(&pem, CERT_FILE_MAX);
	if ((err = cert_pem(&pem, cert, f)) == TRUSTX_OK)
		err = file_write(
			path_in(dir, name).text, pem.data, pem.len, FILE_PUBLIC, FILE_SYNC, f);
	blob_free(&pem);
	return err;
}

/* ---- ca_init ---- */

struct identity {
	X509 *cert;
	EVP_PKEY *key;
};

static void identity_free(struct identity *id)
{
	X509_free(id->cert);
	EVP_PKEY_free(id->key);
}

/* A CA certificate and its key, in files; issuer NULL: the root. */
static enum trustx_err make_identity(struct identity *made, const char *dir, const X509_NAME *name,
	const struct identity *issuer, const char *passphrase, struct fail *f)
{
	const char *key_file = issuer == NULL ? ROOT_KEY : INTERMEDIATE_KEY;
	const char *cert_file = issuer == NULL ? ROOT_CERT : INTERMEDIATE_CERT;
	struct ca_profile profile = { .role = issuer == NULL ? CA_ROOT : CA_INTERMEDIATE,
		.subject = name,
		.issuer = issuer == NULL ? NULL : issuer->cert,
		.now = time(NULL),
		.days = CA_FOREVER };
	enum trustx_err err;

	err = ca_key_make(&made->key, path_in(dir, key_file).text, passphrase, f);
	if (err != TRUSTX_OK)
		return err;
	profile.key = made->key;
	profile.signer = issuer == NULL ? made->key : issuer->key;
	if ((err = ca_certify(&made->cert, &profile, f)) != TRUSTX_OK)
		return err;
	return store_cert(made->cert, dir, cert_file, f);
}

static enum trustx_err make_intermediate(const char *dir, const X509_NAME *root,
	const struct identity *issuer, const char *pass, struct fail *f)
{
	static const unsigned char unit[] = "Intermediate";
	X509_NAME *name = X509_NAME_dup(root);
	struct identity made = { 0 };
	enum trustx_err err;

	if (name == NULL || X509_NAME_add_entry_by_NID(name, NID_organizationalUnitName,
				    MBSTRING_UTF8, unit, sizeof(unit) - 1, -1, 0) != 1)
		err = fail_set(f, TRUSTX_ERR_CRYPTO, "cannot name the intermediate CA");
	else
		err = make_identity(&made, dir, name, issuer, pass, f);
	identity_free(&made);
	X509_NAME_free(name);
	return err;
}

static enum trustx_err make_files(
	const char *dir, const X509_NAME *name, const struct ca_options *opt, struct fail *f)
{
	struct identity root = { 0 };
	enum trustx_err err;

	if ((err = make_identity(&root, dir, name, NULL, opt->passphrase, f)) != TRUSTX_OK)
		goto out;
	if (opt->intermediate &&
		(err = make_intermediate(dir, name, &root, opt->passphrase, f)) != TRUSTX_OK)
		goto out;
	if ((err = dir_make(path_in(dir, ISSUED).text, f)) != TRUSTX_OK)
		goto out;
	err = file_write(path_in(dir, INDEX).text, "", 0, FILE_PRIVATE, FILE_SYNC, f);
out:
	identity_free(&root);
	return err;
}

static void remove_files(const char *dir)
{
	static const char *const names[] = { INDEX, INTERMEDIATE_CERT, INTERMEDIATE_KEY, ROOT_CERT,
		ROOT_KEY, ISSUED };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)osfile_remove(path_in(dir, names[i]).text);
}

static enum trustx_err check_vacant(const char *dir, struct fail *f)
{
	if (has(dir, INDEX)) {
		fail_set(f, TRUSTX_ERR_EXISTS, "there is a CA in %s already", dir);
		return fail_next(f, "use it, or make the new one in another directory");
	}
	if (first_file(dir) != NULL)
		return half_made(TRUSTX_ERR_EXISTS, dir, f);
	return TRUSTX_OK;
}

/* Whoever trusts two CAs has to tell them apart by their names, and so has OpenSSL. */
static enum trustx_err make_name(X509_NAME **name, const char *subject, struct fail *f)
{
	char chosen[40];
	uint32_t part;

	if (subject != NULL)
		return name_from_text(name, NULL, subject, f);
	if (RAND_bytes((unsigned char *)&part, sizeof(part)) != 1)
		return ossl_fail(f, TRUSTX_ERR_CRYPTO, "no random name could be made");
	snprintf(chosen, sizeof(chosen), "CN=trustx local CA %08" PRIx32, part);
	return name_from_text(name, NULL, chosen, f);
}

enum trustx_err ca_init(const char *dir, const struct ca_options *opt, struct fail *f)
{
	struct file_lock lock = FILE_LOCK_NONE;
	X509_NAME *name = NULL;
	enum trustx_err err;

	if ((err = make_name(&name, opt->subject, f)) != TRUSTX_OK)
		goto out;
	if ((err = dir_make(dir, f)) != TRUSTX_OK || (err = check_dir(dir, f)) != TRUSTX_OK)
		goto out;
	if ((err = lock_dir(&lock, dir, f)) != TRUSTX_OK)
		goto out;
	if ((err = check_vacant(dir, f)) != TRUSTX_OK)
		goto out;
	if ((err = make_files(dir, name, opt, f)) != TRUSTX_OK) {
		remove_files(dir);
		goto out;
	}

	err = TRUSTX_OK;
out:
	if (err != TRUSTX_OK)
		fail_what(f, "make a CA in %s", dir);
	file_unlock(&lock);
	X509_NAME_free(name);
	return err;
}

/* ---- ca_open ---- */

bool ca_is_encrypted(const char *dir)
{
	const char *name = has(dir, INTERMEDIATE_CERT) ? INTERMEDIATE_KEY : ROOT_KEY;

	return ca_key_is_encrypted(path_in(dir, name).text);
}

static enum trustx_err load_signer(struct ca *ca, const char *passphrase, struct fail *f)
{
	const char *cert_file, *key_file;
	enum trustx_err err;

	ca->intermediate = has(ca->dir, INTERMEDIATE_CERT);
	cert_file = ca->intermediate ? INTERMEDIATE_CERT : ROOT_CERT;
	key_file = ca->intermediate ? INTERMEDIATE_KEY : ROOT_KEY;
	if ((err = load_cert(&ca->issuer, ca->dir, cert_file, f)) != TRUSTX_OK)
		return err;
	err = ca_key_load(&ca->key, path_in(ca->dir, key_file).text, passphrase, f);
	if (err != TRUSTX_OK)
		return err;
	if (X509_check_private_key(ca->issuer, ca->key) == 1)
		return TRUSTX_OK;
	ERR_clear_error();
	return fail_set(f, TRUSTX_ERR_INPUT, "%s and %s in %s do not belong together", cert_file,
		key_file, ca->dir);
}

enum trustx_err ca_open(struct ca **ca, const char *dir, const char *passphrase, struct fail *f)
{
	struct ca *made = calloc(1, sizeof(*made));
	enum trustx_err err;

	*ca = NULL;
	if (made == NULL || (made->dir = strdup(dir)) == NULL) {
		free(made);
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	}
	made->lock.fd = -1;
	if ((err = check_dir(dir, f)) != TRUSTX_OK || (err = check_present(dir, f)) != TRUSTX_OK)
		goto out;
	if ((err = lock_dir(&made->lock, dir, f)) != TRUSTX_OK)
		goto out;
	if ((err = check_complete(dir, f)) != TRUSTX_OK)
		goto out;
	if ((err = load_signer(made, passphrase, f)) != TRUSTX_OK)
		goto out;
	if ((err = ca_index_repair(path_in(dir, INDEX).text, f)) != TRUSTX_OK)
		goto out;
	*ca = made; /* transferred */
	made = NULL;

	err = TRUSTX_OK;
out:
	if (err != TRUSTX_OK)
		fail_what(f, "open the CA in %s", dir);
	ca_close(made);
	return err;
}

void ca_close(struct ca *ca)
{
	if (ca == NULL)
		return;
	X509_free(ca->issuer);
	EVP_PKEY_free(ca->key);
	file_unlock(&ca->lock);
	free(ca->dir);
	free(ca);
}

/* ---- ca_sign ---- */

/* The index first: no certificate ever exists that it does not know. */
static enum trustx_err record_leaf(const struct ca_leaf *leaf, const struct ca *ca, struct fail *f)
{
	struct ca_record record = { .serial = leaf->serial,
		.issued = leaf->issued,
		.expires = leaf->expires,
		.subject = blob_text(&leaf->subject),
		.key_hash = leaf->key_hash };
	enum trustx_err err;
	char name[64];

	if ((err = ca_index_append(path_in(ca->dir, INDEX).text, &record, f)) != TRUSTX_OK)
		return err;
	snprintf(name, sizeof(name), ISSUED "/%s.pem", leaf->serial);
	return store_cert(leaf->cert, ca->dir, name, f);
}

static enum trustx_err make_chain(
	STACK_OF(X509) **certs, struct ca_leaf *leaf, const struct ca *ca, struct fail *f)
{
	STACK_OF(X509) *list = sk_X509_new_null();

	if (list == NULL || sk_X509_push(list, leaf->cert) <= 0)
		goto memory;
	leaf->cert = NULL; /* transferred */
	if (ca->intermediate && !X509_add_cert(list, ca->issuer, X509_ADD_FLAG_UP_REF))
		goto memory;
	*certs = list;
	return TRUSTX_OK;
memory:
	sk_X509_pop_free(list, X509_free);
	return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
}

enum trustx_err ca_sign(
	STACK_OF(X509) **certs, struct ca *ca, X509_REQ *req, unsigned days, struct fail *f)
{
	struct ca_profile profile = { .role = CA_LEAF,
		.issuer = ca->issuer,
		.signer = ca->key,
		.now = time(NULL),
		.days = days };
	struct path index = path_in(ca->dir, INDEX);
	struct ca_leaf leaf;
	enum trustx_err err;

	*certs = NULL;
	if ((err = ca_leaf_take(&leaf, req, f)) != TRUSTX_OK)
		goto out;
	err = ca_index_check(index.text, leaf.key_hash, blob_text(&leaf.subject), f);
	if (err != TRUSTX_OK)
		goto out;
	if ((err = ca_leaf_make(&leaf, &profile, f)) != TRUSTX_OK)
		goto out;
	if ((err = record_leaf(&leaf, ca, f)) != TRUSTX_OK)
		goto out;
	if ((err = make_chain(certs, &leaf, ca, f)) != TRUSTX_OK)
		goto out;

	err = TRUSTX_OK;
out:
	if (err != TRUSTX_OK)
		fail_what(f, "sign with the CA in %s", ca->dir);
	ca_leaf_free(&leaf);
	return err;
}

/* ---- what needs no key ---- */

enum trustx_err ca_roots(STACK_OF(X509) **roots, const char *dir, struct fail *f)
{
	enum trustx_err err;

	*roots = NULL;
	if ((err = check_complete(dir, f)) == TRUSTX_OK)
		err = load_certs(roots, dir, ROOT_CERT, f);
	if (err != TRUSTX_OK)
		fail_what(f, "read the root of the CA in %s", dir);
	return err;
}

enum trustx_err ca_issuer(X509 **issuer, const char *dir, struct fail *f)
{
	bool intermediate = has(dir, INTERMEDIATE_CERT);
	enum trustx_err err;

	*issuer = NULL;
	if ((err = check_complete(dir, f)) == TRUSTX_OK)
		err = load_cert(issuer, dir, intermediate ? INTERMEDIATE_CERT : ROOT_CERT, f);
	if (err != TRUSTX_OK)
		fail_what(f, "read the certificate of the CA in %s", dir);
	return err;
}

enum trustx_err ca_list(struct ca_entry **entries, size_t *count, const char *dir, struct fail *f)
{
	enum trustx_err err;

	*entries = NULL;
	*count = 0;
	if ((err = check_complete(dir, f)) == TRUSTX_OK)
		err = ca_index_list(entries, count, path_in(dir, INDEX).text, f);
	if (err != TRUSTX_OK)
		fail_what(f, "list what the CA in %s issued", dir);
	return err;
}
