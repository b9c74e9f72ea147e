# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Record, show, redact, replay.

# The published exchange that opens the application and reads the UID.
trustx trace show "$GOLDEN/open-read-uid.trace" >shown
cmp shown "$GOLDEN/open-read-uid.txt" || die "$(diff shown "$GOLDEN/open-read-uid.txt")"
trustx trace show - <"$GOLDEN/open-read-uid.trace" | cmp - shown

# A trace that was cut off is shown up to there.
head -c 600 "$GOLDEN/open-read-uid.trace" >cut.trace
trustx trace show cut.trace >cut.txt 2>cut.err
lines=$(wc -l <cut.txt)
head -n "$lines" shown | cmp - cut.txt
grep -q 'the last record was cut off' cut.err || die "$(cat cut.err)"

fails 2 'read missing: there is no file missing' trustx trace show missing
fails 2 'read cut.txt: it is not a trace of trustx' trustx trace show cut.txt
{
	cat "$GOLDEN/open-read-uid.trace"
	echo nonsense
} >bad.trace
fails 2 'read bad.trace: line 20: not a record of a trace' trustx trace show bad.trace
fails 2 'redact bad.trace: line 20: not a record of a trace' trustx trace redact bad.trace -o x
[ ! -e x ] || die 'a trace that is not sound was redacted'
fails 2 'trace redact: --out is missing' trustx trace redact cut.trace
fails 2 '--pcapng - and --json both want standard output' \
	trustx trace show cut.trace --pcapng - --json

# A recorded run, a secret in it, which not everybody may read.
trustx sim new chip --json >chip.json
uid=$(sed 's/.*"uid":"\([0-9a-f]*\)".*/\1/' chip.json)
trustx -d sim:chip object metadata f1d0 --set 'read=LcsO < operational' --confirm "$uid" >changed
printf 'correct horse battery staple' >secret
trustx -d 'trace:run%3A1.trace:sim:chip' object write f1d0 -i secret
trustx -d 'trace:run%3A1.trace:sim:chip' object read f1d0 -o back
cmp secret back
mv run:1.trace run.trace
has_mode 600 run.trace || die 'the trace is not private'
secret_hex=$(od -An -tx1 secret | tr -d ' \n')
grep -q "$secret_hex" run.trace || die 'the secret was not recorded'
says 'SetDataObject erase and write 0xF1D0 at 0, 28 bytes' trustx trace show run.trace
says 'GetDataObject 0xF1D0: ok, 28 bytes' trustx trace show run.trace
says '^session 2$' trustx trace show run.trace

# What somebody else may see: no four bytes of the secret.
trustx trace redact run.trace -o public.trace
at=0
while [ "$at" -lt $((${#secret_hex} - 7)) ]; do
	window=$(printf %s "$secret_hex" | cut -c $((at + 1))-$((at + 8)))
	! grep -q "$window" public.trace || die "the redacted trace holds $window"
	at=$((at + 2))
done
trustx trace show run.trace | sed 's/^\(session .*\)/\1, redacted/' >run.txt
trustx trace show public.trace | cmp - run.txt
fails 2 "open the device 'play:public.trace': the trace is redacted" \
	trustx -d play:public.trace info
fails 7 'is a redacted trace' trustx -d trace:public.trace:sim:chip info

# The same bytes where everybody may read them are no secret.
trustx -d trace:open.trace:sim:chip object write f1d1 -i secret
trustx trace redact open.trace -o open.public
grep -q "$secret_hex" open.public || die 'what everybody may read is blanked'

# A replay does what was recorded, and nothing else.
trustx -d trace:one.trace:sim:chip object read e0c2 >one
trustx -d play:one.trace object read e0c2 | cmp - one
fails 3 'a trace replays only what it recorded' trustx -d play:one.trace object read e0c5

# For Wireshark.
trustx trace show run.trace --pcapng run.pcapng
has_mode 600 run.pcapng || die 'what holds secrets is not private'
trustx trace show run.trace --pcapng - | cmp - run.pcapng
packets=$(python3 "$TRUSTX_SOURCE/tests/tools/check_pcapng.py" run.pcapng run.trace)
[ "$packets" -gt 50 ] || die "only $packets packets"
