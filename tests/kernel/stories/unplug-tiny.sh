# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An i2c-tiny-usb is pulled out.
load i2c-dev i2c-tiny-usb
pull_out 1 tiny=i2c '$i2c'
