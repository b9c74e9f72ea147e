/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* Hashes, secrets, sessions and certificates against the simulated chips of both families. */
#include "bus.h"
#include "sim.h"
#include "test.h"
#include "trustx.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>

#include <unistd.h>

#define IMAGE	    "chip.sim"
#define IDENTITY    9u /* bytes of a TLS identity in front of its one certificate */
#define OBJECT	    0xF1E0
#define SECRET	    0xF1D0
#define KEY	    (TRUSTX_OID_KEY_0 + 1)
#define SESSION(n)  (uint16_t)(TRUSTX_OID_SESSION_0 + (n))
#define WHOLE(d, n) (&(struct trustx_hash){ .step = TRUSTX_HASH_WHOLE, .data = (d), .len = (n) })

struct world {
	struct trustx_bus bus;
	struct trustx se;
	bool is_m;
};

static void begin(struct world *w, const char *profile, uint16_t frame)
{
	const struct trustx_options opt = { .frame_size = frame };
	char uri[80];
	struct fail f;

	(void)unlink(IMAGE);
	w->is_m = strcmp(profile, "trust-m1") == 0;
	snprintf(uri, sizeof(uri), "sim:" IMAGE "?seed=5&profile=%s", profile);
	CHECK_OK(trustx_bus_open(&w->bus, uri, &f));
	CHECK_OK(trustx_open(&w->se, &w->bus, &opt));
	CHECK_INT(trustx_family(&w->se), w->is_m ? TRUSTX_FAMILY_M : TRUSTX_FAMILY_X);
}

static void end(struct world *w)
{
	trustx_close(&w->se);
	trustx_bus_close(&w->bus);
}

static void fill(uint8_t *data, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(seed + i * 13 + (i >> 8));
}

static void sha256(uint8_t *digest, const uint8_t *data, size_t len)
{
	CHECK(EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) == 1);
}

static void hash_is(struct world *w, const struct trustx_hash *what, const uint8_t *want)
{
	uint8_t digest[TRUSTX_HASH_LEN];
	size_t len = sizeof(digest);

	CHECK_OK(trustx_hash(&w->se, digest, &len, what));
	CHECK_INT(len, want != NULL ? TRUSTX_HASH_LEN : 0);
	if (want != NULL)
		CHECK_MEM(digest, want, len);
}

static void check_hash(struct world *w)
{
	uint8_t data[3 * TRUSTX_HASH_PART], digest[32];
	struct trustx_hash part = {
		.step = TRUSTX_HASH_START, .data = data, .len = TRUSTX_HASH_PART
	};

	fill(data, sizeof(data), 1);
	for (size_t len = 1; len <= TRUSTX_HASH_PART; len += 469) {
		sha256(digest, data, len);
		hash_is(w, WHOLE(data, len), digest);
	}
	hash_is(w, &part, NULL);
	part.step = TRUSTX_HASH_CONTINUE;
	part.data += TRUSTX_HASH_PART;
	hash_is(w, &part, NULL);
	part.step = TRUSTX_HASH_PEEK;
	part.data += TRUSTX_HASH_PART;
	part.len = 100;
	sha256(digest, data, 2 * TRUSTX_HASH_PART + 100);
	hash_is(w, &part, digest);
	part.step = TRUSTX_HASH_FINAL;
	part.data += 100;
	part.len = TRUSTX_HASH_PART - 100;
	sha256(digest, data, sizeof(data));
	hash_is(w, &part, digest);
	CHECK_ERR(trustx_hash(&w->se, digest, &(size_t){ 32 }, &part), TRUSTX_ERR_CHIP);
}

static void check_hash_of_objects(struct world *w)
{
	uint8_t data[700], digest[32];
	struct trustx_hash what = {
		.step = TRUSTX_HASH_WHOLE, .oid = OBJECT, .offset = 100, .len = 500
	};

	fill(data, sizeof(data), 2);
	CHECK_OK(trustx_replace(&w->se, OBJECT, data, sizeof(data)));
	sha256(digest, data + 100, 500);
	hash_is(w, &what, digest);
}

