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
	timeout 60 trustx personalize -i /config.jsn --issuer ca:ca "$@"
}

# whole URI: the whole road through URI, then again, which writes nothing.
whole() {
	personalize -d "$1" >result 2>err || die "$1: exit $?: $(cat err)"
	grep -q 'slot 1 personalized: new key' err || die "$1: $(cat err)"
	timeout 60 trustx -d "$1" cert read -q -o device.pem 2>err || die "$1: $(cat err)"
	timeout 60 trustx -d "$1" cert verify --ca ca/root.pem device.pem >result 2>err ||
		die "$1: $(cat err)"
	grep -q '^Chain: *ends at a certificate of --ca' result || die "$1: $(cat result)"
	personalize -d "$1" >result 2>err || die "$1: exit $?: $(cat err)"
	grep -q 'personalized already; nothing was written' err || die "$1: $(cat err)"
}

# healthy FRAME URI...: scan finds the chip at the URI, doctor finds nothing wrong, with frames of
# so many bytes. Without a URI they find it by themselves.
healthy() {
	frame=$1
	shift
	timeout 60 trustx doctor ${1:+-d "$1"} >doctor.out 2>&1 || die "doctor: exit $?: $(cat doctor.out)"
	grep -q '^nothing is wrong' doctor.out || die "doctor: $(cat doctor.out)"
	grep -q "^negotiation  *ok  *frames of $frame bytes" doctor.out || die "$(cat doctor.out)"
	uid=$(sed -n 's/^UID  *ok  *\([0-9a-f]*\),.*/\1/p' doctor.out)
	[ -n "$uid" ] || die "doctor: no UID: $(cat doctor.out)"
	says "Trust X, UID $uid" timeout 60 trustx scan ${1:+-d "$1"}
}

# listed NODE NAME DRIVER: scan lists the adapter and the chip behind it.
listed() {
	says "^'?$1'?: Trust X, UID [0-9a-f]*, .*\($2.*, driver $3\)\$" timeout 60 trustx scan
}

# awake BUS COMMAND...: a chip at rest is woken by its address, which it does not acknowledge then.
awake() {
	i2ctransfer -y "$1" w1@0x30 0x82 2>/dev/null || i2ctransfer -y "$1" w1@0x30 0x82 || die 'it sleeps'
	shift
	"$@"
}

# i2c_tools BUS: other people's programs see the same chip.
i2c_tools() {
	awake "$1" i2cdetect -y -r "$1" 0x30 0x30 >detected || die "i2cdetect: exit $?"
	grep -q '^30: 30 *$' detected || die "i2cdetect: $(cat detected)"
	state=$(awake "$1" i2ctransfer -y "$1" r4@0x30) || die "i2ctransfer: exit $?"
	[ "$state" = '0x08 0x00 0x00 0x00' ] || die "I2C_STATE: $state"
}
