# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 behind hid-generic is pulled out.
load hid-generic
pull_out 4 ft260=hidraw 'ft260:?via=hidraw'
