# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The road with AWS exactly as README shows it, at moto, which signs the key of the request here.
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
. "$TRUSTX_SOURCE/tests/aws/lib.sh"
trap 'stop_servers; rm -rf "$dir"' EXIT
need_aws_cli
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
	-subj /CN=moto -days 9 2>/dev/null
start_moto ca.pem ca.key

# What is typed is aws, as everywhere; only the address is not Amazon's.
mkdir bin
printf '#!/bin/sh\nexec timeout 60 %s --endpoint-url %s "$@"\n' "$aws_cli" "$AWS_URL" >bin/aws
chmod +x bin/aws
PATH=$PWD/bin:$PATH

sed -n 's/^    \(printf .*config.jsn\)$/\1/p' "$TRUSTX_SOURCE/README.md" >road
[ "$(wc -l <road)" -eq 1 ] || die 'README does not make config.jsn'
awk '/^## / { on = $0 == "## With AWS IoT Core" } on && /^    / { print substr($0, 5) }' \
	"$TRUSTX_SOURCE/README.md" >>road
for word in 'trustx aws setup' 'issuer aws' 'create-certificate-from-csr' 'attach-policy' 'aws scrap'; do
	grep -q "$word" road || die "README does not show $word"
done
# Up to the scrapping, then look, then the rest.
awk '/^trustx aws scrap/ { exit } { print }' road >there
awk '/^trustx aws scrap/ { on = 1 } on { print }' road >back
cat there - >first <<'LOOK'
	aws iot list-things >things
	aws iot list-certificates >certificates
	aws iot list-attached-policies --target "$arn" >policies
	aws iot list-thing-principals --thing-name thing-0001 >principals
	grep -q "$arn" principals
	grep -q trustx-device policies
	trustx cert verify --slot 1 --ca ca.pem
	trustx cert verify --slot 2 --ca ca.pem
LOOK
sh -eux first >first.out 2>first.err || die "$(cat first.out first.err)"
[ "$(grep -c '"thingName"' things)" -eq 2 ] || die "$(cat things)"
[ "$(grep -c '"ACTIVE"' certificates)" -eq 2 ] || die "$(cat certificates)"
[ "$(grep -c '^Missing: *nothing$' first.out)" -eq 2 ] || die "$(cat first.out)"
[ -s iam/station.json ] && [ -s iam/scrap.json ] || die 'no rights for stations'

# Twice: nothing changes.
TRUSTX_DEVICE=sim:aws-chip
export TRUSTX_DEVICE
grep '^trustx aws setup\|^trustx personalize' road >again
sh -eu again >again.out 2>again.err || die "$(cat again.err)"
grep -q 'nothing was written' again.err || die "$(cat again.err)"
aws iot list-certificates >certificates.again
cmp certificates certificates.again || die 'a certificate more'

sh -eu back >back.out 2>back.err || die "$(cat back.out back.err)"
aws iot list-things >things
[ "$(grep -c '"thingName"' things)" -eq 1 ] || die "$(cat things)"
aws iot list-certificates >certificates
[ "$(grep -c '"certificateId"' certificates)" -eq 1 ] || die "$(cat certificates)"
says '^Missing: +nothing$' trustx aws status

# Does it work? As README says, at a broker of one's own.
printf 'pattern readwrite dt/%%c/selftest\n' >acl
make_server srv
cp srv-ca.pem roots.pem
devices=ca.pem start_mosquitto
sed -n "s/^\(trustx connect --endpoint [^#]*\).*/\1/p" "$TRUSTX_SOURCE/README.md" |
	sed "s/broker\.example/localhost:$port/" >connect
grep -q roots.pem connect || die 'README does not show connect'
sh -eux connect >connect.out 2>connect.err || die "$(cat connect.out connect.err)"
grep -q '^Message: *dt/line1-.*/selftest: sent and received' connect.out || die "$(cat connect.out)"
