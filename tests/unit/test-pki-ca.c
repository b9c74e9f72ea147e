/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "ca.h"
#include "cert.h"
#include "csr.h"
#include "file.h"
#include "shell.h"

static const struct ca_options plain = { 0 };

static void fresh(const char *dir, const struct ca_options *opt)
{
	char command[64];
	struct fail f;

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	run(command);
	fail_clear(&f);
	if (ca_init(dir, opt, &f) != TRUSTX_OK)
		test_die(dir, 0, f.why);
}

static struct ca *opened(const char *dir, const char *passphrase)
{
	struct ca *ca;
	struct fail f;

	fail_clear(&f);
	if (ca_open(&ca, dir, passphrase, &f) != TRUSTX_OK)
		test_die(dir, 0, f.why);
	return ca;
}

static X509_EXTENSION *extension(int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	CHECK(ext != NULL);
	return ext;
}

struct wish {
	const char *cn, *san;
	bool too_much; /* also asks to be a CA, for code signing and a name constraint */
};

static X509_REQ *request(EVP_PKEY *key, const struct wish *wish)
{
	STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();
	X509_REQ *req = X509_REQ_new();
	X509_NAME *name = X509_NAME_new();

	if (wish->cn != NULL)
		CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			      (const unsigned char *)wish->cn, -1, -1, 0) == 1);
	if (wish->san != NULL)
		sk_X509_EXTENSION_push(list, extension(NID_subject_alt_name, wish->san));
	if (wish->too_much) {
		sk_X509_EXTENSION_push(list, extension(NID_basic_constraints, "critical,CA:TRUE"));
		sk_X509_EXTENSION_push(list, extension(NID_key_usage, "keyCertSign,cRLSign"));
		sk_X509_EXTENSION_push(list, extension(NID_ext_key_usage, "codeSigning"));
	}
	CHECK(X509_REQ_set_version(req, 0) == 1 && X509_REQ_set_subject_name(req, name) == 1 &&
		X509_REQ_set_pubkey(req, key) == 1);
	if (sk_X509_EXTENSION_num(list) > 0)
		CHECK(X509_REQ_add_extensions(req, list) == 1);
	CHECK(X509_REQ_sign(req, key, EVP_sha256()) > 0);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	X509_NAME_free(name);
	return req;
}

/* The leaf alone, or NULL with err. */
static X509 *sign(
	enum trustx_err want, struct ca *ca, EVP_PKEY *key, const struct wish *wish, unsigned days)
{
	X509_REQ *req = request(key, wish);
	STACK_OF(X509) *certs;
	X509 *leaf = NULL;
	struct fail f;

	CHECK_ERR(ca_sign(&certs, ca, req, days, &f), want);
	if (certs != NULL)
		leaf = sk_X509_shift(certs);
	CHECK((leaf != NULL) == (want == TRUSTX_OK));
	sk_X509_pop_free(certs, X509_free);
	X509_REQ_free(req);
	return leaf;
}

static void store(X509 *cert, const char *path)
{
	BIO *out = BIO_new_file(path, "w");

	CHECK(out != NULL && PEM_write_bio_X509(out, cert) == 1);
	BIO_free(out);
}

