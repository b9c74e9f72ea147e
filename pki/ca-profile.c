/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "ca-profile.h"

#include "ca.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdbool.h>
#include <stdint.h>

#define BACKDATE_S  300
#define DAY_S	    86400
#define LAST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define FOREVER	    "99991231235959Z"	  /* RFC 5280 4.1.2.5 */
#define SERIAL_LEN  16
#define KEY_ID_LEN  20

enum { DIGITAL_SIGNATURE = 0, KEY_CERT_SIGN = 5, CRL_SIGN = 6 }; /* RFC 5280 4.2.1.3 */

/* ---- extensions ---- */

static bool add(X509 *cert, int nid, void *value, int critical)
{
	return X509_add1_ext_i2d(cert, nid, value, critical, X509V3_ADD_DEFAULT) == 1;
}

static bool add_basic_constraints(X509 *cert, enum ca_role role)
{
	BASIC_CONSTRAINTS *bc = BASIC_CONSTRAINTS_new();
	bool done = false;

	if (bc == NULL)
		return false;
	bc->ca = role == CA_LEAF ? 0 : 0xFF;
	if (role == CA_INTERMEDIATE && ((bc->pathlen = ASN1_INTEGER_new()) == NULL ||
					       ASN1_INTEGER_set(bc->pathlen, 0) != 1))
		goto out;
	done = add(cert, NID_basic_constraints, bc, 1);
out:
	BASIC_CONSTRAINTS_free(bc);
	return done;
}

static bool add_key_usage(X509 *cert, enum ca_role role)
{
	ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
	bool done = false;

	if (bits == NULL)
		return false;
	if (role == CA_LEAF)
		done = ASN1_BIT_STRING_set_bit(bits, DIGITAL_SIGNATURE, 1) == 1;
	else
		done = ASN1_BIT_STRING_set_bit(bits, KEY_CERT_SIGN, 1) == 1 &&
		       ASN1_BIT_STRING_set_bit(bits, CRL_SIGN, 1) == 1;
	done = done && add(cert, NID_key_usage, bits, 1);
	ASN1_BIT_STRING_free(bits);
	return done;
}

/* RFC 7093 2, method 1: the leftmost 160 bits of SHA-256 over the public key. */
static bool add_subject_key_id(X509 *cert)
{
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
	unsigned char hash[EVP_MAX_MD_SIZE];
	bool done;

	done = id != NULL && X509_pubkey_digest(cert, EVP_sha256(), hash, NULL) == 1 &&
	       ASN1_OCTET_STRING_set(id, hash, KEY_ID_LEN) == 1 &&
	       add(cert, NID_subject_key_identifier, id, 0);
	ASN1_OCTET_STRING_free(id);
	return done;
}

static bool add_authority_key_id(X509 *cert, X509 *issuer)
{
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(issuer);
	AUTHORITY_KEYID *aki = AUTHORITY_KEYID_new();
	bool done;

	done = id != NULL && aki != NULL && (aki->keyid = ASN1_OCTET_STRING_dup(id)) != NULL &&
	       add(cert, NID_authority_key_identifier, aki, 0);
	AUTHORITY_KEYID_free(aki);
	return done;
}

/* RFC 5280 4.2.1.6: critical if the subject is empty. */
static bool add_san(X509 *cert, GENERAL_NAMES *san)
{
	bool empty = X509_NAME_entry_count(X509_get_subject_name(cert)) == 0;

	return add(cert, NID_subject_alt_name, san, empty ? 1 : 0);
}

static bool add_extensions(X509 *cert, const struct ca_profile *profile)
{
	return add_subject_key_id(cert) &&
	       (profile->issuer == NULL || add_authority_key_id(cert, profile->issuer)) &&
	       add_basic_constraints(cert, profile->role) && add_key_usage(cert, profile->role) &&
	       (profile->san == NULL || add_san(cert, profile->san));
}

/* ---- fields ---- */

/* Positive and exactly 16 octets long, so that every program prints the same digits. */
static bool set_serial(X509 *cert)
{
	unsigned char bytes[SERIAL_LEN];
	ASN1_INTEGER *serial = NULL;
	BIGNUM *number = NULL;
	bool done;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] = (bytes[0] & 0x7F) | 0x40;
	done = (number = BN_bin2bn(bytes, sizeof(bytes), NULL)) != NULL &&
	       (serial = BN_to_ASN1_INTEGER(number, NULL)) != NULL &&
	       X509_set_serialNumber(cert, serial) == 1;
	ASN1_INTEGER_free(serial);
	BN_free(number);
	return done;
}

static bool set_end(X509 *cert, const struct ca_profile *profile)
{
	int64_t end = (int64_t)profile->now + (int64_t)profile->days * DAY_S;
	ASN1_TIME *time = X509_getm_notAfter(cert);
	bool done;

	if (profile->days == CA_FOREVER || end > LAST_SECOND)
		done = ASN1_TIME_set_string(time, FOREVER) == 1;
	else /* by days, since time_t may end in 2038 */
		done = ASN1_TIME_adj(time, profile->now, (int)profile->days, 0) != NULL;
	if (done && profile->issuer != NULL &&
		ASN1_TIME_compare(time, X509_get0_notAfter(profile->issuer)) > 0)
		done = X509_set1_notAfter(cert, X509_get0_notAfter(profile->issuer)) == 1;
	return done;
}

static bool set_fields(X509 *cert, const struct ca_profile *profile)
{
	const X509_NAME *issuer = profile->subject;

	if (profile->issuer != NULL)
		issuer = X509_get_subject_name(profile->issuer);
	return X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
	       X509_set_subject_name(cert, profile->subject) == 1 &&
	       X509_set_issuer_name(cert, issuer) == 1 &&
	       X509_set_pubkey(cert, profile->key) == 1 &&
	       ASN1_TIME_set(X509_getm_notBefore(cert), profile->now - BACKDATE_S) != NULL &&
	       set_end(cert, profile);
}

static bool is_valid_at(X509 *cert, time_t now)
{
	return X509_cmp_time(X509_get0_notBefore(cert), &now) < 0 &&
	       X509_cmp_time(X509_get0_notAfter(cert), &now) > 0;
}

enum trustx_err ca_certify(X509 **cert, const struct ca_profile *profile, struct fail *f)
{
	enum trustx_err err = TRUSTX_OK;
	const char *reason;
	X509 *made;

	*cert = NULL;
	if (profile->issuer != NULL && !is_valid_at(profile->issuer, profile->now)) {
		fail_set(f, TRUSTX_ERR_INPUT, "the CA's certificate is not valid now");
		return fail_next(f, "set the clock of this computer");
	}
	made = X509_new();
	if (made == NULL || !set_fields(made, profile) || !add_extensions(made, profile) ||
		X509_sign(made, profile->signer, EVP_sha256()) <= 0) {
		reason = ERR_reason_error_string(ERR_peek_last_error());
		err = fail_set(f, TRUSTX_ERR_CRYPTO, "OpenSSL could not make the certificate: %s",
			reason != NULL ? reason : "no reason given");
		ERR_clear_error();
		X509_free(made);
		made = NULL;
	}
	*cert = made;
	return err;
}
