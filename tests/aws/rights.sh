# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The IAM policies that `aws setup` writes are enough for what the station and whoever scraps do, and
# for nothing else; AWS takes its time to detach.
. "$TRUSTX_SOURCE/tests/aws/lib.sh"

# with NAME: from now on with the rights of that policy.
with() {
	control '' "{\"iam\":$(cat "iam/$1.json")}" >/dev/null
}

personalize() {
	chip=$1
	shift
	timeout 60 trustx -d "sim:$chip.chip?scale=0" personalize --subject 'CN=line1-{uid},O=Example' \
		--group line1 --thing-type Trust-X "$@"
}

start_standin --detach 1500
trustx aws setup --group line1 --policy Line1 --thing-type Trust-X --thing-prefix line1- --iam iam \
	>setup.out 2>&1 || die "$(cat setup.out)"
trustx ca init CA >ca.out 2>&1

with station
personalize one --issuer aws >one.out 2>&1 || die "$(cat one.out)"
[ "$(state '[e["operation"] for e in j][-5:]')" = "['CreateThing', 'CreateCertificateFromCsr', 'AttachThingPrincipal', 'AddThingToThingGroup', 'UpdateCertificate']" ] ||
	die "not the five requests: $(state '[e["operation"] for e in j]')"
personalize one --issuer aws >one.out 2>&1 || die "$(cat one.out)"
personalize two --issuer ca:CA --register >two.out 2>&1 || die "$(cat two.out)"
for chip in one two; do
	says '^Missing: +nothing$' trustx -d "sim:$chip.chip?scale=0" aws status
done
thing=$(sed -n 's/^Thing: *//p' says.out | sed 's/,.*//')
[ "$(state 'stats["refused"]')" = 1 ] || die "$(grep -v '"error": null' standin.jsonl)" # GetPolicy of the set-up
fails 6 'AccessDeniedException.*iot:' trustx aws scrap --confirm "$thing" "$thing"
fails 6 'AccessDeniedException.*iot:CreateThing ' timeout 60 trustx -d 'sim:three.chip?scale=0' \
	personalize --subject 'CN=other-{uid}' --group line1 --thing-type Trust-X --issuer aws
grep -q 'trustx aws setup' fails.err || die "it does not say who gives rights: $(cat fails.err)"

# What is left is the other device.
with scrap
trustx aws scrap --confirm "$thing" "$thing" >scrap.out 2>&1 || die "$(cat scrap.out)"
[ "$(state 'len(s["certificates"]), len(s["things"])')" = '(1, 1)' ] || die "$(state s)"

# Elsewhere ARNs and hosts are of another partition, and the rights, too.
for place in cn-north-1:aws-cn us-gov-west-1:aws-us-gov; do
	AWS_REGION=${place%:*} partition=${place#*:}
	start_standin --region "$AWS_REGION"
	says "^Partition: +$partition$" trustx aws whoami
	trustx aws setup --group line1 --policy Line1 --thing-type Trust-X --thing-prefix line1- --iam iam \
		>setup.out 2>&1 || die "$(cat setup.out)"
	! grep -q 'arn:aws:' iam/station.json iam/scrap.json || die "ARNs of another partition"
	[ "$(state '"arn:aws:" in s["policies"]["Line1"]["document"]')" = False ] || die "$(state 's["policies"]')"
	with station
	personalize "$partition" --issuer aws >one.out 2>&1 || die "$(cat one.out)"
	grep -q "arn:$partition:iot:$AWS_REGION:123456789012:cert/" one.out || die "$(cat one.out)"
	says '^Missing: +nothing$' trustx -d "sim:$partition.chip?scale=0" aws status
	thing=$(sed -n 's/^Thing: *//p' says.out | sed 's/,.*//')
	with scrap
	trustx aws scrap --confirm "$thing" "$thing" >scrap.out 2>&1 || die "$(cat scrap.out)"
	[ "$(state 'len(s["certificates"]), len(s["things"])')" = '(0, 0)' ] || die "$(state s)"
done
