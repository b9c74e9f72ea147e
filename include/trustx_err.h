/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The one error list of the whole tree: code, name, sentence.
 *
 * A function that can fail returns enum trustx_err, TRUSTX_OK being 0. What the chip itself
 * answered (its one-byte code) is a detail of TRUSTX_ERR_CHIP, kept where the command ran.
 */
#ifndef TRUSTX_ERR_H
#define TRUSTX_ERR_H

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, sentence). Append only: the numbers are part of the library's ABI. */
#define TRUSTX_ERR_LIST(X)                                                                       \
	X(TRUSTX_OK, "no error")                                                                 \
	X(TRUSTX_ERR_ARGUMENT, "an argument is out of range")                                    \
	X(TRUSTX_ERR_TOO_SMALL, "the buffer is too small for the result")                        \
	X(TRUSTX_ERR_NO_DEVICE, "no such device")                                                \
	X(TRUSTX_ERR_PERMISSION, "permission denied")                                            \
	X(TRUSTX_ERR_IN_USE, "in use by another program")                                        \
	X(TRUSTX_ERR_BUS, "the bus failed")                                                      \
	X(TRUSTX_ERR_NACK, "the chip does not acknowledge its address")                          \
	X(TRUSTX_ERR_TIMEOUT, "no answer in time")                                               \
	X(TRUSTX_ERR_PROTOCOL, "the answer breaks the protocol")                                 \
	X(TRUSTX_ERR_UNKNOWN_OUTCOME, "the answer was lost; the command may have been executed") \
	X(TRUSTX_ERR_CHIP, "the chip refused")                                                   \
	X(TRUSTX_ERR_LOCKED, "the slot is locked")                                               \
	X(TRUSTX_ERR_NO_PUBLIC_KEY, "the public key cannot be obtained any more")                \
	X(TRUSTX_ERR_FILE, "a file could not be read or written")                                \
	X(TRUSTX_ERR_MEMORY, "out of memory")                                                    \
	X(TRUSTX_ERR_CRYPTO, "the cryptographic library failed")                                 \
	X(TRUSTX_ERR_INTERNAL, "a bug in trustx")                                                \
	X(TRUSTX_ERR_USAGE, "wrong usage")                                                       \
	X(TRUSTX_ERR_INPUT, "the input cannot be used")                                          \
	X(TRUSTX_ERR_TOO_BIG, "the input is too big")                                            \
	X(TRUSTX_ERR_MISMATCH, "two things do not belong together")                              \
	X(TRUSTX_ERR_EXISTS, "something is there already")                                       \
	X(TRUSTX_ERR_CONSENT, "consent is missing")                                              \
	X(TRUSTX_ERR_ISSUER, "the certificate issuer said no")                                   \
	X(TRUSTX_ERR_PARTIAL, "a part of the batch failed")                                      \
	X(TRUSTX_ERR_THROTTLED, "throttled beyond the retries")                                  \
	X(TRUSTX_ERR_INTERRUPTED, "interrupted")

#define TRUSTX_ERR_ENUM(name, sentence) name,
enum trustx_err { TRUSTX_ERR_LIST(TRUSTX_ERR_ENUM) TRUSTX_ERR_COUNT_ };
#undef TRUSTX_ERR_ENUM

#if defined(__GNUC__)
#define TRUSTX_MUST_CHECK __attribute__((warn_unused_result))
#else
#define TRUSTX_MUST_CHECK
#endif

/* What these headers declare is what a shared libtrustx exports; all else is hidden. */
#if defined(__GNUC__) && !defined(_WIN32)
#pragma GCC visibility push(default)
#endif

/* Name and sentence of a code; static strings. Any value is accepted. */
const char *trustx_err_name(enum trustx_err err); /* "TRUSTX_ERR_CHIP" */
const char *trustx_err_text(enum trustx_err err); /* "the chip refused" */

#if defined(__GNUC__) && !defined(_WIN32)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif
#endif
