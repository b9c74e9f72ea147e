# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Names of files and folders that are odd, too long, missing, of the wrong kind, or cannot be written.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca

# repeat N TEXT: N times.
repeat() {
	printf "%$1s" '' | sed "s#.#$2#g"
}

# Spaces and letters that are not ASCII, as they are or escaped, everywhere.
odd='gerät ü/two  words'
mkdir -p "$odd"
trustx -d "sim:$odd/my chip" info -q >/dev/null
says "$(trustx -d "sim:$odd/my chip" info | sed -n 's/^UID: *//p')" \
	trustx -d 'sim:ger%C3%A4t%20ü/two%20 words/my%20chip' info
printf '{ "CN": "dévice" }\n' >"$odd/my config.jsn"
trustx ca init -q "$odd/my ca"
trustx personalize -q -d "sim:$odd/my chip" -i "$odd/my config.jsn" --issuer "ca:$odd/my ca" \
	--state "$odd/my state" >/dev/null
ls "$odd/my state/"*.journal >/dev/null || die 'no journal'
trustx cert read -d "sim:$odd/my chip" -o "$odd/my cert.pem" 2>/dev/null
openssl verify -CAfile "$odd/my ca/root.pem" "$odd/my cert.pem" >/dev/null || die 'no certificate'
trustx csr create -q -d "sim:$odd/my chip" -i "$odd/my config.jsn" -o "$odd/my.csr" --state "$odd/my state"
printf '#!/bin/sh\ntrustx ca sign -q ca -i -\n' >"$odd/my issuer"
chmod +x "$odd/my issuer"
trustx personalize -q --slot 2 --subject CN=a --issuer "exec:$odd/my issuer" >/dev/null
trustx personalize --slot 2 --subject CN=a --issuer "exec:$odd/my issuer" >/dev/null 2>err
grep -q already err || die "$(cat err)"

# Names that are not even UTF-8; in JSON they are shown with '?', and the journal knows them again.
latin=$(printf 'caf\351')
trustx ca init -q "$latin"
for again in made 'done'; do
	trustx personalize -q --slot 3 --subject CN=a --issuer "ca:$latin" --state "$latin state" >/dev/null ||
		die "$again: exit $?"
done
fails 2 'there is no file' trustx csr create -i "$latin.jsn"
need_jsonschema
json 2 trustx csr create -i "$latin.jsn"
json 0 trustx ca init "$latin 2"
cp "$odd/my issuer" "$latin issuer"
new_chip
for again in made 'done'; do
	trustx personalize -q --subject CN=b --issuer "exec:./$latin issuer" >/dev/null || die "$again: exit $?"
done

# Longer than a name (255 bytes) or a path (4096 bytes) can be: the reason is told, nothing is made.
new_chip
name=$(repeat 300 x)
path=$(repeat 2500 d/)f
for long in "$name" "$path"; do
	unchanged fails 1 '[Ff]ile ?name too long' trustx csr create --subject CN=a -o "$long"
	unchanged fails 1 '[Ff]ile ?name too long' trustx csr create --subject CN=a --state "$long"
	grep -q 'next: .*--state' fails.err || die "$(cat fails.err)"
	fails 1 '[Ff]ile ?name too long' trustx random 4 -o "$long"
	fails 1 '[Ff]ile ?name too long' trustx ca init "$long"
	fails 1 '[Ff]ile ?name too long' trustx -d "sim:$long" info
	fails 1 '[Ff]ile ?name too long' trustx sim new "$long"
	fails 1 '[Ff]ile ?name too long' trustx -d "trace:$long:sim:chip" info
	fails 1 '[Ff]ile ?name too long' trustx doctor --report "$long"
	fails 2 '[Ff]ile ?name too long' trustx csr create -i "$long"
	fails 2 '[Ff]ile ?name too long' trustx cert write "$long"
	fails 2 '[Ff]ile ?name too long' trustx cert verify --ca "$long"
	fails 2 '[Ff]ile ?name too long' trustx trace show "$long"
	fails 2 '[Ff]ile ?name too long' trustx -d "play:$long" info
	fails 2 'at most 107 characters' trustx -d "unix:$long" info
	fails 2 'there is no CA|the issuer is longer' trustx personalize --subject CN=a --issuer "ca:$long"
	fails 2 '[Ff]ile ?name too long' optiga_generate_csr -f sim:chip -i "$long" -o a
	fails 1 '[Ff]ile ?name too long' optiga_generate_csr -f sim:chip -i "$GOLDEN/config.jsn" -o "$long"
	fails 2 '[Ff]ile ?name too long' optiga_upload_crt -f sim:chip -c "$long"
	[ "$(wc -c <fails.err)" -lt 1500 ] || die "all of it is printed: $(wc -c <fails.err) bytes"
