# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An FT260 that hid-ft260 has taken: libusb gets it for the time of a command, in whole frames.
load hid-ft260 i2c-dev
trustx ca init -q ca
plug ft260=i2c
whole 'ft260:?via=libusb'
await "$i2c"
healthy 277 'ft260:?via=libusb'
healthy 277 ft260:
await "$i2c"
listed 'ft260:[?]path=1-1' 'FT260, at 1-1:1.0' ft260

# Somebody who may not: whose node it is, and the command that lets them in.
grep -q '^permission  *ok .*/dev/bus/usb/001/0' doctor.out || die "no node: $(cat doctor.out)"
node=$(sed -n 's/^permission .* \(\/dev\/bus\/usb\/.*\)$/\1/p' doctor.out)
mkdir -p /etc
echo 'worker:x:1000:1000::/tmp:/bin/sh' >/etc/passwd
echo 'boards:x:50:' >/etc/group
chmod 755 "$HOME" && chmod 1777 /run/lock
chown 0:50 "$node" && chmod 660 "$node"
fails 3 '^trustx: group-missing: ' su worker -c 'PATH=/bin trustx doctor -d ft260:'
grep -q "sudo usermod -aG boards worker\$" fails.err || die "$(cat fails.err)"
grep -q "^permission  *fault .*$node belongs to 0:boards, mode 0660; worker may not use it" fails.out || die "$(cat fails.out)"
gone
[ "$made" -eq 1 ] || die 'one key must be made'
