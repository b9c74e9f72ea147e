# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Why not: what is wrong before MQTT begins. Servers: mosquitto, OpenSSL's s_server, broker.py.
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
need_jsonschema
make_server srv
device thing-0001

# Nobody there.
fails 2 'no endpoint' trustx connect --endpoint 'a host'
fails 2 'no endpoint' trustx connect --endpoint 'localhost:99999'
fails 6 'name it: --endpoint' trustx connect --region eu-central-1
fails 2 'timeout' trustx connect --endpoint localhost --timeout 0
fails 2 'mqtt' trustx connect --endpoint localhost --mqtt 4
fails 2 'port' trustx connect --endpoint localhost --port 0
fails 2 'cafile' trustx connect --endpoint localhost --cafile chip
fails 3 'there is no host no-such-host\.invalid|no name server' timeout 30 trustx connect \
	--endpoint no-such-host.invalid --timeout 3
port=$(free_port)
refused 3 not-reached 'localhost port [0-9]+: Connection refused'
! grep -q doctor json.out || die 'the chip is not to blame'

# Somebody there who does not speak TLS, or breaks off.
start_broker mute
begin=$(date +%s)
refused 3 no-answer 'does not answer in TLS within 1 s' --timeout 1
[ $(($(date +%s) - begin)) -lt 10 ] || die 'the time is not kept'
start_broker text
refused 3 not-tls 'does not speak TLS'
start_broker hang-up
refused 6 closed-in-tls 'hung up in the middle of the TLS handshake'
for alert in 42:certificate-bad 45:certificate-expired 46:certificate-unknown 49:certificate-denied \
	40:tls-alert 116:certificate-missing 120:no-protocol; do
	start_broker "alert=${alert%:*}"
	refused 6 "${alert#*:}" "alert ${alert%:*}, "
done

# The server's certificate.
start_broker silent
fails 5 "not under Amazon's roots.*its issuer is CN=test server CA" timeout 30 trustx connect \
	--endpoint "localhost:$port"
code=0
timeout 30 trustx connect --json --endpoint "localhost:$port" >json.out 2>json.err || code=$?
[ "$code" -eq 5 ] || die "$(cat json.out)"
[ "$(member cause)" = server-untrusted ] || die "$(cat json.out)"
[ "$(member server.issuer)" = 'CN=test server CA' ] || die "$(cat json.out)"
fails 5 'not under the roots of --cafile' visit --cafile ca/root.pem
make_server old 20200101000000Z 20210101000000Z
start_broker silent old
refused 5 server-dates 'has expired on 2021-01-01 00:00:00 UTC, and this computer.s clock says 20'
make_server early 20480101000000Z 20490101000000Z
start_broker silent early
refused 5 server-dates 'valid only from 2048-01-01 00:00:00 UTC, and this computer'
san=another.example make_server other
start_broker silent other
refused 5 server-name 'CN=other\) is not for localhost'

# The chip's certificate, at mosquitto: of an unknown CA, and revoked.
cp ca/root.pem known.pem
start_mosquitto
rm -rf ca
device thing-0001
refused 6 certificate-ca-unknown 'does not trust the issuer.*alert 48'
stop_servers
# crl: of what srv-ca revoked so far.
crl() {
	SAN='' openssl ca -config srv-ca.cnf -cert srv-ca.pem -keyfile srv-ca.key "$@" 2>crl.log ||
		die "$(cat crl.log)"
}
trustx cert read -q -o device.pem >/dev/null
trustx csr create -q --subject CN=thing-0001 -o device.csr
sign device.csr ours.pem
trustx cert write -q --replace-cert ours.pem >/dev/null
crl -gencrl -crldays 30 -out crl.pem
devices=srv-ca.pem start_mosquitto "crlfile $PWD/crl.pem"
visit -q >/dev/null
stop_servers
crl -revoke ours.pem
crl -gencrl -crldays 30 -out crl.pem
devices=srv-ca.pem start_mosquitto "crlfile $PWD/crl.pem"
refused 6 certificate-revoked 'revoked.*alert 44'

# A chip that fails while TLS waits for its signature is to blame, and nobody else.
start_broker silent
cp chip weak
refused 3 chip 'sign for TLS with 0xE0F1.*doctor -d' -d 'sim:weak?cut=3'

# As AWS trusts: this leaf, whoever signed it; the host's full name; ALPN.
trust="-Verify 1 -partial_chain -verify_return_error"
names="-cert2 srv.pem -key2 srv.key -servername localhost -servername_fatal"
# shellcheck disable=SC2086 # lists of options
start_s_server srv $trust -CAfile ours.pem -alpn x-amzn-mqtt-ca,x-amzn-http-ca
refused 3 no-answer 'does not answer CONNECT within 1 s' --timeout 1 --alpn x-amzn-mqtt-ca
grep -a -q 'ALPN protocols selected: x-amzn-mqtt-ca' "s_server.$port.log" || die 'no ALPN'
# shellcheck disable=SC2086
start_s_server srv $trust $names -CAfile ours.pem
refused 3 no-answer 'does not answer CONNECT within 1 s' --timeout 1
grep -a -q 'Hostname in TLS extension: "localhost"' "s_server.$port.log" || die 'no SNI'
# shellcheck disable=SC2086
start_s_server srv $trust -CAfile ours.pem -tls1_2
refused 3 no-answer 'does not answer CONNECT within 1 s' --timeout 1
[ "$(member tls.version)" = TLSv1.2 ] || die "$(cat json.out)"
# shellcheck disable=SC2086
start_s_server srv $trust -CAfile device.pem
refused 6 certificate-ca-unknown 'alert 48'
# shellcheck disable=SC2086
start_s_server srv $trust -CAfile ours.pem -cert2 srv.pem -key2 srv.key -servername other.example \
	-servername_fatal
refused 6 endpoint-unknown 'alert 112'
start_s_server srv -CAfile ours.pem -cipher 'ALL:@SECLEVEL=0' -tls1_1
code=0
visit >out 2>err || code=$?
[ "$code" -eq 3 ] || [ "$code" -eq 6 ] || die "TLS 1.1: exit $code: $(cat err)"

# What can be seen here needs no server.
sign device.csr past.pem 20200101000000Z 20210101000000Z
openssl x509 -in past.pem -outform DER -out past.der
trustx cert erase -q
trustx object write -q e0e1 -i past.der --foreign-cert
refused 5 chip-certificate-dates '2021-01-01'
fails 5 'slot 2 of the chip: empty' visit --slot 2
trustx personalize -q --slot 3 --subject 'CN=not a thing' --issuer ca:ca >/dev/null
refused 2 thing-name "'not a thing', is no name of a thing" --slot 3
refused 2 thing-name 'is no name of a thing' --slot 3 --thing 'a/b'
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout x.key -out x.csr \
	-subj /CN=thing-0001 2>/dev/null
sign x.csr x.pem
trustx cert write -q --replace-cert --foreign-cert x.pem >/dev/null
refused 5 chip-certificate 'certificate is for another key|differs|another key'
