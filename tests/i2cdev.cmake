# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The kernel's side is unit/i2c-kernel.c: system calls of the product go there.
trustx_test(i2cdev bus bus)
target_sources(test-i2cdev PRIVATE unit/i2c-kernel.c)
foreach(call open close read write stat access opendir readlink ioctl getgrgid getpwuid nanosleep
		net_now_ns gpio_open gpio_set gpio_close)
	target_link_options(test-i2cdev PRIVATE -Wl,--wrap=${call})
endforeach()
