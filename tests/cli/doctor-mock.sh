# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# doctor and scan through device nodes: adapters of the kernel and FT260s, by umockdev.
. "$TRUSTX_SOURCE/tests/cli/mock-lib.sh"
. "$TRUSTX_SOURCE/tests/cli/doctor-lib.sh"
new_board chip
new_board other

healthy i2c ,name=bcm2835 doctor
grep -q '^device node  *ok .*bcm2835' names.out || die "$(cat names.out)"
grep -q '^permission  *ok .*/dev/i2c-[0-9]*$' names.out || die "$(cat names.out)"
grep -q '^group, udev rule  *ok ' names.out || die "$(cat names.out)"
healthy mock --ft260 chip trustx doctor
grep -q '^device  *ok .*the only FT260$' names.out || die "$(cat names.out)"
grep -q '^bus levels  *ok ' names.out || die "$(cat names.out)"

# shellcheck disable=SC2016 # the shell inside knows the node
healthy mock --ft260 chip sh -c 'exec trustx doctor -d "ft260:?path=$HIDRAW0"'
grep -q '^permission  *ok .*/dev/hidraw[0-9]*$' names.out || die "$(cat names.out)"
grep -q '^kernel driver  *ok .*hid-generic' names.out || die "$(cat names.out)"

says '^/dev/i2c-[0-9]*: Trust X, UID .* \(bcm2835' mock --i2c chip,name=bcm2835 --ft260 other trustx scan
grep -q '^.*ft260:.*: Trust X, UID .*FT260' says.out || die "no FT260: $(cat says.out)"
[ "$(grep -c 'Trust X' says.out)" -eq 2 ] || die "not two chips: $(cat says.out)"
says "^'/dev/i2c-[0-9]*\?addr=0x30': the chip" i2c '' scan --all-addresses
says "^'ft260:.*&addr=0x30': the chip" mock --ft260 chip trustx scan --all-addresses
fails 3 'no chip was found' i2c ,busy scan --all-addresses
grep -q 'taken by a driver' fails.out || die "$(cat fails.out)"
# A device that is listed anyway is not listed twice, and a report has the adapters.
# shellcheck disable=SC2016 # the shell inside knows the node
mock --i2c chip,name=bcm2835 sh -c 'TRUSTX_DEVICE=i2c:$I2C0 trustx scan && trustx doctor -d "$I2C0" --report report' >out 2>err ||
	die "$(cat out err)"
[ "$(grep -c 'Trust X, UID' out)" -eq 1 ] || die "listed twice: $(cat out)"
grep -q "^    name 'bcm2835', driver " report || die "$(sed -n '/^Adapters/,/^$/p' report)"

names no-choice 3 mock --ft260 chip --ft260 other trustx doctor
names no-choice 3 mock --i2c chip trustx doctor
grep -q 'there is /dev/i2c-[0-9]*$' names.err || die "$(cat names.err)"
names no-choice 3 mock --i2c chip --i2c other trustx doctor
grep -q 'trustx doctor -d /dev/i2c-[0-9]*$' names.err || die "$(cat names.err)"
healthy mock --i2c chip --ft260 other trustx doctor
# shellcheck disable=SC2016 # the shell inside knows the node
names reset-line 3 mock --i2c chip sh -c 'exec trustx doctor -d "$I2C0?reset=NO-SUCH-LINE"'
names address-taken 3 i2c ,busy doctor
at lock
names smbus-only 3 i2c ,smbus doctor
at 'kernel driver'
names bus-stuck 3 i2c ,timeout=1 doctor
names adapter-gone 3 i2c ,gone=9 doctor
names adapter-gone 3 mock --ft260 chip,disconnect=8 trustx doctor
names adapter-gone 3 mock --ft260 chip,disconnect=20 trustx doctor
names no-answer 3 i2c ,nack=1000000 doctor
names node-missing 3 mock --i2c chip trustx doctor -d /dev/i2c-99999
at 'device node'
names hid-ft260-driver 3 mock --ft260 chip,driver=ft260 trustx doctor -d 'ft260:?via=hidraw'
at 'kernel driver'

# Other commands find the only FT260, too, and name what there is otherwise.
says '^UID: ' mock --ft260 chip trustx info
fails 3 'no device given; there are /dev/i2c-[0-9]*, /dev/i2c-' mock --i2c chip --i2c other trustx info
grep -q 'name one .*, for example -d /dev/i2c-[0-9]*; ' fails.err || die "no example: $(cat fails.err)"
fails 3 'no device given; there is /dev/i2c-[0-9]*$' mock --i2c chip trustx info
fails 3 'this finds out why: trustx doctor -d /dev/i2c-[0-9]*$' i2c ,nack=1000000 info
