# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 on a computer without hidapi: what is said while hid-ft260 has it, then the program's own
# hidraw, also when the adapter is pulled out. The libraries come back at the end.
mkdir -p /taken
find / -xdev -name 'libhidapi-*.so*' -not -path '/taken/*' >libraries
while read -r library; do
	mv "$library" /taken
done <libraries
says 'hidapi-hidraw not installed \(package libhidapi-hidraw0\), hidapi-libusb not installed .*hidraw built in' \
	trustx version
load hid-ft260 hid-generic i2c-dev
trustx ca init -q ca
plug ft260=i2c
fails 3 'hid_ft260 has taken the adapter, and the library to take it back is missing' trustx -d ft260: info
grep -q 'next: sudo rmmod hid_ft260' fails.err || die 'no command that makes it work'
says "^'ft260:\?path=1-1': .*sudo rmmod hid_ft260" trustx scan
rmmod hid_ft260
await '/dev/hidraw*'
whole ft260:
gone
[ "$made" -eq 1 ] || die 'one key must be made'
# The node is that of unplug-ft260-hidraw; what is read of it when it goes is another's work.
pull_out 5 ft260=hidraw ft260: 5
while read -r library; do
	mv "/taken/$(basename "$library")" "$library"
done <libraries
