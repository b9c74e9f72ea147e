# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Certificates that do not belong: refused before anything is written.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca
trustx csr create -q --subject CN=device -o a.csr
trustx ca sign -q ca -i a.csr -o a.pem

# For another key, and without any key.
verify_fails() {
	fails "$@"
	! grep -q -- '--foreign-cert' fails.err || die "verify has no --foreign-cert: $(cat fails.err)"
	grep -q 'next: ' fails.err || die "no next step: $(cat fails.err)"
}
unchanged fails 5 'another key' trustx cert write "$GOLDEN/aws-certificate.pem"
grep -q -- 'next: .*--foreign-cert' fails.err || die "no word for it: $(cat fails.err)"
verify_fails 5 'another key' trustx cert verify "$GOLDEN/aws-certificate.pem"
unchanged fails 5 'no key' trustx cert write --slot 2 a.pem
grep -q -- 'next: .*--foreign-cert' fails.err || die "no word for it: $(cat fails.err)"
verify_fails 5 'no key' trustx cert verify --slot 2 a.pem
trustx key generate -q --slot 2 --usage agree --state gone -o b.pub
unchanged fails 4 'cannot sign' trustx cert write --slot 2 a.pem
grep -q -- 'next: .*--state.*--foreign-cert' fails.err || die "no word for it: $(cat fails.err)"
verify_fails 4 'cannot sign' trustx cert verify --slot 2 a.pem

# The issuer is another one.
trustx ca init -q other --subject CN=other
unchanged fails 5 '' trustx cert write --ca other/root.pem a.pem
unchanged fails 2 '' trustx cert write --ca "$GOLDEN/config.jsn" a.pem

# Expired, and not yet valid.
issue() {
	openssl ca -config ca.cnf -batch -notext -in a.csr -startdate "$2" -enddate "$3" -out "$1" \
		2>openssl.err || die "openssl ca: $(cat openssl.err)"
}
mkdir new
: >index.txt
cat >ca.cnf <<'END'
[ca]
default_ca = own
[own]
certificate = ca/root.pem
private_key = ca/root.key
new_certs_dir = new
database = index.txt
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
END
issue expired.pem 20200101000000Z 20200201000000Z
issue future.pem 20900101000000Z 20910101000000Z
unchanged fails 5 'expired|ended' trustx cert write expired.pem
unchanged fails 5 'not valid before 2090' trustx cert write future.pem
fails 5 '' trustx cert verify expired.pem

# Too big for the slot.
names=$(seq -f 'DNS:a-very-long-name-of-a-device-%04g.example.com' -s , 60)
printf 'subjectAltName=%s\n' "$names" >big.cnf
openssl x509 -req -in a.csr -CA ca/root.pem -CAkey ca/root.key -days 10 -extfile big.cnf \
	-set_serial 7 -out big.pem 2>openssl.err || die "$(cat openssl.err)"
unchanged fails 2 '1728' trustx cert write big.pem
fails 2 '1728' trustx cert verify big.pem

# No certificate, empty, garbage behind it, cut.
: >empty
printf 'hello\n' >text
{ cat a.pem; echo garbage; } >behind.pem
openssl x509 -in a.pem -outform DER -out a.der
{ cat a.der; printf x; } >behind.der
head -c 300 a.der >cut.der
sed '$d' a.pem >cut.pem
for file in empty text behind.pem behind.der cut.der cut.pem a.csr ca/root.key; do
	unchanged fails 2 '.' trustx cert write "$file"
done
unchanged fails 2 'there is no file' trustx cert write nothing.pem
unchanged fails 2 'directory' trustx cert write .
fails 2 'empty' trustx cert write empty

# With its word a certificate for another key is written, and info tells.
trustx cert write -q --foreign-cert "$GOLDEN/aws-certificate.pem" >/dev/null
trustx object read e0e1 -o slot.bin
cmp slot.bin "$GOLDEN/aws-certificate.slot.bin" || die 'not as the ancestor wrote it'
says '^Slot 1 +.*another key' trustx info
verify_fails 5 'another key' trustx cert verify
grep -q 'next: .*trustx cert write --slot 1 --replace-cert' fails.err || die "$(cat fails.err)"

# A locked slot.
trustx object metadata -q e0e3 --set lcso=operational --confirm "$(uid)" >/dev/null
trustx csr create -q --subject CN=three --slot 3 -o c.csr
trustx ca sign -q ca -i c.csr -o c.pem
unchanged fails 4 'life cycle is operational, .*LcsO < operational' trustx cert write --slot 3 c.pem
unchanged fails 4 '' trustx object write e0e3 --foreign-cert --replace-cert -i text
