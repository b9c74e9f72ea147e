# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The whole road over the FT260's /dev/hidrawN, and what the bridge can do wrong.
. "$TRUSTX_SOURCE/tests/cli/mock-lib.sh"
trustx ca init -q ca

new_board chip
personalize ft260 ''
finished
ft260 '' personalize -i "$GOLDEN/config.jsn" --issuer ca:ca >result 2>err
grep -q 'personalized already; nothing was written' err || die "$(cat err)"
says '^Link: +frames of 277 bytes' ft260 '' info
says '^ft260:BOARD7: Trust X, UID .*hidraw.*hid-generic' mock --ft260 chip,serial=BOARD7 trustx scan
says '^UID' mock --ft260 chip trustx -d ft260: info

# Errata and noise that a driver gets over.
for knobs in nack=7 lose=3 lose=40 cut=5 cut=50 wrong-len=5 wrong-len=50 stick-busy=5 stick-busy=60 \
	stick-bus=5 stick-bus=60 uart=2 mode=i2c no-power-saving; do
	new_board chip
	personalize ft260 ",$knobs"
	finished
done

# The reset line on another pin.
new_board chip
FT260='ft260:?via=hidraw&reset=D' personalize ft260 ,pin=D,mode=i2c,stick-bus=30
finished

# What it cannot get over.
new_board chip
fails 3 'stalled' ft260 ,stall info
fails 3 'UART' ft260 ,mode=uart info
fails 3 'HID over I2C' ft260 ,hid-over-i2c info
fails 3 '0x1234' ft260 ,chip-id=0x1234 info
fails 3 'hid_ft260' ft260 ,driver=ft260 info
FT260=ft260: fails 3 'hid_ft260 has taken the adapter' ft260 ,driver=ft260,hidden info
fails 3 'no FT260' ft260 ,product=0x6031 info
fails 3 'does not acknowledge' ft260 ,nack=1000000 info

# Unplugged in the middle: the next run finishes.
for after in 1 2 5 20 60 120 200 300; do
	new_board chip
	code=0
	personalize ft260 ",disconnect=$after" 2>err || code=$?
	[ "$code" -eq 3 ] || die "gone after $after: exit $code, $(cat err)"
	personalize ft260 ''
	finished
done

# Ctrl-C: the run ends as such and lets go of the board, and the next one continues.
printf '#!/bin/sh\n: >started\nexec sleep 100\n' >slow
chmod +x slow
new_board chip
# shellcheck disable=SC2016 # the shell inside has the board
mock --ft260 chip sh -c '
	env --default-signal=INT trustx -d ft260: personalize -q --subject CN=a --issuer exec:./slow >first 2>err &
	while [ ! -e started ]; do
		kill -0 $! || exit
		sleep 0.1
	done
	kill -INT $!
	code=0
	wait $! || code=$?
	[ "$code" -eq 130 ] || exit 1
	exec trustx -d ft260: personalize -q --subject CN=a --issuer ca:ca
' >result || die "$(cat err result)"
finished

# Without -f, the ancestor's programs take the only board there is.
new_board chip
mock --ft260 chip optiga_generate_csr -o device.csr -i "$GOLDEN/config.jsn" >result
openssl req -in device.csr -noout -verify 2>err || die "$(cat err)"
trustx ca sign ca -q -i device.csr -o device.pem
mock --ft260 chip optiga_upload_crt -c device.pem >result
mock --ft260 chip trustx cert verify -q --ca ca/root.pem device.pem >result
