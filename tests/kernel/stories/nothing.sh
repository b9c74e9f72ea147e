# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A computer without an adapter, then with one that leads to no chip.
fails 3 'no adapter' trustx scan
fails 3 '^trustx: no-adapter: .*' trustx doctor
load i2c-dev usbhid hid-cp2112
plug cp2112-gpio
await '/dev/i2c-*'
fails 3 'no chip was found' trustx scan
fails 3 "does not answer|not acknowledge" trustx info -d "$found"
fails 3 '^trustx: no-answer: ' trustx doctor -d "$found"
gone
[ "$used" -eq 0 ] || die 'a key was used'
