#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""check_pcapng.py PCAPNG TRACE: the file is sound and holds exactly the transfers of the trace.

Written from the pcapng draft, in either byte order, and from tcpdump's description of
LINKTYPE_I2C_LINUX.
"""
import struct
import sys

SECTION, INTERFACE, PACKET, I2C_LINUX = 0x0A0D0D0A, 1, 6, 209


def blocks(data):
    at, order = 0, '>'
    while at < len(data):
        if struct.unpack_from('>I', data, at)[0] == SECTION:
            order = '>' if data[at + 8:at + 12] == b'\x1a\x2b\x3c\x4d' else '<'
            assert struct.unpack_from(order + 'I', data, at + 8)[0] == 0x1A2B3C4D
        kind, length = struct.unpack_from(order + 'II', data, at)
        assert length % 4 == 0 and at + length <= len(data), f'block at {at}'
        assert struct.unpack_from(order + 'I', data, at + length - 4)[0] == length
        yield order, kind, data[at + 8:at + length - 4]
        at += length
    assert at == len(data)


def options(order, data):
    found, at = {}, 0
    while True:
        code, length = struct.unpack_from(order + 'HH', data, at)
        found[code] = data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4
        if code == 0:
            assert at == len(data)
            return found


def packets(data):
    section, interfaces = 0, 0
    for order, kind, body in blocks(data):
        if kind == SECTION:
            section, interfaces = section + 1, 0
            assert struct.unpack_from(order + 'HH', body, 4) == (1, 0)
            options(order, body[16:])
        elif kind == INTERFACE:
            interfaces += 1
            assert struct.unpack_from(order + 'H', body)[0] == I2C_LINUX
            assert options(order, body[8:])[9] == b'\x06', 'microseconds'
        else:
            assert kind == PACKET and section > 0
            interface, high, low, caplen, length = struct.unpack_from(order + 'IIIII', body)
            assert interface < interfaces and caplen == length
            comment = options(order, body[20 + (caplen + 3) // 4 * 4:])[1]
            yield section, high << 32 | low, body[20:20 + caplen], comment.decode('ascii')


def transfers(text):
    session = 0
    for line in text.splitlines():
        words = line.split(' ')
        if words[0] == 'trustx-trace':
            session += 1
        elif words[2] in ('write', 'read'):
            read = words[2] == 'read'
            data = bytes([0, 0, 0, 0, int(read), int(words[4], 16) << 1 | read])
            if words[3] == 'ok' or (not read and words[3] != 'TRUSTX_ERR_NACK'):
                data += bytes.fromhex(words[5])
            yield session, int(words[0]), data


def main():
    with open(sys.argv[1], 'rb') as file:
        got = list(packets(file.read()))
    with open(sys.argv[2], encoding='ascii') as file:
        want = list(transfers(file.read()))
    assert [packet[:3] for packet in got] == want
    assert all(packet[3] for packet in got)
    print(len(got))


main()
