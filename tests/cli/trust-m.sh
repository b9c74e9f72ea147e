# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A Trust M of the first version: told from a Trust X, listed with its own objects, personalized.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

says '^Chip: +OPTIGA Trust X$' trustx info
trustx info --json | grep -q '"family":"trust-x"' || die 'no Trust X in JSON'
trustx object list >x.list
! grep -q '^0xE120\|^0xE140\|^0xE0FC\|^0xE0E9' x.list || die "$(cat x.list)"
grep -q '^0xF1D0  data, 100 bytes .* 100/100 ' x.list || die "$(cat x.list)"

TRUSTX_DEVICE='sim:m?profile=trust-m1'
says '^Chip: +OPTIGA Trust M$' trustx info
says '^Firmware: +0809$' trustx info
trustx info --json | grep -q '"family":"trust-m"' || die 'no Trust M in JSON'

# The objects of the dumps of build 0809, each under its name, and no others.
trustx object list >m.list
[ "$(grep -c '^0x' m.list)" -eq 46 ] || die "$(cat m.list)"
for line in '0xE0E9  trust anchor .* 1200/1200 ' '0xE0FC  key, RSA ' '0xE0FD  key, RSA ' \
	'0xE120  counter .* 8/8 ' '0xE123  counter ' '0xE140  platform binding secret .* 64/64 ' \
	'0xF1DB  data, 140 bytes .* 100/140 '; do
	grep -q "^$line" m.list || die "no /$line/ in $(cat m.list)"
done
! grep -q '^0xF1DC' m.list || die "$(cat m.list)"
says '^Object: +0xE140, platform binding secret$' trustx object metadata e140
says '^Change: +LcsO < operational or Conf 0xE140$' trustx object metadata e140
fails 8 '^lock 0xE120, counter, of chip ' trustx object lock e120

# There is RSA in the chip, and none here.
fails 2 '0xE0FC is for an RSA key of a Trust M, which trustx does not use' \
	trustx key generate --slot e0fc
fails 2 "there is no slot 'e0fe'" trustx key generate --slot e0fe

# The whole road.
[ "$(trustx random 16 | wc -c)" -eq 33 ] || die 'no random bytes'
trustx ca init -q ca
trustx personalize -q --subject CN=m --issuer ca:ca --state state >done.out
trustx cert verify --ca ca/root.pem >verify.out || die "$(cat verify.out)"
trustx personalize -q --subject CN=m --issuer ca:ca --state state >again.out
says '^Slot 1 +certificate fits the key$' trustx info

# A file stays the kind of chip it was made as.
fails 2 'm has profile trust-m1, not trust-x' trustx info -d 'sim:m?profile=trust-x'
