# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# How the program is called: commands, options in any place, help, version, mistakes.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"

# Help and version go to standard output, from everywhere.
says '^usage: trustx NOUN' trustx help
says '^usage: trustx NOUN' trustx --help
says '^usage: trustx key VERB \[OPTION' trustx key --help
says '^usage: trustx info$' trustx info --help
says '^usage: trustx key generate ' trustx key generate -h
grep -q '^ .*\[--replace-key\]' says.out || die "$(cat says.out)"
says '^usage: trustx key generate ' trustx -h key generate
for words in personalize 'aws scrap' connect; do
	# shellcheck disable=SC2086 # a noun and a verb
	longest=$(trustx help $words | sed -n '/^usage/,/^$/p' | awk '{ print length }' | sort -n | tail -1)
	[ "$longest" -le 80 ] || die "the usage of $words has lines of $longest columns"
done
says '^usage: trustx key generate' trustx help key generate
says '^  key generate' trustx help key
says '^  -d, --device URI +the chip: (/dev/i2c-N, )?ft260:, sim:FILE' trustx help
says '^trustx [0-9]+\.[0-9]+\.[0-9]+$' trustx version
says '^trustx [0-9]+\.[0-9]+\.[0-9]+$' trustx --version
says '^trustx [0-9]+\.[0-9]+\.[0-9]+$' trustx -V

# What was built in.
says '^built by [A-Za-z]+ [0-9.]+ for [^ ]+ [^ ]+, (static|with shared libraries), (with|without) Trust M$' \
	trustx version -v
says '^OpenSSL 3\.[0-9.]+, built with 3\.[0-9.]+$' trustx version -v
says '^libcurl [0-9.]+ with [A-Za-z/0-9.]+.*, built with [0-9.]+' trustx version -v
says '"libraries":\[\{"name":"OpenSSL","built":"3[0-9.]*","running":"3[0-9.]*"\},' trustx version --json

# Global options before the noun, between noun and verb, behind the verb, behind arguments.
new_chip
device=$TRUSTX_DEVICE
unset TRUSTX_DEVICE
for line in "-d $device object read e0c2" "object -d $device read e0c2" \
	"object read -d $device e0c2" "object read e0c2 -d$device" \
	"object read e0c2 --device=$device" "object read --device $device -- e0c2"; do
	# shellcheck disable=SC2086 # a list of words
	says '^cd16[0-9a-f]{50}$' trustx $line
	# shellcheck disable=SC2086
	says '"data":"cd16[0-9a-f]{50}"' trustx --json $line
done
says '"ok":true' trustx -d "$device" object --json read e0c2
says '"ok":true' trustx -d "$device" object read e0c2 -qv --json

# The option is stronger than the environment; an empty one is none.
TRUSTX_DEVICE=sim:no/such/folder/chip
export TRUSTX_DEVICE
says '^cd16' trustx -d "$device" object read e0c2
TRUSTX_DEVICE=
fails 3 'no device given' trustx info
unset TRUSTX_DEVICE

# Mistakes are exit 2, say what is wrong, and how the command is used.
fails 2 'no command given' trustx
fails 2 "unknown command 'keys'" trustx keys
fails 2 "unknown command 'key make'" trustx key make
fails 2 'key: the verb is missing' trustx key
fails 2 "unknown command 'key make'" trustx help key make
fails 2 'unknown option --bogus' trustx --bogus
fails 2 'unknown option --bogus' trustx key generate --bogus
fails 2 'usage: trustx key generate' trustx key generate --bogus
fails 2 'unknown option -x' trustx key generate -x
fails 2 'unknown option --rep' trustx key generate --rep
fails 2 'unknown option --replace' trustx key generate --replace
fails 2 '--slot wants a value' trustx key generate --slot
fails 2 'takes no value' trustx key generate --replace-key=yes
fails 2 "extra argument 'more'" trustx info more
fails 2 'N is missing' trustx random
fails 2 '--issuer is missing' trustx personalize --subject CN=x
fails 2 "--curve: 'p521' is none of p256, p384" trustx key generate --curve p521
fails 2 '--usage: .bake. is no list' trustx key generate --usage bake
fails 2 '--slot' trustx key generate --slot 4
fails 2 '--slot' trustx key generate --slot e0f9
fails 2 'no object identifier' trustx object read e0c
fails 2 'no object identifier' trustx object read 0xe0c22
fails 2 'no object identifier' trustx object read wxyz
fails 2 "N: 'ten' is no number" trustx random ten
fails 2 '1 to 1048576' trustx random 0
fails 2 '1 to 1048576' trustx random 1048577

# Slots by number or by either object, in any case.
for slot in 1 e0f1 0xE0F1 E0e1 0xe0e1; do
	says '^[0-9a-f]{8}$' trustx -d "$device" random 4
	trustx -d "$device" cert erase --slot "$slot" 2>erase.err
	grep -q '0xE0E1 was empty already' erase.err || die "slot $slot: $(cat erase.err)"
done

# --quiet keeps what is not data or failure away.
trustx -q -d "$device" cert erase 2>erase.err
[ ! -s erase.err ] || die "not quiet: $(cat erase.err)"
trustx -v -d "$device" cert erase 2>erase.err
grep -q 'opened sim:chip: chip cd16.*, frames of 277 bytes, 400 kHz' erase.err || die "$(cat erase.err)"
