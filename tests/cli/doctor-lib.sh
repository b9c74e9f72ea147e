# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories about trustx doctor.

# names CAUSE CODE COMMAND...: the doctor's command ends in this cause, with one remedy that can be
# typed, and exactly this exit code. What it says is in names.out and names.err.
names() {
	cause=$1 want=$2
	shift 2
	code=0
	"$@" >names.out 2>names.err || code=$?
	grep -q "^trustx: $cause: " names.err || die "$*: not $cause: $(cat names.out names.err)"
	[ "$code" -eq "$want" ] || die "$*: exit $code, want $want: $(cat names.out names.err)"
	grep -q '^  next: [a-zA-Z].*: [^ ]' names.err || die "$*: no remedy: $(cat names.err)"
	! grep -q '[{}]' names.err || die "$*: a word is missing: $(cat names.err)"
	[ "$(grep -c '  fault  ' names.out)" -ge 1 ] || die "$*: no layer is at fault: $(cat names.out)"
	[ "$(wc -l <names.out)" -eq 16 ] || die "$*: not every layer is there: $(cat names.out)"
}

# remedy TEXT: the last one is exactly this command.
remedy() {
	grep -q -F -- ": $1" names.err || die "the remedy is not '$1': $(cat names.err)"
}

# at LAYER: the last fault was there.
at() {
	grep -q "^$1  *fault  " names.out || die "the fault is not at $1: $(cat names.out)"
}

# healthy COMMAND...: the doctor finds nothing.
healthy() {
	"$@" >names.out 2>names.err || die "$*: exit $?: $(cat names.out names.err)"
	grep -q '^nothing is wrong' names.err || die "$*: $(cat names.err)"
	! grep -q '  fault  ' names.out || die "$*: $(cat names.out)"
}
