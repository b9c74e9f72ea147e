# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Objects are locked by a plan, with consent, and read back.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
# The answer must hold each of these.
plan_says() {
	for regex in "$@"; do
		grep -E -q -- "$regex" fails.err || die "the plan has no /$regex/: $(cat fails.err)"
	done
}

# Without consent: the plan, exit 8, and a chip as it was.
unchanged fails 8 'cannot be undone' trustx object lock e0f1
plan_says '^lock 0xE0F1, key, of chip ' '^  life cycle +creation -> operational, for good$' \
	'^  change +LcsO < operational: possible now, never again$' \
	'^  execute +always: stays possible$' \
	'^  no longer possible:$' '^    making a key in 0xE0F1$' 'changing the access rules' \
	'^  still reworkable\? no: slot 1 can no longer be personalized: 0xE0F1 holds no key' \
	'^  slots that can be personalized then: 2, 3$' \
	'^  warning: 0xE0F1 holds no key, and none can be made there afterwards$' \
	"^  next: .*--confirm $(uid)\$"
unchanged fails 8 'another chip' trustx object lock e0f1 --confirm cd16
unchanged fails 8 'warning: 0xE0F1 holds no key' trustx object lock -q e0f1

# A key whose certificate is missing, then for another chip's key, then fits.
trustx ca init ca 2>/dev/null >ca.out
trustx csr create -q --subject CN=a -o a.csr
unchanged fails 8 'warning: 0xE0E1 holds no certificate for the key in 0xE0F1' trustx object lock 0xE0F1
plan_says 'still reworkable\? in part: the key in 0xE0F1 stays for good'
trustx cert write -q --foreign-cert "$GOLDEN/aws-certificate.pem" >cert.out
unchanged fails 8 'warning: the certificate in 0xE0E1 is for another key' trustx object lock e0f1
unchanged fails 8 'warning: the certificate in 0xE0E1 is for another key' trustx object lock e0e1
trustx ca sign -q ca -i a.csr -o a.crt >cert.out
trustx cert write -q --replace-cert a.crt >cert.out
unchanged fails 8 '' trustx object lock e0f1
grep -q warning fails.err && die 'a warning without a reason'
plan_says '^    using the key in 0xE0F1$' 'personalized then: 1, 2, 3$'

# The certificate first, the key last: what the plans said comes true.
says '^Life cycle: +operational$' trustx object lock e0e1 --confirm "$(uid)"
grep -q '^Locked: *now, and read back as written$' says.out || die "$(cat says.out)"
grep -q '^lock 0xE0E1, certificate' says.err || die 'no plan before the act'
unchanged fails 4 'operational' trustx cert erase
unchanged fails 4 'operational' trustx cert write --replace-cert --foreign-cert "$GOLDEN/aws-certificate.pem"
made_before=$(count made)
says '^Reworkable: +no: slot 1 can no longer be personalized: key and certificate stay' \
	trustx object lock E0F1 --confirm "$(uid | tr a-f A-F)"
unchanged fails 4 'life cycle is operational' trustx key generate --replace-key --confirm "$(uid)"
unchanged fails 4 '' trustx object metadata e0f1 --set usage=auth
[ "$(count made)" = "$made_before" ] || die 'a key was made in a locked slot'
says 'certificate fits the key, locked' trustx info
trustx cert verify >verify.out 2>verify.err || die "$(cat verify.err)"

# Again: said, and nothing written.
writes() {
	trustx sim info chip | sed -n 's/^NVM writes: *//p'
}
before=$(writes)
says '^Locked: +operational already, nothing was written$' trustx object lock e0f1
grep -q warning says.err && die 'a warning about what is done'
says '^Locked: +operational already' trustx object lock e0f1 --confirm "$(uid)"
fails 8 'another chip' trustx object lock e0f1 --confirm 00
[ "$(writes)" = "$before" ] || die 'something was written'

# An empty slot once locked is lost.
trustx object lock -q e0f2 --confirm "$(uid)" >lock.out 2>lock.err
unchanged fails 4 'life cycle is operational' trustx key generate --slot 2
unchanged fails 4 '' trustx personalize --slot 2 --subject CN=b --issuer ca:ca

# Data.
says '^Reworkable: +no: what 0xF1D3 holds stays for good$' trustx object lock f1d3 --confirm "$(uid)"
printf x >data
unchanged fails 4 'operational' trustx object write f1d3 -i data
trustx object metadata -q f1d4 --set change=always --confirm "$(uid)" >meta.out 2>meta.err
says '^Reworkable: +yes: 0xF1D4 can still be written$' trustx object lock f1d4 --confirm "$(uid)"
trustx object write -q f1d4 -i data

# What cannot be locked.
unchanged fails 4 'has no life cycle of its own' trustx object lock e0c2
unchanged fails 4 'has no life cycle of its own' trustx object lock f1c0 --confirm "$(uid)"
plan_says '^  next: .*trustx object write'
fails 4 '0x01|no such object' trustx object lock f1e2
unchanged fails 8 "Infineon's own identity" trustx object lock e0f0 --confirm "$(uid)"
plan_says '^lock 0xE0F0' '^  next: .*--infineon-slot'
fails 2 'OID' trustx object lock
fails 2 'no object identifier' trustx object lock e0
fails 3 'no device' env TRUSTX_DEVICE= trustx object lock e0f1
trustx object lock -q e0f0 --infineon-slot --confirm "$(uid)" >lock.out 2>lock.err
says '^Life cycle: +operational$' trustx object metadata e0f0

# For machines.
need_jsonschema
is() {
	got=$(member "$1")
	[ "$got" = "$2" ] || die "$1 is $got, want $2: $(cat json.out)"
}
json 8 trustx object lock e0f3
is error.name TRUSTX_ERR_CONSENT
json 4 trustx object lock e0c2
is error.name TRUSTX_ERR_LOCKED
json 0 trustx object lock e0f3 --confirm "$(uid)"
is written true
is life_cycle operational
is life_cycle_before creation
is access.change ends
is access.read null
is access.execute stays
is rework.possible no
is rework.slots '[]'
is warnings.0 '0xE0F3 holds no key, and none can be made there afterwards'
json 0 trustx object lock e0f3
is written false
is lost '[]'
is access.change never
