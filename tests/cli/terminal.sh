# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What only happens on a terminal: passphrases that are not shown, and lines of progress.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
command -v python3 >/dev/null 2>&1 || skip 'python3 is not installed'
need_terminal
new_chip

# typed ANSWERS COMMAND...: shown in the file shown, exit status in $code.
typed() {
	code=0
	python3 "$TRUSTX_SOURCE/tests/tools/terminal.py" "$@" >shown || code=$?
}

two_lines='a long secret
a long secret'
typed "$two_lines" trustx ca init ca --encrypt
[ $code -eq 0 ] || die "init: exit $code: $(cat shown)"
grep -q 'New passphrase of the CA: ' shown || die "no prompt: $(cat shown)"
! grep -q 'secret' shown || die 'the passphrase is shown'
grep -q ENCRYPTED ca/root.key || die 'not encrypted'

typed 'a long secret' trustx ca sign ca -i "$GOLDEN/trust-x.csr.pem" -o a.pem
[ $code -eq 0 ] || die "sign: exit $code: $(cat shown)"
openssl x509 -in a.pem -noout || die 'no certificate'
typed 'another' trustx ca sign ca -i "$GOLDEN/trust-x.csr.pem" -o a.pem
[ $code -eq 2 ] || die "wrong passphrase: exit $code: $(cat shown)"
typed 'one
two' trustx ca init ca2 --encrypt
[ $code -eq 2 ] || die "different: exit $code: $(cat shown)"
grep -q 'the two passphrases differ' shown || die "$(cat shown)"
[ ! -e ca2 ] || die 'a CA was made'
typed '' trustx ca init ca2 --encrypt
[ $code -eq 2 ] || die "empty: exit $code: $(cat shown)"

typed 'a long secret' trustx personalize --subject CN=a --issuer ca:ca
[ $code -eq 0 ] || die "personalize: exit $code: $(cat shown)"
grep -q '\[1/9\] ' shown || die "no progress: $(cat shown)"
! trustx personalize --subject CN=a --issuer ca:ca -q 2>&1 | grep '\[1/9\]' || die 'progress without a terminal'
