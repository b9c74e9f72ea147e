# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Stories in virtual machines: kernel/run-vm boots a kernel of Debian's with kernel/stories/STORY.
add_executable(board kernel/board.c kernel/bridge.c kernel/cp2112.c kernel/tiny.c kernel/usb.c
	kernel/usbip.c)
target_include_directories(board PRIVATE kernel)
target_compile_definitions(board PRIVATE _GNU_SOURCE)
target_link_libraries(board PRIVATE sim)

# trustx_kernel_story(SERIES STORY)
function(trustx_kernel_story series story)
	add_test(NAME kernel-${series}-${story} COMMAND
		${CMAKE_CURRENT_SOURCE_DIR}/kernel/run-vm ${series} ${story}
		$<TARGET_FILE:trustx-tool> $<TARGET_FILE:board>)
	trustx_test_properties(kernel-${series}-${story} kernel)
endfunction()

foreach(series 6.1 6.12)
	trustx_kernel_story(${series} tiny)
endforeach()
