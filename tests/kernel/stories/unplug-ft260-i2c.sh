# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 behind hid-ft260 is pulled out.
load hid-ft260 i2c-dev
pull_out 2 ft260=i2c '$i2c'
