# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
pkg_check_modules(UMOCKDEV IMPORTED_TARGET umockdev-1.0 gobject-2.0 gio-2.0)
if(UMOCKDEV_FOUND)
	add_executable(trustx-mock mock/mock.c mock/mock-ft260.c mock/mock-i2c.c)
	target_compile_definitions(trustx-mock PRIVATE _GNU_SOURCE)
	target_link_libraries(trustx-mock PRIVATE sim PkgConfig::UMOCKDEV)
endif()
