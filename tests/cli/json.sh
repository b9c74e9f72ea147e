# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# --json: every command, in success and in failure, against its schema.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
need_jsonschema

is() {
	got=$(member "$1")
	[ "$got" = "$2" ] || die "$1 is $got, want $2: $(cat json.out)"
}

unset TRUSTX_DEVICE
json 0 trustx version
json 0 trustx help
json 0 trustx help key
json 0 trustx --help
json 2 trustx
is schema trustx.error/1
is error.name TRUSTX_ERR_USAGE
json 2 trustx bogus
json 2 trustx key generate --bogus
is schema trustx.key-generate/1
json 3 trustx info
is error.code 3
is error.name TRUSTX_ERR_NO_DEVICE
json 0 trustx sim new chip
json 7 trustx sim new chip
json 0 trustx sim info chip
uid=$(member uid)
json 0 trustx sim rest chip 5
json 0 trustx sim root
json 2 trustx sim serve --state chip
TRUSTX_DEVICE=sim:chip
export TRUSTX_DEVICE

json 0 trustx info
is uid "$uid"
is slots.0.state fits
is slots.1.state empty
is slots.1.can_personalize true
json 0 trustx object list
json 0 trustx object read e0c2
is data "$uid"
json 4 trustx object read f1e9
is error.chip_code 0x01
is error.oid 0xf1e9
json 0 trustx object metadata e0e1
is change 'LcsO < operational'
is key null
json 8 trustx object metadata e0e1 --set change=never
printf x >data
json 0 trustx object write f1d0 -i data
json 0 trustx random 16
json 0 trustx key generate
is source generated
is usage '["sign"]'
json 7 trustx key generate
json 8 trustx key generate --replace-key
json 0 trustx key public
is proved true
json 0 trustx csr create --subject CN=a -o a.csr
is key_made false
is subject CN=a
json 0 trustx csr verify a.csr
json 0 trustx ca init ca
json 7 trustx ca init ca
json 0 trustx ca sign ca -i a.csr -o a.pem
is certificates.0.subject CN=a
json 0 trustx ca show ca
is issued.0.subject CN=a
json 0 trustx cert write a.pem
is written true
is key_proved true
is chain_checked false
json 0 trustx cert write a.pem --ca ca/root.pem
is written false
is chain_checked true
json 0 trustx cert verify
json 0 trustx cert verify a.pem
json 5 trustx cert verify "$GOLDEN/aws-certificate.pem"
is error.name TRUSTX_ERR_MISMATCH
json 0 trustx cert read
is format tls-identity
json 0 trustx cert erase
is erased true
json 0 trustx cert erase
is erased false
json 0 trustx personalize --subject CN=a --issuer ca:ca
is made_key false
is chain_checked true
json 0 trustx personalize --subject CN=a --issuer ca:ca
is was_finished true
json 7 trustx personalize --subject CN=b --issuer ca:ca
json 6 trustx personalize --subject CN=b --issuer exec:/bin/false --slot 2
json 1 trustx csr create --subject CN=a -o /dev/full
is error.name TRUSTX_ERR_FILE

# A name that is no UTF-8 still gives JSON.
json 2 trustx csr verify "$(printf 'no\377file')"
