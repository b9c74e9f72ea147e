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
	quietly "build/$1.log" cmake -S . -B "build/$1" -G Ninja \
		-DCMAKE_TOOLCHAIN_FILE="$PWD/packaging/linux/cross.cmake" -DTRUSTX_TRIPLET="$3" \
		-DTRUSTX_SYSROOT="$sysroot" -DTRUSTX_EMULATOR="$4;-L;$sysroot" -DTRUSTX_WERROR=ON \
		-DTRUSTX_LEFT_OUT="$PWD/tests/left-out/qemu-user"
	quietly "build/$1.log" cmake --build "build/$1"
	old_glibc "$1"
	test_built "$1"
}

test_built() {
	set -- --test-dir "build/$1" --output-on-failure --no-tests=error -j "$(cores)" -LE platform
	[ -n "${TRUSTX_LONG:-}" ] || set -- "$@" -R "$quick"
	ctest "$@"
}
