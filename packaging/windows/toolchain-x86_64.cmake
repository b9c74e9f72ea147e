# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
set(arch x86_64)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/wine)
