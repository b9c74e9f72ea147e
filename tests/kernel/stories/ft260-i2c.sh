# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 that the kernel's hid-ft260 has made an I2C adapter of: it corrupts or refuses long
# writes, so frames are short.
load hid-ft260 i2c-dev
trustx ca init -q ca
plug ft260=i2c
whole "$i2c"
gone
[ "$made" -eq 1 ] || die 'one key must be made'
