# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 that hid-ft260 has taken: libusb gets it for the time of a command, in whole frames.
load hid-ft260 i2c-dev
trustx ca init -q ca
plug ft260=i2c
whole 'ft260:?via=libusb'
await "$i2c"
gone
[ "$made" -eq 1 ] || die 'one key must be made'
