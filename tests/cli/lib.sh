# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories. Every story runs under set -eu.

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# fails CODE REGEX COMMAND...: the command must exit with CODE and say REGEX (ERE) on stderr.
fails() {
	want=$1 regex=$2
	shift 2
	code=0
	"$@" >fails.out 2>fails.err || code=$?
	[ "$code" -eq "$want" ] || die "$*: exit $code, want $want; stderr: $(cat fails.err)"
	grep -E -q -- "$regex" fails.err || die "$*: stderr has no /$regex/: $(cat fails.err)"
}

# says REGEX COMMAND...: the command must succeed and say REGEX on stdout.
says() {
	regex=$1
	shift
	"$@" >says.out 2>says.err || die "$*: exit $?; stderr: $(cat says.err)"
	grep -E -q -- "$regex" says.out || die "$*: stdout has no /$regex/: $(cat says.out)"
}

# skip REASON: the tool for this test is absent.
skip() {
	printf 'SKIPPED: %s\n' "$*"
	[ "${TRUSTX_REQUIRE_ALL:-}" = 1 ] && exit 1
	exit 77
}

# here PART: whether this part of a story runs on the system that is tested. Parts that do not stand
# in the list tests/left-out/SYSTEM, with their reasons; on Linux everything runs.
here() {
	[ -f "${TRUSTX_LEFT_OUT:-}" ] || return 0
	! grep -q "^$1 " "$TRUSTX_LEFT_OUT"
}

# has_mode MODE FILE: where files have modes.
has_mode() {
	! here modes || [ "$(stat -c %a "$2")" = "$1" ]
}

# on_linux: the path on standard input, which Windows may have written, as Linux has it.
on_linux() {
	sed 's/^Z://; s/\\/\//g'
}

# need_terminal: containers without /dev/pts cannot make one.
need_terminal() {
	python3 -c 'import pty; pty.openpty()' 2>/dev/null || skip 'no pseudo-terminal: /dev/pts is not mounted'
}
