# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The state directory is lost while the chip makes a key: its public part is given all the same.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
TRUSTX_DEVICE='sim:chip?clock=real&scale=2'

# When the file that reserved room is gone again, the directory is taken away.
take_away() {
	while [ "$(stat -c %Y kept)" = 0 ] || [ -n "$(ls -A kept)" ]; do
		kill -0 "$1" 2>/dev/null || break
	done
	mv kept gone && : >kept
}

# made_and_lost OPTION...: may come too early; then nothing was made, and it is tried again.
made_and_lost() {
	for _ in $(seq 20); do
		new_chip
		rm -rf kept gone
		mkdir -m 700 kept
		touch -d @0 kept
		trustx key generate --state kept "$@" >out 2>err &
		job=$!
		take_away $job
		code=0
		wait $job || code=$?
		[ "$(count made)" -eq 0 ] || [ $code -eq 0 ] || break
	done
	[ $code -eq 1 ] || die "key generate $*: exit $code: $(cat err)"
	[ "$(count made)" -eq 1 ] || die "key generate $*: no key: $(cat err)"
	grep -q 'next: the key was made, its public part was not kept' err || die "$(cat err)"
}

# is_the_key FILE: what the chip signs with.
is_the_key() {
	trustx key public -q --state other -o found.pub
	cmp "$1" found.pub || die "$1 is another key"
	rm -r other
}

made_and_lost
is_the_key out
made_and_lost -o one.pub
is_the_key one.pub
[ ! -s out ] || die "and to standard output, too: $(cat out)"
made_and_lost --json
sed -n '/^-----BEGIN/,/^-----END/p' err >said.pub
is_the_key said.pub
made_and_lost -o /dev/full
grep -q 'No space left' err || die "$(cat err)"
sed -n '/^-----BEGIN/,/^-----END/p' err >said.pub
is_the_key said.pub
