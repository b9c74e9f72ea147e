# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Files as editors of Windows leave them, media that cannot be written, descriptors that are closed,
# a library that cannot be loaded.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip
trustx ca init -q ca

# windows FILE: with carriage returns and a byte order mark.
windows() {
	{
		printf '\357\273\277'
		sed 's/$/\r/'
	} <"$1" >"$1.new"
	mv "$1.new" "$1"
}
printf '{ "CN": "dévice",\n  "O": "Example" }\n' >config.jsn
windows config.jsn
trustx csr create -q -i config.jsn -o device.csr
openssl req -in device.csr -noout -subject -nameopt utf8,-esc_msb | grep -q 'dévice' || die 'not the subject'
optiga_generate_csr -f sim:chip -i config.jsn -o ancestor.csr >/dev/null
cp device.csr plain.csr
windows device.csr
says 'Signature: *right' trustx csr verify device.csr
trustx ca sign -q ca -i device.csr -o device.pem
cp device.pem plain.pem
cp ca/root.pem root.pem
windows device.pem
windows root.pem
trustx cert write -q --ca root.pem device.pem >/dev/null
says 'Chain: *ends at' trustx cert verify --ca root.pem device.pem
trustx cert read -q | cmp - plain.pem || die 'not the certificate'
optiga_upload_crt -f sim:chip -c device.pem >/dev/null
windows ca/root.pem
says 'Issued: *1 cert' trustx ca show ca
printf 'secret\n' >word
cp word windows-word
windows windows-word
trustx ca init -q locked --passphrase-file windows-word
trustx ca sign -q locked -i plain.csr -o locked.pem --passphrase-file word
# A mistake is told where the editor shows it.
printf '{ "CN": "a",\n  "Q": "b" }\n' >wrong.jsn
windows wrong.jsn
fails 2 'line 2, column 3' trustx csr create -i wrong.jsn

# Media that cannot be written: known before the chip changes.
read_only() {
	case $how in
	unshare*)
		# shellcheck disable=SC2016,SC2086 # another shell expands it; options
		$how sh -c 'mount --bind ro ro && mount -o remount,ro,bind ro && exec "$@"' - "$@"
		;;
	*) $how "$@" ;;
	esac
}
all_read_only() {
	mkdir ro
	cp chip ro/chip
	cp -r ca ro/ca
	mkdir -m 700 ro/state
	if unshare -m true 2>/dev/null; then
		how='unshare -m' locked=1
	elif unshare -rm true 2>/dev/null; then
		how='unshare -rm' locked=1
	elif [ "$(id -u)" -ne 0 ]; then
		how='' locked=3
		chmod -R a-w ro
	else
		skip 'neither a mount namespace nor another user than root: nothing can be made read-only'
	fi
	why='Read-only file system|Permission denied'
	trustx sim new fresh.chip >/dev/null
	for out in ro/new ro/chip; do
		fails 1 "$why" read_only trustx -d sim:fresh.chip csr create --subject CN=a -o "$out"
	done
	fails 1 "$why" read_only trustx -d sim:fresh.chip csr create --subject CN=a --state ro/new
	grep -q 'next: .*--state' fails.err || die "$(cat fails.err)"
	fails 1 "$why" read_only trustx -d sim:fresh.chip personalize --subject CN=a --issuer ca:ca --state ro/state
	fails 1 "$why" read_only trustx -d sim:fresh.chip key generate -o ro/new
	fails 1 "$why" read_only trustx -d sim:fresh.chip doctor --report ro/new
	says '^Keys made: *0 0 0 0' trustx sim info fresh.chip
	fails 1 "$why" read_only trustx random 4 -o ro/new
	fails 1 "$why" read_only trustx ca init ro/new
	fails "$locked" "$why" read_only trustx ca sign ro/ca -i plain.csr -o again.pem
	fails "$locked" "$why" read_only trustx sim new ro/new
	fails "$locked" "$why" read_only trustx -d "trace:ro/new:sim:chip" info
	fails "$locked" "$why" read_only trustx-sim serve --listen unix:ro/new --state chip
	for chip in ro/chip ro/new; do
		fails "$locked" "$why" read_only trustx -d "sim:$chip" info
		grep -q 'next: .*copy the chip' fails.err || die "$(cat fails.err)"
	done
	says '^UID:' read_only trustx sim info ro/chip
	says '^Issued:' read_only trustx ca show ro/ca
	chmod -R u+w ro
}
! here read-only || all_read_only

# Standard descriptors that are closed, or something else than is wanted.
closed_input() {
	"$@" <&-
}
from() {
	file=$1
	shift
	"$@" <"$file"
}
fails 1 'cannot read standard input' closed_input trustx csr create -i -
fails 1 'cannot read standard input' closed_input trustx cert write -
fails 1 'cannot read standard input' closed_input trustx ca sign ca -i -
fails 2 'standard input: the file is empty' from /dev/null trustx csr create -i -
! here folder-as-input || fails 2 'standard input is a directory' from . trustx csr create -i -
closed_input trustx csr create -q --subject CN=a >/dev/null || die 'standard input is not needed'
from config.jsn trustx csr create -q -i - -o from.csr
sh -c 'trustx random 4 >&-' 2>err && die 'a lost result'
grep -q 'cannot write standard output' err || die "$(cat err)"
(trustx object list || echo "exit $?" >end) 2>err | :
[ ! -e end ] || grep -Eq 'exit (1|141)' end || die "$(cat end)"

# The library for USB is there and is none.
no_library() {
	echo 'no library' >libhidapi-libusb.so.0
	LD_LIBRARY_PATH=$PWD fails 3 'the library hidapi cannot be loaded' trustx -d 'ft260:?via=libusb' info
	grep -q 'next: install it' fails.err || die "$(cat fails.err)"
	LD_LIBRARY_PATH=$PWD fails 3 'hid-library-missing' trustx doctor -d 'ft260:?via=libusb'
}
! here libusb || no_library
