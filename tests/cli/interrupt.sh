# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Ctrl-C: exit 130, nothing half done, the next run continues.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca

# A background job of a shell ignores SIGINT; env gives it back.
interrupted() {
	file=$1
	shift
	"$@" >out 2>err &
	job=$!
	for _ in $(seq 100); do
		[ ! -e "$file" ] || break
		sleep 0.05
	done
	kill -INT "$job"
	code=0
	wait "$job" || code=$?
	[ "$code" -eq 130 ] || die "$*: exit $code: $(cat err)"
}

cat >slow <<'END'
#!/bin/sh
: >started
cat >/dev/null
sleep 100 &
echo $! >child
wait
END
chmod +x slow
# At once: the issuer is ended, with all that it started.
begin=$(date +%s)
interrupted started env --default-signal=INT trustx personalize --subject CN=a --issuer exec:./slow
[ $(($(date +%s) - begin)) -lt 10 ] || die 'it waited for the issuer'
[ ! -e child ] || ! grep -q '(sleep) [^ZX]' "/proc/$(cat child)/stat" 2>/dev/null || die 'the issuer still runs'
[ -z "$(find state -name '*.csr.*' -o -name '*.room')" ] || die 'remains in the state directory'
grep -q '^trustx: personalize: interrupted' err || die "$(cat err)"
grep -q 'next: .*again' err || die "$(cat err)"
[ "$(count made)" -eq 1 ] || die 'one key must be made'
trustx personalize -q --subject CN=a --issuer ca:ca >/dev/null
[ "$(count made)" -eq 1 ] || die 'a second key was made'

# Between chip commands: nothing is written. The chip's lock is the sign that the run has begun.
rm -f chip.lock
interrupted chip.lock env --default-signal=INT trustx -d 'sim:chip?clock=real' random 1048576 -o bytes
[ ! -e bytes ] || die 'half a file'
[ -z "$(find . -name 'bytes*')" ] || die 'a temporary file is left'