static void append(const char *path, const char *text)
{
	FILE *file = fopen(path, "ae");

	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static size_t listed(struct ca_entry **entries, const char *dir)
{
	struct fail f;
	size_t n;

	CHECK_OK(ca_list(entries, &n, dir, &f));
	return n;
}

static size_t count_listed(const char *dir)
{
	struct ca_entry *entries;
	size_t n = listed(&entries, dir);

	free(entries);
	return n;
}

static int extensions(X509 *cert)
{
	return X509_get_ext_count(cert);
}

static void a_root_follows_its_profile(void)
{
	STACK_OF(X509) *roots;
	struct fail f;
	X509 *root;

	fresh("root", &plain);
	CHECK_OK(ca_roots(&roots, "root", &f));
	CHECK_INT(sk_X509_num(roots), 1);
	root = sk_X509_value(roots, 0);
	CHECK_INT(X509_get_version(root), X509_VERSION_3);
	CHECK_INT(X509_check_ca(root), 1);
	CHECK_INT(X509_get_key_usage(root), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
	CHECK_INT(extensions(root), 3);
	CHECK_INT(X509_get_pathlen(root), -1);
	CHECK(X509_check_issued(root, root) == X509_V_OK);
	sk_X509_pop_free(roots, X509_free);
	run("openssl x509 -in root/root.pem -noout -text >root.txt &&"
	    "grep -q 'Subject: CN = trustx local CA [0-9a-f]\\{8\\}$' root.txt &&"
	    "grep -q 'Not After : Dec 31 23:59:59 9999 GMT' root.txt &&"
	    "grep -q 'X509v3 Basic Constraints: critical' root.txt &&"
	    "grep -q 'X509v3 Key Usage: critical' root.txt &&"
	    "grep -q 'Signature Algorithm: ecdsa-with-SHA256' root.txt &&"
	    "grep -q 'NIST CURVE: P-256' root.txt");
}

static void files_are_private_to_the_owner(void)
{
	struct stat st;

	fresh("private", &plain);
	CHECK(stat("private", &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0700);
	CHECK(stat("private/root.key", &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
}

static void a_leaf_takes_subject_key_and_san_and_nothing_else(void)
{
	const struct wish wish = { "device", "DNS:a.example,IP:10.0.0.1,URI:urn:x:1", true };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *leaf;
	struct ca *ca;

	fresh("leaf", &plain);
	ca = opened("leaf", NULL);
	leaf = sign(TRUSTX_OK, ca, key, &wish, 30);
	ca_close(ca);
	CHECK_INT(X509_get_version(leaf), X509_VERSION_3);
	CHECK_INT(X509_check_ca(leaf), 0);
	CHECK_INT(X509_get_key_usage(leaf), KU_DIGITAL_SIGNATURE);
	CHECK_INT(extensions(leaf), 5);
	CHECK(X509_get_ext_by_NID(leaf, NID_ext_key_usage, -1) == -1);
	CHECK(EVP_PKEY_eq(X509_get0_pubkey(leaf), key) == 1);
	CHECK_INT(ASN1_STRING_length(X509_get0_serialNumber(leaf)), 16);
	CHECK_INT(ASN1_STRING_type(X509_get0_serialNumber(leaf)), V_ASN1_INTEGER);
	store(leaf, "leaf.pem");
	run("openssl verify -x509_strict -CAfile leaf/root.pem leaf.pem >/dev/null &&"
	    "openssl x509 -in leaf.pem -noout -text >leaf.txt &&"
	    "grep -q 'DNS:a.example, IP Address:10.0.0.1, URI:urn:x:1' leaf.txt &&"
	    "grep -A1 'X509v3 Basic Constraints: critical' leaf.txt | grep -q CA:FALSE &&"
	    "grep -A1 'X509v3 Key Usage: critical' leaf.txt | grep -q 'Digital Signature$'");
	X509_free(leaf);
	EVP_PKEY_free(key);
}

static void the_key_identifiers_of_leaf_and_root_match(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	STACK_OF(X509) *roots;
	X509 *leaf;
	struct ca *ca;
	struct fail f;

	fresh("keyid", &plain);
	ca = opened("keyid", NULL);
	leaf = sign(TRUSTX_OK, ca, key, &wish, 30);
	ca_close(ca);
	CHECK_OK(ca_roots(&roots, "keyid", &f));
	CHECK_INT(extensions(leaf), 4);
	CHECK(ASN1_OCTET_STRING_cmp(X509_get0_authority_key_id(leaf),
		      X509_get0_subject_key_id(sk_X509_value(roots, 0))) == 0);
	CHECK(X509_get0_authority_issuer(leaf) == NULL);
	CHECK_INT(ASN1_STRING_length(X509_get0_subject_key_id(leaf)), 20);
	sk_X509_pop_free(roots, X509_free);
	X509_free(leaf);
	EVP_PKEY_free(key);
}

static void a_second_implementation_accepts_the_chain(void)
{
	const struct wish wish = { "device", "DNS:a.example", false };
	struct ca_options opt = { .intermediate = true };
	EVP_PKEY *key = EVP_EC_gen("P-384");
	X509 *leaf;
	struct ca *ca;

	if (shell("command -v certtool >/dev/null") != 0)
		skip("certtool (gnutls-bin) is not installed");
	fresh("second", &opt);
	ca = opened("second", NULL);
	leaf = sign(TRUSTX_OK, ca, key, &wish, CA_FOREVER);
	ca_close(ca);
	store(leaf, "second.pem");
	run("cat second.pem second/intermediate.pem >second-chain.pem &&"
	    "certtool --verify --load-ca-certificate second/root.pem"
	    " --infile second-chain.pem >second.txt 2>&1 &&"
	    "grep -q 'Chain verification output: Verified' second.txt");
	X509_free(leaf);
	EVP_PKEY_free(key);
}

static void an_intermediate_signs_and_comes_along(void)
{
	const struct wish wish = { "device", NULL, false };
	struct ca_options opt = { .subject = "CN=Plant 7,O=Example", .intermediate = true };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_REQ *req = request(key, &wish);
	STACK_OF(X509) *certs;
	struct ca *ca;
	struct fail f;
	X509 *middle;

	fresh("middle", &opt);
	run("mv middle/root.key root.key.elsewhere");
	ca = opened("middle", NULL);
	CHECK_OK(ca_sign(&certs, ca, req, 1, &f));
	ca_close(ca);
	CHECK_INT(sk_X509_num(certs), 2);
	middle = sk_X509_value(certs, 1);
	CHECK_INT(X509_get_pathlen(middle), 0);
	CHECK_INT(X509_get_key_usage(middle), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
	store(sk_X509_value(certs, 0), "middle.pem");
	run("openssl verify -x509_strict -CAfile middle/root.pem"
	    " -untrusted middle/intermediate.pem middle.pem >/dev/null &&"
	    "openssl x509 -in middle/intermediate.pem -noout -subject |"
	    " grep -q 'CN = Plant 7, O = Example, OU = Intermediate'");
	sk_X509_pop_free(certs, X509_free);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

static long long days_left(const X509 *cert)
{
	int day = 0, sec = 0;

	CHECK(ASN1_TIME_diff(&day, &sec, NULL, X509_get0_notAfter(cert)) == 1);
	return day + (sec > 43200);
}

static void validity_is_as_asked_and_ends_in_9999(void)
{
	const struct wish wish = { "device", NULL, false };
	static const unsigned forever[] = { CA_FOREVER, 4000000000u, 3652059u };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct ca *ca;
	X509 *leaf;

	fresh("dates", &plain);
	ca = opened("dates", NULL);
	leaf = sign(TRUSTX_OK, ca, key, &wish, 10000);
	CHECK_INT(days_left(leaf), 10000);
	CHECK(X509_cmp_current_time(X509_get0_notBefore(leaf)) < 0);
	X509_free(leaf);
	for (size_t i = 0; i < 3; i++) {
		leaf = sign(TRUSTX_OK, ca, key, &wish, forever[i]);
		CHECK_STR((const char *)ASN1_STRING_get0_data(X509_get0_notAfter(leaf)),
			"99991231235959Z");
		X509_free(leaf);
	}
	ca_close(ca);
	EVP_PKEY_free(key);
}

static void a_request_with_a_wrong_signature_is_refused(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256"), *other = EVP_EC_gen("P-256");
	X509_REQ *req = request(key, &wish);
	STACK_OF(X509) *certs;
	struct ca *ca;
	struct fail f;

	fresh("forged", &plain);
	CHECK(X509_REQ_set_pubkey(req, other) == 1);
	ca = opened("forged", NULL);
	CHECK_ERR(ca_sign(&certs, ca, req, 1, &f), TRUSTX_ERR_MISMATCH);
	CHECK(certs == NULL);
	ca_close(ca);
	CHECK_INT(count_listed("forged"), 0);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
}

static void a_key_of_another_kind_is_refused(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *rsa = EVP_RSA_gen(2048), *curve = EVP_EC_gen("P-521");
	struct ca *ca;

	fresh("kinds", &plain);
	ca = opened("kinds", NULL);
	sign(TRUSTX_ERR_INPUT, ca, rsa, &wish, 1);
	sign(TRUSTX_ERR_INPUT, ca, curve, &wish, 1);
	ca_close(ca);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(curve);
}

static void the_same_key_for_another_subject_is_refused(void)
{
	const struct wish first = { "device 1", NULL, false }, second = { "device 2", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_REQ *req = request(key, &second);
	struct ca_entry *entries;
	STACK_OF(X509) *certs;
	struct ca *ca;
	struct fail f;

	fresh("twice", &plain);
	ca = opened("twice", NULL);
	X509_free(sign(TRUSTX_OK, ca, key, &first, 1));
	X509_free(sign(TRUSTX_OK, ca, key, &first, 1));
	CHECK_ERR(ca_sign(&certs, ca, req, 1, &f), TRUSTX_ERR_EXISTS);
	ca_close(ca);
	CHECK_INT(listed(&entries, "twice"), 2);
	CHECK(strcmp(entries[0].serial, entries[1].serial) != 0);
	CHECK_STR(entries[0].key_hash, entries[1].key_hash);
	CHECK(strstr(f.why, "CN=device 1") != NULL && strstr(f.why, entries[0].serial) != NULL);
	free(entries);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

static void the_index_says_what_was_issued(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct ca_entry *entries;
	struct ca *ca;
	char command[256];

	fresh("index", &plain);
	CHECK_INT(count_listed("index"), 0);
	ca = opened("index", NULL);
	X509_free(sign(TRUSTX_OK, ca, key, &wish, CA_FOREVER));
	ca_close(ca);
	CHECK_INT(listed(&entries, "index"), 1);
	CHECK_STR(entries[0].expires, "9999-12-31T23:59:59Z");
	CHECK_STR(entries[0].subject, "CN=device");
	CHECK_INT(strlen(entries[0].issued), 20);
	CHECK_INT(strlen(entries[0].serial), 32);
	snprintf(command, sizeof(command),
		"openssl x509 -in index/issued/%s.pem -noout -serial | grep -qi =%s",
		entries[0].serial, entries[0].serial);
	run(command);
	snprintf(command, sizeof(command),
		"openssl x509 -in index/issued/%s.pem -noout -pubkey |"
		" openssl pkey -pubin -outform DER | sha256sum | grep -q ^%s",
		entries[0].serial, entries[0].key_hash);
	run(command);
	free(entries);
	EVP_PKEY_free(key);
}

static void a_line_cut_off_by_a_crash_is_dropped(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct blob whole, now;
	struct ca *ca;
	struct fail f;

	fresh("crash", &plain);
	ca = opened("crash", NULL);
	X509_free(sign(TRUSTX_OK, ca, key, &wish, 1));
	ca_close(ca);
	blob_init(&whole, 65536);
	blob_init(&now, 65536);
	CHECK_OK(file_read(&whole, "crash/index.txt", &f));
	CHECK(truncate("crash/index.txt", (off_t)whole.len + 100) == 0);
	CHECK_INT(count_listed("crash"), 1);
	ca_close(opened("crash", NULL));
	CHECK_INT(count_listed("crash"), 1);
	for (size_t cut = 0; cut < whole.len; cut++) {
		CHECK_OK(file_write(
			"crash/index.txt", whole.data, whole.len, FILE_PRIVATE, FILE_NO_SYNC, &f));
		CHECK(truncate("crash/index.txt", (off_t)cut) == 0);
		ca_close(opened("crash", NULL));
		blob_free(&now);
		CHECK_OK(file_read(&now, "crash/index.txt", &f));
		/* All but its newline is there: the line counts. */
		CHECK_INT(now.len, cut == whole.len - 1 ? whole.len : 0);
	}
	blob_free(&whole);
	blob_free(&now);
	EVP_PKEY_free(key);
}

static void a_damaged_index_is_named_with_its_line(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_REQ *req = request(key, &wish);
	struct ca_entry *entries;
	STACK_OF(X509) *certs;
	struct ca *ca;
	struct fail f;
	size_t n;

	fresh("damaged", &plain);
	append("damaged/index.txt", "00\tthis is no line\n");
	CHECK_ERR(ca_list(&entries, &n, "damaged", &f), TRUSTX_ERR_INPUT);
	CHECK_STR(f.why, "damaged/index.txt is damaged in line 1");
	CHECK(entries == NULL && n == 0);
	ca = opened("damaged", NULL);
	CHECK_ERR(ca_sign(&certs, ca, req, 1, &f), TRUSTX_ERR_INPUT);
	ca_close(ca);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
}

/* A limit on file sizes stands for the full disk: the write stops in the middle of the line. */
static void a_full_disk_leaves_the_index_as_it_was(void)
{
	const struct wish wish = { "device", NULL, false };
	const struct rlimit full = { 20, RLIM_INFINITY };
	const struct rlimit again = { RLIM_INFINITY, RLIM_INFINITY };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct ca *ca;
	int status;
	pid_t pid;

	fresh("full", &plain);
	CHECK((pid = fork()) >= 0);
	if (pid == 0) {
		ca = opened("full", NULL);
		signal(SIGXFSZ, SIG_IGN);
		CHECK(setrlimit(RLIMIT_FSIZE, &full) == 0);
		sign(TRUSTX_ERR_FILE, ca, key, &wish, 1);
		CHECK(setrlimit(RLIMIT_FSIZE, &again) == 0); /* for what counts coverage */
		ca_close(ca);
		EVP_PKEY_free(key);
		exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	run("[ ! -s full/index.txt ] && [ -z \"$(ls full/issued)\" ]");
	EVP_PKEY_free(key);
}

static void a_second_ca_in_the_same_place_is_refused(void)
{
	struct fail f;

	fresh("once", &plain);
	CHECK_ERR(ca_init("once", &plain, &f), TRUSTX_ERR_EXISTS);
	CHECK_STR(f.why, "there is a CA in once already");
}

static void a_half_made_ca_is_named(void)
{
	struct ca *ca;
	struct fail f;

	fresh("half", &plain);
	run("rm half/index.txt");
	CHECK_ERR(ca_open(&ca, "half", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK_STR(f.why, "the CA in half is half made: it has root.key but no index.txt");
	CHECK_ERR(ca_init("half", &plain, &f), TRUSTX_ERR_EXISTS);
	CHECK(strstr(f.next, "remove half and make") != NULL);
}

static void no_ca_is_said_so(void)
{
	STACK_OF(X509) *roots;
	struct ca *ca;
	struct fail f;

	run("rm -rf empty && mkdir -m 700 empty");
	CHECK_ERR(ca_open(&ca, "nowhere", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(ca == NULL);
	CHECK_STR(f.why, "there is no directory nowhere");
	CHECK_ERR(ca_open(&ca, "empty", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK_STR(f.why, "there is no CA in empty");
	CHECK_ERR(ca_roots(&roots, "empty", &f), TRUSTX_ERR_INPUT);
	CHECK(roots == NULL);
}

static void a_key_that_others_may_read_is_refused(void)
{
	struct ca *ca;
	struct fail f;

	fresh("open", &plain);
	CHECK(chmod("open/root.key", 0640) == 0);
	CHECK_ERR(ca_open(&ca, "open", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.next, "chmod 600 open/root.key") != NULL);
	CHECK(chmod("open/root.key", 0600) == 0 && chmod("open", 0755) == 0);
	CHECK_ERR(ca_open(&ca, "open", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK_STR(f.next, "chmod 700 open");
	CHECK(chmod("open", 0700) == 0);
	ca_close(opened("open", NULL));
}

static void a_passphrase_protects_the_key(void)
{
	struct ca_options opt = { .passphrase = "correct horse" };
	struct ca *ca;
	struct fail f;

	fresh("sealed", &opt);
	fresh("unsealed", &plain);
	CHECK(ca_is_encrypted("sealed") && !ca_is_encrypted("unsealed"));
	CHECK_ERR(ca_open(&ca, "sealed", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "no passphrase was given") != NULL);
	CHECK_ERR(ca_open(&ca, "sealed", "wrong", &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "the passphrase does not open") != NULL);
	ca_close(opened("sealed", "correct horse"));
	run("openssl asn1parse -in sealed/root.key | grep -q :scrypt &&"
	    "openssl asn1parse -in sealed/root.key | grep -q :aes-256-cbc &&"
	    "openssl pkey -in sealed/root.key -passin 'pass:correct horse' -noout");
	opt.passphrase = "";
	CHECK_ERR(ca_init("never", &opt, &f), TRUSTX_ERR_INPUT);
	CHECK_STR(f.why, "the passphrase is empty");
	CHECK(!file_exists("never/root.key"));
}

static void key_and_certificate_of_different_cas_are_refused(void)
{
	struct ca *ca;
	struct fail f;

	fresh("mixed", &plain);
	fresh("other", &plain);
	run("cp other/root.key mixed/root.key");
	CHECK_ERR(ca_open(&ca, "mixed", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "do not belong together") != NULL);
	CHECK_OK(file_write("mixed/root.key", "rubbish", 7, FILE_PRIVATE, FILE_NO_SYNC, &f));
	CHECK_ERR(ca_open(&ca, "mixed", NULL, &f), TRUSTX_ERR_INPUT);
	CHECK(strstr(f.why, "is no private key") != NULL);
}

static void an_empty_subject_needs_a_san_which_is_then_critical(void)
{
	const struct wish none = { NULL, NULL, false }, san = { NULL, "DNS:a.example", false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct ca *ca;
	X509 *leaf;
	int at;

	fresh("nameless", &plain);
	ca = opened("nameless", NULL);
	sign(TRUSTX_ERR_INPUT, ca, key, &none, 1);
	leaf = sign(TRUSTX_OK, ca, key, &san, 1);
	at = X509_get_ext_by_NID(leaf, NID_subject_alt_name, -1);
	CHECK_INT(X509_EXTENSION_get_critical(X509_get_ext(leaf, at)), 1);
	ca_close(ca);
	X509_free(leaf);
	EVP_PKEY_free(key);
}

static void sign_for_ever(const char *dir, EVP_PKEY *key)
{
	const struct wish wish = { "device", NULL, false };
	struct ca *ca = opened(dir, NULL);

	for (;;)
		X509_free(sign(TRUSTX_OK, ca, key, &wish, 1));
}

/* Killed anywhere, signing leaves a CA that works and an index that knows every certificate. */
static void a_killed_signer_leaves_a_ca_that_works(void)
{
	const struct wish wish = { "device", NULL, false };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct ca *ca;
	pid_t pid;

	fresh("killed", &plain);
	for (int round = 0; round < 20; round++) {
		CHECK((pid = fork()) >= 0);
		if (pid == 0)
			sign_for_ever("killed", key);
		usleep(20000 + (useconds_t)round * 1700);
		CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	}
	ca = opened("killed", NULL);
	X509_free(sign(TRUSTX_OK, ca, key, &wish, 1));
	ca_close(ca);
	CHECK(count_listed("killed") > 20);
	run("for c in killed/issued/*.pem; do c=${c##*/};"
	    " grep -q \"^${c%.pem}\" killed/index.txt || exit 1; done");
	EVP_PKEY_free(key);
}

/* Four stations sign at the same time: each waits for its turn, no line is lost. */
static void parallel_stations_take_turns(void)
{
	enum { STATIONS = 4, EACH = 10 };
	struct wish wish = { "device", NULL, false };
	EVP_PKEY *key;
	int status;

	fresh("parallel", &plain);
	for (int i = 0; i < STATIONS; i++) {
		if (fork() != 0)
			continue;
		key = EVP_EC_gen("P-256");
		for (int n = 0; n < EACH; n++) {
			struct ca *ca = opened("parallel", NULL);

			X509_free(sign(TRUSTX_OK, ca, key, &wish, 1));
			ca_close(ca);
		}
		EVP_PKEY_free(key);
		exit(0);
	}
	for (int i = 0; i < STATIONS; i++)
		CHECK(wait(&status) > 0 && status == 0);
	CHECK_INT(count_listed("parallel"), STATIONS * EACH);
}

static void a_ca_that_stays_locked_is_in_use(void)
{
	struct ca *first, *second;
	struct fail f;
	char pid[32];

	fresh("locked", &plain);
	first = opened("locked", NULL);
	CHECK_ERR(ca_open(&second, "locked", NULL, &f), TRUSTX_ERR_IN_USE);
	snprintf(pid, sizeof(pid), "in use by pid %ld", (long)getpid());
	CHECK_STR(f.why, pid);
	CHECK_STR(f.what, "open the CA in locked");
	ca_close(first);
	ca_close(opened("locked", NULL));
}

int main(void)
{
	RUN(a_root_follows_its_profile);
	RUN(files_are_private_to_the_owner);
	RUN(a_leaf_takes_subject_key_and_san_and_nothing_else);
	RUN(the_key_identifiers_of_leaf_and_root_match);
	RUN(an_intermediate_signs_and_comes_along);
	RUN(validity_is_as_asked_and_ends_in_9999);
	RUN(a_request_with_a_wrong_signature_is_refused);
	RUN(a_key_of_another_kind_is_refused);
	RUN(the_same_key_for_another_subject_is_refused);
	RUN(the_index_says_what_was_issued);
	RUN(a_line_cut_off_by_a_crash_is_dropped);
	RUN(a_damaged_index_is_named_with_its_line);
	RUN(a_full_disk_leaves_the_index_as_it_was);
	RUN(a_second_ca_in_the_same_place_is_refused);
	RUN(a_half_made_ca_is_named);
	RUN(no_ca_is_said_so);
	RUN(a_key_that_others_may_read_is_refused);
	RUN(a_passphrase_protects_the_key);
	RUN(key_and_certificate_of_different_cas_are_refused);
	RUN(an_empty_subject_needs_a_san_which_is_then_critical);
	RUN(a_killed_signer_leaves_a_ca_that_works);
	RUN(parallel_stations_take_turns);
	RUN(a_ca_that_stays_locked_is_in_use);
	RUN(a_second_implementation_accepts_the_chain);
	return 0;
}
