# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A chip in another system: programs of Windows with a server on Linux, and the other way round.
. "$TRUSTX_SOURCE/tests/cli/lib.sh"
[ -x "$TRUSTX_NATIVE/trustx-sim" ] || skip 'the programs for this system are not built'
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$dir"' EXIT

# serve PROGRAM: its URI is in $uri.
serve() {
	rm -f chip serve.out
	"$1" serve --listen tcp:127.0.0.1:0 --state chip --clock virtual >serve.out 2>serve.err &
	server=$!
	for _ in $(seq 200); do
		uri=$(sed -n 's/^listening on //p' serve.out | tr -d '\r')
		[ -z "$uri" ] || return 0
		sleep 0.1
	done
	die "the server did not start: $(cat serve.err)"
}

# whole PROGRAM: makes the device at $uri.
whole() {
	"$1" -d "$uri" personalize -i "$GOLDEN/config.jsn" --issuer ca:ca >out 2>err || die "$(cat err)"
	"$1" -d "$uri" personalize -i "$GOLDEN/config.jsn" --issuer ca:ca >out 2>err || die "$(cat err)"
	grep -q 'personalized already; nothing was written' err || die "$(cat err)"
	"$1" -d "$uri" cert read -q -o device.pem
	openssl verify -CAfile ca/root.pem device.pem >verify.out || die "$(cat verify.out)"
	kill "$server"
	wait "$server" || true
}
trustx ca init -q ca
serve "$TRUSTX_NATIVE/trustx-sim"
whole trustx
# Wine shows to Linux what is private with other modes than Linux wants.
chmod -R go= ca
serve trustx-sim
whole "$TRUSTX_NATIVE/trustx"
fails 3 'no server|refused|not reached|cannot be reached|cannot connect' trustx -d "$uri" info
