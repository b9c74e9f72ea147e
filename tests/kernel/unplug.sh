# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories that pull an adapter out, with the chip that it feeds.

# fresh: a chip as it came from the factory, the host knows nothing of it.
fresh() {
	[ -f factory ] || trustx sim new factory >/dev/null
	[ -d ca ] || trustx ca init -q ca
	rm -rf state chip
	cp factory chip
}

# moments SEED TIMES LAST
moments() {
	awk -v seed="$1" -v times="$2" -v last="$3" 'BEGIN {
		srand(seed)
		while (times-- > 0) print 1 + int(rand() * last)
	}'
}

# broken_run: how it ended must be told: exit 3 and that the adapter has gone, or that all was done.
broken_run() {
	code=0
	personalize -d "$(eval "echo \"$uri\"")" >result 2>err || code=$?
	case $code in
	3)
		grep -q '^trustx: .*: the adapter .*gone' err ||
			die "pulled out at request $moment: $(cat err)"
		! grep -q 'not implemented' err || die "$(cat err)"
		broken=$((broken + 1))
		;;
	0) grep -q 'slot 1 personalized' err || die "exit 0: $(cat err)" ;;
	*) die "pulled out at request $moment: exit $code: $(cat err)" ;;
	esac
}

whole_run() {
	personalize -d "$(eval "echo \"$uri\"")" >result 2>err || die "exit $?: $(cat err)"
}

# pull_out_at MOMENT
pull_out_at() {
	moment=$1
	fresh
	plug --unplug "$moment" "$device"
	broken_run
	gone
	first=$made
	plug "$device"
	whole_run
	gone
	[ "$first" -le 1 ] && [ $((made - first)) -le 1 ] ||
		die "pulled out at request $moment: $made keys made"
}

# pull_out SEED DEVICE URI [TIMES]: at random moments of a run, which are requests of the USB host. The
# next run finishes, and no run makes more than one key. In URI, names of plug are expanded when needed.
pull_out() {
	device=$2 uri=$3 broken=0 times=${4:-25}
	[ -z "$TRUSTX_LONG" ] || times=50
	fresh
	plug "$device"
	whole_run
	gone
	last=$requests
	# Other moments on each kernel: with two of them that is 50 in all.
	for moment in $(moments "$1$(uname -r | cut -d. -f2)" "$times" "$last"); do
		pull_out_at "$moment"
	done
	echo "pulled out $times times within $last requests, broke $broken runs"
	[ $((broken * 10)) -ge $((times * 8)) ] || die 'most moments must be within the run'
}
