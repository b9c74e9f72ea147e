# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories of trustx connect: a chip that is a device, and brokers for it.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
python=/usr/bin/python3
[ -x "$python" ] || python=python3
# Nobody's credentials: AWS is asked only where a story says so.
for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
AWS_CONFIG_FILE=$PWD/aws-config
AWS_SHARED_CREDENTIALS_FILE=$PWD/aws-credentials
AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_EC2_METADATA_DISABLED

servers=
trap 'stop_servers; rm -rf "$dir"' EXIT
# stop_servers: those that this story started.
stop_servers() {
	for pid in $servers; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	servers=
}

# make_ca: srv-ca.pem and .key, which sign servers and, with dates, anything.
make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout srv-ca.key \
		-out srv-ca.pem -subj '/CN=test server CA' -days 30 2>/dev/null
	cat >srv-ca.cnf <<-'END'
		[ca]
		default_ca = all
		[all]
		database = srv-ca.index
		new_certs_dir = .
		rand_serial = yes
		default_md = sha256
		unique_subject = no
		policy = any
		[any]
		commonName = supplied
		[names]
		subjectAltName = $ENV::SAN
	END
	: >srv-ca.index
}

# sign CSR CRT [BEGIN END]: by srv-ca, for $san.
sign() {
	SAN=DNS:${san:-localhost} openssl ca -batch -config srv-ca.cnf -cert srv-ca.pem \
		-keyfile srv-ca.key -extensions names -notext -in "$1" -out "$2" \
		-startdate "${3:-20200101000000Z}" -enddate "${4:-20491231000000Z}" 2>sign.log ||
		die "$(cat sign.log)"
}

# make_server NAME [BEGIN END]: NAME.pem and NAME.key for localhost, or $san.
make_server() {
	name=$1
	shift
	[ -f srv-ca.pem ] || make_ca
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" \
		-out "$name.csr" -subj "/CN=$name" 2>/dev/null
	sign "$name.csr" "$name.pem" "$@"
}

# free_port: one that nobody listens on now.
free_port() {
	"$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_port PORT PID: until somebody listens there.
wait_port() {
	"$python" - "$1" "$2" <<-'PROGRAM' || die "no server on port $1: $(cat ./*.log 2>/dev/null)"
		import os, socket, sys, time
		for _ in range(200):
		    try:
		        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
		        sys.exit(0)
		    except OSError:
		        os.kill(int(sys.argv[2]), 0)
		        time.sleep(0.05)
		sys.exit(1)
	PROGRAM
}

# start_mosquitto [LINE...]: on $port, with srv.pem, devices of ca and the rules of
# acl, or $rules; more lines of its configuration.
start_mosquitto() {
	mosquitto=$(command -v mosquitto || echo /usr/sbin/mosquitto)
	[ -x "$mosquitto" ] || skip 'mosquitto is missing'
	port=$(free_port)
	[ -f acl ] || printf 'pattern readwrite dt/%%u/selftest\n' >acl
	{
		[ "$(id -u)" -ne 0 ] || echo 'user root'
		printf '%s\n' 'per_listener_settings true' "listener $port 127.0.0.1" \
			"cafile $PWD/${devices:-ca/root.pem}" "certfile $PWD/srv.pem" \
			"keyfile $PWD/srv.key" 'require_certificate true' \
			'use_identity_as_username true' 'allow_anonymous false' \
			"${rules:-acl_file $PWD/acl}" "$@"
	} >"mosquitto.$port.conf"
	timeout 120 "$mosquitto" -c "mosquitto.$port.conf" >"mosquitto.$port.log" 2>&1 &
	servers="$servers $!"
	wait_port "$port" "$!"
}

# start_broker MODE [SERVER]: tests/tools/broker.py on $port.
start_broker() {
	: >broker.out
	timeout 120 "$python" "$TRUSTX_SOURCE/tests/tools/broker.py" "${2:-srv}.pem" "${2:-srv}.key" \
		ca/root.pem "$1" >broker.out 2>"broker.$1.log" &
	servers="$servers $!"
	tries=0
	until port=$(sed -n 's/^listening on //p' broker.out) && [ -n "$port" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || die "no broker: $(cat "broker.$1.log")"
		sleep 0.02
	done
}

# start_s_server SERVER OPTION...: OpenSSL's own, on $port.
start_s_server() {
	cert=$1
	shift
	port=$(free_port)
	[ -p stdin ] || mkfifo stdin
	timeout 120 openssl s_server -accept "127.0.0.1:$port" -cert "$cert.pem" \
		-key "$cert.key" "$@" >"s_server.$port.log" 2>&1 <>stdin &
	servers="$servers $!"
	wait_port "$port" "$!"
}

# device NAME [OPTION...]: a new chip with a key and a certificate of ca for NAME.
device() {
	cn=$1
	shift
	[ -d ca ] || trustx ca init -q ca
	new_chip
	trustx personalize -q --subject "CN=$cn" --issuer ca:ca "$@" >/dev/null
}

# visit [OPTION...]: connect to $port of localhost.
visit() {
	timeout 30 trustx connect --endpoint "localhost:$port" --cafile srv-ca.pem --timeout 5 "$@"
}

# refused CODE CAUSE REGEX [OPTION...]: a visit that ends so; its JSON is in json.out.
refused() {
	want=$1 cause=$2 regex=$3
	shift 3
	code=0
	visit --json "$@" >json.out 2>json.err || code=$?
	[ "$code" -eq "$want" ] || die "visit $*: exit $code, want $want: $(cat json.out json.err)"
	[ "$(member cause)" = "$cause" ] || die "visit $*: not $cause: $(cat json.out)"
	grep -E -q -- "$regex" json.out || die "visit $*: no /$regex/: $(cat json.out)"
}
