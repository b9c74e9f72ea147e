# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The chip's reset line on a GPIO pin of a CP2112, through libgpiod; the bus is an i2c-tiny-usb.
load usbhid i2c-dev i2c-tiny-usb hid-cp2112
trustx ca init -q ca
plug tiny=i2c cp2112-gpio=gpiochip
uri=i2c:$i2c?reset=${gpiochip#/dev/}:3
whole "$uri"
resets=$(grep -c reset board.err)
[ "$resets" -ge 4 ] || die "$resets resets for four commands"
healthy 277 "$uri"
listed "$i2c" i2c-tiny-usb i2c-tiny-usb

# Somebody else has the line.
base=$(cat /sys/class/gpio/gpiochip*/base)
echo $((base + 3)) >/sys/class/gpio/export
fails 3 'line.*sysfs' trustx info -d "$uri"
fails 3 '^trustx: reset-line: .*sysfs' trustx doctor -d "$uri"
echo $((base + 3)) >/sys/class/gpio/unexport
fails 2 'reset' trustx info -d "i2c:$i2c?reset=${gpiochip#/dev/}:99"
trustx info -d "$uri" >/dev/null 2>err || die 'the line is not free again'
gone
[ "$made" -eq 1 ] || die 'one key must be made'
