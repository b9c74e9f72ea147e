# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# I2C adapters that cannot be used: which exit code, which words, through the program.
command -v umockdev-run >/dev/null 2>&1 || skip 'umockdev-run is not installed'
# A mocked /sys and /dev has to come first; the sanitizers of the build have no say in that.
ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS:-}
export ASAN_OPTIONS

# adapter NUMBER NAME
adapter() {
	printf 'P: /devices/bus/i2c-%d/i2c-dev/i2c-%d\nN: i2c-%d\nE: DEVNAME=/dev/i2c-%d\n' "$1" "$1" "$1" "$1"
	printf 'E: SUBSYSTEM=i2c-dev\nA: dev=89:%d\\n\nA: name=%s\\n\n\n' "$1" "$2"
}
: >none
{ adapter 3 'FT260 usb-i2c bridge' && adapter 21 'bcm2835 (i2c@7e804000)'; } >two

# info DEVICES URI
info() {
	umockdev-run -d "$1" -- trustx -d "$2" info
}

# What is given: 2, and before anything is looked for.
fails 2 'the device file of the adapter is missing' info two i2c:
fails 2 "has no option 'bus'" info two '/dev/i2c-3?bus=1'
fails 2 'known are reset power addr frame speed' info two '/dev/i2c-3?bus=1'
fails 2 'addr=0x80 is not a 7-bit address' info two '/dev/i2c-3?addr=0x80'
fails 2 'frame=15 is not a frame size' info two '/dev/i2c-3?frame=15'
fails 2 'speed=fast is not a clock' info two '/dev/i2c-3?speed=fast'
fails 2 'the option reset has no value' info two '/dev/i2c-3?reset='
fails 2 'reset=a/b is not the number or the name of a GPIO line' info none '/dev/i2c-3?reset=a/b'
fails 2 'for example power=gpiochip0:17' info none '/dev/i2c-3?power=gpiochip0:'

# What is there: 3.
fails 3 'there is no /dev/i2c-1, and no other I2C adapter on this computer' info none /dev/i2c-1
fails 3 'sudo (modprobe i2c-dev|raspi-config)' info none /dev/i2c-1
fails 3 'there is no /dev/i2c-1; there is /dev/i2c-3 \(FT260 usb-i2c bridge\), /dev/i2c-21 \(bcm' info two /dev/i2c-1
fails 3 'name one that is there, for example -d /dev/i2c-3' info two /dev/i2c-1
fails 3 '/dev/null is not an I2C device' info two i2c:/dev/null
fails 3 'two is not an I2C device' info two i2c:two
fails 3 '/dev/i2c-21 is not an I2C device' info two /dev/i2c-21

umockdev-run -d two -- trustx -d /dev/i2c-3 --json info >json 2>/dev/null && die 'it must fail'
grep -q '"code": *3' json || die "$(cat json)"
