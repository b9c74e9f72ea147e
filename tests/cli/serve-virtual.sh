# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Every rule of the remote bus protocol, on the virtual clock, over both kinds of socket.
. "$TRUSTX_SOURCE/tests/cli/serve-lib.sh"

serve --listen unix:bus.socket --state chip --clock virtual
[ "$uri" = unix:bus.socket ] || die "listening on $uri"
python3 "$TOOLS/doc_exchange.py" "$TRUSTX_SOURCE/doc/remote-bus.md" "$uri"
rules virtual "$uri"
rules rude "$uri"
end_server TERM
[ ! -e bus.socket ] || die 'the socket file was left behind'
has_mode 600 chip || die 'the file of the chip is open to others'

# The chip lives on in its file.
serve --state=chip --clock=virtual --listen=tcp:[::1]:0
case $uri in
'tcp:[::1]:0' | 'tcp:[::1]:') die "no real port in $uri" ;;
'tcp:[::1]:'*) ;;
*) die "listening on $uri" ;;
esac
[ ! -s serve.err ] || die "a warning: $(cat serve.err)"
rules virtual "$uri"
end_server INT
