# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A CP2112 as I2C adapter. Its driver says ETIMEDOUT where an address is not acknowledged, refuses
# writes of more than 61 bytes, but takes the length modulo 256: 278 bytes become 22, without an
# error. So frames stay within one report.
load usbhid i2c-dev hid-cp2112
trustx ca init -q ca
plug cp2112=i2c
whole "$i2c"
healthy 59 "$i2c"
listed "$i2c" 'CP2112 SMBus Bridge' cp2112
i2c_tools "${i2c#/dev/i2c-}"
bus=${i2c#/dev/i2c-}
fails 1 'timed out' i2ctransfer -y "$bus" r1@0x31
fails 1 'Invalid argument' awake "$bus" i2ctransfer -y "$bus" w100@0x30 0x80 0x00=
awake "$bus" i2ctransfer -y "$bus" w278@0x30 0x80 0x00= || die 'the driver has learned to count'
gone
[ "$made" -eq 1 ] || die 'one key must be made'
