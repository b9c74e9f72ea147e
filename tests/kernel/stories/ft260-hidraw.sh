# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 after hid-ft260 was unloaded: hid-generic takes over and makes a hidraw node.
load hid-ft260 hid-generic i2c-dev
trustx ca init -q ca
plug ft260=i2c
rmmod hid_ft260
await '/dev/hidraw*'
whole 'ft260:?via=hidraw'
healthy 277 'ft260:?via=hidraw'
healthy 277
listed 'ft260:[?]path=1-1' "FT260, at $found" hid-generic
gone
[ "$made" -eq 1 ] || die 'one key must be made'
