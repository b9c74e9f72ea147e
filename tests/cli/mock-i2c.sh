# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The whole road over /dev/i2c-N, and what an adapter can do wrong.
. "$TRUSTX_SOURCE/tests/cli/mock-lib.sh"
trustx ca init -q ca

new_board chip
personalize i2c ''
finished
i2c '' personalize -i "$GOLDEN/config.jsn" --issuer ca:ca >result 2>err
grep -q 'personalized already; nothing was written' err || die "$(cat err)"
says '^Link: +frames of 277 bytes' i2c '' info
# shellcheck disable=SC2016 # the shell inside knows the node
mock --i2c chip,name=bcm2835 sh -c 'trustx scan >scan; echo "$I2C0" >node'
grep -q "^$(cat node): Trust X, UID .*bcm2835" scan || die "$(cat scan)"

# What it takes in its stride: no acknowledge in any of its forms, a time-out, short messages.
for knobs in nack=7 nack=3,errno=5 nack=3,errno=121 timeout=60 limit=60 limit=100 limit=17; do
	new_board chip
	personalize i2c ",$knobs"
	finished
done

# The bridge's kernel driver spoils long messages: they are not tried.
says '^Link: +frames of (5[0-9]|4[0-9]) bytes' i2c ',name=FT260 usb-i2c bridge' info
new_board chip
personalize i2c ',limit=60,name=FT260 usb-i2c bridge'
finished

# What it cannot get over.
new_board chip
fails 3 'taken by a driver of the kernel' i2c ,busy info
fails 3 'SMBus' i2c ,smbus info
fails 3 'does not acknowledge' i2c ,nack=1000000 info
fails 3 'timed out' i2c ,timeout=1 info
fails 3 'there is no /dev/i2c-99999' mock trustx -d /dev/i2c-99999 info

# Unplugged in the middle: the next run finishes.
for after in 1 20 45 90 150 230; do
	new_board chip
	code=0
	personalize i2c ",gone=$after" 2>err || code=$?
	[ "$code" -eq 3 ] || die "gone after $after: exit $code, $(cat err)"
	grep -q 'gone' err || die "gone after $after: $(cat err)"
	personalize i2c ''
	finished
done