done
[ ! -e d ] || die 'a part of a path that cannot be was made'
json 1 trustx ca init "$path"
trustx sim new long.chip -q >/dev/null
fails 6 'could not be started: [Ff]ile ?name too long' \
	trustx -d sim:long.chip personalize --subject CN=a --issuer "exec:$name"
grep -q 'next: give the path of a program' fails.err || die "$(cat fails.err)"
fails 2 'the issuer is longer than' trustx -d sim:long.chip personalize --subject CN=a --issuer "exec:$path"
trustx -d sim:long.chip personalize -q --subject CN=a --issuer ca:ca >/dev/null || die 'the journal is broken'

# A long path that can be is one, also in the journal.
deep=$(repeat 40 a-longer-name/)
mkdir -p "$deep"
trustx ca init -q "${deep}ca"
for again in made 'done'; do
	trustx personalize -q --subject CN=a --issuer "ca:${deep}ca" --state "${deep}state" >/dev/null ||
		die "$again: exit $?"
done

# A file instead of a folder, a folder instead of a file, neither, no name at all.
new_chip
fails 1 'is there and is no directory' trustx csr create --subject CN=a --state ca/root.pem
fails 1 'is there and is no directory' trustx ca init ca/root.pem
fails 1 'Not a directory' trustx ca init ca/root.pem/in
fails 2 'there is no CA in ca/root.pem' trustx ca show ca/root.pem
fails 2 'there is no file ca/root.pem/in' trustx csr create -i ca/root.pem/in
fails 2 'there is no file no/such' trustx csr create -i no/such
fails 1 'Not a directory' trustx random 4 -o ca/root.pem/in
fails 1 'it is a directory' trustx random 4 -o ca
fails 2 'ca is a directory' trustx csr create -i ca
fails 2 'ca is a directory' trustx cert write ca
fails 2 'ca is a directory' trustx cert verify --ca ca
fails 2 'ca is a directory' trustx ca sign ca -i ca
fails 2 'ca is a directory' trustx ca init other --passphrase-file ca
fails 2 'ca is a directory' trustx trace show ca
fails 2 'ca is a directory' trustx sim info ca
fails 2 'ca is a directory' trustx -d sim:ca info
fails 2 'ca is a directory' trustx -d play:ca info
fails 1 'Is a directory' trustx -d trace:ca:sim:chip info
fails 1 'next: .*writable' trustx -d sim:no/such info
fails 2 'is not the image of a simulated chip' trustx -d sim:ca/root.pem info
fails 3 'no server listens at ca/root.pem' trustx -d unix:ca/root.pem info
fails 3 'there is no socket no/such' trustx -d unix:no/such info
fails 7 'is there and is no socket' trustx-sim serve --listen unix:ca/root.pem --state chip
fails 2 'ca is a directory' trustx-sim serve --listen unix:socket --state ca
fails 6 'could not be started: Not a directory' \
	trustx personalize --subject CN=c --slot 2 --issuer exec:ca/root.pem/in
for option in '-o' '--state'; do
	fails 2 'name of a (file|directory) is empty' trustx csr create --subject CN=a $option ''
done
fails 2 'name of a file is empty' trustx csr create -i ''
fails 2 'name of a file is empty' trustx cert write ''
fails 2 'name of a directory is empty' trustx ca init ''
fails 2 'name of a file is empty' optiga_upload_crt -f sim:chip -c ''
