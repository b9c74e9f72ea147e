# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Stories in virtual machines: kernel/run-vm boots a kernel of Debian's with kernel/stories/STORY.
add_executable(board kernel/board.c kernel/bridge.c kernel/cp2112.c kernel/tiny.c kernel/usb.c
	kernel/usbip.c)
target_include_directories(board PRIVATE kernel)
target_compile_definitions(board PRIVATE _GNU_SOURCE)
target_link_libraries(board PRIVATE sim)
