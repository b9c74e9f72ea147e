# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# FT260 USB bridges, emulated: which one is meant, what is wrong with it, and a whole device.
. "$TRUSTX_SOURCE/tests/cli/lib.sh"
unset TRUSTX_DEVICE
rm -rf boards ca state ./*.sim
mkdir boards

# bridge KNOBS [OPTIONS]: the URI of an adapter of its own.
bridge() {
	echo "ft260:?via=sim&path=one.sim,seed=1$1${2:-}"
}

# A whole personalization; the second time nothing is left to do. Frames are as long as they can be.
trustx ca init ca >/dev/null
says '"made_key":true' trustx --json -d "$(bridge '')" personalize --subject 'CN={serial}' --issuer ca:ca --state state
says '"was_finished":true' trustx --json -d "$(bridge '')" personalize --subject 'CN={serial}' --issuer ca:ca --state state
says 'frames of 277 bytes, 400 kHz' trustx -d "$(bridge '')" info
says 'frames of 55 bytes, 100 kHz' trustx -d "$(bridge '' '&frame=55&speed=100000')" info
says 'frames of 277 bytes, 1000 kHz' trustx -d "$(bridge '' '&speed=1000000')" info
says 'frames of 277 bytes, 1000 kHz' trustx -d "$(bridge '' '&speed=3400000')" info
says '^cd16' trustx -d "trace:ft260.trace:$(bridge '')" object read e0c2
grep -q ' reset ok 0' ft260.trace || die 'the reset line was not pulled'

# The pin that is wired to RST: another one, one that the UART had, none.
says '^cd16' trustx -d "$(bridge ,pin=D '&reset=D')" object read e0c2
says '^cd16' trustx -d "$(bridge ,pin=D,mode=i2c '&reset=d')" object read e0c2
says '^cd16' trustx -d "$(bridge ,uart=2)" object read e0c2
says '^cd16' trustx -d "$(bridge ,pin=3 '&reset=3')" object read e0c2
for pin in 2 4 5 A B C E G H; do
	says '^cd16' trustx -d "$(bridge ",pin=$pin" "&reset=$pin")" object read e0c2
done
says '^cd16' trustx -d "$(bridge ,pin=- '&reset=none')" object read e0c2
fails 2 'reset=Z: an FT260 has no such pin' trustx -d "$(bridge '' '&reset=Z')" info
grep -q 'next: the pins are A to H and 2 to 5 (F if none is given), or reset=none' fails.err || die 'no list of pins'
fails 2 'reset=6: an FT260 has no such pin' trustx -d "$(bridge '' '&reset=6')" info
fails 2 'reset=FF: an FT260 has no such pin' trustx -d "$(bridge '' '&reset=FF')" info
fails 2 'reset=1: the pin GPIO1 is taken: it is a line of the I2C bus' trustx -d "$(bridge '' '&reset=1')" info

# Options that are none.
fails 2 'via=usb is no way to reach an FT260' trustx -d 'ft260:?via=usb' info
grep -Eq 'known are (hidraw, libusb|hidapi|hid) and sim' fails.err || die 'no list of implementations'
fails 2 "ft260: has no option 'pin'" trustx -d 'ft260:?pin=F' info
fails 2 'speed=50000 is below what an FT260 can' trustx -d "$(bridge '' '&speed=50000')" info

# What is there is not what is needed.
fails 3 'strapped to be a UART only .*DCNF1 high, DCNF0 low' trustx -d "$(bridge ,mode=uart)" info
fails 3 'set up to bridge HID over I2C' trustx -d "$(bridge ,hid-over-i2c)" info
fails 3 'says that it is a chip 0x0220, not an FT260' trustx -d "$(bridge ,chip-id=0x0220)" info
fails 3 'is no FT260 \(0403:6030\) but 1234:6030' trustx -d "$(bridge ,vendor=0x1234)" info
fails 3 'is no FT260 \(0403:6030\) but 0403:6001' trustx -d "$(bridge ,product=0x6001)" info
fails 3 'Permission denied' trustx -d "$(bridge ,denied)" info
fails 3 'hid_ft260 has taken the adapter' trustx -d "$(bridge ,driver=ft260)" info
grep -q 'next: sudo rmmod hid_ft260' fails.err || die 'no command that makes it work'
fails 3 'its data endpoints are stalled' trustx -d "$(bridge ,stall)" info
fails 3 'a report of 6 bytes that claims 6 bytes of data, where 4 are due' trustx -d "$(bridge ,lies)" info
fails 3 'does not acknowledge its address' trustx -d "$(bridge ,nack=100000)" info
fails 3 'gone' trustx -d "$(bridge ,disconnect=1)" info
fails 3 'gone' trustx -d "$(bridge ,disconnect=100)" info
fails 3 'no FT260 is connected' trustx -d 'ft260:?via=sim' info
says '^cd16' trustx -d "$(bridge '')" object read e0c2

# Two boards: nothing is guessed between them.
for board in left right; do
	trustx -d "ft260:?via=sim&path=boards/$board.sim" object read e0c2 >"$board.uid"
done
fails 3 '2 FT260s are connected: ' trustx -d 'ft260:?via=sim&path=boards' info
grep -Eq "next: name one of them, for example -d ['\"]ft260:\?via=sim&path=boards/left.sim,serial=left['\"]" fails.err || die "$(cat fails.err)"
for board in left right; do
	grep -q "$board" fails.err || die "$board is not listed"
	trustx -d "ft260:$board?via=sim&path=boards" object read e0c2 | cmp - "$board.uid"
done
fails 3 'no FT260 has the serial number middle; there are ' trustx -d 'ft260:middle?via=sim&path=boards' info
grep -q 'left.*right' fails.err || die 'the boards are not listed'
rm boards/left.sim
trustx -d 'ft260:?via=sim&path=boards' object read e0c2 | cmp - right.uid
rm boards/right.sim
fails 3 'no FT260 is connected' trustx -d 'ft260:?via=sim&path=boards' info

# One program at a time, by its pid; what a killed one held is free.
if here issuer-scripts; then
	printf '#!/bin/sh\ntouch asked\nsleep 5\n' >issuer
	chmod +x issuer
	trustx -d "$(bridge '')" personalize --subject CN=x --issuer exec:./issuer --slot 2 --state state >/dev/null 2>&1 &
	owner=$!
	while [ ! -e asked ]; do
		kill -0 "$owner" || die 'it has ended'
		sleep 0.1
	done
	fails 3 "in use by pid $owner" trustx -d "$(bridge '')" object read e0c2
	grep -q 'next: end that process or wait for it' fails.err || die 'no next step'
fi

# A board of the same name in another folder is another one.
mkdir -p elsewhere
(cd elsewhere && says '^cd16' trustx -d "$(bridge '')" object read e0c2)
if here issuer-scripts; then
	kill -9 "$owner"
	wait "$owner" || true
fi
says '^cd16' trustx -d "$(bridge '')" object read e0c2

# The ancestor's programs take the same names, and without one the only board that is connected.
optiga_generate_csr -f "$(bridge '')" -i "$TRUSTX_SOURCE/tests/golden/config.jsn" -o request.csr >/dev/null
openssl req -in request.csr -noout -verify 2>/dev/null || die 'not a request'
fails 3 'no device given' optiga_generate_csr -i "$TRUSTX_SOURCE/tests/golden/config.jsn" -o request.csr
grep -q 'next: .*-f ft260:' fails.err || die 'no next step'

# What this program brings with it, and what it finds.
says '^FT260 by .*(hidraw|hidapi.*|hid[.]dll) built in, sim built in' trustx version
! here linux-words || says '"name":"hidraw","via":"hidraw","usable":true,"version":"built in"' trustx version --json
