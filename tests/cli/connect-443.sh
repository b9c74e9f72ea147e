# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# On port 443 AWS has to be asked for MQTT by ALPN, elsewhere not. In a network of its own, if the
# system lets us have one: there the port is free, and ours.
if [ -z "${OWN_NETWORK:-}" ] && unshare -rn true 2>/dev/null; then
	cd "$TRUSTX_SOURCE"
	rm -rf "$dir"
	OWN_NETWORK=1
	export OWN_NETWORK
	# shellcheck disable=SC2154 # of run-story
	exec unshare -rn "$TRUSTX_SOURCE/tests/cli/run-story" "$story"
fi
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
need_jsonschema
"$python" - "${OWN_NETWORK:-}" <<'END' || skip 'port 443 cannot be had'
import fcntl, socket, struct, sys
with socket.socket() as s:
    if sys.argv[1]:    # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
        fcntl.ioctl(s, 0x8914, struct.pack('16sH14x', b'lo', 0x41))
    s.bind(('127.0.0.1', 443))
END
make_server srv
device thing-0001
trustx cert read -q -o device.pem >/dev/null
for port in 443 8443; do
	free_port() { echo "$port"; }
	start_s_server srv -Verify 1 -partial_chain -verify_return_error -CAfile device.pem \
		-alpn x-amzn-mqtt-ca,x-amzn-http-ca
	refused 3 no-answer 'does not answer CONNECT within 1 s' --timeout 1
	code=0
	grep -a -q 'ALPN protocols selected: x-amzn-mqtt-ca' "s_server.$port.log" || code=$?
	case $port-$code in
	443-0 | 8443-1) ;;
	*) die "port $port: $(cat "s_server.$port.log")" ;;
	esac
done
