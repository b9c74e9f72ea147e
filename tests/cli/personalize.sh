# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The whole road, and every way it can be walked again.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca
personalize() {
	trustx personalize -i "$GOLDEN/config.jsn" --issuer ca:ca "$@"
}

personalize -v >result 2>err || die "$(cat err)"
grep -q '^\[1/9\] ' err && grep -q '^\[9/9\] ' err || die "no steps: $(cat err)"
grep -q 'slot 1 personalized: new key in 0xE0F1, certificate in 0xE0E1' err || die "$(cat err)"
grep -q "^UID: *$(uid)\$" result || die "$(cat result)"
grep -q '^Slot: *1$' result || die "$(cat result)"
[ -f "$(sed -n 's/^Public key: *//p' result | on_linux)" ] || die 'no state file'
[ -f "$(sed -n 's/^Journal: *//p' result | on_linux)" ] || die 'no journal'
trustx cert read -q -o device.pem
openssl verify -x509_strict -CAfile ca/root.pem device.pem >/dev/null || die 'openssl refuses it'
openssl x509 -in device.pem -noout -fingerprint -sha256 | tr -d ':\n' | tr A-F a-f |
	grep -q "$(sed -n 's/^SHA-256: *//p' result)" || die 'another fingerprint'
says '^Slot 1 +certificate fits' trustx info
[ "$(count made)" -eq 1 ] || die 'one key must be made'

# A finished chip: exit 0, one key use, no write.
uses=$(count used)
contents >contents.before
personalize >result 2>err
grep -q 'personalized already; nothing was written' err || die "$(cat err)"
[ "$(($(count used) - uses))" -eq 1 ] || die 'more than one key use'
contents >contents.after
cmp contents.before contents.after || die 'the chip has changed'
says '^Issued: +1 certificate$' trustx ca show ca

# Also without the state, and by another name for the slot.
personalize -q --slot E0E1 --state elsewhere >/dev/null
says '^Issued: +1 certificate$' trustx ca show ca

# Another wish: exit 7 that names the difference and the word.
unchanged fails 7 'subject' trustx personalize --subject CN=other --issuer ca:ca
grep -q '^trustx: personalize slot 1: the certificate slot is in use' fails.err || die "$(cat fails.err)"
grep -q -- '--replace-cert' fails.err || die 'no next step'
trustx ca init -q ca2 --intermediate --subject CN=two
unchanged fails 7 '' trustx personalize -i "$GOLDEN/config.jsn" --issuer ca:ca2
trustx personalize -q -i "$GOLDEN/config.jsn" --issuer ca:ca2 --replace-cert --days 30 >/dev/null
[ "$(trustx cert read | grep -c BEGIN)" -eq 2 ] || die 'no chain in the slot'
[ "$(count made)" -eq 1 ] || die 'a second key was made'
fails 7 'CN=AWS' trustx personalize --subject CN=other --issuer ca:ca2 --replace-cert

# An existing key, DER, P-384, SAN, another slot.
trustx key generate -q --slot 2 --curve p384 >/dev/null
trustx personalize --slot 2 --subject 'CN={uid}' --san dns:a.example --format der --issuer ca:ca \
	>/dev/null 2>err
grep -q 'existing key in 0xE0F2' err || die "$(cat err)"
[ "$(trustx object read e0e2 | head -c 2)" = 30 ] || die 'no DER'
trustx cert read --slot 2 | openssl x509 -noout -ext subjectAltName | grep -q DNS:a.example || die 'no SAN'

# Asked for the curve that it has, the key is used; asked for another one, it is not.
unchanged fails 7 'a P-384 key in 0xE0F2, not one of P-256' trustx personalize --slot 2 \
	--subject 'CN={uid}' --san dns:a.example --issuer ca:ca --curve p256
trustx personalize -q --slot 2 --subject 'CN={uid}' --san dns:a.example --issuer ca:ca --curve p384 >/dev/null

# A program as issuer: the request on its standard input, the chip in its environment.
if here issuer-scripts; then
cat >issuer <<'END'
#!/bin/sh
set -eu
[ $# -eq 0 ]
cat >exec.csr
printf '%s %s\n' "$TRUSTX_UID" "$TRUSTX_SERIAL" >exec.env
echo 'the issuer speaks' >&2
TRUSTX_DEVICE= trustx ca sign -q ca -i exec.csr
END
chmod +x issuer
trustx personalize --slot 3 --subject CN=three --issuer exec:./issuer >/dev/null 2>err || die "$(cat err)"
grep -q 'the issuer speaks' err || die 'its standard error is lost'
grep -q 'chain not checked' err || die "$(cat err)"
grep -q "^$(uid) [0-9a-f]\{20\}\$" exec.env || die "$(cat exec.env)"
says '^Slot 3 +certificate fits' trustx info
fi

# Issuers that say no, or give what does not belong.
new_chip
printf '#!/bin/sh\nexit 3\n' >no
printf '#!/bin/sh\necho rubbish\n' >rubbish
printf '#!/bin/sh\ncat "%s"\n' "$GOLDEN/aws-certificate.pem" >other
chmod +x no rubbish other
if here issuer-scripts; then
	fails 6 '3' trustx personalize --subject CN=a --issuer exec:./no
	fails 6 '' trustx personalize --subject CN=a --issuer exec:./rubbish
	fails 5 '' trustx personalize --subject CN=a --issuer exec:./other
fi
fails 6 '' trustx personalize --subject CN=a --issuer exec:./nothing
says '^Slot 1 +key only$' trustx info
[ "$(count made)" -eq 1 ] || die 'more than one key was made'
fails 2 'no CA' trustx personalize --subject CN=a --issuer ca:nothing
fails 2 '' trustx personalize --subject CN=a --issuer pope:francis
fails 2 'AWS' trustx personalize --subject CN=a --issuer aws
fails 2 'no subject' trustx personalize --issuer ca:ca
fails 2 'days' trustx personalize --subject CN=a --issuer ca:ca --days 0
fails 8 'Infineon' trustx personalize --subject CN=a --issuer ca:ca --slot 0
fails 1 'state' trustx personalize --subject CN=b --issuer ca:ca --state /dev/null/state
trustx personalize -q --subject CN=a --issuer ca:ca >/dev/null
[ "$(count made)" -eq 1 ] || die 'more than one key was made'

# An encrypted CA.
echo secret >pass
trustx ca init -q locked --passphrase-file pass
trustx personalize -q --slot 2 --subject CN=b --issuer ca:locked --passphrase-file pass >/dev/null
echo wrong >pass
fails 2 'passphrase' trustx personalize --slot 3 --subject CN=c --issuer ca:locked --passphrase-file pass

# A slot that can no longer be written.
new_chip
trustx object metadata -q e0e1 --set lcso=operational --confirm "$(uid)" >/dev/null
unchanged fails 4 '^trustx: personalize slot 1: .*0xE0E1' trustx personalize --subject CN=a --issuer ca:ca
new_chip
trustx object metadata -q e0f1 --set lcso=operational --confirm "$(uid)" >/dev/null
unchanged fails 4 '0xE0F1' trustx personalize --subject CN=a --issuer ca:ca
