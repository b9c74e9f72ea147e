# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# For Windows on $arch, with mingw-w64 and the libraries of packaging/windows/deps: everything is linked
# into the program, which then runs alone.
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/deps -p ${arch} OUTPUT_VARIABLE prefix
	OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT IS_DIRECTORY ${prefix})
	message(FATAL_ERROR "the libraries for Windows are not there; run packaging/windows/deps ${arch}")
endif()
# What is then a part of each program, beside its libraries: name, version, how.
file(STRINGS /usr/${arch}-w64-mingw32/include/_mingw_mac.h mingw_version
	REGEX "MINGW64_VERSION_(MAJOR|MINOR|BUGFIX) [0-9]")
string(REGEX REPLACE "[^;]* ([0-9]+)" "\\1" mingw_version "${mingw_version}")
string(REPLACE ";" "." mingw_version "${mingw_version}")
set(TRUSTX_RUNTIME "mingw-w64\t${mingw_version}\tstatic" "gcc\t@CMAKE_C_COMPILER_VERSION@\tstatic")
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR ${arch})
set(CMAKE_C_COMPILER ${arch}-w64-mingw32-gcc-posix)
set(CMAKE_RC_COMPILER ${arch}-w64-mingw32-windres)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_FIND_ROOT_PATH ${prefix})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(OPENSSL_USE_STATIC_LIBS ON)
set(ENV{PKG_CONFIG_LIBDIR} ${prefix}/lib/pkgconfig)
set(ENV{PKG_CONFIG_PATH} "")
