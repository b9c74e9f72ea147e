# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for rows that build for other processors; after lib.sh.

# What fits into the time that every change has; with TRUSTX_LONG=1 all that tests/left-out/qemu-user
# does not name.
quick='^(base|bus-uri|chip-golden|cloud-sigv4|flow-key|pki-cert|provider|sim-bus|story-(info|personalize))$'

GLIBC=2.34 # Debian 12, Ubuntu 22.04, RHEL 9: as the README says

# old_glibc ROW: whether its programs start with a C library that old.
old_glibc() {
	newest=$(grep -a -h -o 'GLIBC_2[0-9.]*' "build/$1"/tool/trustx* | sort -u -V | tail -1)
	say "build/$1 needs $newest"
	[ "$(printf '%s\n' "$newest" "GLIBC_$GLIBC" | sort -V | tail -1)" = "GLIBC_$GLIBC" ] ||
		die "the programs promise to start with glibc $GLIBC"
}

# cross ROW ARCH TRIPLET QEMU: the whole tree with Debian's cross compiler, its tests under qemu-user.
cross() {
	need "$3-gcc" "$4" cmake ninja python3
	sysroot=$(packaging/linux/sysroot "$2") || skip "no libraries for $2"
	say "building into build/$1"
	quietly "build/$1.log" cmake --fresh -S . -B "build/$1" -G Ninja \
		-DCMAKE_TOOLCHAIN_FILE="$PWD/packaging/linux/cross.cmake" -DTRUSTX_TRIPLET="$3" \
		-DTRUSTX_SYSROOT="$sysroot" -DTRUSTX_EMULATOR="$4;-L;$sysroot" -DTRUSTX_WERROR=ON \
		-DTRUSTX_LEFT_OUT="$PWD/tests/left-out/qemu-user"
	quietly "build/$1.log" cmake --build "build/$1"
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

# with_zig ROW TARGET: the programs, static or for macOS, with zig.
with_zig() {
	need cmake ninja python3 make perl dpkg-source
	zig=$(packaging/zig/setup) || skip 'zig cannot be had'
	say "the libraries for $2"
	prefix=$(packaging/zig/deps "$2") || die "no libraries for $2"
	say "building into build/$1"
	# Zig has a cache of its own.
	unset CMAKE_C_COMPILER_LAUNCHER
	case $2 in
	linux-*) set -- "$1" "$2" -DTRUSTX_STATIC=ON ;;
	macos-*) set -- "$1" "$2" -DTRUSTX_HIDAPI_HEADERS=/usr/include/hidapi ;;
	esac
	quietly "build/$1.log" cmake --fresh -S . -B "build/$1" -G Ninja \
		-DCMAKE_TOOLCHAIN_FILE="$PWD/packaging/zig/toolchain.cmake" -DTRUSTX_TARGET="$2" \
		-DTRUSTX_ZIG="$zig" -DTRUSTX_PREFIX="$prefix" -DCMAKE_BUILD_TYPE=MinSizeRel \
		-DTRUSTX_WERROR=ON -DTRUSTX_TESTS=OFF "$3"
	quietly "build/$1.log" cmake --build "build/$1"
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
