# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Devices that work, at mosquitto: versions of TLS and MQTT, curves, ALPN.
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
need_jsonschema
make_server srv
device thing-0001
start_mosquitto
used=$(count used)
says '^TLS: +TLSv1\.3, TLS_' visit
grep -q '^Thing: *thing-0001$' says.out || die "$(cat says.out)"
grep -q '^Server: *CN=srv$' says.out || die "$(cat says.out)"
grep -q '^Its issuer: *CN=test server CA$' says.out || die "$(cat says.out)"
grep -q '^Chip: .* virtual clock' says.out || die "$(cat says.out)"
grep -q '^Message: *dt/thing-0001/selftest: sent and received' says.out || die "$(cat says.out)"
grep -q 'thing-0001 works' says.err || die "$(cat says.err)"
[ "$(count used)" -eq $((used + 2)) ] || die 'one key use for the check, one for TLS'
unchanged visit -q >/dev/null

# The chip's share: by its own clock that is virtual, and in time that passes.
json 0 visit
[ "$(member tls.chip_clock_virtual)" = true ] || die 'not virtual'
[ "$(member tls.chip_us)" -gt 10000 ] || die "no time for a signature: $(cat json.out)"
json 0 visit -d 'sim:chip?clock=real'
[ "$(member tls.chip_clock_virtual)" = false ] || die 'not real'
[ "$(member tls.chip_us)" -gt 10000 ] || die "no time for a signature: $(cat json.out)"
[ "$(member tls.handshake_us)" -gt "$(member tls.chip_us)" ] || die 'a part longer than the whole'

# MQTT 3.1.1, ALPN as on port 443, a name of one's own, a port beside the host.
visit -q --mqtt 3.1.1 >/dev/null
visit -q --alpn x-amzn-mqtt-ca >/dev/null
timeout 30 trustx connect -q --endpoint localhost --port "$port" --cafile srv-ca.pem >/dev/null
says '^Thing: +thing-0001' visit --thing thing-0001

# TLS 1.2, as old brokers have it.
stop_servers
cat >tls12.cnf <<'END'
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = old
[old]
MaxProtocol = TLSv1.2
END
OPENSSL_CONF=$PWD/tls12.cnf
export OPENSSL_CONF
start_mosquitto
unset OPENSSL_CONF
says '^TLS: +TLSv1\.2, ECDHE-ECDSA' visit

# P-384, in a slot of its own.
trustx personalize -q --slot 2 --curve p384 --subject CN=thing-0002 --issuer ca:ca >/dev/null
says '^Thing: +thing-0002' visit --slot 2
json 0 visit --slot 2
[ "$(member tls.version)" = TLSv1.2 ] || die "$(cat json.out)"
stop_servers
start_mosquitto
says '^TLS: +TLSv1\.3' visit --slot 2

# Other messages on the topic are not the own one.
start_broker noise
visit -q >/dev/null
visit -q --mqtt 3.1.1 >/dev/null
