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
echo 'a long secret' >secret

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

# Short work says nothing of what it is doing.
silent() {
	typed "$@"
	[ $code -eq 0 ] || die "$*: exit $code: $(cat shown)"
	! grep -q "$(printf '\033')" shown || die "$*: shows progress: $(cat -v shown)"
}
silent 'a long secret' trustx personalize --subject CN=a --issuer ca:ca
grep -q 'slot 1 personalized' shown || die "$(cat shown)"
for line in info 'key public' 'cert read -o a.pem' 'random 65536 -o bytes'; do
	# shellcheck disable=SC2086 # words
	silent - trustx $line
done

# Long work shows it from its first second on; nothing of it with -q or without a terminal.
shows() {
	want=$1
	shift
	typed - "$@"
	[ $code -eq 0 ] || die "$*: exit $code: $(cat shown)"
	grep -E -q -- "$want" shown || die "$*: does not show /$want/: $(cat -v shown)"
	[ "$(tr -d '\r\n' <shown | sed 's/.*'"$(printf '\033')"'\[K//')" != "$(tr -d '\r\n' <shown)" ] ||
		die "$*: the line is not taken away"
}
TRUSTX_DEVICE='sim:chip?scale=0'
while [ "$(sec)" -lt 162 ]; do
	trustx key public -q >/dev/null
done
TRUSTX_DEVICE='sim:chip?clock=real'
shows '0xE0F1 signs, delayed by up to 1[.][0-9] s' trustx key public
typed - trustx key public -q
! grep -q 'signs' shown || die "-q shows progress: $(cat -v shown)"
shows '0xE0F1 signs' trustx csr create --subject CN=a -o a.csr
shows '\[3/9\] find the key' trustx personalize --subject CN=a --issuer ca:ca --passphrase-file secret
trustx key public >out 2>err
! grep -q 'signs' err || die 'progress without a terminal'
