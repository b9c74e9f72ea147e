# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 that hid-ft260 has taken: libusb gets it for the time of a command, in whole frames.
load hid-ft260 i2c-dev
trustx ca init -q ca
plug ft260=i2c
whole 'ft260:?via=libusb'
await "$i2c"
healthy 277 'ft260:?via=libusb'
healthy 277 ft260:
await "$i2c"
listed 'ft260:[?]path=1-1' 'FT260, at 1-1:1.0' ft260
gone
[ "$made" -eq 1 ] || die 'one key must be made'
