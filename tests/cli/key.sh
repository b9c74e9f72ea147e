# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Key pairs: made in the chip, once; their public part found again in each way.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

trustx key generate -o one.pub 2>err
grep -q 'key pair made in 0xE0F1 (P-256)' err || die "$(cat err)"
openssl pkey -pubin -in one.pub -noout -text | grep -q 'prime256v1' || die 'no P-256 key'
[ "$(count made)" -eq 1 ] || die 'one key must be made'
cmp "$XDG_STATE_HOME/trustx/$(uid)-e0f1.pub" one.pub || die 'the state file differs'
has_mode 700 "$XDG_STATE_HOME/trustx" || die 'the state folder is open'

# In use: exit 7, and replaced only with the word and the chip's name.
unchanged fails 7 'there is a key in 0xE0F1' trustx key generate
grep -q -- '--replace-key --confirm' fails.err || die 'no next step'
unchanged fails 8 'UID' trustx key generate --replace-key
grep -q -- "--confirm $(uid)" fails.err || die 'the next step does not name the chip'
unchanged fails 8 '' trustx key generate --replace-key --confirm cd16
unchanged fails 7 '' trustx key generate --confirm "$(uid)"
trustx key generate -q --replace-key --confirm "$(uid | tr a-f A-F)" -o two.pub
[ "$(count made)" -eq 2 ] || die 'the key must be replaced'
! cmp -s one.pub two.pub || die 'the key is the same'

# Infineon's slot.
unchanged fails 8 'Infineon' trustx key generate --slot 0
fails 4 '0xE0F0' trustx key generate --slot 0 --infineon-slot --replace-key --confirm "$(uid)"

# Other curve, usage, slot.
trustx key generate -q --slot 0xe0f2 --curve P384 --usage Sign,Auth | openssl pkey -pubin -noout -text |
	grep -q 'secp384r1' || die 'no P-384 key'
says '^Key: +P-384 for sign, auth$' trustx object metadata e0f2

# The public key again: state file, certificate, recovery.
trustx key public >again.pub 2>err
grep -q 'from: state file' err || die "$(cat err)"
cmp again.pub two.pub || die 'the state file gave another key'
trustx ca init -q ca
trustx personalize -q --subject CN=k --issuer ca:ca >/dev/null
rm -r "$XDG_STATE_HOME"
trustx key public >again.pub 2>err
grep -q 'from: certificate' err || die "$(cat err)"
cmp again.pub two.pub || die 'the certificate gave another key'
trustx cert erase -q
uses=$(count used)
trustx key public --state other >again.pub 2>err
grep -q 'from: recovered' err || die "$(cat err)"
cmp again.pub two.pub || die 'recovery gave another key'
[ "$(($(count used) - uses))" -eq 2 ] || die 'recovery takes two key uses'
trustx key public --state other 2>err >/dev/null
grep -q 'from: state file' err || die 'the recovered key was not kept'
trustx key public -q --slot 2 | openssl pkey -pubin -noout -text | grep -q 'secp384r1' ||
	die 'P-384 is not recovered'

# No key, and a key that cannot sign.
fails 5 'no key in' trustx key public --slot 3
trustx key generate -q --slot 3 --usage agree --state third >/dev/null
trustx key public --slot 3 --state third 2>err >/dev/null
grep -q 'not proved' err || die "$(cat err)"
fails 4 '' trustx key public --slot 3 --state fourth

# A locked slot.
new_chip
trustx object metadata -q e0f1 --set lcso=operational --confirm "$(uid)" >/dev/null
unchanged fails 4 'life cycle is operational, .*LcsO < operational' trustx key generate
