# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for rows that build for other processors; after lib.sh.

# What fits into the time that every change has; with TRUSTX_LONG=1 all that tests/left-out/qemu-user
# does not name.
quick='^(base|bus-uri|chip-golden|cloud-sigv4|flow-key|pki-(name|slot|chain)|provider|sim-bus|story-(dates|personalize))$'

GLIBC=2.34 # Debian 12, Ubuntu 22.04, RHEL 9: as the README says

# old_glibc ROW: whether its programs start with a C library that old.
old_glibc() {
	newest=$(grep -a -h -o 'GLIBC_2[0-9.]*' "build/$1"/tool/trustx* | sort -u -V | tail -1)
	say "build/$1 needs $newest"
	[ "$(printf '%s\n' "$newest" "GLIBC_$GLIBC" | sort -V | tail -1)" = "GLIBC_$GLIBC" ] ||
		die "the programs promise to start with glibc $GLIBC"
}

# cross ROW QEMU: the whole tree with Debian's cross compiler, its tests under qemu-user.
cross() {
	need "$2" python3
	built "$1" tests
	old_glibc "$1"
	test_built "$1"
}

test_built() {
	if [ -n "${TRUSTX_LONG:-}" ]; then
		tested "$1" -LE platform
	else
		tested "$1" -LE platform -R "$quick"
	fi
}

# stories ROW "COMMAND..." STORY...: stories of tests/cli with the programs of build/ROW, run by the
# command; "": by this computer itself.
stories() {
	bin=$PWD/build/$1/tool
	if [ -n "$2" ]; then
		mkdir -p "build/$1/emulated"
		for program in trustx trustx-sim optiga_generate_csr optiga_upload_crt; do
			printf '#!/bin/sh\nexec %s %s "$@"\n' "$2" "$bin/$program" \
				>"build/$1/emulated/$program"
			chmod +x "build/$1/emulated/$program"
		done
		bin=$PWD/build/$1/emulated
	fi
	row=$1
	shift 2
	"$bin/trustx" version
	for story in "$@"; do
		TRUSTX_BIN=$bin TRUSTX_SOURCE=$PWD tests/cli/run-story "$PWD/tests/cli/$story.sh" ||
			die "the story $story failed with the programs of $row"
		say "story $story passed"
	done
}

SIZE_MAX=6000000

# size ROW: of the program, which has to stay small enough for little routers.
size() {
	bytes=$(wc -c <"build/$1/tool/trustx")
	say "build/$1/tool/trustx: $bytes bytes"
	[ "$bytes" -le "$SIZE_MAX" ] || die "that is more than $SIZE_MAX"
}
