# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for the rows of tests/platforms, which run from the root of the sources, set -eu.

say() {
	printf '==> %s\n' "$*"
}

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# skip REASON: a tool for this row is absent.
skip() {
	printf 'SKIPPED: %s\n' "$*"
	[ "${TRUSTX_REQUIRE_ALL:-}" = 1 ] && exit 1
	exit 77
}

# need TOOL...: or skip the row.
need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || skip "$tool is not installed"
	done
}

# quietly LOG COMMAND...: its output only if it fails.
quietly() {
	log=$1
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 || {
		code=$?
		cat "$log"
		die "failed with exit code $code: $*"
	}
}

# tested ROW CTEST-OPTION...: the tests of build/ROW; of those that fail, what they said.
tested() {
	row=$1
	shift
	log=build/$row.tests
	ctest --test-dir "build/$row" --output-on-failure --no-tests=error -j "$(cores)" "$@" >"$log" 2>&1 || {
		grep -v -E '^ *Start +[0-9]+: | Passed +[0-9.]+ sec$|Not Run \(Disabled\)|\(Disabled\)$' "$log"
		die "tests of build/$row fail"
	}
	sed -n '/tests passed/p' "$log"
}

# built ROW [tests]: what packaging/build makes; with the reason skipped where that lacks a tool.
built() {
	say "building $1"
	rc=0
	reason=$(packaging/build "$@") || rc=$?
	[ "$rc" -ne 77 ] || skip "$reason"
	[ "$rc" -eq 0 ] || die "$1 cannot be built"
}

cores() {
	getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

# What was compiled before is not compiled again, also in another folder.
if command -v ccache >/dev/null 2>&1; then
	CMAKE_C_COMPILER_LAUNCHER=ccache
	: "${CCACHE_DIR:=${XDG_CACHE_HOME:-$HOME/.cache}/trustx/ccache}"
	CCACHE_BASEDIR=$PWD
	CCACHE_NOHASHDIR=1
	export CMAKE_C_COMPILER_LAUNCHER CCACHE_DIR CCACHE_BASEDIR CCACHE_NOHASHDIR
fi
