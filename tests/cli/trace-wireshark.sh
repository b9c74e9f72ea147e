# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# Wireshark opens what trace show --pcapng writes.
command -v tshark >/dev/null || skip 'tshark is not installed'

trustx trace show "$GOLDEN/open-read-uid.trace" --pcapng golden.pcapng
tshark -r golden.pcapng -T fields -e i2c.addr -e i2c.flags -e frame.time_epoch -e data.data \
	>fields 2>tshark.err || die "$(cat tshark.err)"
[ "$(wc -l <fields)" -eq 18 ] || die "$(cat fields)"
awk '$1 != "0x30"' fields | cmp - /dev/null || die "$(cat fields)"
sed -n 2p fields | grep -q '0x00000001.0\.0001000*.6108000000$' || die "$(sed -n 2p fields)"
tshark -r golden.pcapng -T fields -e frame.comment 2>/dev/null >comments
grep -q '^data 1, ACK 1, single, 32 bytes, FCS ok; GetDataObject 0xE0C2: ok, 27 bytes$' comments ||
	die "$(cat comments)"
