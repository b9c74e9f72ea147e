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

# make_server NAME [OPENSSL-OPTION...]: NAME.pem and NAME.key for localhost, under srv-ca.pem.
make_server() {
	name=$1
	shift
	[ -f srv-ca.pem ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout srv-ca.key -out srv-ca.pem -subj '/CN=test server CA' -days 30 2>/dev/null
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" \
		-out "$name.csr" -subj "/CN=$name" 2>/dev/null
	printf 'subjectAltName=DNS:%s\n' "${san:-localhost}" >"$name.ext"
	[ $# -gt 0 ] || set -- -days 30
	openssl x509 -req -in "$name.csr" -CA srv-ca.pem -CAkey srv-ca.key -CAcreateserial \
		-extfile "$name.ext" -out "$name.pem" "$@" 2>/dev/null
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

# start_mosquitto [LINE...]: on $port, with srv.pem, devices of ca; more lines of its configuration.
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
			'use_identity_as_username true' 'allow_anonymous false' "acl_file $PWD/acl" "$@"
	} >"mosquitto.$port.conf"
	timeout 120 "$mosquitto" -c "mosquitto.$port.conf" >"mosquitto.$port.log" 2>&1 &
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

# refused CODE CAUSE REGEX [OPTION...]: a visit that ends so, in JSON and in words.
refused() {
	code=$1 cause=$2 regex=$3
	shift 3
	fails "$code" "$regex" visit "$@"
	json "$code" visit "$@"
	[ "$(member cause)" = "$cause" ] || die "cause $(member cause), not $cause"
}
