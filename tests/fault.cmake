# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(fault-bus fault bus)
trustx_test(fault-chip fault bus sim)
foreach(mix recoverable all)
	trustx_test(fault-${mix} fault flow sim)
	set_tests_properties(fault-${mix} PROPERTIES TIMEOUT 3600)
	if(TRUSTX_SANITIZE)
		target_compile_definitions(test-fault-${mix} PRIVATE SANITIZED)
	endif()
endforeach()
trustx_story(fault fault)
