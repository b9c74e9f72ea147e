# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The kernel's side is unit/i2c-kernel.c: system calls of the product go there.
trustx_test(i2cdev bus bus)
target_sources(test-i2cdev PRIVATE unit/i2c-kernel.c)
foreach(call open close read write stat access opendir readlink ioctl getgrgid getpwuid nanosleep
		net_now_ns gpio_open gpio_set gpio_close)
	target_link_options(test-i2cdev PRIVATE -Wl,--wrap=${call})
endforeach()

# The real libgpiod, linked statically, over unit/gpio-kernel.c.
set(gpio_wrapped open close stat lstat access realpath scandir ioctl getgrgid)
find_library(GPIOD_ARCHIVE libgpiod.a)
if(GPIOD_ARCHIVE)
	trustx_test(gpio bus base)
	target_sources(test-gpio PRIVATE unit/gpio-kernel.c ../bus/gpio.c ../bus/node.c
		../bus/gpio-v$<IF:$<VERSION_LESS:${GPIOD_VERSION},2>,1,2>.c)
	target_include_directories(test-gpio PRIVATE ../bus ${GPIOD_INCLUDE_DIRS})
	target_link_libraries(test-gpio PRIVATE ${GPIOD_ARCHIVE})
	foreach(call ${gpio_wrapped})
		target_link_options(test-gpio PRIVATE -Wl,--wrap=${call})
	endforeach()
else()
	add_test(NAME gpio COMMAND sh -c
		". ${CMAKE_CURRENT_SOURCE_DIR}/cli/lib.sh; skip 'libgpiod.a is not installed'")
	trustx_test_properties(gpio bus)
endif()
trustx_story(gpiod-v2 bus)
trustx_story(gpiod-choice bus)
trustx_story(udev bus)
trustx_story(i2c bus)
