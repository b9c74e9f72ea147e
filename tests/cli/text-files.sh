# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Text files as editors of Windows leave them: CR LF at the end of lines, a byte order mark in front.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

# windows FILE: on standard output, as Windows writes it.
windows() {
	printf '\357\273\277'
	sed 's/$/\r/' "$1"
}

windows "$GOLDEN/config.jsn" >config.jsn
printf '{ "CN": "two",\r\n\t"CN": "lines"\r\n}\r\n' >twice.jsn
fails 2 'line 2, column|twice|duplicate' trustx csr create -i twice.jsn
trustx csr create -q -i config.jsn -o a.csr
says '^Subject: +CN=AWS IoT Certificate,O=Infineon' trustx csr verify a.csr
windows a.csr >b.csr
says '^Subject: +CN=AWS IoT Certificate,O=Infineon' trustx csr verify b.csr

printf 'secret\n' >pass
windows pass | tail -c +4 >pass.crlf
trustx ca init -q ca --passphrase-file pass.crlf
windows ca/root.pem >root.pem
trustx ca sign -q ca -i b.csr -o a.pem --passphrase-file pass
windows a.pem >b.pem
trustx cert write -q --ca root.pem b.pem >write.out
trustx cert read -q | cmp - a.pem || die 'another certificate'
says '^Chain: +ends at' trustx cert verify --ca root.pem b.pem
optiga_upload_crt -f sim:chip -c b.pem >out 2>err || die "$(cat err)"
grep -q '^Certificate successfully written$' out || die "$(cat out)"
optiga_generate_csr -f sim:chip -i config.jsn -o c.csr >out 2>err || die "$(cat err)"
openssl req -in c.csr -noout -verify 2>err || die "$(cat err)"

# Files of the AWS CLI.
[ -z "${AWS_ACCESS_KEY_ID:-}" ] || unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
printf '[default]\nregion = eu-central-1\n' >config
printf '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n' >credentials
windows config >aws-config
windows credentials >aws-credentials
AWS_CONFIG_FILE=$PWD/aws-config
AWS_SHARED_CREDENTIALS_FILE=$PWD/aws-credentials
AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_EC2_METADATA_DISABLED
fails 6 'cannot be reached' trustx aws whoami --endpoint-url http://127.0.0.1:1
