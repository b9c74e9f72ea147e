# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A CA of one's own.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"

trustx ca init ca 2>err
grep -q 'root certificate is ca/root.pem' err || die "$(cat err)"
has_mode 700 ca || die 'the folder is open'
has_mode 600 ca/root.key || die 'the key is open'
fails 7 'ca' trustx ca init ca
says '^Subject: +CN=trustx local CA [0-9a-f]{8}$' trustx ca show ca
trustx ca init -q another
[ "$(trustx ca show ca | grep Subject)" != "$(trustx ca show another | grep Subject)" ] ||
	die 'two CAs of one name'
says '^Issued: +0 certificates$' trustx ca show ca
fails 2 'trustx ca init nothing' trustx ca show nothing
fails 2 'no directory nothing' trustx ca sign nothing -i "$GOLDEN/trust-x.csr.pem"

# Any valid request, also that of a real chip; with days and without end.
trustx ca sign ca -i "$GOLDEN/trust-x.csr.pem" -o a.pem 2>err
grep -q 'written to a.pem' err || die "$(cat err)"
openssl verify -x509_strict -CAfile ca/root.pem a.pem >/dev/null || die 'openssl refuses it'
openssl x509 -in a.pem -noout -enddate | grep -q '9999' || die 'it ends'
trustx ca sign -q ca -i "$GOLDEN/trust-x.csr.pem" --days 30 >b.pem
openssl x509 -in b.pem -noout -checkend $((29 * 86400)) >/dev/null || die 'ends too early'
! openssl x509 -in b.pem -noout -checkend $((31 * 86400)) >/dev/null || die 'ends too late'
says '^Issued: +2 certificates$' trustx ca show ca
says '  CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,ST=Germany$' trustx ca show ca
fails 2 'days' trustx ca sign ca -i "$GOLDEN/trust-x.csr.pem" --days 0
fails 2 'days' trustx ca sign ca -i "$GOLDEN/trust-x.csr.pem" --days 36501

# One key, one subject.
new_chip
trustx csr create -q --subject CN=one -o one.csr
trustx csr create -q --subject CN=two -o two.csr
trustx ca sign -q ca -i one.csr -o one.pem
fails 7 'CN=one' trustx ca sign ca -i two.csr -o two.pem
[ ! -e two.pem ] || die 'a certificate was written'

# A request that is wrong, or none.
openssl req -in one.csr -outform DER -out one.der
size=$(wc -c <one.der)
{ head -c $((size - 1)) one.der; printf '\001'; } >wrong.der
fails 5 'signature' trustx ca sign ca -i wrong.der
fails 2 '' trustx ca sign ca -i "$GOLDEN/config.jsn"
fails 1 'no/such' trustx ca sign ca -i one.csr -o no/such/folder/x
says '^Issued: +3 certificates$' trustx ca show ca

# Encrypted: the passphrase comes from a file or a terminal, and there is none here.
printf 'a long secret\nmore\n' >pass
printf 'another\n' >wrong
: >empty
trustx ca init -q locked --passphrase-file pass --intermediate --subject CN=locked
grep -q ENCRYPTED locked/root.key || die 'not encrypted'
trustx ca sign -q locked -i one.csr --passphrase-file pass -o chain.pem
[ "$(grep -c BEGIN chain.pem)" -eq 2 ] || die 'no chain'
fails 2 'passphrase' trustx ca sign locked -i one.csr --passphrase-file wrong
fails 2 'empty' trustx ca sign locked -i one.csr --passphrase-file empty
fails 2 'no terminal' setsid -w trustx ca sign locked -i one.csr
grep -q -- '--passphrase-file' fails.err || die 'no next step'
fails 2 'no terminal' setsid -w trustx ca init new --encrypt
trustx ca show locked >show || die 'show needs no passphrase'
