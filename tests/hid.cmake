# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(bus-lock bus bus)
trustx_test(ft260-lies bus bus)
trustx_test(ft260-many bus flow sim)
trustx_test(ft260-whole bus flow sim)
trustx_test(ft260-faults bus flow sim)
if(TRUSTX_SANITIZE)
	target_compile_definitions(test-ft260-faults PRIVATE SANITIZED)
endif()
trustx_story(ft260 bus)
