# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 that libusb has taken from hid-ft260 is pulled out.
load hid-ft260 i2c-dev
pull_out 3 ft260=i2c 'ft260:?via=libusb'
