# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
pkg_check_modules(UMOCKDEV IMPORTED_TARGET umockdev-1.0 gobject-2.0 gio-2.0)
if(UMOCKDEV_FOUND)
	add_executable(trustx-mock mock/mock.c mock/mock-ft260.c mock/mock-i2c.c)
	target_compile_definitions(trustx-mock PRIVATE _GNU_SOURCE)
	target_link_libraries(trustx-mock PRIVATE sim OpenSSL::Crypto PkgConfig::UMOCKDEV)
endif()

# Without the program the stories say that they are skipped, and why.
foreach(story mock-i2c mock-ft260 mock-several)
	trustx_story(${story} mock)
	if(UMOCKDEV_FOUND)
		set_property(TEST story-${story} APPEND PROPERTY ENVIRONMENT
			"TRUSTX_MOCK=$<TARGET_FILE:trustx-mock>")
	endif()
endforeach()
