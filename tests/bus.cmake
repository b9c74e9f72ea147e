# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(bus-uri bus bus)
trustx_test(bus-remote bus bus)
