# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Where the server listens, and what it says when it cannot.
. "$TRUSTX_SOURCE/tests/cli/serve-lib.sh"

# hello URI: the answer to HELLO in hex.
hello() {
	python3 "$TOOLS/remote_client.py" "$1" 0100000000000004000054584201
}

# Options.
says '^usage: trustx-sim serve --listen' trustx-sim --help
says '--clock real\|virtual' trustx-sim serve --help
fails 2 '^usage: ' trustx-sim
fails 2 '^usage: ' trustx-sim run
fails 2 '^trustx-sim: serve: --listen is missing; the options are' trustx-sim serve --state chip
fails 2 'serve: --state is missing' trustx-sim serve --listen unix:s
fails 2 "there is no option '--port'" trustx-sim serve --port 1
fails 2 "there is no option 'chip'" trustx-sim serve --listen unix:s chip
fails 2 "there is no option '--list'" trustx-sim serve --list unix:s
fails 2 '--state has no value' trustx-sim serve --listen unix:s --state
fails 2 '--sync takes no value' trustx-sim serve --sync=1
fails 2 '--clock sundial is not real or virtual' trustx-sim serve --clock sundial
fails 2 '--scale x is not a factor' trustx-sim serve --scale x
fails 2 '--jitter 1e3 is not a number' trustx-sim serve --jitter 1e3
fails 2 '--nack -1 is not a number of microseconds' trustx-sim serve --nack -1
fails 2 '--state  is not the name of a file' trustx-sim serve --state ''
fails 2 'trust-z' trustx-sim serve --listen unix:s --state chip --profile trust-z

# Addresses.
fails 2 "'bus.socket' is no address to listen at; use unix:PATH or tcp:HOST:PORT" \
	trustx-sim serve --listen bus.socket --state chip
fails 2 'path of the socket is missing' trustx-sim serve --listen unix: --state chip
fails 2 "'70000' is no port number" trustx-sim serve --listen tcp:localhost:70000 --state chip
fails 2 'IPv6 address is written in brackets' trustx-sim serve --listen tcp:::1:0 --state chip
fails 3 'cannot listen at tcp:192.0.2.1:9' trustx-sim serve --listen tcp:192.0.2.1:9 --state chip
fails 1 'cannot listen at unix:none/s: No such file' \
	trustx-sim serve --listen unix:none/s --state chip
[ ! -e chip ] || die 'a chip was made for a server that could not start'

# A file that is no socket stays.
echo precious >file
fails 7 'file is there and is no socket' trustx-sim serve --listen unix:file --state chip
[ "$(cat file)" = precious ] || die 'the file was touched'

# A live socket is an error, a dead one is replaced.
serve --listen unix:bus.socket --state chip
fails 3 'another server listens at bus.socket; end it, or choose another path' \
	trustx-sim serve --listen unix:bus.socket --state other
[ ! -e other ] || die 'a chip was made for a server that could not start'
hello "$uri" | grep -q '^0000.*0005545842010*6$' || die 'the server is gone'
fails 3 "in use by pid $server" trustx-sim serve --listen unix:second --state chip
[ ! -e second ] || die 'a socket was left behind'
kill -KILL "$server"
wait "$server" || true
[ -S bus.socket ] || die 'no socket to replace'
serve --listen unix:bus.socket --state chip
hello "$uri" | grep -q '^0000' || die 'no answer at the replaced socket'

# A socket that somebody else put in the place of ours is not removed.
mv bus.socket moved.socket
echo precious >bus.socket
end_server TERM
[ "$(cat bus.socket)" = precious ] || die 'a file of somebody else was removed'
rm bus.socket

# A path with characters that mean something in a URI.
serve --listen 'unix:a%25b%3F c' --state chip
[ "$uri" = 'unix:a%25b%3F c' ] || die "listening on $uri"
[ -S 'a%b? c' ] || die 'the socket has another name'
end_server INT

# TCP: a port in use; others are warned of.
serve --listen tcp:0 --state chip
fails 3 "another program listens at $uri; choose another port" \
	trustx-sim serve --listen "$uri" --state other
end_server INT
serve --listen tcp:0.0.0.0:0 --state chip
grep -q "^warning: $uri can be reached from other computers" serve.err || die 'no warning'
hello "tcp:127.0.0.1:${uri##*:}" | grep -q '^0000' || die 'no answer'
end_server INT

# Ending with a client in mid-request, and a shell that ignores SIGINT in the background.
serve --listen unix:bus.socket --state chip --clock virtual
python3 -c "
import sys, time
sys.path.insert(0, '$TOOLS')
import remote_client as rc
bus = rc.Client('$uri')
bus.send(rc.request(2, 0x30, data=bytes(100))[:50])
print('sent', flush=True)
time.sleep(60)
" >client.out &
client=$!
while ! grep -q sent client.out 2>/dev/null; do sleep 0.1; done
end_server INT
kill "$client"
wait "$client" || true
