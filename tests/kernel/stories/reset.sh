# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The chip's reset line on a GPIO pin of a CP2112, through libgpiod; the bus is an i2c-tiny-usb.
load usbhid i2c-dev i2c-tiny-usb hid-cp2112
trustx ca init -q ca
plug tiny=i2c cp2112=gpiochip
whole "i2c:$i2c?reset=${gpiochip#/dev/}:3"
resets=$(grep -c reset board.err)
[ "$resets" -ge 4 ] || die "$resets resets for four commands"
gone
[ "$made" -eq 1 ] || die 'one key must be made'
