# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Rehearse power cuts on a simulated chip.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
need_jsonschema

personalize() {
	trustx personalize -q --subject CN=device --issuer ca:ca --state state
}

trustx ca init ca >/dev/null
new_chip

# What cannot be.
fails 2 'FILE is missing' trustx sim power-cut
fails 2 'no number' trustx sim power-cut chip --after soon
fails 2 'commit points' trustx sim power-cut chip --after 4294967296
fails 2 'nothing' trustx sim power-cut nothing

# Prepared, counted over several programs, taken back.
says '^Power cut: +at commit point 5 from now$' trustx sim power-cut chip --after 5
trustx key generate -q --state state >key.pem
says '^Power cut: +at commit point 3 from now$' trustx sim info chip
says '^Cycles 0xE0F1: +1$' trustx sim info chip
trustx sim power-cut chip --after 0 >says.out
! grep -q '^Power cut' says.out || die 'it was not taken back'
trustx cert erase -q

# The power goes as soon as something is programmed: the key was not made.
new_chip
trustx sim power-cut chip >/dev/null
fails 3 'does not acknowledge' trustx key generate --state state
says '^Programming: +was cut' trustx sim info chip
[ "$(count made)" = 0 ] || die 'a key was made'
trustx key generate -q --state state >key.pem
[ "$(count made)" = 1 ] || die 'no key was made'
trustx sim info chip >info.out
! grep -q '^Programming' info.out || die 'the start did not end it'

# In the middle of a certificate: a part of it stays, and the next run completes it.
rm -rf state
new_chip
trustx sim power-cut chip --after 8 >/dev/null
fails 3 'does not acknowledge' personalize
trustx object read e0e1 -o part
[ "$(wc -c <part)" = 128 ] || die 'not two pages'
says '^Slot 1 .*no certificate' trustx info
personalize
[ "$(count made)" = 1 ] || die 'a second key'
trustx cert verify --ca ca/root.pem >/dev/null

# The same for one program only.
rm -rf state
new_chip
fails 3 'does not acknowledge' trustx -d 'sim:chip?cut=2' key generate --state state
[ "$(count made)" = 1 ] || die 'the key was not made'
personalize
[ "$(count made)" = 1 ] || die 'a second key'
fails 2 'cut=0 is not' trustx -d 'sim:chip?cut=0' info

# As JSON.
json 0 trustx sim power-cut chip --after 9
[ "$(member power_cut_after)" = 9 ] || die 'not prepared'
[ "$(member programming_cut)" = false ] || die 'cut already'
[ "$(member cycles.0.oid)" = 0xe0c5 ] || die 'no cycles'
json 2 trustx sim power-cut nothing
json 0 trustx sim info chip