/* A hash begun before a reset is ended after it. */
static void check_hash_context(struct world *w)
{
	uint8_t data[500], digest[32], context[TRUSTX_HASH_CONTEXT_LEN];
	struct trustx_hash what = {
		.step = TRUSTX_HASH_START, .data = data, .len = 77, .export_context = true
	};
	size_t len = sizeof(context);

	fill(data, sizeof(data), 3);
	CHECK_OK(trustx_hash(&w->se, context, &len, &what));
	CHECK_INT(len, TRUSTX_HASH_CONTEXT_LEN);
	CHECK_OK(trustx_open(&w->se, &w->bus, NULL));
	what = (struct trustx_hash){ .step = TRUSTX_HASH_FINAL,
		.data = data + 77,
		.len = sizeof(data) - 77,
		.context = context };
	sha256(digest, data, sizeof(data));
	hash_is(w, &what, digest);
}

/* Two keys in sessions agree on the same secret, whoever asks. */
static void check_agreement(struct world *w, enum trustx_curve curve)
{
	const size_t field = curve == TRUSTX_P256 ? 32 : 48;
	uint8_t one[97], two[97], a[48], b[48];
	struct trustx_public_key pub_one = { curve, one, sizeof(one) };
	struct trustx_public_key pub_two = { curve, two, sizeof(two) };
	size_t a_len = sizeof(a), b_len = sizeof(b);

	CHECK_OK(trustx_generate_key(
		&w->se, one, &pub_one.point_len, SESSION(0), curve, TRUSTX_USAGE_AGREE));
	CHECK_OK(trustx_generate_key(
		&w->se, two, &pub_two.point_len, SESSION(1), curve, TRUSTX_USAGE_AGREE));
	CHECK_OK(trustx_ecdh(&w->se, a, &a_len, SESSION(0), &pub_two));
	CHECK_OK(trustx_ecdh(&w->se, b, &b_len, SESSION(1), &pub_one));
	CHECK_INT(a_len, field);
	CHECK_INT(b_len, field);
	CHECK_MEM(a, b, field);
}

