# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The whole road at moto, by our commands; the AWS CLI then finds what they said they did. And at
# moto as it comes, which certifies a key that nobody has.
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
need_aws_cli

# personalize CHIP OPTION...
personalize() {
	chip=$1
	shift
	timeout 60 trustx -d "sim:$chip.chip?scale=0" personalize --subject 'CN=line1-{uid},O=Example' \
		--group line1 --thing-type Trust-X "$@"
}

# field NAME: of the AWS CLI's answer in asked.json, by Python.
field() {
	"$python" -c 'import json, sys; print(eval(sys.argv[1], {"a": json.load(open("asked.json"))}))' "$1"
}

asks() {
	aws_at iot "$@" >asked.json
}

# check_device CHIP: chip and moto tell the same of it.
check_device() {
	uid=$(trustx -d "sim:$1.chip?scale=0" info --json | "$python" -c 'import json, sys
print(json.load(sys.stdin)["uid"])')
	thing=line1-$uid
	trustx -d "sim:$1.chip?scale=0" cert read -o "$1.pem" >/dev/null
	id=$(openssl x509 -in "$1.pem" -outform DER | sha256sum | cut -d ' ' -f 1)
	asks describe-certificate --certificate-id "$id"
	[ "$(field 'a["certificateDescription"]["status"]')" = ACTIVE ] || die "$1: not active"
	field 'a["certificateDescription"]["certificatePem"].strip()' >"$1.aws.pem"
	cmp "$1.pem" "$1.aws.pem" || die "$1: the certificate in the chip is not the one at AWS"
	asks describe-thing --thing-name "$thing"
	[ "$(field 'a["thingTypeName"], a["attributes"]["chipUid"]')" = "('Trust-X', '$uid')" ] ||
		die "$1: $(cat asked.json)"
	asks list-thing-principals --thing-name "$thing"
	[ "$(field '[p.split("/")[1] for p in a["principals"]]')" = "['$id']" ] || die "$(cat asked.json)"
	asks list-thing-groups-for-thing --thing-name "$thing"
	[ "$(field '[g["groupName"] for g in a["thingGroups"]]')" = "['line1']" ] || die "$(cat asked.json)"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
	-subj /CN=moto -days 9 2>/dev/null
start_moto
stock=$AWS_URL
start_moto ca.pem ca.key

says '^Account: +123456789012$' trustx aws whoami
says '^[a-z0-9]*-ats\.iot\.eu-central-1\.amazonaws\.com$' trustx aws endpoint
says '"iot:AddThingToThingGroup"' trustx aws setup --group line1 --thing-type Trust-X --policy Line1
says '^Policy: +Line1' trustx aws setup --group line1 --thing-type Trust-X --policy Line1
asks list-attached-policies --target arn:aws:iot:eu-central-1:123456789012:thinggroup/line1
[ "$(field '[p["policyName"] for p in a["policies"]]')" = "['Line1']" ] || die "$(cat asked.json)"

personalize one --issuer aws >one.out 2>one.err || die "$(cat one.err)"
check_device one
[ "$(openssl x509 -in one.pem -noout -issuer)" = 'issuer=CN = moto' ] || die 'not of moto'

# A second time nothing is asked for again, and nothing becomes different.
asks list-certificates
field 'a' >before
personalize one --issuer aws >again.out 2>again.err || die "$(cat again.err)"
asks list-certificates
field 'a' >after
cmp before after
says "^Missing: +nothing$" trustx -d 'sim:one.chip?scale=0' aws status

# A certificate of our own CA, which AWS only has to know.
trustx ca init CA 2>/dev/null >/dev/null
personalize two --issuer ca:CA --register >two.out 2>two.err || die "$(cat two.err)"
check_device two
personalize two --issuer ca:CA --register >two.out 2>two.err || die "$(cat two.err)"
says "^Missing: +nothing$" trustx -d 'sim:two.chip?scale=0' aws status
asks list-certificates
[ "$(field 'len(a["certificates"]), {c["status"] for c in a["certificates"]}')" = "(2, {'ACTIVE'})" ] ||
	die "$(cat asked.json)"

# Out again.
check_device one
fails 8 "$thing" trustx aws scrap "$thing"
trustx aws scrap --confirm "$thing" "$thing" >scrap.out 2>scrap.err || die "$(cat scrap.err)"
asks list-certificates
[ "$(field 'len(a["certificates"])')" = 1 ] || die "$(cat asked.json)"
asks list-things
[ "$(field 'len(a["things"])')" = 1 ] || die "$(cat asked.json)"

# moto as it comes: the certificate fits no key of ours.
AWS_URL=$stock
AWS_ENDPOINT_URL=$stock
trustx aws setup --group line1 --thing-type Trust-X --policy Line1 >/dev/null 2>&1
fails 5 'the certificate is for another key than the chip' personalize three --issuer aws
fails 5 '0xE0E1|no certificate|empty' trustx -d 'sim:three.chip?scale=0' cert read
asks list-certificates
[ "$(field '[c["status"] for c in a["certificates"]]')" = "['INACTIVE']" ] || die "$(cat asked.json)"
grep -q '"step":"orphan"' state/trustx/*.journal || die 'the orphan is not accounted for'
