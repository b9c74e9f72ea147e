# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
trustx_test(power-memory power sim)
foreach(part commits accesses)
	trustx_test(power-${part} power flow sim)
	if(TRUSTX_SANITIZE)
		target_compile_definitions(test-power-${part} PRIVATE SANITIZED)
	endif()
endforeach()
# The supply of the simulated chip runs through the test.
target_link_options(test-power-accesses PRIVATE
	-Wl,--wrap=sim_transfer -Wl,--wrap=sim_delay -Wl,--wrap=sim_set_power)
trustx_story(power-cut power)
