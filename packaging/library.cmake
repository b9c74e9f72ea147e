# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# libtrustx for other projects: shared and static, from the objects of chip/ and what they need of
# base/; only what include/ declares can be seen from outside.
include(CMakePackageConfigHelpers)

add_library(trustx-shared SHARED $<TARGET_OBJECTS:trustx>)
target_link_libraries(trustx-shared PRIVATE base)
set_target_properties(trustx-shared PROPERTIES OUTPUT_NAME trustx EXPORT_NAME trustx
	SOVERSION 0 VERSION ${PROJECT_VERSION} LINKER_LANGUAGE C)
if(NOT APPLE)
	set(map ${PROJECT_SOURCE_DIR}/packaging/trustx.map)
	target_link_options(trustx-shared PRIVATE -Wl,--version-script=${map} -Wl,--no-undefined)
	set_target_properties(trustx-shared PROPERTIES LINK_DEPENDS ${map})
	if(TRUSTX_SANITIZE)
		target_link_options(trustx-shared PRIVATE -Wl,-z,undefs)
	endif()
endif()

# An archive of separate objects would offer the names that chip/ and base/ share with each other to
# everybody: in one object they can be made local.
if(CMAKE_OBJCOPY AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
	separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
	if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
		list(APPEND flags -flinker-output=nolto-rel)
	endif()
	set(whole ${CMAKE_CURRENT_BINARY_DIR}/trustx.o)
	add_custom_command(OUTPUT ${whole} DEPENDS trustx base VERBATIM COMMAND_EXPAND_LISTS
		COMMAND ${CMAKE_C_COMPILER} ${flags} -r -nostdlib -o ${whole}
			$<TARGET_OBJECTS:trustx> $<TARGET_FILE:base>
		COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${whole})
	set(objects ${whole})
else()
	set(objects $<TARGET_OBJECTS:trustx> $<TARGET_OBJECTS:base>)
endif()
add_library(trustx-static STATIC ${objects})
set_target_properties(trustx-static PROPERTIES OUTPUT_NAME trustx EXPORT_NAME static
	LINKER_LANGUAGE C)

foreach(target trustx-shared trustx-static)
	target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
endforeach()
install(TARGETS trustx-shared trustx-static EXPORT trustx
	LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT lib NAMELINK_COMPONENT dev
	ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(FILES include/trustx.h include/trustx_err.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
	COMPONENT dev)

# For find_package(trustx): trustx::trustx is the shared library, trustx::static the other.
set(cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/trustx)
install(EXPORT trustx FILE trustxConfig.cmake NAMESPACE trustx:: DESTINATION ${cmake_dir}
	COMPONENT dev)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/trustxConfigVersion.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/trustxConfigVersion.cmake DESTINATION ${cmake_dir}
	COMPONENT dev)

# For pkg-config. The prefix is found from the place of the file, so that the folder can be moved.
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up "${up}")
configure_file(packaging/trustx.pc.in trustx.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/trustx.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
	COMPONENT dev)
