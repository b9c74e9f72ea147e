# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories about a chip: TRUSTX_DEVICE is a new simulated one, in the file chip.

TRUSTX_DEVICE=sim:chip
export TRUSTX_DEVICE

# new_chip: another one in its place.
new_chip() {
	rm -f chip
	trustx sim new chip >/dev/null
}

# uid: of the chip, as text.
uid() {
	trustx sim info chip | sed -n 's/^UID: *//p'
}

# made N and used N: how many keys slot 1 made, how often its key was used.
count() {
	trustx sim info chip | awk -v label="$1" '$1 == "Keys" && $2 == label ":" { print $4 }'
}

# sec: the security event counter.
sec() {
	trustx sim info chip | sed -n 's/^Throttling: *security event counter at \([0-9]*\) of 255.*/\1/p'
}

# contents: everything that a chip keeps and lets read, without the counters that always change.
contents() {
	trustx object list
	for object in e0c0 e0e0 e0e1 e0e2 e0e3 f1c0 f1d0; do
		trustx object read $object
	done
	for object in e0f1 e0f2; do
		trustx object metadata $object --raw
	done
}

# unchanged COMMAND...: the contents of the chip are the same afterwards; made is the same too.
unchanged() {
	contents >contents.before
	made_before=$(count made)
	"$@"
	contents >contents.after
	cmp contents.before contents.after || die "$*: the chip has changed"
	[ "$made_before" = "$(count made)" ] || die "$*: a key was made"
}

need_jsonschema() {
	python3 -W ignore -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
}

# json CODE COMMAND...: with --json it exits with CODE and prints one object that its schema allows.
json() {
	want=$1
	shift
	code=0
	"$@" --json >json.out 2>json.err || code=$?
	[ "$code" -eq "$want" ] || die "$* --json: exit $code, want $want; $(cat json.out json.err)"
	[ "$(wc -l <json.out)" -eq 1 ] || die "$* --json: not one line: $(cat json.out)"
	member schema >/dev/null
}

# member PATH: of the last object.
member() {
	python3 -W ignore "$TRUSTX_SOURCE/tests/tools/check_json.py" "$TRUSTX_SOURCE/doc/json" json.out \
		"$1" || die "json.out: $(cat json.out)"
}
