/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * The image file: magic, version, what the simulator counts, the objects, checksum.
 * The layout is described in doc/simulator.md.
 */
#ifndef SIM_IMAGE_H
#define SIM_IMAGE_H

#include "nvm.h"

#define IMAGE_MAX 20480

/* *len: bytes written to out. */
TRUSTX_MUST_CHECK enum trustx_err image_encode(
	uint8_t out[static IMAGE_MAX], size_t *len, const struct nvm *nvm);

/* All of nvm from the bytes of the file at path. TRUSTX_ERR_INPUT. */
TRUSTX_MUST_CHECK enum trustx_err image_decode(
	struct nvm *nvm, const uint8_t *data, size_t len, const char *path, struct fail *f);

#endif
