# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# doctor and scan with simulated chips, alone, behind a server, and with something wrong between.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
. "$TRUSTX_SOURCE/tests/cli/doctor-lib.sh"
need_jsonschema
new_chip

# stop: whatever runs in the background, by its pid; a server ends well at SIGTERM.
running=
stop() {
	for pid in $running; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	running=
}
trap 'stop; rm -rf "$dir"' EXIT

# wait_for FILE REGEX
wait_for() {
	for _ in $(seq 100); do
		grep -q "$2" "$1" 2>/dev/null && return
		sleep 0.1
	done
	die "$1 never said $2: $(cat "$1")"
}

# serve NAME: the chip in the file chip at unix:NAME.
serve() {
	trustx sim serve --listen "unix:$1" --state chip --clock virtual >serve.out 2>serve.err &
	running="$running $!"
	wait_for serve.out '^listening on'
}

# strange KIND: the chip at unix:KIND, with something wrong in between.
strange() {
	python3 "$TRUSTX_SOURCE/tests/tools/strange_bus.py" "$1" unix:good "$1" >"$1.out" 2>"$1.err" &
	running="$running $!"
	wait_for "$1.out" '^ready'
}

# ---- healthy ----
healthy trustx doctor
[ "$(grep -c '  ok  ' names.out)" -ge 11 ] || die "too little was checked: $(cat names.out)"
unchanged healthy trustx doctor
[ "$(trustx sim info chip | sed -n 's/^Keys used: *//p')" = '0 0 0 0 (slots 0 to 3)' ] || die 'a key was used'
healthy trustx doctor -d 'sim:chip?nack=50000'
json 0 trustx doctor
[ "$(member uid)" = "$(uid)" ] || die 'not the UID'
[ "$(member layers.8.layer)/$(member layers.8.state)" = state/ok ] || die "$(cat json.out)"
rm -f m
healthy trustx doctor -d 'sim:m?profile=trust-m1'
grep -q '^I2C_STATE  .*a Trust M$' names.out || die "not a Trust M: $(cat names.out)"

# ---- what is named ----
names device-malformed 2 trustx doctor -d warp:9
remedy 'trustx scan'
names device-malformed 2 trustx doctor -d 'sim:chip?color=red'
names device-malformed 2 trustx doctor -d tcp:no-port
TRUSTX_DEVICE=warp:9 names device-malformed 2 trustx doctor
grep -q 'TRUSTX_DEVICE: ' names.err || die "who said it: $(cat names.err)"
printf 'no chip' >damaged
names device-unusable 2 trustx doctor -d sim:damaged
remedy 'trustx doctor -d sim:damaged --report report.txt'
names server-silent 3 trustx doctor -d unix:nothing
remedy 'trustx-sim serve --listen unix:nothing --state chip'
names server-silent 3 trustx doctor -d tcp:127.0.0.1:1

# ---- may not be used, is used ----
if [ "$(id -u)" -eq 0 ]; then
	command -v setpriv >/dev/null 2>&1 || skip 'setpriv is not installed'
	chmod 755 . && chmod 600 chip
	as_other='setpriv --reuid=65534 --regid=65534 --clear-groups'
	$as_other test -x "$TRUSTX_BIN/trustx" || skip 'another user cannot reach the programs'
else
	chmod 0 chip
	as_other=
fi
# shellcheck disable=SC2086 # a list of words
names permission-denied 3 $as_other trustx doctor
at permission
chmod 600 chip
serve good
server=$!
mkfifo held.in
names in-use 3 trustx doctor
at lock
remedy "ps -fp $server"

python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); from remote_client import Client
with Client("unix:good"): print("ready", flush=True); sys.stdin.read()' "$TRUSTX_SOURCE/tests/tools" >held.out <held.in &
running="$running $!"
exec 3>held.in
wait_for held.out '^ready'
names client-connected 3 trustx doctor -d unix:good
at lock
exec 3>&-
wait "$!" 2>/dev/null || true

# ---- behind the server ----
healthy trustx doctor -d unix:good
names no-answer 3 trustx doctor -d 'unix:good?addr=0x31'
at address
remedy "trustx scan --all-addresses -d 'unix:good?addr=0x31'"
says "'unix:good\?addr=0x30': something answers" sh -c \
	"trustx scan --all-addresses -d 'unix:good?addr=0x31' || [ \$? -eq 3 ]"
