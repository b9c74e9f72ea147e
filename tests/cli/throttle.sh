# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A chip whose key was used too often: every command says that it waits, waits, and finishes.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca
trustx key generate -q >/dev/null
TRUSTX_DEVICE='sim:chip?scale=0'
while [ "$(sec)" -lt 120 ]; do
	trustx key public -q >/dev/null
done
says '^Throttling: +security event counter at 1[12][0-9] of 255, no delay yet, it begins at 128$' trustx info
while [ "$(sec)" -lt 255 ]; do
	trustx key public -q >/dev/null
done
TRUSTX_DEVICE=sim:chip

says '^Throttling: +security event counter at 255 of 255, .*5.0 s' trustx info
says 'trustx sim rest' trustx info
waits() {
	"$@" >out 2>err || die "$*: $(cat err)"
	grep -q 'waiting: .*5.0 s .*255' err || die "$*: does not say so: $(cat err)"
	grep -q 'next: .*trustx sim rest chip 640' err || die "$*: no next step: $(cat err)"
}
waits trustx csr create --subject CN=a -o a.csr
openssl req -in a.csr -noout -verify 2>/dev/null || die 'not finished'
waits trustx key public
waits trustx personalize --subject CN=a --issuer ca:ca
waits trustx cert verify
trustx cert read -q -o a.pem
waits trustx cert write a.pem

# Where no key is going to be used nothing is waited for.
waits_not() {
	"$@"
	! grep -q 'waiting' fails.err || die "$*: waits for nothing: $(cat fails.err)"
}
for object in e0f2 e0e3; do
	trustx object metadata -q $object --set lcso=operational --confirm "$(uid)" >/dev/null
done
waits_not fails 4 'operational' trustx csr create --slot 2 --subject CN=a
waits_not fails 4 'operational' trustx personalize --slot 2 --subject CN=a --issuer ca:ca
waits_not fails 4 'operational' trustx personalize --slot 3 --subject CN=a --issuer ca:ca
waits_not fails 5 'no key' trustx key public --slot 3
waits_not fails 7 '' trustx cert write "$GOLDEN/aws-certificate.pem"

# Rest helps.
says '^Throttling: +security event counter at 127 of 255, 255 before the rest$' trustx sim rest chip 640
[ "$(sec)" -le 127 ] || die "still $(sec)"
trustx csr create --subject CN=a -o a.csr 2>err
! grep -q waiting err || die "$(cat err)"

# The same wait on a clock that is real: 5 s at most for each use of the key.
if [ -n "${TRUSTX_LONG:-}" ]; then
	new_chip
	trustx key generate -q >/dev/null
	TRUSTX_DEVICE='sim:chip?scale=0'
	while [ "$(sec)" -lt 160 ]; do
		trustx key public -q >/dev/null
	done
	TRUSTX_DEVICE='sim:chip?clock=real'
	start=$(date +%s)
	trustx key public -q >/dev/null
	[ $(($(date +%s) - start)) -ge 1 ] || die 'no wait'
fi
