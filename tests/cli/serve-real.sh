# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# The real clock, which is the default.
. "$TRUSTX_SOURCE/tests/cli/serve-lib.sh"

serve --listen tcp::0 --state chip
case $uri in
tcp:127.0.0.1:[1-9]*) ;;
*) die "listening on $uri" ;;
esac
[ ! -s serve.err ] || die "a warning: $(cat serve.err)"
rules real "$uri"
rules rude "$uri"
end_server INT

serve --listen unix:bus.socket --state chip --clock real
rules real "$uri"
end_server TERM
