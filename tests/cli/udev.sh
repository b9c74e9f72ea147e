# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# udev itself reads contrib/udev/60-trustx.rules and says what it does for devices of umockdev.
for tool in udevadm umockdev-run unshare; do
	command -v "$tool" >/dev/null 2>&1 || skip "$tool is not installed"
done
# In a namespace of its own: the rules are put over /etc/udev, what udev notes goes nowhere.
unshare -rm true 2>why || skip "no mount namespace: $(cat why)"

# usb NUMBER PRODUCT; hid NUMBER PRODUCT; i2c NUMBER NAME
usb() {
	printf 'P: /devices/pci0/usb1/1-%d\nN: bus/usb/001/00%d\nE: DEVNAME=/dev/bus/usb/001/00%d\n' "$1" "$1" "$1"
	printf 'E: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: MAJOR=189\nE: MINOR=%d\n' "$1"
	printf 'A: idVendor=0403\\n\nA: idProduct=%s\\n\n\n' "$2"
}
hid() {
	usb "$1" "$2"
	printf 'P: /devices/pci0/usb1/1-%d/hidraw/hidraw%d\nN: hidraw%d\nE: DEVNAME=/dev/hidraw%d\n' "$1" "$1" "$1" "$1"
	printf 'E: SUBSYSTEM=hidraw\nE: MAJOR=240\nE: MINOR=%d\n\n' "$1"
}
i2c() {
	printf 'P: /devices/bus/i2c-%d/i2c-dev/i2c-%d\nN: i2c-%d\nE: DEVNAME=/dev/i2c-%d\n' "$1" "$1" "$1" "$1"
	printf 'E: SUBSYSTEM=i2c-dev\nE: MAJOR=89\nE: MINOR=%d\nA: name=%s\\n\n\n' "$1" "$2"
}
{
	hid 1 6030
	hid 2 6031
	i2c 3 'FT260 usb-i2c bridge'
	i2c 4 'FT260 usb-i2c bridge on hidraw0'
	i2c 5 'bcm2835 (i2c@7e804000)'
} >devices

mkdir rules
cp "$TRUSTX_SOURCE/contrib/udev/60-trustx.rules" rules
cat >inside <<'END'
mount --bind rules /etc/udev/rules.d
mount -t tmpfs none /run
exec umockdev-run -d devices -- udevadm test "$1"
END
# of PATH: what our rules do for it.
of() {
	unshare -rm sh -eu ./inside "/sys/devices/$1" >all 2>&1 || die "udevadm test $1: $(tail -3 all)"
	grep -q 'Reading rules file: /etc/udev/rules.d/60-trustx.rules' all || die "rules not read: $(cat all)"
	! grep -E '60-trustx.rules:[0-9]+ .*(nknown|nvalid|gnoring)' all || die "udev complains"
	sed -n 's/^[^:]*: \/etc\/udev\/rules.d\/60-trustx.rules:[0-9]* //p' all
}
for path in pci0/usb1/1-1 pci0/usb1/1-1/hidraw/hidraw1 bus/i2c-3/i2c-dev/i2c-3 \
	bus/i2c-4/i2c-dev/i2c-4; do
	of "$path" >did
	grep -q '^MODE 0660$' did && grep -q '^GROUP' did || die "$path: $(cat did)"
	grep -q '^CURRENT_TAGS=.*:uaccess:' all || die "$path has no uaccess: $(cat all)"
done
for path in pci0/usb1/1-2 pci0/usb1/1-2/hidraw/hidraw2 bus/i2c-5/i2c-dev/i2c-5; do
	of "$path" >did
	[ ! -s did ] || die "$path matches: $(cat did)"
done
