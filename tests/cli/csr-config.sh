# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Configurations that cannot be used: refused by name and place before the chip does anything.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

bad() {
	printf '%s' "$2" >bad.jsn
	fails 2 "$1" trustx csr create -i bad.jsn -o bad.csr
	[ ! -e bad.csr ] || die "a request was made from $2"
}

contents >contents.first
bad 'bad.jsn: line 1, column 11: unknown key "XX"' '{"CN":"a","XX":"b"}'
bad 'CN.*(twice|duplicate)|(twice|duplicate).*CN' '{"CN":"a","CN":"b"}'
bad 'CN.*empty|empty.*CN' '{"CN":""}'
bad 'CN' '{"CN":5}'
bad 'CN' '{"CN":null}'
bad 'CN' '{"CN":["a"]}'
bad 'CN' "{\"CN\":\"$(printf 'x%.0s' $(seq 65))\"}"
bad 'key C: .*two capital letters' '{"CN":"a","C":"DEU"}'
bad 'key C: .*two capital letters' '{"CN":"a","C":"D1"}'
bad 'line 1, column' '{"CN":"a"'
bad 'line 4, column' '{
"CN":"a",
"O":
'
bad 'line [0-9]+, column' '{"CN":"a"} more'
bad 'line 1, column' 'CN=a'
bad 'line [0-9]+, column' "$(printf '{"CN":"a\377b"}')"
bad '' '[]'
bad '' '"CN"'
bad '' '{}'
: >bad.jsn
fails 2 'empty' trustx csr create -i bad.jsn
fails 2 'there is no file' trustx csr create -i nothing.jsn
fails 2 'directory' trustx csr create -i .
contents >contents.last
cmp contents.first contents.last || die 'the chip has changed'
[ "$(count made)" -eq 0 ] || die 'a key was made'
