/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ca-key.h"

#include "file.h"
#include "osfile.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <limits.h>
#include <string.h>

#define KEY_FILE_MAX 8192u
#define ENCRYPTED    "-----BEGIN ENCRYPTED PRIVATE KEY-----"

/* RFC 7914; with r = 8 this takes 16 MiB, half of what OpenSSL grants a reader. */
enum { SCRYPT_N = 16384, SCRYPT_R = 8, SCRYPT_P = 1 };

/* ---- write ---- */

static X509_SIG *encrypt(PKCS8_PRIV_KEY_INFO *plain, const char *passphrase)
{
	X509_ALGOR *scheme;
	X509_SIG *sealed;

	scheme = PKCS5_pbe2_set_scrypt(
		EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
	if (scheme == NULL)
		return NULL;
	sealed = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), plain, scheme);
	if (sealed == NULL)
		X509_ALGOR_free(scheme);
	return sealed;
}

static bool print_key(BIO *out, const EVP_PKEY *key, const char *passphrase)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key);
	X509_SIG *sealed = NULL;
	bool done = false;

	if (plain == NULL)
		goto out;
	if (passphrase == NULL)
		done = PEM_write_bio_PKCS8_PRIV_KEY_INFO(out, plain) == 1;
	else if ((sealed = encrypt(plain, passphrase)) != NULL)
		done = PEM_write_bio_PKCS8(out, sealed) == 1;
out:
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(plain);
	return done;
}

static enum trustx_err store(
	const EVP_PKEY *key, const char *path, const char *passphrase, struct fail *f)
{
	BIO *out = BIO_new(BIO_s_secmem());
	enum trustx_err err;
	char *text;
	long len;

	if (out == NULL || !print_key(out, key, passphrase)) {
		err = fail_set(f, TRUSTX_ERR_CRYPTO, "OpenSSL could not encode the CA's key");
		goto out;
	}
	len = BIO_get_mem_data(out, &text);
	err = file_write(path, text, (size_t)len, FILE_PRIVATE, FILE_SYNC, f);
out:
	BIO_free(out);
	return err;
}

enum trustx_err ca_key_make(
	EVP_PKEY **key, const char *path, const char *passphrase, struct fail *f)
{
	enum trustx_err err;

	if (passphrase != NULL && (passphrase[0] == '\0' || strlen(passphrase) > INT_MAX))
		return fail_set(f, TRUSTX_ERR_INPUT, "the passphrase is empty");
	if ((*key = EVP_EC_gen("P-256")) == NULL)
		return fail_set(f, TRUSTX_ERR_CRYPTO, "OpenSSL could not make the CA's key");
	if ((err = store(*key, path, passphrase, f)) != TRUSTX_OK) {
		EVP_PKEY_free(*key);
		*key = NULL;
	}
	return err;
}

/* ---- read ---- */

static enum trustx_err check_mode(const char *path, struct fail *f)
{
	struct osfile_others others;
	int rc = osfile_others(&others, path);

	if (rc < 0)
		return fail_errno(f, TRUSTX_ERR_INPUT, "cannot read the CA's key %s", path);
	if (rc == 0)
		return TRUSTX_OK;
	fail_set(f, TRUSTX_ERR_INPUT, "the CA's key %s may be read by others (%s)", path,
		others.how);
	return fail_next(f, "if nobody took a copy: %s", others.remedy);
}

static EVP_PKEY *to_key(PKCS8_PRIV_KEY_INFO *plain)
{
	EVP_PKEY *key = plain != NULL ? EVP_PKCS82PKEY(plain) : NULL;

	PKCS8_PRIV_KEY_INFO_free(plain);
	return key;
}

static enum trustx_err damaged(const char *path, struct fail *f)
{
	return fail_set(f, TRUSTX_ERR_INPUT, "%s is no private key in PKCS#8 PEM", path);
}

static enum trustx_err unseal(
	EVP_PKEY **key, BIO *in, const char *path, const char *passphrase, struct fail *f)
{
	PKCS8_PRIV_KEY_INFO *plain;
	X509_SIG *sealed;

	if (passphrase == NULL)
		return fail_set(f, TRUSTX_ERR_INPUT,
			"the CA's key %s is encrypted and no passphrase was given", path);
	if ((sealed = PEM_read_bio_PKCS8(in, NULL, NULL, NULL)) == NULL)
		return damaged(path, f);
	plain = PKCS8_decrypt(sealed, passphrase, (int)strlen(passphrase));
	X509_SIG_free(sealed);
	if (plain == NULL)
		return fail_set(
			f, TRUSTX_ERR_INPUT, "the passphrase does not open the CA's key %s", path);
	if ((*key = to_key(plain)) == NULL)
		return damaged(path, f);
	return TRUSTX_OK;
}

static enum trustx_err parse(
	EVP_PKEY **key, const struct blob *pem, const char *path, const char *pass, struct fail *f)
{
	BIO *in = BIO_new_mem_buf(blob_text(pem), (int)pem->len);
	enum trustx_err err;

	if (in == NULL)
		return fail_set(f, TRUSTX_ERR_MEMORY, "out of memory");
	if (strstr(blob_text(pem), ENCRYPTED) != NULL)
		err = unseal(key, in, path, pass, f);
	else if ((*key = to_key(PEM_read_bio_PKCS8_PRIV_KEY_INFO(in, NULL, NULL, NULL))) == NULL)
		err = damaged(path, f);
	else
		err = TRUSTX_OK;
	BIO_free(in);
	ERR_clear_error();
	return err;
}

enum trustx_err ca_key_load(
	EVP_PKEY **key, const char *path, const char *passphrase, struct fail *f)
{
	enum trustx_err err;
	struct blob pem;

	*key = NULL;
	blob_init(&pem, KEY_FILE_MAX);
	if ((err = check_mode(path, f)) != TRUSTX_OK)
		goto out;
	if ((err = file_read(&pem, path, f)) != TRUSTX_OK)
		goto out;
	err = parse(key, &pem, path, passphrase, f);
out:
	blob_free(&pem);
	return err;
}

bool ca_key_is_encrypted(const char *path)
{
	struct fail f;
	struct blob pem;
	bool encrypted;

	blob_init(&pem, KEY_FILE_MAX);
	encrypted = file_read(&pem, path, &f) == TRUSTX_OK &&
		    strstr(blob_text(&pem), ENCRYPTED) != NULL;
	blob_free(&pem);
	return encrypted;
}
