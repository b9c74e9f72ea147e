# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The ancestor's flow, typed with the AWS CLI and our `csr create` and `cert write`: at the stand-in
# and at moto, which must answer alike.
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
need_aws_cli
weak='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}'

# flow NAME: on a chip of its own at $AWS_URL; what the AWS CLI printed is then in NAME.json.
flow() {
	chip=sim:$1.chip?scale=0
	trustx -d "$chip" csr create --subject 'CN=thing-0001,O=Example' -o "$1.csr" 2>>"$1.err"
	exec 3>"$1.json"
	aws_at iot describe-endpoint --endpoint-type iot:Data-ATS >&3
	aws_at iot create-certificate-from-csr --certificate-signing-request "file://$1.csr" \
		--set-as-active >"$1.cert.json"
	cat "$1.cert.json" >&3
	arn=$(sed -n 's/.*"certificateArn": "\(.*\)".*/\1/p' "$1.cert.json")
	"$python" -c 'import json, sys; print(json.load(sys.stdin)["certificatePem"], end="")' \
		<"$1.cert.json" >"$1.pem"
	trustx -d "$chip" cert write "$1.pem" >"$1.out" 2>>"$1.err"
	trustx -d "$chip" cert read -o "$1.back.pem" 2>>"$1.err"
	cmp "$1.pem" "$1.back.pem"
	aws_at iot create-thing --thing-name thing-0001 >&3
	aws_at iot attach-thing-principal --thing-name thing-0001 --principal "$arn" >&3
	aws_at iot create-policy --policy-name Weak --policy-document "$weak" >&3
	aws_at iot attach-principal-policy --policy-name Weak --principal "$arn" >&3
	aws_at iot describe-certificate --certificate-id "${arn##*/}" >&3
	aws_at iot list-thing-principals --thing-name thing-0001 >&3
	aws_at iot list-attached-policies --target "$arn" >&3
	aws_at iot describe-thing --thing-name thing-0001 >&3
	exec 3>&-
	: >"$1.done"
}

# What each makes up, or leaves to the other, by a name: numbers, dates, texts of certificates.
plain() {
	sed -e 's/[0-9a-f]\{64\}/ID/g' -e 's/[0-9a-f]\{8\}\(-[0-9a-f]\{4\}\)\{3\}-[0-9a-f]\{12\}/UUID/g' \
		-e 's/"[a-z0-9]*-ats\.iot/"HOST-ats.iot/' -e 's/-----BEGIN .*-----/PEM/' \
		-e 's/"20[0-9T:.+-]*"/DATE/' -e '/"version"/d' -e 's/,$//' \
		-e '/"\(certificateMode\|generationId\|customerVersion\|ownedBy\|transferData\)"/d' \
		-e '/"attributes"/d' "$1.json"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
	-subj /CN=moto -days 9 2>/dev/null
start_moto ca.pem ca.key
moto_url=$AWS_URL
start_standin
(AWS_URL=$moto_url && flow moto) &
flow standin
wait $!
[ -e moto.done ] || die 'the flow at moto ended early'
plain moto >moto.plain
plain standin >standin.plain
diff moto.plain standin.plain >&2 || die 'moto and the stand-in do not answer alike'
[ "$(state 'len(s["certificates"]), stats["refused"]')" = '(1, 0)' ] || die "$(cat standin.jsonl)"
grep -q '"status": "ACTIVE"' standin.json || die 'the certificate is not active'

# Roles are the AWS CLI's part: trustx takes what that hands on, here from its cache.
roles() {
	"$aws_cli" --version 2>&1 | grep -q '^aws-cli/2' || skip "$aws_cli is not version 2 of the AWS CLI"
	mkdir bin
	printf '#!/bin/sh\nexec %s "$@"\n' "$aws_cli" >bin/aws
	chmod +x bin/aws
	PATH=$PWD/bin:$PATH
	role=arn:aws:iam::123456789012:role/station
	printf '[profile line]\nrole_arn = %s\nsource_profile = base\n[profile base]\n%s\n%s\n' "$role" \
		'aws_access_key_id = none' 'aws_secret_access_key = none' >aws-config
	mkdir -p home/.aws/cli/cache
	cached=$(printf '{"RoleArn": "%s"}' "$role" | sha1sum | cut -d ' ' -f 1)
	cat >"home/.aws/cli/cache/$cached.json" <<'END'
{"Credentials": {"AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "Expiration": "2049-01-01T00:00:00Z",
 "SecretAccessKey": "sessionSecretFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "SessionToken": "standin+session/token=="}}
END
	says '^Account: +123456789012$' env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY "HOME=$PWD/home" \
		trustx aws whoami --profile line
	rm -r home
	fails 6 "the profile 'line' needs the AWS CLI version 2|exit status" env -u AWS_ACCESS_KEY_ID \
		-u AWS_SECRET_ACCESS_KEY HTTPS_PROXY=http://127.0.0.1:1 trustx aws whoami --profile line
	grep -q 'next: .*aws configure export-credentials --profile line' fails.err || die "$(cat fails.err)"
}
! here aws-script || roles
