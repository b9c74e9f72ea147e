# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories in a virtual machine, beside those of tests/cli/lib.sh.
board=
XDG_STATE_HOME=$PWD/state
export XDG_STATE_HOME

# load MODULE...
load() {
	for module in "$@"; do
		modprobe "$module" || die "cannot load $module"
	done
}

# hear: take what the board says, NAME=VALUE, until it says ready or nothing more.
hear() {
	while read -r said <&3; do
		case $said in
		ready=1) return 0 ;;
		[a-z]*=*) eval "$said" ;;
		esac
	done
	return 1
}

# plug [--unplug N] DEVICE[=NODE]...: see board.c. Sets $i2c, $hidraw, $gpiochip to the nodes.
plug() {
	[ -p said ] || mkfifo said
	board --chip chip "$@" >said 2>board.err &
	board=$!
	exec 3<said
	hear || die "board: $(cat board.err)"
}

# gone: the board pulls its devices out, or did so. Sets $requests, and to what the chip counted
# $made and $used.
gone() {
	made=
	kill "$board" 2>/dev/null || true
	hear || true
	wait "$board" || die "board: exit $?: $(cat board.err)"
	[ -n "$made" ] || die "board: no counts"
}

# await PATTERN: until there is such a file. Sets $found.
await() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		for found in $1; do
			[ ! -e "$found" ] || return 0
		done
		usleep 100000
	done
	die "there is no $1"
}

personalize() {
	timeout 120 trustx personalize -i /config.jsn --issuer ca:ca "$@"
}

# whole URI: the whole road through URI, then again, which writes nothing.
whole() {
	personalize -d "$1" >result 2>err || die "$1: exit $?: $(cat err)"
	grep -q 'slot 1 personalized: new key' err || die "$1: $(cat err)"
	timeout 120 trustx -d "$1" cert read -q -o device.pem 2>err || die "$1: $(cat err)"
	timeout 120 trustx -d "$1" cert verify --ca ca/root.pem device.pem >result 2>err ||
		die "$1: $(cat err)"
	grep -q '^Chain: *ends at a certificate of --ca' result || die "$1: $(cat result)"
	personalize -d "$1" >result 2>err || die "$1: exit $?: $(cat err)"
	grep -q 'personalized already; nothing was written' err || die "$1: $(cat err)"
}