static void prf(uint8_t *out, size_t len, const uint8_t *secret, size_t secret_len,
	const uint8_t *seed, size_t seed_len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SECRET, (uint8_t *)(uintptr_t)secret, secret_len),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SEED, (uint8_t *)(uintptr_t)seed, seed_len),
		OSSL_PARAM_construct_end(),
	};

	CHECK(ctx != NULL && EVP_KDF_derive(ctx, out, len, params) == 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

static void check_derivation(struct world *w)
{
	uint8_t secret[32], derived[48], seed[1024], out[256], want[256], point[65];
	struct trustx_public_key pub = { TRUSTX_P256, point, sizeof(point) };
	size_t len = sizeof(secret);

	fill(seed, sizeof(seed), 4);
	CHECK_OK(trustx_generate_key(
		&w->se, point, &pub.point_len, SESSION(0), TRUSTX_P256, TRUSTX_USAGE_AGREE));
	CHECK_OK(trustx_ecdh(&w->se, secret, &len, SESSION(0), &pub));
	CHECK_OK(trustx_ecdh_session(&w->se, SESSION(1), SESSION(0), &pub));
	for (size_t seed_len = 8; seed_len <= sizeof(seed); seed_len += 254) {
		prf(want, sizeof(want), secret, len, seed, seed_len);
		CHECK_OK(trustx_derive(&w->se, out, sizeof(out), SESSION(1), seed, seed_len));
		CHECK_MEM(out, want, sizeof(want));
	}
	/* A secret derived from a derived one. */
	CHECK_OK(trustx_derive_session(&w->se, SESSION(2), 48, SESSION(1), seed, 64));
	CHECK_OK(trustx_derive(&w->se, out, 16, SESSION(2), seed, 32));
	prf(derived, sizeof(derived), secret, len, seed, 64);
	prf(want, 16, derived, sizeof(derived), seed, 32);
	CHECK_MEM(out, want, 16);
}

static void check_pair(struct world *w, enum trustx_curve curve)
{
	const size_t field = curve == TRUSTX_P256 ? 32 : 48;
	const char *group = curve == TRUSTX_P256 ? "P-256" : "P-384";
	uint8_t pair[TRUSTX_PAIR_MAX];
	size_t len = sizeof(pair);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;
	BIGNUM *d;

	CHECK_OK(trustx_generate_pair(&w->se, pair, &len, curve));
	CHECK_INT(len, field + 1 + 2 * field);
	d = BN_bin2bn(pair, (int)field, NULL);
	CHECK(OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1);
	CHECK(OSSL_PARAM_BLD_push_octet_string(
		      bld, OSSL_PKEY_PARAM_PUB_KEY, pair + field, len - field) == 1);
	CHECK(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1);
	params = OSSL_PARAM_BLD_to_param(bld);
	CHECK(EVP_PKEY_fromdata_init(ctx) == 1);
	CHECK(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) == 1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	CHECK(EVP_PKEY_pairwise_check(ctx) == 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(d);
}

/* The simulated manufacturer's certificate, without its TLS identity, verifies its key. */
static void check_certificate(struct world *w)
{
	uint8_t cert[1728], digest[32], sig[72];
	size_t len = sizeof(cert), sig_len = sizeof(sig);

	fill(digest, sizeof(digest), 6);
	CHECK_OK(trustx_read(&w->se, cert, &len, TRUSTX_OID_CERT_0, 0));
	CHECK_OK(
		trustx_replace(&w->se, TRUSTX_OID_TRUST_ANCHOR_1, cert + IDENTITY, len - IDENTITY));
	CHECK_OK(trustx_sign(&w->se, sig, &sig_len, TRUSTX_OID_KEY_0, TRUSTX_P256, digest, 32));
	CHECK_OK(trustx_verify_by_object(
		&w->se, TRUSTX_OID_TRUST_ANCHOR_1, digest, 32, sig, sig_len));
	digest[0] ^= 1;
	CHECK_ERR(trustx_verify_by_object(
			  &w->se, TRUSTX_OID_TRUST_ANCHOR_1, digest, 32, sig, sig_len),
		TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w->se), "verify a signature by 0xE0E8: the chip refused: "
					     "signature does not verify (0x2C)");
	CHECK_ERR(trustx_verify_by_object(&w->se, TRUSTX_OID_CERT_0, digest, 32, sig, sig_len),
		TRUSTX_ERR_CHIP);
	CHECK_STR(trustx_error_text(&w->se), "verify a signature by 0xE0E0: the chip refused: "
					     "invalid certificate format (0x29)");
}

static void everything_works_on_both_families(void)
{
	static const char *const profiles[] = { "trust-x", "trust-m1" };
	static const uint16_t frames[] = { 277, 55, 16 };

	for (size_t i = 0; i < 6; i++) {
		struct world w;

		begin(&w, profiles[i % 2], frames[i / 2]);
		check_hash(&w);
		check_hash_of_objects(&w);
		check_agreement(&w, TRUSTX_P256);
		check_agreement(&w, TRUSTX_P384);
		check_derivation(&w);
		check_pair(&w, TRUSTX_P256);
		check_pair(&w, TRUSTX_P384);
		check_certificate(&w);
		check_hash_context(&w);
		end(&w);
	}
}

static void a_trust_x_authenticates_itself(void)
{
	uint8_t challenge[256], digest[32], point[97], sig[TRUSTX_SIG_MAX];
	struct world w;

	fill(challenge, sizeof(challenge), 7);
	begin(&w, "trust-x", 277);
	for (enum trustx_curve curve = TRUSTX_P256; curve <= TRUSTX_P384; curve++) {
		struct trustx_public_key pub = { curve, point, sizeof(point) };

		CHECK_OK(trustx_generate_key(
			&w.se, point, &pub.point_len, KEY, curve, TRUSTX_USAGE_AUTH));
		for (size_t n = 8; n <= sizeof(challenge); n += 124) {
			size_t len = sizeof(sig);

			CHECK_OK(trustx_authenticate(&w.se, sig, &len, KEY, curve, challenge, n));
			sha256(digest, challenge, n);
			CHECK_OK(trustx_verify(&w.se, &pub, digest, 32, sig, len));
		}
	}
	CHECK_ERR(trustx_authenticate(
			  &w.se, sig, &(size_t){ 72 }, KEY + 1, TRUSTX_P256, challenge, 8),
		TRUSTX_ERR_CHIP);
	CHECK_ERR(trustx_close_application(&w.se), TRUSTX_ERR_CHIP);
	CHECK_ERR(trustx_count(&w.se, TRUSTX_OID_COUNTER_0, 1), TRUSTX_ERR_CHIP);
	end(&w);
}

static void a_trust_m_counts_and_closes(void)
{
	const uint8_t limit_five[8] = { 0, 0, 0, 0, 0, 0, 0, 5 };
	uint8_t value[8];
	size_t len = sizeof(value);
	struct world w;

	begin(&w, "trust-m1", 277);
	CHECK_OK(trustx_write(&w.se, TRUSTX_OID_COUNTER_0, 0, limit_five, 8));
	CHECK_OK(trustx_count(&w.se, TRUSTX_OID_COUNTER_0, 2));
	CHECK_OK(trustx_count(&w.se, TRUSTX_OID_COUNTER_0, 1));
	CHECK_OK(trustx_read(&w.se, value, &len, TRUSTX_OID_COUNTER_0, 0));
	CHECK_INT(value[3], 3);
	CHECK_INT(value[7], 5);
	CHECK_OK(trustx_close_application(&w.se));
	CHECK_ERR(trustx_random(&w.se, value, 8), TRUSTX_ERR_ARGUMENT);
	CHECK_OK(trustx_open(&w.se, &w.bus, NULL));
	CHECK_OK(trustx_random(&w.se, value, 8));
	end(&w);
}

/* Each way to use the link, at once and after pauses in which the chip offers its answer again. */
static void every_flag_is_understood_by_the_chip(void)
{
	static const uint32_t pauses_us[] = { 0, 3000, 7000, 12000, 35000, 60000, 400000 };

	for (uint8_t flags = 0; flags < 8; flags++) {
		const struct trustx_options opt = { .flags = flags };
		uint8_t data[600], back[600], uid[TRUSTX_UID_LEN], point[65];
		size_t len = sizeof(back), point_len = sizeof(point);
		struct sim_info info;
		struct world w;
		struct fail f;

		fill(data, sizeof(data), flags);
		begin(&w, "trust-x", 277);
		CHECK_OK(trustx_open(&w.se, &w.bus, &opt));
		CHECK_OK(trustx_replace(&w.se, OBJECT, data, sizeof(data)));
		CHECK_OK(trustx_read(&w.se, back, &len, OBJECT, 0));
		CHECK_MEM(back, data, len);
		for (size_t i = 0; i < sizeof(pauses_us) / sizeof(pauses_us[0]); i++) {
			w.bus.ops->sleep_us(w.bus.ctx, pauses_us[i]);
			CHECK_OK(trustx_read_uid(&w.se, uid));
			CHECK_INT(uid[0], 0xCD);
			w.bus.ops->sleep_us(w.bus.ctx, pauses_us[i]);
			point_len = sizeof(point);
			CHECK_OK(trustx_generate_key(
				&w.se, point, &point_len, KEY, TRUSTX_P256, TRUSTX_USAGE_SIGN));
		}
		end(&w);
		CHECK_OK(sim_info(&info, IMAGE, &f));
		CHECK_INT(info.key_generations[1], 7);
	}
}

int main(void)
{
	RUN(everything_works_on_both_families);
	RUN(a_trust_x_authenticates_itself);
	RUN(a_trust_m_counts_and_closes);
	RUN(every_flag_is_understood_by_the_chip);
	return 0;
}
