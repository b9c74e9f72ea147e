# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What info says of a chip and of each slot.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

says "^UID: +$(uid)\$" trustx info
says '^Chip: +OPTIGA Trust X$' trustx info
says '^Firmware: +1118$' trustx info
says '^Link: +frames of 277 bytes, 400 kHz, commands of 1557 bytes$' trustx info
says '^Life cycle: +chip operational, application creation$' trustx info
says '^Throttling: +security event counter at [0-9]+ of 255, no delay$' trustx info
says '^Slot 0 +certificate fits' trustx info
says '^Slot 1 +empty$' trustx info
[ "$(trustx info | grep -c '  can be personalized$')" -eq 3 ] || die 'three slots are free'
says 'cannot be personalized: .*0xE0E0' trustx info

trustx key generate -q --slot 1 >/dev/null
says '^Slot 1 +key only$' trustx info
says '  key P-256 for sign$' trustx info

trustx ca init -q ca
trustx personalize -q --subject CN=fits --issuer ca:ca --slot 1 >/dev/null
says '^Slot 1 +certificate fits' trustx info
says '  certificate CN=fits \(tls-identity\)$' trustx info

trustx cert read --slot 1 -o one.pem
trustx key generate -q --slot 2 --curve p384 --usage sign,auth >/dev/null
trustx cert write -q --slot 2 --foreign-cert one.pem >/dev/null
says '^Slot 2 +.*another key' trustx info
says '  key P-384 for sign, auth$' trustx info

trustx cert write -q --slot 3 --foreign-cert one.pem >/dev/null
says '^Slot 3 +.*without a key' trustx info

# Locked, and what that means.
new_chip
trustx object metadata -q e0f2 --set lcso=operational --confirm "$(uid)" >/dev/null
trustx object metadata -q e0e2 --set lcso=operational --confirm "$(uid)" >/dev/null
says '^Slot 2 +empty, locked$' trustx info
says '0xE0F2 \(locked\), certificate 0xE0E2 \(locked\)' trustx info
says 'cannot be personalized: .*life cycle is operational' trustx info

# Nothing but the counter changes.
unchanged trustx info >/dev/null

# A certificate that nobody could read back is not written, be the slot empty or not.
untouched() {
	trustx object list >list.before
	"$@"
	trustx object list >list.after
	cmp list.before list.after || die "$*: the chip has changed"
}
unreadable() {
	says "^Slot $1 +certificate object may not be read\$" trustx info
	says '  cannot be personalized: .*0xE0E'"$1"' could not be read back: .*read rule is never' trustx info
	untouched fails 4 'read rule is never: it can never be read' \
		trustx cert write --slot "$1" --foreign-cert --replace-cert one.pem
	untouched fails 4 'read rule is never' trustx personalize --slot "$1" --subject CN=a --issuer ca:ca
	! grep -q 'cert read' fails.err || die "the hint cannot be followed: $(cat fails.err)"
	untouched fails 4 'read rule is never' trustx cert erase --slot "$1"
}
trustx object metadata -q e0e3 --set read=never --confirm "$(uid)" >/dev/null
unreadable 3
trustx key generate -q --slot 3 >/dev/null
unreadable 3
trustx cert write -q --slot 1 --foreign-cert one.pem >/dev/null
trustx object metadata -q e0e1 --set read=never --confirm "$(uid)" >/dev/null
unreadable 1
