# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Stories in virtual machines: kernel/run-vm boots a kernel of Debian's with kernel/stories/STORY.
add_executable(board kernel/board.c kernel/bridge.c kernel/cp2112.c kernel/tiny.c kernel/usb.c
	kernel/usbip.c)
target_include_directories(board PRIVATE kernel)
target_compile_definitions(board PRIVATE _GNU_SOURCE)
target_link_libraries(board PRIVATE sim)

# One virtual machine a kernel runs all stories, then each is a test that looks how it ended.
set(stories nothing tiny reset cp2112 ft260-limits ft260-i2c ft260-libusb ft260-hidraw unplug-tiny
	unplug-ft260-i2c unplug-ft260-libusb unplug-ft260-hidraw ft260-shared
	ft260-no-library)
list(JOIN stories " " all_stories)
foreach(series 6.1 6.12)
	add_test(NAME kernel-${series} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/kernel/run-vm ${series}
		${all_stories} $<TARGET_FILE:trustx-tool> $<TARGET_FILE:board>)
	trustx_test_properties(kernel-${series} kernel)
	set_tests_properties(kernel-${series} PROPERTIES FIXTURES_SETUP kernel-${series}
		TIMEOUT 3000)
	foreach(story ${stories})
		add_test(NAME kernel-${series}-${story} COMMAND
			${CMAKE_CURRENT_SOURCE_DIR}/kernel/look-at-story
			${CMAKE_CURRENT_BINARY_DIR}/run/kernel-${series} ${story})
		trustx_test_properties(kernel-${series}-${story} kernel)
		set_tests_properties(kernel-${series}-${story} PROPERTIES
			FIXTURES_REQUIRED kernel-${series})
	endforeach()
endforeach()
