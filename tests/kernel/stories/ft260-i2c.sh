# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 that the kernel's hid-ft260 has made an I2C adapter of: it corrupts or refuses long
# writes, so frames are short.
load hid-ft260 i2c-dev
trustx ca init -q ca
plug ft260=i2c
whole "$i2c"
healthy 59 "$i2c"
listed "$i2c" 'FT260 usb-i2c bridge' ft260
i2c_tools "${i2c#/dev/i2c-}"

# hidraw does not work now; doctor says what to type.
fails 3 'hid_ft260' trustx info -d 'ft260:?via=hidraw'
fails 3 '^trustx: hid-ft260-driver: ' trustx doctor -d 'ft260:?via=hidraw'
grep -q 'sudo rmmod hid_ft260$' fails.err || die "$(cat fails.err)"
gone
[ "$made" -eq 1 ] || die 'one key must be made'
