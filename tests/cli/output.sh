# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Output that cannot be written: exit 1, known before the chip changes, nothing lost.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

unchanged fails 1 'no/such/folder' trustx csr create --subject CN=a -o no/such/folder/a.csr
unchanged fails 1 'no/such/folder' trustx key generate -o no/such/folder/a.pub
unchanged fails 1 'directory' trustx key generate -o .
fails 1 'no/such/folder' trustx random 4 -o no/such/folder/r
fails 1 'no/such/folder' trustx object read e0c2 -o no/such/folder/r
fails 1 'no/such/folder' trustx sim root -o no/such/folder/r

# A full disk shows only when it is written to: the key is made, and its public part kept.
fails 1 'No space left' trustx key generate -o /dev/full
grep -q 'trustx key public' fails.err || die 'no next step'
[ "$(count made)" -eq 1 ] || die 'one key must be made'
trustx key public -q -o one.pub
fails 1 'No space left' trustx csr create --subject CN=a -o /dev/full
fails 1 'No space left' trustx random 4 -o /dev/full
code=0
trustx info >/dev/full 2>err || code=$?
[ $code -eq 1 ] || die "standard output full: exit $code"
grep -q 'No space left' err || die "$(cat err)"
trustx csr create -q --subject CN=a -o a.csr
openssl req -in a.csr -noout -verify 2>/dev/null || die 'the key was lost'
[ "$(count made)" -eq 1 ] || die 'one key must be made'

# An old file stays until the new one is whole; nothing is left beside it.
echo old >b.csr
fails 2 '' trustx csr create --subject C=DEU -o b.csr
[ "$(cat b.csr)" = old ] || die 'the old file is gone'
trustx csr create -q --subject CN=b -o b.csr
openssl req -in b.csr -noout 2>/dev/null || die 'no request'
[ -z "$(find . -name '*.csr.*')" ] || die 'a temporary file is left'

# Data to standard output, and only data.
says '^-----BEGIN PUBLIC KEY-----$' trustx key public -o -
trustx key public -q -o - | cmp - one.pub || die 'not the key alone'
fails 2 'both want standard output' trustx key public --json -o -

# Talk about the result comes behind the result, and not at all when it could not be written.
trustx key public -o - >both 2>&1
[ "$(tail -n 1 both | cut -c 1-10)" = 'public key' ] || die "the talk comes first: $(cat both)"
fails 1 'No space left' trustx csr create --subject CN=a -o /dev/full
! grep -q 'request signed' fails.err || die "$(cat fails.err)"
code=0
trustx key public >/dev/full 2>err || code=$?
[ $code -eq 1 ] || die "standard output full: exit $code"
! grep -q 'public key of' err || die "$(cat err)"

# A note names the file that was written, and nothing else.
for out in '' '-o -'; do
	# shellcheck disable=SC2086 # an option and its value, or nothing
	trustx csr create --subject CN=b $out >out 2>err
	grep -q 'request signed by the existing key in 0xE0F1$' err || die "$(cat err)"
done
trustx ca init -q noted
trustx ca sign noted -i a.csr -o - >out 2>err
grep -q 'certificate issued$' err || die "$(cat err)"
openssl x509 -in out -noout || die 'no certificate'
