# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# optiga_generate_csr: the ancestor's lines, one by one.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
unset TRUSTX_DEVICE

generate() {
	optiga_generate_csr -f sim:chip -i "$GOLDEN/config.jsn" "$@"
}

# lines KEYPAIR: out has exactly the lines there must be, for the request in a.csr.
lines() {
	openssl req -in a.csr -noout -verify 2>/dev/null || die 'openssl refuses the request'
	openssl req -in a.csr -outform DER -out a.der
	offset=$(openssl asn1parse -inform DER -in a.der | awk -F: '/BIT STRING/ { at = $1 } END { print at }')
	openssl asn1parse -inform DER -in a.der -strparse "$((offset))" -noout -out sig.der
	point=$(openssl req -in a.csr -noout -pubkey | openssl pkey -pubin -outform DER | tail -c 65 |
		od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)
	{
		echo 'Data read:'
		cat "$GOLDEN/config.jsn"
		echo 'CN=AWS IoT Certificate,O=Infineon Technologies AG,C=DE,ST=Germany'
		echo 'OPTIGA(TM) Trust X initialized.'
		echo "$1"
		echo 'Public key is '
		echo "$point"
		echo '  . Seeding the random number generator...'
		echo '  . Checking subject name...'
		echo '  . Loading the private key ...'
		echo '  . Writing the certificate request ...'
		echo 'OPTIGA(TM) Trust X Signature generation'
		printf '%s Size %d\n' "$(od -An -v -tx1 sig.der | tr -d ' \n' | tr a-f A-F)" \
			"$(wc -c <sig.der)"
		echo 'ok'
	} >want
	diff -u want out || die 'other lines'
	[ "${#point}" -eq 130 ] || die 'not 130 digits'
}

generate -o a.csr >out
lines 'Keypair generated.'
first=$point
generate -o a.csr -r 'sixteen letters.' >out
lines 'Existing keypair used.'
[ "$point" = "$first" ] || die 'another key'
generate -o a.csr -F >out
lines 'Keypair generated.'
[ "$point" != "$first" ] || die 'the key was not replaced'
[ "$(count made)" -eq 2 ] || die 'two keys must be made'
generate -o a.csr -p e0f2 >out
lines 'Keypair generated.'
generate -o a.csr -p 0xE0F0 >out
lines 'Existing keypair used.'

# Mistakes.
fails 2 'usage: optiga_generate_csr' optiga_generate_csr
fails 2 '-i .*missing' optiga_generate_csr -f sim:chip -o a.csr
fails 2 '-o .*missing' optiga_generate_csr -f sim:chip -i "$GOLDEN/config.jsn"
fails 2 '-x' generate -o a.csr -x
fails 2 'more' generate -o a.csr more
fails 2 '16 characters' generate -o a.csr -r 'seventeen letters'
fails 2 '' generate -o a.csr -p e0c2
echo '{"CN":""}' >bad.jsn
fails 2 'CN' optiga_generate_csr -f sim:chip -i bad.jsn -o a.csr
fails 2 'there is no file' optiga_generate_csr -f sim:chip -i nothing -o a.csr
fails 1 'no/such' generate -o no/such/folder/a.csr
fails 1 'No space left' generate -o /dev/full
fails 3 'FT260' optiga_generate_csr -i "$GOLDEN/config.jsn" -o a.csr
grep -q 'next: .*-f ' fails.err || die 'no next step'
fails 3 '' optiga_generate_csr -f unix:nothing -i "$GOLDEN/config.jsn" -o a.csr
fails 8 '' generate -o a.csr -p e0f0 -F
says '^usage: ' optiga_generate_csr -h
TRUSTX_DEVICE=sim:chip
export TRUSTX_DEVICE
trustx object metadata -q e0f3 --set lcso=operational --confirm "$(uid)" >/dev/null
fails 4 'operational' generate -o a.csr -p E0F3
