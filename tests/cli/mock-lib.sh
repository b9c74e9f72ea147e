# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories on a computer with adapters. mock OPTIONS COMMAND...: see tests/mock/mock.c.
# TRUSTX_MOCK is set by CTest where the program could be built.

[ -x "${TRUSTX_MOCK:-}" ] || skip 'libumockdev-dev is not installed: no device nodes to be had'
command -v umockdev-wrapper >/dev/null || skip 'umockdev is not installed: no device nodes to be had'

# umockdev has to be loaded before everything else.
ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
export ASAN_OPTIONS

mock() {
	timeout 120 umockdev-wrapper "$TRUSTX_MOCK" "$@"
}

# new_board FILE: a new chip. It goes to sleep as late as it can: time is here that of a computer with
# other work, and a chip that is asleep at each try would seem not to be there.
new_board() {
	rm -f "$1"
	trustx sim new "$1" >/dev/null
	printf '\377' >delay
	trustx -d "sim:$1" object write e0c3 -i delay 2>delay.err || die "$(cat delay.err)"
}

# i2c KNOBS ARG...: trustx with a chip at an I2C adapter; KNOBS begin with a comma, or are empty.
i2c() {
	knobs=$1
	shift
	# shellcheck disable=SC2016 # the shell inside knows the node
	mock --i2c "chip$knobs" sh -c 'exec trustx -d "$I2C0" "$@"' trustx "$@"
}

# ft260 KNOBS ARG...: the same with an FT260.
ft260() {
	knobs=$1
	shift
	mock --ft260 "chip$knobs" trustx -d "${FT260:-ft260:?via=hidraw}" "$@"
}

# personalize WORD KNOBS ARG...: over i2c or ft260.
personalize() {
	word=$1 knobs=$2
	shift 2
	"$word" "$knobs" personalize -q -i "$GOLDEN/config.jsn" --issuer ca:ca "$@" >result
}

# finished: the chip in the file has one key and a certificate that the CA's root holds.
finished() {
	[ "$(trustx sim info chip | awk '$1 == "Keys" && $2 == "made:" { print $4 }')" -eq 1 ] ||
		die "not one key was made: $(trustx sim info chip)"
	trustx -d sim:chip cert read -q -o device.pem
	openssl verify -CAfile ca/root.pem device.pem >/dev/null || die 'openssl refuses the certificate'
}
