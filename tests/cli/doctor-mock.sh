# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# doctor and scan through device nodes: adapters of the kernel and FT260s, by umockdev.
. "$TRUSTX_SOURCE/tests/cli/doctor-lib.sh"
command -v umockdev-wrapper >/dev/null 2>&1 || skip 'umockdev-wrapper is not installed'
mock=$TRUSTX_BIN/../tests/trustx-mock
[ -x "$mock" ] || skip 'trustx-mock was not built: umockdev is not there'
# A mocked /sys and /dev has to come first; the sanitizers of the build have no say in that.
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS
for chip in one two three; do
	trustx sim new $chip >/dev/null
done

# on DEVICE... -- COMMAND...: on a computer with these devices.
on() {
	umockdev-wrapper "$mock" "$@"
}

healthy on --i2c one,name=bcm2835 trustx doctor -d /dev/i2c-0
grep -q '^device node  *ok .*bcm2835' names.out || die "$(cat names.out)"
grep -q '^permission  *ok .*/dev/i2c-0$' names.out || die "$(cat names.out)"
grep -q '^group, udev rule  *ok ' names.out || die "$(cat names.out)"
healthy on --ft260 two trustx doctor
grep -q '^device  *ok .*the only FT260$' names.out || die "$(cat names.out)"
grep -q '^bus levels  *ok ' names.out || die "$(cat names.out)"

says '^/dev/i2c-0: Trust X, UID .* \(bcm2835' on --i2c one,name=bcm2835 --ft260 two trustx scan
grep -q '^.*ft260:.*: Trust X, UID .*FT260' says.out || die "no FT260: $(cat says.out)"
[ "$(grep -c 'Trust X' says.out)" -eq 2 ] || die "not two chips: $(cat says.out)"
says "^'/dev/i2c-0\?addr=0x30': the chip" on --i2c one trustx scan --all-addresses
fails 3 'no chip was found' on --i2c one,busy trustx scan --all-addresses
grep -q 'taken by a driver' fails.out || die "$(cat fails.out)"

names no-choice 3 on --ft260 one --ft260 two trustx doctor
names no-choice 3 on --i2c one --i2c two trustx doctor
remedy 'trustx doctor -d /dev/i2c-0'
healthy on --i2c one --ft260 two trustx doctor
names reset-line 3 on --i2c one trustx doctor -d '/dev/i2c-0?reset=NO-SUCH-LINE'
names address-taken 3 on --i2c one,busy trustx doctor -d /dev/i2c-0
at lock
names smbus-only 3 on --i2c one,smbus trustx doctor -d /dev/i2c-0
at 'kernel driver'
names bus-stuck 3 on --i2c one,timeout=1 trustx doctor -d /dev/i2c-0
names adapter-gone 3 on --i2c one,gone=9 trustx doctor -d /dev/i2c-0
names no-answer 3 on --i2c one,nack=1000000 trustx doctor -d /dev/i2c-0
names node-missing 3 on --i2c one trustx doctor -d /dev/i2c-5
at 'device node'
names hid-ft260-driver 3 on --ft260 one,driver=ft260 trustx doctor -d 'ft260:?via=hidraw'
at 'kernel driver'

# Other commands find the only FT260, too, and name what there is otherwise.
says '^UID: ' on --ft260 one trustx info
fails 3 'no device given; there are /dev/i2c-0, /dev/i2c-1' on --i2c one --i2c two trustx info
fails 3 'this finds out why: trustx doctor -d /dev/i2c-0$' on --i2c one,nack=1000000 trustx -d /dev/i2c-0 info
