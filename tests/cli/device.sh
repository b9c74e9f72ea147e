# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A chip that cannot be reached: exit 3 and the reason.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

# None given, absent, not understood.
device=$TRUSTX_DEVICE
unset TRUSTX_DEVICE
for command in 'info' 'key generate' 'key public' 'csr create --subject CN=a' 'cert read' \
	'cert verify' 'cert erase' 'object list' 'object read e0c2' 'object metadata e0c2' 'random 4'; do
	# shellcheck disable=SC2086 # a list of words
	fails 3 'no device given' trustx $command
	grep -q 'next: .*-d URI .*TRUSTX_DEVICE' fails.err || die "$command: no next step"
done
fails 3 '' trustx -d unix:nothing.sock info
fails 3 '' trustx -d tcp:127.0.0.1:1 info
fails 2 '' trustx -d warp:9 info
fails 2 '' trustx -d 'sim:chip?color=red' info
fails 3 '' optiga_generate_csr -i "$GOLDEN/config.jsn" -o a.csr
fails 3 '' optiga_upload_crt -c "$GOLDEN/aws-certificate.pem"
TRUSTX_DEVICE=$device
export TRUSTX_DEVICE

# What is wrong with the command comes first, then the device, then the rest.
fails 2 '' trustx -d unix:nothing.sock csr create --subject C=DEU -o no/such/folder/a.csr
fails 3 '' trustx -d unix:nothing.sock csr create --subject CN=a -o no/such/folder/a.csr

# Busy: another process has the chip.
trustx sim serve --listen unix:chip.sock --state chip >serve.out 2>serve.err &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	grep -q '^listening on' serve.out && break
	sleep 0.25
done
fails 3 "in use by pid $server" trustx info

# The same chip through the socket; the server serves one client at a time.
says '^Slot 1 +empty$' trustx -d unix:chip.sock info
kill "$server"
wait "$server" || die "the server ended badly: $(cat serve.err)"
trap 'rm -rf "$dir"' EXIT
says '^Slot 1 +empty$' trustx info

# Damaged, and not allowed.
printf 'no chip' >damaged
fails 2 '' trustx -d sim:damaged info
if [ "$(id -u)" -eq 0 ]; then
	command -v setpriv >/dev/null 2>&1 || skip 'setpriv is not installed'
	chmod 755 . && chmod 600 chip
	as_other='setpriv --reuid=65534 --regid=65534 --clear-groups'
	$as_other test -x "$TRUSTX_BIN/trustx" || skip 'another user cannot reach the programs'
else
	chmod 0 chip
	as_other=
fi
# shellcheck disable=SC2086 # a list of words
fails 3 '[Pp]ermission denied' $as_other trustx -d sim:chip info
