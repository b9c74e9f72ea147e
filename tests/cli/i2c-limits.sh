# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A whole personalize through /dev/i2c-0, whatever the adapter carries and however it says no.
mock=$TRUSTX_BIN/../tests/trustx-mock
[ -x "$mock" ] || skip 'libumockdev-dev was not installed when the tests were built'
command -v umockdev-wrapper >/dev/null 2>&1 || skip 'umockdev-wrapper is not installed'
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export ASAN_OPTIONS
trustx ca init -q ca

# Locks of their own, where that can be had: other tests have adapters of the same name.
on_mock() {
	if unshare -rm true 2>/dev/null; then
		set -- unshare -rm sh -c 'mount -t tmpfs -o mode=1777 none /run/lock && exec "$@"' sh "$@"
	fi
	"$@"
}

# with KNOBS COMMAND...: on a new chip, behind an adapter like that.
with() {
	rm -rf chip chip.lock state
	knobs=$1
	shift
	on_mock umockdev-wrapper "$mock" --i2c "chip$knobs" "$@"
}

# personalizes KNOBS FRAME
personalizes() {
	with "$1" trustx -d /dev/i2c-0 personalize --subject CN=a --issuer ca:ca >out 2>err ||
		die "personalize with $1: exit $?: $(cat err)"
	grep -q 'possession proved' err || die "$1: $(cat err)"
	says 'Slot 1 +certificate fits' on_mock umockdev-wrapper "$mock" --i2c "chip$1" trustx -d /dev/i2c-0 info
}
personalizes ''
personalizes ,limit=120
personalizes ,limit=32
personalizes ,limit=17
personalizes ,errno=5
personalizes ,errno=121,nack=3
personalizes ',name=FT260 usb-i2c bridge on hidraw0,errno=5'

says 'frames of 59 bytes' with ',name=FT260 usb-i2c bridge' trustx -d /dev/i2c-0 info
says 'frames of 277 bytes' with '' trustx -d /dev/i2c-0 info
says 'frames of 40 bytes' with '' trustx -d '/dev/i2c-0?frame=40' info

# Found on the way, or at once.
fails 3 'a driver of the kernel' with ,busy trustx -d /dev/i2c-0 info
fails 3 'SMBus commands only' with ,smbus trustx -d /dev/i2c-0 info
fails 3 'held low' with ,timeout=9 trustx -d /dev/i2c-0 info
fails 3 '/dev/i2c-0 has gone' with ,gone=9 trustx -d /dev/i2c-0 info
fails 3 'does not acknowledge its address' with ,nack=100000 trustx -d /dev/i2c-0 info
fails 2 'is not the number or the name of a GPIO line' with '' trustx -d '/dev/i2c-0?reset=gpiochip0:x' info
fails 3 'no line has this name|without libgpiod' with '' trustx -d '/dev/i2c-0?reset=NO-SUCH' info
