# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Names of files: with blanks, of other alphabets, long ones; folders that cannot be written into.
. "$TRUSTX_SOURCE/tests/cli/chip-lib.sh"

# whole FOLDER: a device is made with all its files in there.
whole() {
	mkdir -p "$1"
	cp "$GOLDEN/config.jsn" "$1/config.jsn"
	trustx sim new "$1/a chip" >sim.out 2>sim.err || die "$1: $(cat sim.err)"
	trustx ca init -q "$1/ca"
	trustx -d "sim:$1/a chip" personalize -i "$1/config.jsn" --issuer "ca:$1/ca" --state "$1/state" \
		>whole.out 2>whole.err || die "$1: $(cat whole.err)"
	[ -s "$1/state/$(sed -n 's/^UID: *//p' whole.out)-e0f1.pub" ] || die "$1: no state: $(ls "$1/state")"
	trustx -d "sim:$1/a chip" cert read -q -o "$1/device.pem"
	openssl verify -CAfile "$1/ca/root.pem" "$1/device.pem" >verify.out || die "$1: $(cat verify.out)"
	trustx -d "trace:$1/a trace:sim:$1/a chip" object read e0c2 -o "$1/uid"
	[ "$(wc -c <"$1/uid")" -eq 27 ] && [ -s "$1/a trace" ] || die "$1: not written"
	fails 2 "there is no file $1/nothing" trustx csr verify "$1/nothing"
}
whole 'with a blank'
whole 'Größe'
whole 'чип/鍵'
long=$(printf 'folder-of-fifty-characters-%023d/' 1 2 3 4 5 6)
whole "${long%/}"

# The name is told as it is to machines, too.
trustx csr verify Größe/nothing --json >out 2>err && die 'no failure'
grep -q 'Größe/nothing' out || die "$(cat out)"

# Media that nobody may write on.
if [ -d /sys/kernel ]; then
	for command in 'csr create --subject CN=a -o' 'random 4 -o'; do
		# shellcheck disable=SC2086 # a list of words
		fails 1 'cannot write .*/sys/kernel/new' trustx -d 'sim:Größe/a chip' $command /sys/kernel/new
	done
	fails 1 '/sys/kernel/ca' trustx ca init /sys/kernel/ca
	fails 1 '/sys/kernel' trustx -d 'sim:Größe/a chip' key generate --slot 2 --state /sys/kernel/state
	fails 3 '/sys/kernel/chip' trustx sim new /sys/kernel/chip
fi
