# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The recovery table at the program itself: killed before and after each request, each answer lost in
# each way, and seeded trouble; with the station's rights only. The same command again ends it, and
# every certificate is accounted for. Workers side by side, each with a stand-in of its own: they
# wait most of the time.
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
need_standin
runs=20 workers=10
[ -z "${TRUSTX_LONG:-}" ] || runs=200

# begin NAME: a folder, a stand-in, an account.
begin() {
	trap stop_servers EXIT
	servers=
	mkdir "$1"
	cd "$1" || exit
	XDG_STATE_HOME=$PWD/state
	chips=0
	start_standin --victim victim
	trustx aws setup --group line1 --policy Line1 --thing-type Trust-X --thing-prefix line1- \
		--iam iam >setup.out 2>&1 || die "$1: $(cat setup.out)"
	rights='"iam":'$(cat iam/station.json)
}

# personalize CHIP: the stand-in may kill it.
personalize() {
	# shellcheck disable=SC2086 # options
	timeout 60 sh -c 'echo $$ >victim; exec "$@"' sh trustx -q -d "sim:$1.chip?scale=0" \
		personalize --subject 'CN=line1-{uid},O=Example' --group line1 --thing-type Trust-X $issuer \
		>run.out 2>run.err
}

# finish CHIP: again until it is done, with the codes that a stopped run may have; one key was made.
finish() {
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		code=0
		personalize "$1" || code=$?
		case $code in
		0) break ;;
		6 | 75 | 137) ;;
		*) die "$1, try $try: exit $code: $(cat run.err)" ;;
		esac
	done
	[ "$code" -eq 0 ] || die "$1: not done after $try tries: $(cat run.err)"
	chips=$((chips + 1))
	says '^Keys made: +0 1 0 0 ' trustx sim info "$1.chip"
}

# check: nothing was asked outside the station's rights, and all is accounted for.
check() {
	control '' '{"faults":[],"settle":0}' >/dev/null
	[ "$(state '[e for e in j if e.get("error") in ("AccessDeniedException", "InvalidSignatureException")]')" = '[]' ] ||
		die "refused: $(grep Exception standin.jsonl)"
	"$python" "$aws_tests/accounted.py" "$AWS_URL" "$XDG_STATE_HOME/trustx" "$chips" ||
		die "see above: $PWD; $(grep -c . standin.jsonl) requests"
}

# each_step ISSUER OPERATION: its call that makes a certificate known.
each_step() {
	begin "$2"
	issuer=$1
	trustx ca init CA >ca.out 2>&1 || die "$(cat ca.out)"
	for operation in CreateThing "$2" AttachThingPrincipal AddThingToThingGroup UpdateCertificate; do
		for fault in kill kill-late lost half late-error=500 truncate empty html-late; do
			control '' "{$rights,\"faults\":[\"$fault@$operation#1\"]}" >/dev/null
			name=$operation-$fault
			code=0
			personalize "$name" || code=$?
			case $operation-$fault-$code in
			*-kill*-137 | *-lost-[06] | *-half-[06] | *-late-error=500-[06] | *-html-late-6) ;;
			*-truncate-6 | *-empty-6) ;;
			A*-empty-0 | U*-empty-0) ;; # which is how AWS answers
			*) die "$name: exit $code: $(cat run.err)" ;;
			esac
			finish "$name"
		done
	done
	check
}

# seeds WORKER: every so manieth seed.
seeds() {
	begin "seeds-$1"
	issuer='--issuer aws'
	sleep 0.5
	seed=$1
	while [ "$seed" -le "$runs" ]; do
		control '' "{$rights,\"seed\":$seed,\"settle\":$((seed % 3 * 150)),\"faults\":[\"kill%0.06\",
			\"kill-late%0.06\",\"lost%0.08\",\"half%0.04\",\"late-error=500%0.04\",
			\"error=503%0.05\",\"throttle%0.05\",\"cut%0.04\",\"html%0.02\"]}" >/dev/null
		finish "seed-$seed"
		seed=$((seed + workers))
	done
	check
}

# Without the right to search: what may be there is an orphan whose name nobody knows.
blind() {
	begin blind
	issuer='--issuer aws'
	rights='"iam":'$(sed 's/"iot:ListCertificates"/"iot:DescribeEndpoint"/' iam/station.json)
	control '' "{$rights,\"faults\":[\"lost@CreateCertificateFromCsr#1\"]}" >/dev/null
	code=0
	personalize blind || code=$?
	[ "$code" -eq 6 ] || die "blind: exit $code: $(cat run.err)"
	finish blind
	"$python" "$aws_tests/accounted.py" "$AWS_URL" "$XDG_STATE_HOME/trustx" 1 >blind.out
	[ "$(cat blind.out)" = '1 devices, 1 orphans' ] || die "$(cat blind.out)"
	says 'rphan' trustx -d 'sim:blind.chip?scale=0' aws status
}

(blind) &
first=$!
(each_step '--issuer aws' CreateCertificateFromCsr) &
pids="$first $!"
(each_step '--issuer ca:CA --register' RegisterCertificateWithoutCA) &
pids="$pids $!"
worker=0
while [ "$worker" -lt "$workers" ]; do
	worker=$((worker + 1))
	(seeds "$worker") &
	pids="$pids $!"
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=1
done
[ "$failed" -eq 0 ] || die 'see above'
