# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Certificates: into the chip after every check, out of it, verified, erased.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca
trustx csr create -q --subject CN=device -o a.csr
trustx ca sign -q ca -i a.csr -o a.pem
openssl x509 -in a.pem -outform DER -out a.der

# Written, read back, verified.
trustx cert write --ca ca/root.pem a.pem >/dev/null 2>err
grep -q 'written to 0xE0E1' err || die "$(cat err)"
grep -q 'chain: checked' err || die "$(cat err)"
trustx cert read -q | cmp - a.pem || die 'read other than written'
says '^Key: +fits, proved by a signature made now$' trustx cert verify
says '^Subject: +CN=device$' trustx cert verify
says '^Issuer: +.' trustx cert verify
cp says.out slot.out
trustx cert verify a.pem >file.out
cmp slot.out file.out || die 'the slot and its file are told differently'
says '^Chain: +not checked' trustx cert verify
says '^Chain: +ends at' trustx cert verify --ca ca/root.pem
says '^Subject: +CN=device$' trustx cert verify a.pem
says '^SHA-256: +[0-9a-f]{64}$' trustx cert verify a.der
openssl verify -x509_strict -CAfile ca/root.pem a.pem >/dev/null || die 'openssl verify'

# The slot has the ancestor's nine bytes in front; --format der has not.
trustx object read e0e1 -o slot.bin
size=$(wc -c <a.der)
[ "$(wc -c <slot.bin)" -eq $((size + 9)) ] || die 'not nine bytes more'
tail -c "$size" slot.bin | cmp - a.der || die 'not the certificate'
[ "$(head -c 1 slot.bin | od -An -tx1 | tr -d ' ')" = c0 ] || die 'no TLS identity'

# The same again is no write; the other form is another content.
trustx cert write a.pem >/dev/null 2>err
grep -q 'was already in 0xE0E1' err || die "$(cat err)"
unchanged fails 7 'another certificate in 0xE0E1' trustx cert write --format der a.pem
trustx cert write -q --format der --replace-cert a.pem >/dev/null
trustx object read e0e1 -o slot.bin
cmp slot.bin a.der || die 'not the DER alone'
trustx cert read -q | cmp - a.pem || die 'DER not read'
trustx cert write -q --replace-cert a.der >/dev/null

# Another certificate: exit 7 without the word.
trustx ca sign -q ca -i a.csr -o b.pem
unchanged fails 7 'another certificate in 0xE0E1' trustx cert write b.pem
grep -q -- '--replace-cert' fails.err || die 'no next step'
trustx cert write -q --replace-cert b.pem >/dev/null
trustx cert read -q -o back.pem
cmp back.pem b.pem || die 'not replaced'

# A chain, and its other packings.
trustx ca init -q ca2 --intermediate --subject CN=two
trustx ca sign -q ca2 -i a.csr -o chain.pem
[ "$(grep -c BEGIN chain.pem)" -eq 2 ] || die 'no chain'
openssl crl2pkcs7 -nocrl -certfile chain.pem -out chain.p7
trustx cert write -q --replace-cert --ca ca2/root.pem chain.pem >/dev/null
trustx cert read -q | cmp - chain.pem || die 'chain not read back'
trustx cert write chain.p7 >/dev/null 2>err
grep -q 'was already' err || die 'PKCS#7 is not the same'
unchanged fails 2 'der' trustx cert write --format der --replace-cert chain.pem
fails 5 '' trustx cert verify --ca ca/root.pem
fails 5 '' trustx cert verify --ca ca/root.pem chain.pem

# Erased: empty, and the key still there.
trustx cert erase 2>err
grep -q '0xE0E1 is empty now' err || die "$(cat err)"
fails 5 'no certificate in 0xE0E1' trustx cert read
grep -q 'next: .*trustx cert write --slot 1 .*trustx personalize --slot 1' fails.err || die 'no next step'
fails 5 'no certificate in 0xE0E1' trustx cert verify
grep -q 'next: .*trustx cert write --slot 1 .*trustx personalize --slot 1' fails.err || die 'no next step'
says '^Slot 1 +key only$' trustx info

# Infineon's slot can be read and verified, but not written or erased without its word.
trustx sim root -q -o infineon.pem
trustx cert read -q --slot 0 -o zero.pem
openssl verify -partial_chain -CAfile infineon.pem zero.pem >/dev/null || die 'not from that root'
says '^Chain: +ends at' trustx cert verify --slot 0 --ca infineon.pem
unchanged fails 8 'Infineon' trustx cert write --slot 0 a.pem
unchanged fails 8 'Infineon' trustx cert erase --slot e0e0
fails 4 '' trustx cert erase --slot 0 --infineon-slot
