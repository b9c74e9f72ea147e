# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories in a virtual machine, beside those of tests/cli/lib.sh.
board=

# load MODULE...
load() {
	for module in "$@"; do
		modprobe "$module" || die "cannot load $module"
	done
}

# plug [--unplug N] DEVICE[=NODE]...: see board.c. Sets $i2c, $hidraw, $gpiochip to the nodes.
plug() {
	: >nodes
	board --chip chip "$@" >nodes 2>board.err &
	board=$!
	until grep -q '^ready=' nodes; do
		kill -0 "$board" 2>/dev/null || die "board ended: $(cat board.err)"
		usleep 10000
	done
	. ./nodes
}

# gone: the board pulls its devices out, or did so. Sets $requests.
gone() {
	kill "$board" 2>/dev/null || true
	wait "$board" || die "board: exit $?: $(cat board.err)"
	requests=
	. ./nodes
	[ -n "$requests" ] || die 'board: no count of requests'
}

# count made and count used: how many keys slot 1 made, how often its key was used.
count() {
	trustx sim info chip | awk -v label="$1" '$1 == "Keys" && $2 == label ":" { print $4 }'
}

personalize() {
	timeout 120 trustx personalize -i /config.jsn --issuer ca:ca "$@"
}

# whole URI: the whole road through URI, then again, which writes nothing.
whole() {
	personalize -d "$1" >result 2>err || die "$1: exit $?: $(cat err)"
	grep -q 'slot 1 personalized: new key' err || die "$1: $(cat err)"
	timeout 120 trustx -d "$1" cert read -q -o device.pem 2>err || die "$1: $(cat err)"
	timeout 120 trustx -d "$1" cert verify -q --ca ca/root.pem device.pem 2>err ||
		die "$1: $(cat err)"
	personalize -d "$1" >result 2>err || die "$1: exit $?: $(cat err)"
	grep -q 'personalized already; nothing was written' err || die "$1: $(cat err)"
}