strange foreign
names foreign-device 3 trustx doctor -d unix:foreign
at I2C_STATE
fails 3 'trustx doctor -d unix:foreign' trustx scan -d unix:foreign
grep -q 'no OPTIGA Trust' fails.out || die "scan: $(cat fails.out)"
strange busy
names chip-busy 3 trustx doctor -d unix:busy
strange forgetful
names negotiation-failed 3 trustx doctor -d unix:forgetful
at negotiation
strange slow
names speed-too-high 3 trustx doctor -d unix:slow
remedy "trustx info -d 'unix:slow?speed=100000'"
eval "$(sed -n 's/^  next: .*: trustx/trustx/p' names.err)" >info.out || die 'the remedy does not help'
names speed-too-high 3 trustx doctor -d 'unix:slow?frame=277'
remedy "trustx info -d 'unix:slow?frame=277&speed=100000'"
strange hasty
names speed-above-400 3 trustx doctor -d 'unix:hasty?speed=1000000'
remedy "trustx info -d 'unix:hasty?speed=400000'"
eval "$(sed -n 's/^  next: .*: trustx/trustx/p' names.err)" >info.out || die 'the remedy does not help'
healthy trustx doctor -d unix:hasty
strange limit
names frame-limit 3 trustx doctor -d unix:limit
at 'long frames'
remedy "trustx info -d 'unix:limit?frame=55'"
eval "$(sed -n 's/^  next: .*: trustx/trustx/p' names.err)" >info.out || die 'the remedy does not help'
strange deaf
names link-broken 3 trustx doctor -d unix:deaf
at OpenApplication
strange refused
names application-refused 4 trustx doctor -d unix:refused
at OpenApplication
strange ended
names life-cycle-terminated 4 trustx doctor -d unix:ended
at 'life cycle'
strange stuck
names bus-stuck 3 trustx doctor -d unix:stuck
strange lost
names adapter-failed 3 trustx doctor -d unix:lost
stop
names bus-stuck 3 trustx doctor -d fault:hang=1:sim:chip
names chip-busy 3 trustx doctor -d fault:stuck=1:sim:chip
names no-answer 3 trustx doctor -d fault:nak=1:sim:chip

# ---- the chip itself ----
new_chip
printf '\017' >end
trustx object write -q e0c0 -i end --confirm "$(uid)" >/dev/null
names application-refused 4 trustx doctor
grep -q 'end of its life cycle does this' names.out || die "$(cat names.out)"

# ---- report ----
new_chip
trustx doctor --report report.txt >out 2>err
has_mode 600 report.txt || die 'the report is open to others'
grep -q '^report.txt is written; it contains .*UID and certificate' err || die "what is in it: $(cat err)"
for text in '^trustx [0-9]' "$(uname -r)" '^  OpenApplication  *ok' '^Adapters$' 'OpenApplication param' '^trustx-trace 1 redacted'; do
	grep -q "$text" report.txt || die "the report has no $text"
done
sed -n '/^trustx-trace/,$p' report.txt >redacted
trustx trace show redacted >shown || die 'its trace cannot be read'
grep -q 'GetDataObject' shown || die "its trace is not of the chip: $(cat shown)"
names no-answer 3 trustx doctor -d 'sim:chip?addr=0x31' --report report.txt
grep -q '^  no-answer: ' report.txt || die 'the report has no cause'
names server-silent 3 trustx doctor -d unix:nothing --report report.txt
grep -q '^  server-silent: ' report.txt || die 'the report has no cause'
[ -z "$(ls ./*.trace-* 2>/dev/null)" ] || die 'the raw trace was left'
fails 2 'file of its own' trustx doctor --report -
fails 2 'list examines nothing' trustx doctor --list --report report.txt
fails 1 '' trustx doctor --report no/such/folder/report.txt
odd='a:b%c.txt'
trustx doctor -q --report "$odd" >out
grep -q '^trustx-trace 1 redacted' "$odd" || die "$odd has no trace"
json 0 trustx doctor --report report.txt
[ "$(member report)" = report.txt ] || die "$(cat json.out)"

# ---- scan ----
unchanged says '^sim:chip: Trust X, UID '"$(uid)"', firmware 1118, chip operational, .*TRUSTX_DEVICE' trustx scan
says '^sim:m: Trust M, UID ' trustx scan -d sim:m
says "^'sim:chip\?addr=0x30': the chip" trustx scan --all-addresses
json 0 trustx scan --all-addresses
[ "$(member devices.0.chip.uid)/$(member devices.0.addresses.0.address)" = "$(uid)/0x30" ] || die "$(cat json.out)"
json 3 trustx scan -d unix:nothing
[ "$(member devices.0.state)/$(member error.name)" = unusable/TRUSTX_ERR_NO_DEVICE ] || die "$(cat json.out)"
fails 3 'trustx doctor -d sim:none' trustx scan -d sim:none
[ ! -e none ] || die 'scan made a chip'
cp chip 'a chip'
says '^sim:a%20chip: Trust X, UID '"$(uid)" trustx scan -d sim:a%20chip
json 3 trustx doctor -d unix:nothing
[ "$(member cause.name)/$(member error.code)" = server-silent/3 ] || die "$(cat json.out)"
json 0 trustx doctor --list

# Asking everybody is reading one byte, wherever it is not the chip.
trustx scan --all-addresses -d trace:asked:sim:chip >/dev/null
[ "$(awk '$3 == "read" { print $5 }' asked | sort -u | wc -l)" -eq 112 ] || die 'not every address was asked'
[ -z "$(awk '$3 == "write" && $5 != "30"' asked)" ] || die 'somebody else was written to'
[ -z "$(awk '$3 == "read" && $5 != "30" && $4 == "ok"' asked)" ] || die 'somebody else answered'
trustx doctor -q -d trace:again:sim:chip --report report.txt >/dev/null || die 'a trace of a trace'

# ---- other commands send to the doctor ----
fails 3 'this finds out why: trustx doctor -d unix:nothing$' trustx -d unix:nothing info
fails 3 "this finds out why: trustx doctor -d 'sim:chip\?addr=0x31'\$" trustx -d 'sim:chip?addr=0x31' random 4
! trustx -d warp:9 info 2>err && ! grep -q doctor err || die 'a wrong name is no case for the doctor'
