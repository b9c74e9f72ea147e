# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A device at AWS: what is there, what is missing, and how it goes again.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT
need_jsonschema
start_standin
trustx aws setup -q --iam iam >setup.out

# as ROLE: from here on AWS allows what the IAM policy does.
as() {
	control '' "{\"iam\":$(cat "iam/$1.json")}" >control.out
}
may_all() {
	control '' '{"iam":{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}' >control.out
}
personalize() {
	trustx personalize -q --subject CN=device-1 --issuer aws --group trustx --thing-type trustx "$@" >personalize.out
}
# may_fail COMMAND...: with what it says on stdout.
may_fail() {
	"$@" || true
}
is() {
	got=$(member "$1")
	[ "$got" = "$2" ] || die "$1 is $got, want $2: $(cat json.out)"
}
as station

# Nothing yet: the chip alone.
trustx sim new chip >new.out
json 5 trustx aws status
is chip.state empty
is thing null
is complete false
is error.code 5
grep -q 'no thing of this chip is known' json.out || die "$(cat json.out)"

personalize
uid=$(uid)
json 0 trustx aws status
is chip.state fits
is thing.name device-1
is thing.uid "$uid"
is certificates.0.status ACTIVE
is certificates.0.attached true
is certificates.0.in_chip true
is groups.trustx.0 trustx-device
is complete true
id=$(member certificates.0.id)
says '^Missing: +nothing$' trustx aws status
# The journal alone, the thing's name alone, the chip alone say the same.
json 0 env -u TRUSTX_DEVICE trustx aws status "$uid"
is chip null
is certificates.0.id "$id"
json 0 env -u TRUSTX_DEVICE trustx aws status device-1 --state elsewhere
is certificates.0.id "$id"
json 0 trustx aws status --state elsewhere
is thing.name device-1
[ ! -e elsewhere ] || die 'looking made a folder'
fails 2 'no journal in elsewhere knows the thing' env -u TRUSTX_DEVICE trustx aws status "$uid" --state elsewhere
fails 3 'no device' env -u TRUSTX_DEVICE trustx aws status
# Another chip in the socket does not count; one that is not there neither, if the device is named.
trustx aws status device-1 -d sim:other >out 2>err
grep -q 'another one and is left out' err || die "$(cat err)"
trustx aws status device-1 -d unix:nowhere >out 2>err
grep -q '^without the chip' err || die "$(cat err)"
fails 5 'AWS has no thing device-2' trustx aws status device-2
grep -q 'next: compare the name' fails.err || die "$(cat fails.err)"

# What is missing is named, with what to do.
may_all
need_aws_cli
arn=arn:aws:iot:eu-central-1:123456789012:cert/$id
aws_at iot update-certificate --certificate-id "$id" --new-status INACTIVE
fails 5 'the certificate is INACTIVE' trustx aws status
grep -q 'next: .*--new-status ACTIVE' fails.err || die "$(cat fails.err)"
aws_at iot update-certificate --certificate-id "$id" --new-status ACTIVE
aws_at iot detach-thing-principal --thing-name device-1 --principal "$arn"
fails 5 'the certificate is not attached to the thing' trustx aws status
grep -q 'run trustx personalize again' fails.err || die "$(cat fails.err)"
as station
personalize
says '^Missing: +nothing$' trustx aws status
may_all
aws_at iot remove-thing-from-thing-group --thing-name device-1 --thing-group-name trustx
fails 5 'no policy reaches the certificate' trustx aws status
grep -q 'next: .*personalize --group' fails.err || die "$(cat fails.err)"
as station
personalize
says '^Missing: +nothing$' trustx aws status
may_all
aws_at iot attach-policy --policy-name trustx-device --target "$arn"
says 'policies trustx-device$' trustx aws status

# Scrapping wants consent for this thing, and waits for AWS.
as scrap
json 8 trustx aws scrap device-1
is deleted false
is certificates.0.id "$id"
fails 8 "names 'device-2', but the thing is device-1" trustx aws scrap "$uid" --confirm device-2
fails 8 'does not come back' trustx aws scrap device-1
grep -q 'next: .*--confirm device-1' fails.err || die "$(cat fails.err)"
fails 2 'UID|THING is missing' trustx aws scrap
fails 2 '3600' trustx aws scrap device-1 --wait 3601
control '' '{"detach":1500}' >control.out
fails 6 'has not finished detaching' trustx aws scrap device-1 --confirm device-1 --wait 0
grep -q 'next: run the same command again' fails.err || die "$(cat fails.err)"
[ "$(state "s['certificates']['$id']['status']")" = INACTIVE ] || die 'not deactivated first'
json 0 env -u TRUSTX_DEVICE trustx aws scrap "$uid" --confirm device-1
is deleted true
[ "$(state 's["certificates"], s["things"]')" = '({}, {})' ] || die 'something is left'
control '' '{"detach":0}' >control.out
json 0 trustx aws scrap device-1 --confirm device-1
is deleted false
json 0 trustx aws scrap nothing --confirm nothing
[ "$(state '[e["operation"] for e in j if e["operation"] == "CreateThing"].__len__()')" -eq 3 ] || die 'a thing was made'

