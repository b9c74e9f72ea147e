# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An emulated FT260 through Windows' hid.dll: Wine's sees the nodes that umockdev makes.
. "$TRUSTX_SOURCE/tests/cli/mock-lib.sh"

# Wine looks for adapters as it starts. So it starts for each command, as another Windows with the
# files and settings of the one that all tests share.
mkdir wine wine/dosdevices
cp "$WINEPREFIX"/*.reg "$WINEPREFIX/.update-timestamp" wine
cp -d "$WINEPREFIX"/dosdevices/* wine/dosdevices
ln -s "$WINEPREFIX/drive_c" wine/drive_c
# It finds them a little after the first program began.
# shellcheck disable=SC2016 # for the shell inside
found='for i in 1 2 3 4 5 6 7 8 9 10; do
	trustx scan 2>&1 | grep -q ^ft260: && break
	sleep 0.2
done
exec "$@"'
mock() {
	code=0
	WINEPREFIX=$PWD/wine timeout 300 umockdev-wrapper "$TRUSTX_MOCK" "$1" "$2" sh -c "shift 2; $found" \
		mock "$@" || code=$?
	WINEPREFIX=$PWD/wine wineserver -k || true
	return "$code"
}
FT260=ft260:

trustx ca init -q ca
new_board chip
personalize ft260 ''
finished
ft260 '' personalize -i "$GOLDEN/config.jsn" --issuer ca:ca >result 2>err || die "$(cat err)"
grep -q 'personalized already; nothing was written' err || die "$(cat err)"
says '^ft260:BOARD7: Trust X, UID ' mock --ft260 chip,serial=BOARD7 trustx scan
says '^Link: +frames of 277 bytes' mock --ft260 chip trustx -d 'ft260:?via=hid' info
fails 3 'no FT260' ft260 ,product=0x6031 info

# What can go wrong: each is ridden out, or told.
knobs='lose=3 cut=5'
afters=20
if [ -n "${TRUSTX_LONG:-}" ]; then
	knobs='nack=7 lose=3 lose=40 cut=5 cut=50 wrong-len=5 wrong-len=50 stick-busy=5 stick-bus=5 uart=2
		mode=i2c no-power-saving'
	afters='1 2 5 20 60 120 200 300'
	fails 3 'stalled' ft260 ,stall info
	fails 3 'UART' ft260 ,mode=uart info
	fails 3 'does not acknowledge' ft260 ,nack=1000000 info
fi
for knob in $knobs; do
	new_board chip
	personalize ft260 ",$knob"
	finished
done
for after in $afters; do
	new_board chip
	code=0
	personalize ft260 ",disconnect=$after" 2>err || code=$?
	[ "$code" -eq 3 ] || die "gone after $after: exit $code, $(cat err)"
	personalize ft260 ''
	finished
done

# The ancestor's programs take the adapter that is there.
new_board chip
mock --ft260 chip optiga_generate_csr -o device.csr -i "$GOLDEN/config.jsn" >result
trustx ca sign ca -q -i device.csr -o device.pem
mock --ft260 chip optiga_upload_crt -c device.pem >result
finished
