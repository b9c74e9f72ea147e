# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
if(TRUSTX_TRUST_M)
	trustx_test(objects chip bus trustx base)
endif()
add_test(NAME conformance COMMAND ${CMAKE_SOURCE_DIR}/scripts/make-conformance --check)
trustx_test_properties(conformance tool)
trustx_story(conformance tool)
