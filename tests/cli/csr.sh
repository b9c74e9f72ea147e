# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Certification requests: what the chip signs, OpenSSL accepts.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

accepted() {
	openssl req -in "$1" -noout -verify >verify.out 2>&1 || die "$1: $(cat verify.out)"
	grep -q 'OK' verify.out || die "$1: $(cat verify.out)"
}

# The golden configuration: accepted, subject in its order; the key is made and then used again.
trustx csr create -i "$GOLDEN/config.jsn" -o one.csr 2>err
grep -q 'signed by the new key in 0xE0F1, written to one.csr' err || die "$(cat err)"
accepted one.csr
subject=$(openssl req -in one.csr -noout -subject -nameopt esc_2253,sep_comma_plus,sname)
want='subject=CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,ST=Germany'
[ "$subject" = "$want" ] || die "subject: $subject"
openssl req -in one.csr -noout -text | grep -q 'ecdsa-with-SHA256' || die 'no SHA-256'
openssl req -in one.csr -noout -text | grep -q 'Digital Signature' || die 'no key usage'
trustx csr create -i "$GOLDEN/config.jsn" >two.csr 2>err
grep -q 'signed by the existing key' err || die "$(cat err)"
accepted two.csr
[ "$(openssl req -in one.csr -noout -pubkey)" = "$(openssl req -in two.csr -noout -pubkey)" ] ||
	die 'another key'
[ "$(count made)" -eq 1 ] || die 'one key must be made'
trustx csr create -q -i - -o three.csr <"$GOLDEN/config.jsn"
accepted three.csr

# Subject as text, both forms; placeholders; alternative names; P-384.
trustx csr create -q --subject '/CN=a/O=b' -o four.csr
openssl req -in four.csr -noout -subject | grep -q 'CN = a, O = b' || die 'slash form'
trustx csr create -q --subject 'CN={uid},serialNumber={serial}' --san 'dns:{serial}.example' \
	--san ip:192.0.2.1 --san uri:urn:x --san email:a@example.com --slot 2 --curve p384 -o five.csr
accepted five.csr
openssl req -in five.csr -noout -subject | grep -q "CN = $(uid)" || die 'no UID'
openssl req -in five.csr -noout -text >five.txt
grep -q 'ecdsa-with-SHA384' five.txt || die 'no SHA-384'
grep -iq 'DNS:[0-9a-f]*.example, IP Address:192.0.2.1, URI:urn:x, email:a@example.com' five.txt ||
	die "$(cat five.txt)"
# A key of another kind than asked for is not used in silence.
unchanged fails 7 'a P-256 key in 0xE0F1, not one of P-384' trustx csr create --subject CN=a --curve p384
unchanged fails 7 'usage is 0x10, not 0x11' trustx csr create --subject CN=a --usage sign,auth
grep -q 'next: leave out --curve and --usage' fails.err || die "$(cat fails.err)"
trustx csr create -q --subject CN=a --slot 2 --curve p384 --usage sign -o same.csr

fails 2 '' trustx csr create --subject CN=a --san carrier:pigeon
fails 2 '' trustx csr create --subject 'CN={color}'
fails 2 'no subject given' trustx csr create
fails 2 'exclude each other' trustx csr create --subject CN=a -i "$GOLDEN/config.jsn"

# Verify: the request of a real chip, PEM and DER; any flipped bit is refused.
says '^Subject: +CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,ST=Germany$' \
	trustx csr verify "$GOLDEN/trust-x.csr.pem"
openssl req -in "$GOLDEN/trust-x.csr.pem" -outform DER -out golden.der
says '^Signature: +right$' trustx csr verify golden.der
flip() {
	python3 - golden.der "$1" >flipped.der <<-'END'
		import sys
		data = bytearray(open(sys.argv[1], 'rb').read())
		bit = int(sys.argv[2])
		data[bit // 8] ^= 1 << bit % 8
		sys.stdout.buffer.write(data)
	END
}
if command -v python3 >/dev/null 2>&1; then
	for bit in 0 100 700 1400 2000 2535; do
		flip $bit
		code=0
		trustx csr verify flipped.der >/dev/null 2>&1 || code=$?
		[ $code -eq 2 ] || [ $code -eq 5 ] || die "bit $bit: exit $code"
	done
fi
fails 2 'there is no file' trustx csr verify nothing.csr
: >empty
fails 2 'empty' trustx csr verify empty
fails 2 '' trustx csr verify "$GOLDEN/config.jsn"
{ cat golden.der; echo x; } >trailing.der
fails 2 '' trustx csr verify trailing.der
