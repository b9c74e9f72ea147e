# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# For CMAKE_TOOLCHAIN_FILE, with -DTRUSTX_TARGET=linux-arm64 (a name of setup's table) and -DTRUSTX_ZIG=
# what setup prints. -DTRUSTX_PREFIX=: the libraries, as deps prints it.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TRUSTX_TARGET TRUSTX_ZIG TRUSTX_PREFIX)
if(TRUSTX_TARGET MATCHES "^macos-(.*)")
	set(CMAKE_SYSTEM_NAME Darwin)
	set(CMAKE_OSX_SYSROOT "")
else()
	string(REGEX MATCH "^linux-(.*)" match ${TRUSTX_TARGET})
	set(CMAKE_SYSTEM_NAME Linux)
endif()
set(CMAKE_SYSTEM_PROCESSOR ${CMAKE_MATCH_1})
set(CMAKE_C_COMPILER ${TRUSTX_ZIG}/cc-${TRUSTX_TARGET})
# Zig defines NDEBUG when it optimizes; the asserts of trustx stay. It makes a C library for each way to
# optimize: one is enough.
set(CMAKE_C_FLAGS_INIT "-Os -UNDEBUG")
set(CMAKE_AR ${TRUSTX_ZIG}/ar)
set(CMAKE_RANLIB ${TRUSTX_ZIG}/ranlib)
set(CMAKE_FIND_ROOT_PATH ${TRUSTX_PREFIX})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_PREFIX_PATH ${TRUSTX_PREFIX})
set(ENV{PKG_CONFIG_LIBDIR} ${TRUSTX_PREFIX}/lib/pkgconfig)
set(OPENSSL_ROOT_DIR ${TRUSTX_PREFIX})
set(OPENSSL_USE_STATIC_LIBS ON)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
	set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
endif()
