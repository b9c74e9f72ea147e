# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
foreach(story doctor doctor-ft260 doctor-mock)
	trustx_story(${story} doctor)
endforeach()
if(TARGET trustx-mock)
	set_property(TEST story-doctor-mock APPEND PROPERTY ENVIRONMENT
		"TRUSTX_MOCK=$<TARGET_FILE:trustx-mock>")
endif()

# The kernel's side is that of i2cdev.cmake.
trustx_test(doctor doctor flow)
target_sources(test-doctor PRIVATE unit/i2c-kernel.c)
foreach(call open close read write stat access opendir readlink ioctl getgrgid getpwuid nanosleep
		net_now_ns gpio_open gpio_set gpio_close time dlopen fopen)
	target_link_options(test-doctor PRIVATE -Wl,--wrap=${call})
endforeach()

trustx_test(doctor-noise doctor flow)

add_test(NAME doctor-causes COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/tools/check_causes.py
	$<TARGET_FILE:trustx-tool> ${CMAKE_SOURCE_DIR})
trustx_test_properties(doctor-causes doctor)
