# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
add_executable(record small/record.c small/conversation.c)
target_include_directories(record PRIVATE small)
target_compile_definitions(record PRIVATE _GNU_SOURCE)
target_link_libraries(record PRIVATE bus)
add_test(NAME small COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/small/run-small ${CMAKE_SOURCE_DIR}
	$<TARGET_FILE:record>)
trustx_test_properties(small small)
