# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# personalize is killed, after each of its steps and at random instants: the next run continues.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
trustx ca init -q ca

personalize() {
	trustx "$@" personalize --subject CN=device --issuer ca:ca
}

# The chip was not made to make two keys, and the next run finishes it.
continues() {
	personalize -q >/dev/null 2>err || die "after $1: $(cat err)"
	[ "$(count made)" -eq 1 ] || die "after $1: $(count made) keys"
	trustx info | grep -q '^Slot 1 *certificate fits' || die "after $1: not finished"
	[ -z "$(find "$XDG_STATE_HOME" -name '*.csr' -o -name '*.crt')" ] || die "after $1: files are left"
	says '' trustx ca show ca
}

start_over() {
	new_chip
	rm -rf "$XDG_STATE_HOME"
}

# The reader of its steps goes away after the n-th: SIGPIPE kills it where the next one begins.
for step in 1 2 3 4 5 6 7 8 9; do
	start_over
	{ personalize -v 2>&1 >/dev/null || true; } | head -n $step >/dev/null
	continues "step $step"
done

# The issuer kills it: the certificate is issued, and nobody has it.
start_over
cat >killer <<'END'
#!/bin/sh
cat >killer.csr
TRUSTX_DEVICE= trustx ca sign -q ca -i killer.csr >/dev/null
kill -9 $PPID
END
chmod +x killer
trustx personalize -q --subject CN=device --issuer exec:./killer >/dev/null 2>&1 && die 'not killed'
continues 'the issue'

# Random instants, many times on one chip, until it gets through.
rounds=${TRUSTX_LONG:+20}
for round in $(seq "${rounds:-3}"); do
	start_over
	for ms in 1 3 5 8 11 14 17 20 24 28 33 40 60 90; do
		timeout -s KILL "0.$(printf '%03d' $((ms + round % 3)))" \
			trustx -q personalize --subject CN=device --issuer ca:ca >/dev/null 2>&1 || true
		[ "$(count made)" -le 1 ] || die "round $round, $ms ms: two keys"
	done
	continues "round $round"
done
