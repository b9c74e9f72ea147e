# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Words for stories with AWS, behind those of tests/cli/lib.sh. The story runs in its own folder.
aws_tests=$TRUSTX_SOURCE/tests/aws
python=/usr/bin/python3
[ -x "$python" ] || python=python3

# The keys that the stand-in knows, and nothing of whoever runs the tests.
for name in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AWS_DEFAULT_REGION=eu-central-1
AWS_REGION=$AWS_DEFAULT_REGION
AWS_CONFIG_FILE=$PWD/aws-config
AWS_SHARED_CREDENTIALS_FILE=$PWD/aws-credentials
AWS_EC2_METADATA_DISABLED=true
AWS_PAGER=
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION AWS_REGION AWS_CONFIG_FILE \
	AWS_SHARED_CREDENTIALS_FILE AWS_EC2_METADATA_DISABLED AWS_PAGER

need_standin() {
	"$python" -c 'import cryptography' 2>/dev/null || skip 'python3-cryptography is missing'
}

# The AWS CLI of the distribution, at $AWS_URL.
need_aws_cli() {
	aws_cli=/usr/bin/aws
	[ -x "$aws_cli" ] || aws_cli=$(command -v aws) || skip 'the AWS CLI (awscli) is missing'
}

aws_at() {
	timeout 60 "$aws_cli" --endpoint-url "$AWS_URL" "$@"
}

# started NAME PID: wait until the server named its address; sets AWS_URL.
started() {
	tries=0
	until grep -q '^listening on ' "$1.out" 2>/dev/null; do
		kill -0 "$2" 2>/dev/null || die "$1 does not start: $(cat "$1.err")"
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || die "$1 does not start: $(cat "$1.err")"
		sleep 0.1
	done
	AWS_URL=$(sed -n 's/^listening on //p' "$1.out")
	AWS_ENDPOINT_URL=$AWS_URL
	export AWS_ENDPOINT_URL
}

servers=
trap 'stop_servers; rm -rf "$dir"' EXIT
# stop_servers: those that this story started.
stop_servers() {
	for pid in $servers; do
		kill "$pid" 2>/dev/null || true
	done
	servers=
}

# start_standin OPTION...: its journal is standin.jsonl.
start_standin() {
	need_standin
	rm -f standin.out
	timeout 1700 "$python" "$aws_tests/standin.py" --journal standin.jsonl "$@" \
		>standin.out 2>standin.err &
	servers="$servers $!"
	started standin $!
}

# start_moto [CA.pem CA.key]: with a CA certificates are for the key of the request.
start_moto() {
	moto_python=$("$aws_tests/setup" 2>setup.err) || skip "$(tail -1 setup.err)"
	rm -f moto.out
	timeout 280 "$moto_python" "$TRUSTX_SOURCE/tests/tools/moto_iot.py" "$@" >moto.out 2>moto.err &
	servers="$servers $!"
	started moto $!
}

# control PATH [JSON]: the stand-in's own door, such as control stats, control '' '{"reset":true}'.
control() {
	"$python" - "$AWS_URL/_control${1:+/}$1" ${2+"$2"} <<-'PROGRAM'
		import sys, urllib.request
		data = sys.argv[2].encode() if len(sys.argv) > 2 else None
		print(urllib.request.urlopen(sys.argv[1], data, timeout=20).read().decode())
	PROGRAM
}

# state EXPRESSION: Python over the stand-in's state s and journal j; prints the value.
state() {
	"$python" - "$AWS_URL/_control/" "$1" <<-'PROGRAM'
		import json, sys, urllib.request
		ask = lambda name: json.load(urllib.request.urlopen(sys.argv[1] + name, timeout=20))
		print(eval(sys.argv[2], {'s': ask('state'), 'j': ask('journal'), 'stats': ask('stats')}))
	PROGRAM
}
