# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The broker says no, and AWS knows why: one cause, one next step.
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT
need_jsonschema
need_aws_cli
make_server srv
trustx ca init -q ca
start_broker alert=46
start_standin
trustx aws setup -q >setup.out

# The account's endpoint; a slot without a certificate, so that nobody is reached.
new_chip
refused 5 chip-certificate 'slot 1 of the chip: empty'
code=0
timeout 30 trustx connect --json >json.out 2>err || code=$?
[ "$code" -eq 5 ] || die "exit $code: $(cat json.out)"
case $(member endpoint) in
*-ats.iot.eu-central-1.amazonaws.com) ;;
*) die "not AWS's endpoint: $(cat json.out)" ;;
esac
trustx personalize -q --subject CN=device-1 --issuer aws --group trustx --thing-type trustx >out

# All is well at AWS, but this is not where it is.
refused 6 aws-other-endpoint 'TLS alert 46.*AWS says why: the endpoint of this account'
grep -q 'trustx connect --endpoint [a-z0-9]*-ats\.iot\.' json.out || die "$(cat json.out)"
refused 6 aws-other-thing 'belongs to the thing device-1, not to device-2' --thing device-2
grep -q 'trustx connect --thing device-1' json.out || die "$(cat json.out)"

# The journal knows the thing; without it only a common name that can be one helps.
trustx personalize -q --slot 3 --subject 'CN=no thing' --thing device-3 --issuer aws --group trustx >out
refused 6 aws-other-endpoint 'the endpoint of this account' --slot 3
[ "$(member thing)" = device-3 ] || die "$(cat json.out)"
refused 2 thing-name "'no thing', is no name of a thing" --slot 3 --state elsewhere
[ ! -e elsewhere ] || die 'looking made a folder'

# The broker knew the certificate, and a policy is why.
trustx cert read -q -o own.pem >/dev/null
cat own.pem >>ca/root.pem
start_broker suback=135
refused 6 aws-other-endpoint 'refuses to subscribe'
cat >narrow.json <<'END'
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Publish"],"Resource":"*"},
{"Effect":"Deny","Action":"iot:Receive","Resource":"*"}]}
END
trustx aws setup -q --policy-file narrow.json --policy narrow --group narrow >setup.out
trustx personalize -q --slot 2 --state narrow --subject CN=device-2 --issuer aws --group narrow >out
trustx cert read -q --slot 2 -o narrow.pem >/dev/null
cat narrow.pem >>ca/root.pem
start_broker suback=135
refused 6 aws-policy 'no policy .narrow. allows iot:Subscribe on topicfilter/dt/device-2/selftest' --slot 2
start_broker drop
refused 6 aws-policy 'a policy .narrow. denies iot:Receive on topic/dt/device-2/selftest' --slot 2 --timeout 1
start_broker alert=46

# Step by step something less.
id=$(openssl x509 -in own.pem -outform DER | sha256sum | cut -d' ' -f1)
arn=$(aws_at iot describe-certificate --certificate-id "$id" --query certificateDescription.certificateArn \
	--output text)
aws_at iot remove-thing-from-thing-group --thing-group-name trustx --thing-name device-1
refused 6 aws-incomplete 'no policy reaches the certificate'
aws_at iot update-certificate --certificate-id "$id" --new-status INACTIVE
refused 6 aws-incomplete 'the certificate is INACTIVE'
aws_at iot detach-thing-principal --thing-name device-1 --principal "$arn"
refused 6 aws-incomplete 'the certificate is not attached to the thing'
aws_at iot delete-certificate --certificate-id "$id"
refused 6 aws-incomplete 'AWS has not the certificate that is in the chip'

# AWS is not to be had: the broker's words stay.
AWS_SECRET_ACCESS_KEY=wrong
refused 6 certificate-unknown 'not registered in this account and region'
grep -q 'AWS could not be asked why' json.err || die "$(cat json.err)"
