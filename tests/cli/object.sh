# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Objects and their metadata: read, written, and what cannot be undone is asked for twice.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

says '^0xE0E1 +certificate +creation +[0-9]+/1728 +LcsO < operational$' trustx object list
says '^0xF1DF ' trustx object list
[ "$(trustx object list | grep -c '^0x')" -eq 42 ] || die "$(trustx object list)"

# Bytes: hexadecimal on standard output, as they are into a file.
says "^$(uid)\$" trustx object read E0C2
trustx object read 0xe0c2 -o uid.bin
[ "$(wc -c <uid.bin)" -eq 27 ] || die 'not 27 bytes'
trustx object read 0xe0c2 -o - | cmp - uid.bin || die 'not the same on standard output'
fails 4 '0x01|invalid' trustx object read f1e2
fails 4 '' trustx object read e0f1

# Written whole and read back.
printf 'hello, chip' >data
trustx object write f1d0 -i data 2>err
grep -q '11 bytes written to 0xF1D0 and read back' err || die "$(cat err)"
trustx object read f1d0 -o - | cmp - data || die 'not what was written'
head -c 1500 /dev/zero | tr '\0' 'x' >big
trustx object write -q f1e0 -i big
trustx object read f1e0 -o - | cmp - big || die 'not what was written'
unchanged fails 2 'do not fit into 0xF1D0, which holds 100' trustx object write f1d0 -i big
: >empty
unchanged fails 2 'empty' trustx object write f1d0 -i empty
fails 2 '--in is missing' trustx object write f1d0
unchanged fails 4 '' trustx object write e0c2 -i uid.bin

# What is overwritten is shown, in quiet too; the same bytes or an empty object are not.
[ "$(trustx object write -q f1d0 -i data 2>&1)" = '' ] || die 'a change of nothing'
printf '\001\002' >two
[ "$(trustx object write -q f1d0 -i two 2>&1)" = '0xF1D0 before: 68656c6c6f2c2063686970, after: 0102' ] ||
	die 'before and after are not shown'
trustx object write f1e0 -i data 2>err
grep -q '^0xF1E0 before: 78787878787878787878787878787878[.][.] (1500 bytes), after: 6865' err ||
	die "$(cat err)"
trustx object write -q f1d0 -i data 2>err

# One that may not be read is written all the same; that it cannot be compared is told.
trustx object metadata -q f1d5 --set read=never --confirm "$(uid)" >/dev/null 2>&1
fails 4 'read' trustx object write f1d5 -i data

# Certificate slots want the words of cert write, since nothing is checked here.
unchanged fails 8 'trustx cert write' trustx object write e0e1 -i data
trustx object write -q e0e1 --foreign-cert -i data
unchanged fails 7 'in use' trustx object write e0e1 --foreign-cert -i big
trustx object write -q e0e1 --foreign-cert --replace-cert -i big
unchanged fails 8 'Infineon' trustx object write e0e0 --foreign-cert --replace-cert -i data

# Metadata in words and as bytes.
says '^Change: +LcsO < operational$' trustx object metadata f1d0
says '^Size: +11 of 100 bytes used$' trustx object metadata f1d0
says '^20[0-9a-f]+$' trustx object metadata f1d0 --raw

# Rules and life cycles: before and after are shown, and the chip must be named.
unchanged fails 8 'cannot be undone' trustx object metadata f1d0 --set change=never
grep -q '^before: .*change: LcsO < operational' fails.err || die 'no before'
grep -q '^after: .*change: never' fails.err || die 'no after'
grep -q '0xF1D0 can no longer be written' fails.err || die 'no warning'
grep -q -- "--confirm $(uid)" fails.err || die 'no next step'
unchanged fails 8 'another chip' trustx object metadata f1d0 --set change=never --confirm cd16
unchanged fails 8 '' trustx object metadata f1d0 --set 2003d001ff
says '^Change: +LcsO < operational and LcsG == operational$' trustx object metadata f1d0 \
	--set 'change=lcso < Operational and LcsG == operational' --confirm "$(uid)"
says '^Read: +LcsO < operational or LcsA > initialization$' trustx object metadata f1d0 \
	--set 'read=LcsO<operational||LcsA>initialization' --set execute=always --confirm "$(uid)"
says '^Execute: +always$' trustx object metadata f1d0
says '^Change: +never$' trustx object metadata f1d1 --set 2003d001ff --confirm "$(uid)"
trustx object write f1d1 -i data 2>/dev/null && die 'written although never'
says '^Life cycle: +operational$' trustx object metadata f1d2 --set lcso=operational --confirm "$(uid)"
unchanged fails 4 'operational' trustx object write f1d2 -i data
unchanged fails 4 '' trustx object metadata f1d2 --set change=always --confirm "$(uid)"
unchanged fails 4 '' trustx object metadata f1d2 --set lcso=creation --confirm "$(uid)"

# The usage of a key comes back: no consent.
trustx key generate -q >/dev/null
says '^Key: +P-256 for sign, auth$' trustx object metadata e0f1 --set usage=sign,auth

# What cannot be understood.
for set in nothing color=red change= change=sometimes 'change=LcsO' 'change=LcsO < 7' \
	'change=LcsO < operational operational' 'change=always and' lcso=dead usage=bake type=256 20 2000 \
	2003d001 zz; do
	fails 2 '.' trustx object metadata f1d3 --set "$set" --confirm "$(uid)"
done
fails 2 'twice' trustx object metadata f1d3 --set change=always --set change=never

# Life cycles of chip and application.
printf '\007' >op
unchanged fails 8 'cannot be undone' trustx object write f1c0 -i op
grep -q '0xF1C0 before: 01, after: 07' fails.err || die "$(cat fails.err)"
unchanged fails 8 'another chip' trustx object write f1c0 -i op --confirm 00
trustx object write -q f1c0 -i op --confirm "$(uid)"
says 'application operational$' trustx info
