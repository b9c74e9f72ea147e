# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# A device that works, at mosquitto: versions of TLS and MQTT, curves, ALPN.
. "$TRUSTX_SOURCE/tests/cli/connect-lib.sh"
make_server srv
device thing-0001
start_mosquitto
says '^TLS: +TLSv1\.3, TLS_' visit
cat says.out says.err
