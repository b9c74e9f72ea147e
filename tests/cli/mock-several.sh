# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Eight adapters on one computer, each with a chip, all personalized at the same time.
. "$TRUSTX_SOURCE/tests/cli/mock-lib.sh"
trustx ca init -q ca

set --
for n in 0 1 2 3; do
	new_board "i$n"
	new_board "f$n"
	set -- "$@" --i2c "i$n" --ft260 "f$n,serial=F$n"
done

# Without a choice all are named.
fails 3 'F0.*F1.*F2.*F3' mock "$@" trustx -d ft260: info
fails 3 'F0.*F1.*F2.*F3' mock "$@" trustx -d ft260:F4 info

# shellcheck disable=SC2016 # the shell inside knows the nodes
mock "$@" sh -c '
	trustx scan >scan
	for device in "$I2C0" "$I2C1" "$I2C2" "$I2C3" ft260:F0 ft260:F1 ft260:F2 ft260:F3; do
		trustx -q -d "$device" personalize -i "$GOLDEN/config.jsn" --issuer ca:ca >/dev/null \
			2>"err${device##*[-:]}" &
		pids="${pids:-} $!"
	done
	for pid in $pids; do
		wait "$pid" || exit
	done
' || die "exit $?: $(cat err*)"
[ "$(grep -c 'Trust X, UID' scan)" -eq 8 ] || die "$(cat scan)"
for chip in i0 i1 i2 i3 f0 f1 f2 f3; do
	trustx -d "sim:$chip" cert read -q -o device.pem
	openssl verify -CAfile ca/root.pem device.pem >/dev/null || die "$chip: openssl refuses it"
done
says '^Issued: +8 certificates$' trustx ca show ca
