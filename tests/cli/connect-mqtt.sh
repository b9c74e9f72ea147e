# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Why not: what a broker says in MQTT, or leaves unsaid.
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
need_jsonschema
make_server srv
device thing-0001

# mosquitto with rules: for publishing, for receiving, for client ids.
printf 'pattern read dt/%%u/selftest\n' >acl
start_mosquitto
refused 6 publish-denied 'refuses to publish.*[(]135[)]'
grep -q 'iot:Publish on topic/dt/thing-0001/selftest' json.out || die "$(cat json.out)"
refused 6 receive-denied 'did not send it back' --mqtt 3.1.1 --timeout 1
printf 'pattern write dt/%%u/selftest\n' >acl
start_mosquitto
refused 6 receive-denied 'took the message on dt/thing-0001/selftest, but did not send it back' \
	--timeout 1
plugin=$(find /usr/lib -name mosquitto_dynamic_security.so 2>/dev/null | head -1)
[ -n "$plugin" ] || skip 'mosquitto has no mosquitto_dynamic_security.so'
cat >dynamic.json <<'END'
{"defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true, "subscribe": false,
 "unsubscribe": true}, "clients": [{"username": "thing-0001"}]}
END
rules="plugin $plugin" start_mosquitto "plugin_opt_config_file $PWD/dynamic.json"
refused 6 subscribe-denied 'refuses to subscribe.*[(]135[)]'
refused 6 subscribe-denied 'refuses to subscribe.*[(]128[)]' --mqtt 3.1.1
rm acl
start_mosquitto 'clientid_prefixes line1-'
refused 6 connect-denied 'refuses to connect.*[(]135[)]'
grep -q 'iot:Connect on client/thing-0001' json.out || die "$(cat json.out)"
refused 6 connect-denied 'refuses to connect.*[(]5[)]' --mqtt 3.1.1
stop_servers

# What AWS does and mosquitto does not.
# told MODE CODE CAUSE REGEX [OPTION...]
told() {
	start_broker "$1"
	shift
	refused "$@"
	stop_servers
}
told silent 3 no-answer 'does not answer CONNECT within 1 s' --timeout 1
told close 6 closed-without-connack 'hung up without an answer to CONNECT as thing-0001'
told bad 6 closed-without-connack 'hung up without an answer|broke'
told connack=7 6 connect-denied 'refuses to connect.*[(]7[)]' --mqtt 3.1.1
told connack=2 6 client-id 'client id thing-0001' --mqtt 3.1.1
told connack=133 6 client-id 'client id thing-0001'
told connack=1 3 mqtt-version 'does not speak MQTT 3\.1\.1' --mqtt 3.1.1
told connack=132 3 mqtt-version 'does not speak MQTT 5'
told connack=136 6 connect-refused '[(]136[)]'
told suback=135 6 subscribe-denied 'refuses to subscribe.*[(]135[)]'
grep -q 'topicfilter/dt/thing-0001/selftest' json.out || die "$(cat json.out)"
told suback=128 6 subscribe-denied 'refuses to subscribe.*[(]128[)]' --mqtt 3.1.1
told close-subscribe 6 subscribe-denied 'hung up when to subscribe was asked for'
told puback=151 6 publish-denied '[(]151[)]'
told close-publish 6 publish-denied 'hung up when to publish was asked for' --mqtt 3.1.1
told disconnect=142 6 client-id-taken 'another client connected'
told disconnect=152 6 disconnected '[(]152[)]'
told drop 6 receive-denied 'did not send it back' --timeout 1
told no-client 5 certificate-not-asked 'did not ask for the chip'

# Ctrl-C ends it at once.
start_broker silent
env --default-signal=INT timeout --foreground 60 trustx connect --endpoint "localhost:$port" --cafile \
	srv-ca.pem --timeout 50 >out 2>err &
job=$!
sleep 1
pkill -INT -P "$job" trustx
begin=$(date +%s) code=0
wait "$job" || code=$?
[ "$code" -eq 130 ] || die "exit $code: $(cat err)"
[ $(($(date +%s) - begin)) -lt 5 ] || die 'it went on'
