# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# platforms/ROW builds the whole for another system, processor or way to install it, into
# build/ROW, and runs there what can be run here.
set(rows consumer linux-arm64 linux-armhf linux-armv6 linux-static linux-static-arm64 macos openssl-3.5 plain)
list(APPEND rows deb archive reproducible)
list(APPEND rows windows windows-32)
foreach(row ${rows})
	add_test(NAME platform-${row} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/platforms/${row})
	trustx_test_properties(platform-${row} platform)
	set_tests_properties(platform-${row} PROPERTIES WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
		TIMEOUT 3000)
endforeach()
# It packs what these have built, in the same folders.
set_tests_properties(platform-archive PROPERTIES DEPENDS
	"platform-linux-arm64;platform-linux-armhf;platform-linux-armv6;platform-linux-static;platform-linux-static-arm64;platform-windows")
