# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(bus-uri bus bus)
trustx_test(bus-remote bus bus)
trustx_test(bus-chip bus bus)
add_dependencies(test-bus-chip trustx-sim)
trustx_story(serve-listen bus)
trustx_story(serve-virtual bus)
trustx_story(serve-real bus)
