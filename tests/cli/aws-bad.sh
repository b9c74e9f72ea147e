# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A bad day: credentials, region, network, TLS, answers, quotas, clocks. Each with its exit status,
# its reason and what to do.
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT

# next REGEX: the last message says so what to do.
next() {
	grep -qE -- "^  next: .*$1" fails.err || die "no next step /$1/: $(cat fails.err)"
}

# fault RULE: what the stand-in does to the next requests.
fault() {
	control '' "{\"faults\":[${1:+\"$1\"}]}" >control.out
}

# Throttled without end takes as long as the repetitions do: meanwhile the rest is tried.
start_standin --fault throttle@DescribeEndpoint
throttled=$AWS_URL
(
	code=0
	trustx aws endpoint --endpoint-url "$throttled" >slow.out 2>slow.err || code=$?
	echo "$code" >slow.code
) &
slow=$!
start_standin

# Credentials.
fails 6 'AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not' \
	env -u AWS_ACCESS_KEY_ID trustx aws whoami
next 'set both'
fails 6 'credentials' env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY trustx aws whoami
next 'aws configure|AWS_ACCESS_KEY_ID'
fails 2 'nobody' trustx aws whoami --profile nobody
fails 6 'UnrecognizedClientException' env AWS_ACCESS_KEY_ID=AKIAUNKNOWN trustx aws endpoint
next 'check profile and region'
fails 6 'InvalidSignatureException' env AWS_SECRET_ACCESS_KEY=wrong trustx aws endpoint
next 'check the secret access key'
fails 6 'ExpiredTokenException.*\(request [0-9a-f-]{36}\)' env AWS_SESSION_TOKEN=expired \
	AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE \
	AWS_SECRET_ACCESS_KEY=sessionSecretFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY trustx aws endpoint
next 'fresh credentials'
! grep -q 'sessionSecret' fails.err || die 'a secret is shown'

# Region.
fails 2 'no AWS region' env -u AWS_REGION -u AWS_DEFAULT_REGION trustx aws whoami
next '--region'
fails 6 'valid region' trustx aws endpoint --region us-east-1
next 'check the region'
fails 2 'region' trustx aws whoami --region 'no/region'
AWS_DEFAULT_REGION=us-east-1 trustx aws endpoint >out 2>err || die "$(cat err)"
grep -q '^AWS_REGION, eu-central-1, is used; AWS_DEFAULT_REGION is us-east-1' err || die "$(cat err)"

# Network.
fails 6 'cannot be reached' trustx aws endpoint --endpoint-url http://127.0.0.1:1
next 'check the network'
fails 6 'cannot be reached' env HTTPS_PROXY=http://127.0.0.1:1 trustx aws endpoint \
	--endpoint-url https://127.0.0.1:2
next 'proxy \(HTTPS_PROXY\)'
fails 2 'in the clear' trustx aws endpoint --endpoint-url http://iot.example.com
next '--allow-http'
fails 2 'endpoint' trustx aws endpoint --endpoint-url nonsense

# Answers of somebody else.
fault html
fails 6 "no JSON; it begins with '<!DOCTYPE html>" trustx aws endpoint
next 'a proxy that answers itself'
fault html=403
fails 6 'HTTP status 403' trustx aws endpoint
fault truncate
fails 6 'no JSON' trustx aws endpoint
next 'check the endpoint'
fault empty
fails 6 'no endpointAddress' trustx aws endpoint
next 'check the endpoint'
fault garbage
fails 6 'no JSON' trustx aws endpoint
fault huge
fails 6 'AWS|answer' trustx aws endpoint
fault half
fails 6 'no usable answer' trustx aws endpoint
fault error=500#1-2
trustx aws endpoint >out 2>err || die "two errors of AWS were not outlived: $(cat err)"
fault ''

# Quotas.
fault refuse=LimitExceededException@AttachPolicy
fails 6 'AttachPolicy: LimitExceededException' trustx aws setup --group full
next 'a quota of the account is reached'
fault ''
trustx aws setup -q --group full >out || die 'it is not continued'

# The policy's name is taken, by a document that stays.
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}' >own.json
fails 7 'there already, with another document' trustx aws setup --policy-file own.json
next '--policy'

# A clock that is off by a day is corrected, and told.
for off in 86400 -86400; do
	control '' "{\"clock\":$off}" >control.out
	trustx aws endpoint >out 2>err || die "clock off by $off: $(cat err)"
	grep -qE "clock is 86(399|400|401) s (behind|ahead of) AWS's: set it" err || die "$(cat err)"
done
control '' '{"clock":0}' >control.out

# Ctrl-C ends the waiting at once: one of them, and not another for the group.
fault stall
timeout --foreground -s INT 4 trustx aws endpoint >out 2>err && die 'it did not wait'
grep -q interrupted err || die "$(cat err)"
fault ''

# TLS.
for tls in self-signed wrong-host expired good; do
	start_standin --tls "$tls"
	fails 6 'is not trusted' trustx aws endpoint
	next 'roots \(--ca-bundle, AWS_CA_BUNDLE\)'
	if [ "$tls" = good ]; then
		says '^a1b2' trustx aws endpoint --ca-bundle tls/roots.pem
		says '^a1b2' env AWS_CA_BUNDLE=tls/roots.pem trustx aws endpoint
	else
		fails 6 'is not trusted' trustx aws endpoint --ca-bundle tls/roots.pem
	fi
done
fails 2 'nowhere.pem is not there' trustx aws endpoint --ca-bundle nowhere.pem
next '--ca-bundle'

wait "$slow"
[ "$(cat slow.code)" = 75 ] || die "throttled: exit $(cat slow.code): $(cat slow.err)"
grep -q 'ThrottlingException: Rate exceeded' slow.err || die "$(cat slow.err)"
grep -q '^  next: run it again later; several stations share' slow.err || die "$(cat slow.err)"
