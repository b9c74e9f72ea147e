# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What only Windows has, with programs of the system that tests as the other side.
set(native ${CMAKE_SOURCE_DIR}/build/gcc)
foreach(story windows windows-remote windows-ft260)
	trustx_story(${story} windows)
	set_property(TEST story-${story} APPEND PROPERTY ENVIRONMENT "TRUSTX_NATIVE=${native}/tool"
		"TRUSTX_MOCK=${native}/tests/trustx-mock" "WINEPREFIX=${CMAKE_SOURCE_DIR}/build/wine")
endforeach()

trustx_test(flow-home-windows flow flow)
trustx_test(detached windows base)
target_compile_definitions(test-detached PRIVATE TRUSTX_PROGRAM="$<TARGET_FILE:trustx-tool>")

# What takes long under Wine, or brings little that the others do not: with TRUSTX_LONG=1.
foreach(name fault-recoverable fault-all fault-chip power-commits power-accesses power-memory flow-speed
		ft260-faults ft260-whole doctor-noise story-fault story-throttle story-power-cut
		story-trace-wireshark story-ft260 story-doctor-ft260 story-aws-cli story-aws-rights
		story-aws-killed story-aws-struck story-aws-personalize story-aws-setup story-aws-device
		story-aws-bad story-aws-road story-aws-secrets story-connect-tls story-connect-mqtt
		story-connect-aws story-connect-443 story-options story-csr-config
		story-bad-files story-trust-m story-object story-lock story-trace-json story-connect
		story-cert-bad)
	set_property(TEST ${name} APPEND PROPERTY LABELS long)
endforeach()
