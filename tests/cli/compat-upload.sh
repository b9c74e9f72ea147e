# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# optiga_upload_crt: the ancestor's lines, and the bytes that it wrote.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
aws=$GOLDEN/aws-certificate.pem

# Without -F a certificate for another key, or for none, is refused and nothing is written.
unchanged fails 5 'no key' optiga_upload_crt -f sim:chip -c "$aws"
trustx key generate -q >/dev/null
unchanged fails 5 'another key' optiga_upload_crt -f sim:chip -c "$aws"
printf 'OPTIGA(TM) Trust X initialized.\n' | cmp - fails.out || die 'more than the greeting is printed'

# With -F the slot is exactly the ancestor's, and so is what is printed.
optiga_upload_crt -f sim:chip -c "$aws" -F >out
trustx object read e0e1 -o slot.bin
cmp slot.bin "$GOLDEN/aws-certificate.slot.bin" || die 'other bytes in the slot'
{
	cat <<-'END'
		OPTIGA(TM) Trust X initialized.

		********************    Parsing certificate     ********************
		cert. version     : 3
		serial number     : 46:90:F7:C5:84:90:6E:2C:07:51:4F:E0:D1:AA:4F:F5:2D:2A:3F:8E
		issuer name       : OU=Amazon Web Services O=Amazon.com Inc. L=Seattle ST=Washington C=US
		subject name      : CN=AWS IoT Certificate, O=Infineon Technologies AG, C=DE, ST=Germany
		issued  on        : 2019-04-11 08:22:11
		expires on        : 2049-12-31 23:59:59
		signed using      : RSA with SHA-256
		EC key size       : 256 bits
		basic constraints : CA=false
		key usage         : Digital Signature

		********************    Certificate read        ********************
	END
	cat "$aws"
	cat <<-'END'


		********************    Writing certificate     ********************
	END
	cat "$GOLDEN/upload-hexdump.txt"
	cat <<-'END'

		Certificate successfully written
	END
} >want
diff -u want out || die 'other lines'

# Occupied: only -F goes over it. The slot by -o or -0, in any case; DER too.
trustx ca init -q ca
trustx csr create -q --subject CN=a -o a.csr
trustx ca sign -q ca -i a.csr -o a.pem
openssl x509 -in a.pem -outform DER -out a.der
unchanged fails 7 '0xE0E1' optiga_upload_crt -f sim:chip -c a.pem
says '^Certificate successfully written$' optiga_upload_crt -f sim:chip -c a.der -F
says '^Certificate successfully written$' optiga_upload_crt -f sim:chip -c a.pem
trustx csr create -q --subject CN=b --slot 2 -o b.csr
trustx ca sign -q ca -i b.csr -o b.pem
unchanged fails 5 'another key' optiga_upload_crt -f sim:chip -c a.pem -o 0xE0E2
says '^Certificate successfully written$' optiga_upload_crt -f sim:chip -c b.pem -0 e0e2
says '^Slot 2 +certificate fits' trustx info

# Mistakes. An unterminated PEM is one.
unset TRUSTX_DEVICE
printf '%s' "$(sed '$d' a.pem)" >cut.pem
: >empty
for file in cut.pem empty a.csr nothing .; do
	fails 2 '.' optiga_upload_crt -f sim:chip -c "$file" -F
done
fails 2 'usage: optiga_upload_crt' optiga_upload_crt -f sim:chip
fails 2 '-x' optiga_upload_crt -f sim:chip -c a.pem -x
fails 2 'more' optiga_upload_crt -f sim:chip -c a.pem more
fails 2 '' optiga_upload_crt -f sim:chip -c a.pem -o e0c2
fails 3 'FT260' optiga_upload_crt -c a.pem
fails 3 '' optiga_upload_crt -f unix:nothing -c a.pem
fails 8 'Infineon' optiga_upload_crt -f sim:chip -c a.pem -o e0e0 -F
says '^usage: ' optiga_upload_crt -h
