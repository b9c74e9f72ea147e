# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for rows that build for other processors; after lib.sh.

# What fits into the time that every change has; with TRUSTX_LONG=1 all that tests/left-out/qemu-user
# does not name.
quick='^(base|bus-uri|bus-chip|chip-(golden|chain|commands|m|sim)|cloud-(sigv4|policy)|provider|pki-.*'
quick="$quick|flow-(parts|device|key|cert)|sim-(bus|keys|image)|story-(info|csr|personalize|compat-csr))\$"

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
	test_built "$1"
}

test_built() {
	set -- --test-dir "build/$1" --output-on-failure --no-tests=error -j "$(cores)" -LE platform
	[ -n "${TRUSTX_LONG:-}" ] || set -- "$@" -R "$quick"
	ctest "$@"
}
