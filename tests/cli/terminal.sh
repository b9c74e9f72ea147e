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

# What is being done, while it is done; nothing of it stays, nothing of it without a terminal.
shows() {
	want=$1
	shift
	typed '' "$@"
	[ $code -eq 0 ] || die "$*: exit $code: $(cat shown)"
	grep -E -q -- "$want" shown || die "$*: does not show /$want/: $(cat -v shown)"
	typed '' "$@" -q
	! grep -E -q -- "$want" shown || die "$* -q: shows it"
}
shows '0xE0F1 signs' trustx key public
shows '0xE0F1 signs' trustx csr create --subject CN=a -o a.csr
shows 'look at slot 1' trustx cert verify
shows 'look at slot 1' trustx cert read -o a.pem
shows '0xE0F1 signs' trustx cert write a.pem
typed '' trustx key generate --slot 2
grep -q 'make a key pair in 0xE0F2' shown || die "$(cat -v shown)"
typed '' trustx cert write --slot 2 --foreign-cert a.pem
grep -q 'write [0-9]* bytes to 0xE0E2' shown || die "$(cat -v shown)"
trustx key public >out 2>err
! grep -q 'signs' err || die 'progress without a terminal'
TRUSTX_DEVICE='sim:chip?scale=0'
while [ "$(sec)" -lt 160 ]; do
	trustx key public -q >/dev/null
done
shows '0xE0F1 signs, delayed by up to 1[.][0-9] s' trustx key public