# The journal knows: the next personalization begins anew, and another chip's thing is not scrapped.
as station
fails 5 'AWS has no thing device-1' trustx aws status
fails 7 'in use' trustx personalize --subject CN=device-1 --issuer aws --group trustx --thing-type trustx
personalize --replace-cert
says '^Missing: +nothing$' trustx aws status
cp -r state/trustx journals
other=$(trustx sim info other | sed -n 's/^UID: *//p')
for file in journals/*.journal; do
	sed "s/$uid/$other/g" "$file" >"journals/$other-e0f1.journal"
	rm "$file"
done
as scrap
fails 5 "the thing device-1 belongs to another chip, $uid" trustx aws scrap "$other" --state journals --confirm device-1

# An orphan is listed, and deleted by who may; one that somebody uses is kept.
as station
control '' '{"faults":["foreign=key@CreateCertificateFromCsr#1"]}' >control.out
new_chip
fails 5 'another key' trustx personalize --subject CN=device-3 --issuer aws --group trustx --thing-type trustx
control '' '{"faults":[]}' >control.out
trustx personalize -q --subject CN=device-3 --issuer aws --group trustx --thing-type trustx >out
json 0 trustx aws status
is orphans.0.status INACTIVE
orphan=$(member orphans.0.id)
says "^Orphan: +$orphan: INACTIVE \(.*another key" trustx aws status
fails 6 'AccessDeniedException.*DeleteCertificate' trustx aws scrap --orphans
may_all
aws_at iot update-certificate --certificate-id "$orphan" --new-status ACTIVE
as scrap
json 9 trustx aws scrap --orphans
is orphans_kept 1
[ "$(state "'$orphan' in s['certificates']")" = True ] || die 'an ACTIVE certificate was deleted'
may_all
aws_at iot update-certificate --certificate-id "$orphan" --new-status INACTIVE
as scrap
json 0 trustx aws scrap --orphans
is orphans_deleted 1
[ "$(state "'$orphan' in s['certificates']")" = False ] || die 'it is still there'
[ "$(state 'len([c for c in s["certificates"].values() if c["status"] == "ACTIVE"])')" -eq 2 ] ||
	die 'a certificate in use was deleted'
json 0 trustx aws scrap --orphans
is orphans_deleted 0
as station
json 0 trustx aws status
is orphans '[]'
fails 2 'no --confirm' trustx aws scrap --orphans --confirm device-3

# A certificate that was replaced is INACTIVE, still attached, and an orphan: it goes, too.
trustx personalize -q --subject CN=renewed --thing device-3 --issuer aws --group trustx --thing-type trustx \
	--replace-cert >out
json 0 trustx aws status
is orphans.0.status INACTIVE
orphan=$(member orphans.0.id)
[ "$(state "list(s['certificates']['$orphan']['things'])")" = "['device-3']" ] || die 'not attached any more'
as scrap
json 0 trustx aws scrap --orphans
is orphans_deleted 1
[ "$(state "'$orphan' in s['certificates']")" = False ] || die 'it is still there'
json 0 trustx aws status device-3 -d sim:other
is certificates.0.status ACTIVE

# A run that was stopped, then scrapped: the next begins with a certificate of its own.
as station
control '' '{"faults":["refuse=AccessDeniedException@AttachThingPrincipal"]}' >control.out
new_chip
fails 6 'AttachThingPrincipal: AccessDenied' trustx personalize --subject CN=device-5 --issuer aws \
	--group trustx --thing-type trustx
control '' '{"faults":[]}' >control.out
says 'Missing: +no policy reaches' may_fail trustx aws status
as scrap
trustx aws scrap -q device-5 --confirm device-5 >out
as station
trustx personalize -q --subject CN=device-5 --issuer aws --group trustx --thing-type trustx --replace-cert >out
says '^Missing: +nothing$' trustx aws status

# One whose making was never answered, by a station that may not search: looked for by its key.
as station
sed 's/"iot:ListCertificates"/"iot:Nothing"/' iam/station.json >iam/blind.json
as blind
control '' '{"faults":["lost@CreateCertificateFromCsr#1"]}' >control.out
new_chip
fails 6 'answer' trustx personalize --subject CN=device-4 --issuer aws --group trustx --thing-type trustx
trustx personalize -q --subject CN=device-4 --issuer aws --group trustx --thing-type trustx >out 2>err || die "$(cat err)"
control '' '{"faults":[]}' >control.out
as station
json 0 trustx aws status
is orphans.0.id null
certificates() { state 'len(s["certificates"])'; }
all=$(certificates)
as scrap
json 0 trustx aws scrap --orphans "$(uid)"
is orphans_searched 1
is orphans_deleted 1
[ "$(certificates)" -eq $((all - 1)) ] || die 'not one less'
json 0 trustx aws scrap --orphans "$(uid)"
is orphans_searched 0
json 0 trustx aws status
is orphans '[]'
is complete true

# A certificate that another thing uses, too, is detached only.
may_all
aws_at iot create-thing --thing-name one >out
aws_at iot create-thing --thing-name two >out
trustx csr create -q --subject CN=shared --slot 2 -o shared.csr
aws_at iot create-certificate-from-csr --certificate-signing-request file://shared.csr --set-as-active \
	--query certificateArn --output text >arn
aws_at iot attach-thing-principal --thing-name one --principal "$(cat arn)"
aws_at iot attach-thing-principal --thing-name two --principal "$(cat arn)"
as scrap
says 'also of another thing: it stays' trustx aws scrap one --confirm one
[ "$(state '"one" in s["things"], [(c["status"], list(c["things"])) for c in s["certificates"].values() if "two" in c["things"]]')" = \
	"(False, [('ACTIVE', ['two'])])" ] || die 'a certificate in use was touched'

# Everything so far was allowed by the policies that aws setup printed.
denied=$(state 'sorted({e["action"] for e in j if e.get("error") == "AccessDeniedException"})')
[ "$denied" = "['iot:AttachThingPrincipal', 'iot:DeleteCertificate', 'iot:ListCertificates']" ] || die "denied: $denied"
