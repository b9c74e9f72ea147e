# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories about the server.

TOOLS=$TRUSTX_SOURCE/tests/tools
command -v python3 >/dev/null 2>&1 || skip 'python3 is not installed'

# serve OPTION...: start a server in the background; its URI is then in $uri, its pid in $server.
serve() {
	: >serve.out
	trustx-sim serve "$@" >serve.out 2>serve.err &
	server=$!
	trap 'kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
	uri=
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		uri=$(sed -n 's/^listening on //p' serve.out)
		[ -z "$uri" ] || return 0
		kill -0 "$server" 2>/dev/null || break
		sleep 0.25
	done
	die "the server did not start: $(cat serve.err)"
}

# end_server SIGNAL: it must end by itself, with exit 0 and nothing more to say.
end_server() {
	kill "-$1" "$server"
	code=0
	wait "$server" || code=$?
	trap 'rm -rf "$dir"' EXIT
	[ "$code" -eq 0 ] || die "the server ended with $code: $(cat serve.err)"
}

rules() {
	python3 "$TOOLS/serve_rules.py" "$@" || die "see above; the server says: $(cat serve.err)"
}
