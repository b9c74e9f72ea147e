# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# One program uses the I2C adapter that hid-ft260 has made of an FT260: another may not take it away
# by libusb meanwhile.
load hid-ft260 i2c-dev
trustx ca init -q ca
plug ft260=i2c
rm -f asked
printf '#!/bin/sh\ntouch asked\nsleep 5\n' >issuer
chmod +x issuer
personalize_by() {
	trustx personalize -i /config.jsn --issuer exec:./issuer -d "$1" >/dev/null 2>err
}
personalize_by "$i2c" &
while [ ! -e asked ]; do
	kill -0 $! || die "it has ended: $(cat err)"
	usleep 100000
done
fails 3 'in use by pid [0-9]' trustx -d 'ft260:?via=libusb' info
[ -e "$i2c" ] || die 'the adapter was taken away'
wait $! || true
says '^UID' trustx -d 'ft260:?via=libusb' info
gone
