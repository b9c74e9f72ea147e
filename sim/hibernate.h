/* SPDX-FileCopyrightText: 2026 trustx contributors
 * SPDX-License-Identifier: MIT */

/*
 * An application that sleeps through a loss of power: its sessions and its security state, and a
 * handle that wakes it. On Trust M only.
 */
#ifndef SIM_HIBERNATE_H
#define SIM_HIBERNATE_H

#include "nvm.h"

#define HANDLE_LEN 8

/* Into the data of the object OID_HIBERNATED. */
void hibernate_save(uint8_t data[static HIBERNATED_MAX], struct nvm *nvm,
	const uint8_t handle[static HANDLE_LEN]);

/* Is there a sleeping application with this handle? */
bool hibernate_fits(const uint8_t data[static HIBERNATED_MAX], const uint8_t *handle);

/* Sessions that make no sense stay empty. */
void hibernate_restore(struct nvm *nvm, const uint8_t data[static HIBERNATED_MAX]);

#endif
