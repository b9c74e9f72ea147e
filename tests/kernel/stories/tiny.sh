# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The kernel's i2c-tiny-usb: an adapter without limits carries whole frames.
load i2c-dev i2c-tiny-usb
trustx ca init -q ca
plug tiny=i2c
whole "$i2c"
healthy 277 "$i2c"
listed "$i2c" i2c-tiny-usb i2c-tiny-usb
i2c_tools "${i2c#/dev/i2c-}"
gone
[ "$made" -eq 1 ] || die 'one key must be made'
