# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# personalize --issuer aws and --register as typed: options, recipe, exit codes, what is said.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT
need_jsonschema
start_standin
trustx ca init -q ca
trustx aws setup -q --group line1 --thing-type sensor --policy devices >setup.out

personalize() {
	trustx personalize --subject 'CN=pump-{serial},O=Example' "$@"
}

fault() {
	control '' "{\"faults\":[${1:+\"$1\"}]}" >control.out
}

start_over() {
	new_chip
	fault
}

# With options, with a recipe, and with an option that is stronger than the recipe.
new_chip
says '^Thing: *line1-' personalize --issuer aws --thing 'line1-{serial}' --thing-type sensor --group line1 \
	--attribute line=1 --attribute 'lot=7'
grep -q 'registered at AWS: thing line1-.*, certificate active' says.err || die "$(cat says.err)"
[ "$(state 'sorted(list(s["things"].values())[0]["attributes"])')" = "['chipUid', 'line', 'lot']" ] ||
	die "$(state 's["things"]')"
json 0 personalize --issuer aws --thing 'line1-{serial}' --group line1
grep -q '"was_finished":true.*"was_active":true.*"orphans":0' json.out || die "$(cat json.out)"

new_chip
cat >recipe.json <<'END'
{"thing": "line2-{serial}", "thing-type": "sensor", "group": "line1", "attributes": {"line": "2"},
 "region": "eu-central-1", "account": "123456789012", "stations": 2}
END
says '^Thing: *line2-' personalize --issuer aws --recipe recipe.json --attribute lot=8
[ "$(state '[t["attributes"]["line"] for t in s["things"].values()]')" = "['1', '2']" ] || die 'no line 2'
new_chip
says '^Thing: *line3-' personalize --issuer aws --recipe recipe.json --thing 'line3-{serial}'

# A finished device keeps its thing; a policy or group of a later run is added.
fails 7 'its certificate belongs to the thing line3-.*, not to line4-' personalize --issuer aws \
	--recipe recipe.json --thing 'line4-{serial}'
grep -q 'next: .*--replace-cert' fails.err || die "$(cat fails.err)"
trustx aws setup -q --group line9 --policy devices --thing-type sensor >setup.out
personalize --issuer aws --thing 'line3-{serial}' --group line9 >out 2>err || die "$(cat err)"
grep -q 'registered at AWS: thing line3-' err || die "$(cat err)"
[ "$(state '[t["groups"] for t in s["things"].values()][2]')" = "['line1', 'line9']" ] || die "$(state 's["things"]')"
personalize --issuer aws --thing 'line3-{serial}' --group line9 >out 2>err || die "$(cat err)"
grep -q 'nothing was written' err || die "$(cat err)"

# A local CA's certificate, and the chip of it once more.
new_chip
says '^Thing: *pump-' personalize --issuer ca:ca --register --group line1
personalize --issuer ca:ca --register --group line1 >out 2>err || die "$(cat err)"
grep -q 'personalized already, its certificate active at AWS; nothing was written' err || die "$(cat err)"
trustx ca show ca | grep -c pump | grep -qx 1 || die 'issued twice'

# What is given wrongly: 2.
start_over
fails 2 '^trustx: register the device: the subject.s CN cannot be the name of a thing' \
	trustx personalize --subject 'CN=AWS IoT Certificate' --issuer aws
grep -q 'next: name the thing: --thing NAME' fails.err || die "$(cat fails.err)"
fails 2 'nothing is registered at AWS with --issuer ca:ca' personalize --issuer ca:ca --group line1
grep -q 'next: add --register' fails.err || die "$(cat fails.err)"
fails 2 '2049-12-31' personalize --issuer aws --days 9
fails 2 '--register is for' personalize --issuer aws --register
fails 2 "--attribute: 'line' is not NAME=VALUE" personalize --issuer aws --attribute line
fails 2 '--account .12. has not 12 digits' personalize --issuer aws --account 12
printf '{"thing": "a", "attributes": {"line": 1}}' >bad.json
fails 2 'read bad.json: attributes.line: it must be text in quotes' personalize --issuer aws --recipe bad.json
printf '{"things": "a"}' >bad.json
fails 2 'things: there is no such key' personalize --issuer aws --recipe bad.json
grep -q 'next: there are thing, thing-type, attributes' fails.err || die "$(cat fails.err)"
fails 2 'no thing group nowhere' personalize --issuer aws --group nowhere
fails 2 'AWS has no policy of this name' personalize --issuer aws --policy nobodys

# Two things that do not belong together: 5. What is somebody's already: 7.
start_over
fails 5 'that of another chip' personalize --issuer aws --thing "$(state 'list(s["things"])[0]')"
fails 5 'answers from the account 123456789012, not 999999999999' personalize --issuer aws --account 999999999999
fault 'foreign=key@CreateCertificateFromCsr'
fails 5 'for another key than the chip.s' personalize --issuer aws --group line1
grep -q '^certificate [0-9a-f]\{64\} is an orphan' fails.err || die "$(cat fails.err)"
trustx info | grep -q '^Slot 1 *key only' || die 'something was written'
fault 'foreign=subject@CreateCertificateFromCsr'
fails 5 "the certificate's subject|subject" personalize --issuer aws --group line1
grep -q '^certificate [0-9a-f]\{64\} is an orphan' fails.err || die "$(cat fails.err)"
trustx info | grep -q '^Slot 1 *key only' || die 'something was written'
fault
says '' personalize --issuer aws --group line1
fails 7 'in use' trustx personalize --subject CN=other --issuer aws --group line1

# AWS said no: 6.
start_over
fault 'refuse=LimitExceededException@CreateCertificateFromCsr'
fails 6 'LimitExceededException' personalize --issuer aws --group line1
fault 'lost@CreateCertificateFromCsr#1'
fails 6 'the answer was lost' personalize --issuer aws --group line1
grep -q 'next: run the same command again' fails.err || die "$(cat fails.err)"
fault
says '^Certificate id' personalize --issuer aws --group line1
[ "$(state 'sum(c["status"] == "ACTIVE" for c in s["certificates"].values())')" -eq 6 ] || die 'not six active ones'

# The ancestor's policy is used by its name.
start_over
personalize --issuer aws --policy IoT_Thing_Weak_Policy >out 2>err || die "$(cat err)"
grep -q 'IoT_Thing_Weak_Policy allows every device everything' err || die "$(cat err)"
