# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
set(arch i686)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
