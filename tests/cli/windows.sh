# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# What only Windows has: drives, backslashes, batch files as issuers, its ways to an adapter.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"
new_chip

# Wine calls the root of Linux Z:, and the current folder is one on it.
windows=Z:$(pwd | tr / '\\')
for path in "$windows\\a.csr" 'Z:a.csr' '.\a.csr' "$PWD/a.csr" "\\\\?\\$windows\\a.csr"; do
	trustx csr create -q --subject CN=a -o "$path" || die "cannot write $path"
	openssl req -in a.csr -noout -verify 2>req.err || die "$path: $(cat req.err)"
	trustx csr verify "$path" >verify.out || die "cannot read $path"
	rm a.csr
done
for path in "$windows\\chip" 'Z:chip' '.\chip'; do
	says "^UID: +$(uid)\$" trustx -d "sim:$path" info
	says "^$(uid)\$" trustx -d "trace:Z%3Atrace:sim:$path" object read e0c2
done
[ -s trace ] || die 'no trace'
trustx csr create -q --subject CN=a -o NUL
fails 1 'cannot write' trustx csr create -q --subject CN=a -o 'Y:\a.csr'
fails 1 'cannot write' trustx csr create -q --subject CN=a -o 'no\such\a.csr'
mkdir sub
trustx ca init -q 'sub\ca'
trustx personalize -q --subject CN=a --issuer 'ca:Z:sub\ca' >personalize.out
trustx cert read -q -o device.pem
openssl verify -CAfile sub/ca/root.pem device.pem >verify.out || die "$(cat verify.out)"

# A batch file as issuer gives what it has.
trustx csr create -q --subject CN=b --slot 2 -o b.csr
trustx ca sign -q sub/ca -i b.csr -o b.pem
printf '@echo off\r\ntype b.pem\r\n' >issuer.bat
trustx personalize -q --slot 2 --subject CN=b --issuer exec:./issuer.bat >personalize.out 2>err || die "$(cat err)"
says '^Slot 2 +certificate fits' trustx info
printf '@exit 3\r\n' >no.bat
fails 6 '3' trustx personalize --slot 3 --subject CN=c --issuer exec:./no.bat

# Ctrl-C: exit 130, nothing half done; an issuer is ended with all that it started.
# interrupted FILE COMMAND...: the command gets it when FILE is there.
interrupted() {
	file=$1
	shift
	rm -f "$file"
	env --default-signal=INT "$@" >out 2>err &
	job=$!
	for _ in $(seq 200); do
		[ ! -e "$file" ] || break
		sleep 0.1
	done
	kill -INT "$job"
	code=0
	wait "$job" || code=$?
	[ "$code" -eq 130 ] || die "$*: exit $code: $(cat err)"
	grep -q '^trustx: [a-z]*: interrupted' err || die "$(cat err)"
}
interrupted chip.lock trustx -d 'sim:chip?clock=real' random 1048576 -o bytes
[ -z "$(find . -name 'bytes*')" ] || die 'half a file'
server=$TRUSTX_BIN/trustx-sim.exe
[ -e "$server" ] || server=$TRUSTX_BIN/../../tool/trustx-sim.exe
trustx sim new -q other >/dev/null
printf '@echo off\r\n"%s" serve --listen tcp:127.0.0.1:0 --state other\r\n' "$(realpath "$server")" >slow.bat
interrupted other.lock trustx personalize --slot 3 --subject CN=c --issuer exec:./slow.bat
trustx -q -d sim:other info >/dev/null || die 'what the issuer started still has its chip'
trustx personalize -q --slot 3 --subject CN=c --issuer 'ca:sub\ca' >/dev/null
says '^Keys made: *0 1 1 1 ' trustx sim info chip

# Adapters: none is here, and what others have is not had.
fails 3 'no FT260' trustx -d ft260: info
fails 2 'via=hidraw is no way to reach an FT260' trustx -d 'ft260:?via=hidraw' info
fails 2 'via=libusb is no way to reach an FT260' trustx -d 'ft260:?via=libusb' info
fails 3 'only those of Linux' trustx -d /dev/i2c-1 info

# What to do is what can be done here.
fails 3 'pnputil .*Windows sees' trustx -d ft260: info
fails 3 'no-adapter.*no FT260.*on Linux only' env -u TRUSTX_DEVICE trustx doctor
trustx doctor --list >list.out
grep -q '^no-answer (address): ' list.out || die "$(cat list.out)"
for words in 'trustx doctor --list' 'trustx info --help' 'optiga_upload_crt -h' 'optiga_generate_csr -h'; do
	# shellcheck disable=SC2086 # a command with its options
	$words >words.out
	! grep -E 'sudo|udev|/dev/|lsusb|apt-get|Raspberry' words.out || die "$words"
done

# Without a console, and with nothing to read or write.
fails 2 'no terminal|no console' setsid -w trustx ca init locked --encrypt
fails 1 'read standard input' trustx csr create -i - <&-
trustx object read e0c2 </dev/null | grep -q "^$(uid)" || die 'nothing through a pipe'
