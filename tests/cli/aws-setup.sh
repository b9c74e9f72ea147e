# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# An account is prepared once; whoever asks is told whose it is.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT
need_jsonschema
start_standin

says '^Account: +123456789012$' trustx aws whoami
says '^Identity: +arn:aws:iam::123456789012:user/station$' trustx aws whoami
says '^Region: +eu-central-1$' trustx aws whoami --account 123456789012
fails 5 'belong to account 123456789012, not to 111122223333' trustx aws whoami --account 111122223333
fails 2 'account' trustx aws whoami --account 1234
says '^a1b2c3d4e5f6g7-ats\.iot\.eu-central-1\.amazonaws\.com$' trustx aws endpoint
json 0 trustx aws whoami
json 0 trustx aws endpoint
json 5 trustx aws endpoint --account 111122223333

# A wrong account is noticed before anything is made.
fails 5 'belong to account' trustx aws setup --account 111122223333
[ "$(state 's["groups"], s["policies"], s["types"]')" = '({}, {}, {})' ] || die 'something was made'

trustx aws setup --thing-prefix line1- --iam iam >out 2>err || die "$(cat err)"
grep -q '^Policy: *trustx-device$' out || die "$(cat out)"
grep -q "next: trustx personalize .*--thing 'line1-{serial}' --group trustx" err || die "$(cat err)"
grep -q 'the account is prepared: devices in the group trustx .* trustx-device' err || die "$(cat err)"
[ "$(state 's["groups"]["trustx"]["policies"]')" = "['trustx-device']" ] || die 'not attached'
[ "$(state '"trustx" in s["types"]')" = True ] || die 'no type'
state 's["policies"]["trustx-device"]["document"]' >document
grep -q '{iot:Connection.Thing.ThingName}' document || die 'no policy variables'
! grep -q '"\*"' document || die 'a wildcard'
grep -q ':thing/line1-\*' iam/station.json || die "$(cat iam/station.json)"
! grep -qE 'Delete|Attach(Policy|Principal)' iam/station.json || die 'the station may do too much'
grep -q 'iot:DeleteCertificate' iam/scrap.json || die 'who scraps cannot delete'

# Again: nothing changes, also when made things are not known everywhere at once.
before=$(state 's["groups"], s["policies"], s["types"]')
trustx aws setup >out 2>err
grep -q 'nothing was changed' err || die "$(cat err)"
grep -q '^IAM policy of who registers devices (station):$' out || die 'no IAM policy'
[ "$before" = "$(state 's["groups"], s["policies"], s["types"]')" ] || die 'something has changed'
json 0 trustx aws setup
[ "$(member policy_made)" = false ] || die 'a policy was made'
[ "$(member attached)" = false ] || die 'it was attached again'
[ "$(member iam.station.Version)" = 2012-10-17 ] || die 'no IAM policy in JSON'
control '' '{"reset":true,"settle":700}' >control.out
json 0 trustx aws setup
[ "$(member policy_made)$(member attached)" = truetrue ] || die "$(cat json.out)"
control '' '{"settle":0}' >control.out

# One's own policy is looked through; the name of another one is not taken over.
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}\n' >weak.json
fails 7 'another document' trustx aws setup --policy-file weak.json --group other
grep -q 'every device could act for every other' fails.err || die "$(cat fails.err)"
grep -q 'left as it is' fails.err || die "$(cat fails.err)"
[ "$(state '"other" in s["groups"]')" = False ] || die 'half a setup'
json 0 trustx aws setup --policy own --policy-file weak.json --group own
[ "$(member findings)" != '[]' ] || die 'nothing found'
# The same document, written otherwise.
printf '{"Statement" : [{"Resource":"*","Action":"iot:*", "Effect":"Allow"}],\n"Version":"2012-10-17"}' >same.json
json 0 trustx aws setup --policy own --policy-file same.json --group own
[ "$(member policy_made)" = false ] || die 'a policy was made'

# The ancestor's by its name only, with a warning.
trustx aws setup -q --policy IoT_Thing_Weak_Policy --group weak >out 2>err
grep -q '^warning: .*every device can act for every other' err || die "$(cat err)"

json 0 trustx aws setup --group weak
grep -q 'IoT_Thing_Weak_Policy is attached, too' json.err || die 'the weak policy beside it is not told'

# What AWS would not take is refused before it is asked.
requests() { state 'len(j)'; }
asked=$(requests)
printf 'no JSON' >none.json
: >empty.json
fails 2 'no JSON' trustx aws setup --policy new --policy-file none.json
fails 2 'empty' trustx aws setup --policy new --policy-file empty.json
fails 2 'no-such-file' trustx aws setup --policy-file no-such-file
fails 2 '--group' trustx aws setup --group 'a group'
fails 2 '--policy' trustx aws setup --policy ''
fails 2 '--thing-prefix' trustx aws setup --thing-prefix 'a/'
fails 1 'iam' trustx aws setup --iam /dev/null/iam
[ "$(requests)" -le $((asked + 1)) ] || die 'AWS was asked'
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"%04000d"}]}' 0 >long.json
fails 2 'AWS takes 2048' trustx aws setup --policy new --policy-file long.json

# A CA of one's own: proved, or for several accounts; once.
trustx ca init -q ca
trustx ca init -q many
json 0 trustx aws register-ca ca
[ "$(member was_there)" = false ] || die 'it was there'
id=$(openssl x509 -in ca/root.pem -outform DER | sha256sum | cut -d' ' -f1)
[ "$(member id)" = "$id" ] || die 'another id'
[ "$(state "s['authorities']['$id']['status'], s['authorities']['$id']['mode']")" = "('ACTIVE', 'DEFAULT')" ] ||
	die 'not active'
says '^Issued: +1 certificate$' trustx ca show ca
json 0 trustx aws register-ca ca
[ "$(member was_there)" = true ] || die 'registered twice'
says '^Issued: +1 certificate$' trustx ca show ca
fails 7 'in the mode DEFAULT' trustx aws register-ca ca --mode sni-only
json 0 trustx aws register-ca many --mode SNI-only
[ "$(member mode)" = SNI_ONLY ] || die "$(cat json.out)"
says '^Issued: +0 certificates$' trustx ca show many
fails 7 'in the mode SNI_ONLY' trustx aws register-ca many
fails 2 'default and sni-only' trustx aws register-ca ca --mode other
fails 2 'trustx ca init nothing' trustx aws register-ca nothing

# Encrypted: the passphrase is wanted for the proof only.
printf 'a long secret\n' >pass
trustx ca init -q locked --passphrase-file pass
fails 2 'passphrase' setsid -w trustx aws register-ca locked
trustx aws register-ca -q locked --passphrase-file pass >out || die 'not registered'

# Rights are missing: said by name.
printf '{"Statement":[]}' >iam.json
control '' "{\"iam\":$(cat iam.json)}" >control.out
fails 6 'AccessDeniedException.*not authorized to perform: iot:GetPolicy' trustx aws setup
grep -q 'next: give this identity the rights that `trustx aws setup` prints' fails.err || die "$(cat fails.err)"
