# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Closed standard descriptors: no file of ours takes their place, a lost result is an error.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca

# closed COMMAND...: without standard output it must exit with 1 and leave the lock file alone.
closed() {
	code=0
	"$@" 2>err >&- || code=$?
	[ "$code" -eq 1 ] || die "$*: exit $code: $(cat err)"
	grep -q 'standard output' err || die "$*: $(cat err)"
	grep -Eq '^[0-9]*$' chip.lock || die "$*: wrote into the lock: $(cat chip.lock)"
}
closed trustx random 8
closed trustx info --json
closed trustx object list
closed trustx csr create --subject CN=a -o -
closed optiga_upload_crt -f sim:chip -c "$GOLDEN/aws-certificate.pem" -F

code=0
trustx personalize --subject CN=a --slot 2 --issuer ca:ca >out 2>&- || code=$?
[ "$code" -eq 0 ] || die "without standard error: exit $code"
grep -q '^UID:' out || die 'no result'
grep -Eq '^[0-9]*$' chip.lock || die "wrote into the lock: $(cat chip.lock)"

