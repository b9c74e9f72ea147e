/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/* The file of a simulated chip, as it is and with the checksum that it lacks. */
#include "fuzz.h"
#include "image.h"
#include "sha256.h"

static void check_image(const uint8_t *data, size_t size)
{
	static uint8_t image[IMAGE_MAX], again[IMAGE_MAX];
	struct nvm *nvm = calloc(1, sizeof(*nvm)), *same = calloc(1, sizeof(*same));
	struct fail f = { 0 };
	size_t len, len_again;

	PROPERTY(nvm != NULL && same != NULL);
	if (image_decode(nvm, data, size, "image", &f) == TRUSTX_OK) {
		PROPERTY(image_encode(image, &len, nvm) == TRUSTX_OK);
		PROPERTY(image_decode(same, image, len, "image", &f) == TRUSTX_OK);
		PROPERTY(image_encode(again, &len_again, same) == TRUSTX_OK);
		PROPERTY(len == len_again && memcmp(image, again, len) == 0);
	} else {
		PROPERTY(f.why[0] != '\0');
	}
	nvm_forget(nvm);
	nvm_forget(same);
	free(nvm);
	free(same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *whole = malloc(size + SHA256_LEN);
	struct sha256 sum;

	PROPERTY(whole != NULL);
	check_image(data, size);
	if (size > 0)
		memcpy(whole, data, size);
	sha256_init(&sum);
	sha256_update(&sum, whole, size);
	sha256_digest(&sum, whole + size);
	check_image(whole, size + SHA256_LEN);
	free(whole);
	return 0;
}
