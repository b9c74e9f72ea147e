# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""strange_bus.py LISTEN URI KIND: the remote bus protocol at LISTEN (a socket's path), served by the
server at URI, with something wrong between them. Prints "ready". One client after the other.
"""
import random
import socket
import sys

from remote_client import (BUS_TIMEOUT, DONE, REQUEST, RESPONSE, SPEED, TRANSFER, Client, Closed,
                           Response)

REG_DATA, REG_DATA_LEN, REG_STATE = 0x80, 0x81, 0x82


def crc(data):
    """The FCS of a frame: CCITT, reflected, from 0."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x8408 if value & 1 else 0)
    return value.to_bytes(2, 'big')


class Bus:
    """What passes; a kind overrides what it does wrong."""

    def __init__(self, client):
        self.client, self.hz, self.reg, self.count = client, 100000, 0, 0

    def write(self, data):
        return self.client.write(data)

    def read(self, count):
        return self.client.read(count)

    def serve(self, op, addr, arg, data, count):
        if op == SPEED:
            self.hz = arg
        if op != TRANSFER or addr != 0x30:
            return self.client.ask(op, addr, arg, data, count)
        self.count += 1
        if data:
            self.reg = data[0]
            return self.write(data)
        return self.read(count)

    def now(self, status, data=b''):
        return Response(status, self.client.now(), data)


class Foreign(Bus):
    """Another device: its registers hold their own numbers."""

    def read(self, count):
        return self.now(DONE, bytes((self.reg + i) % 256 for i in range(count)))


class Busy(Bus):
    def read(self, count):
        if self.reg == REG_STATE:
            return self.now(DONE, b'\x88\0\0\0'[:count])
        return super().read(count)


class Forgetful(Bus):
    """No setting is kept."""

    def read(self, count):
        if self.reg == REG_DATA_LEN:
            return self.now(DONE, random.randbytes(count))
        return super().read(count)


class Slow(Bus):
    """Bits get lost above 100 kHz."""

    limit = 100000

    def read(self, count):
        answer = super().read(count)
        if self.hz > self.limit and self.reg != REG_STATE:
            answer.data = bytes(b ^ random.randrange(1, 256) for b in answer.data)
        return answer


class Hasty(Slow):
    """Bits get lost above 400 kHz."""

    limit = 400000


class Limit(Bus):
    """An adapter that carries 60 bytes at a time."""

    def write(self, data):
        return super().write(data) if len(data) <= 60 else self.now(BUS_TIMEOUT)

    def read(self, count):
        return super().read(count) if count <= 60 else self.now(BUS_TIMEOUT)


class Deaf(Bus):
    """Frames do not get through, registers do."""

    def write(self, data):
        return self.now(DONE) if len(data) > 1 and data[0] == REG_DATA else super().write(data)


class Refused(Bus):
    """Another application is asked for than the chip has: the first frame's last byte."""

    def write(self, data):
        if data[0] == REG_DATA and len(data) == 27:
            frame = data[1:-3] + bytes((data[-3] ^ 1,))
            data = data[:1] + frame + crc(frame)
        return super().write(data)


class Ended(Bus):
    """0xE0C0 reads as termination."""

    asked = False

    def write(self, data):
        if data[0] == REG_DATA and len(data) > 7:
            self.asked = b'\xE0\xC0' in data
        return super().write(data)

    def read(self, count):
        answer = super().read(count)
        if self.asked and self.reg == REG_DATA and count == 11:
            frame = answer.data[:-3] + b'\x0F'
            answer.data = frame + crc(frame)
        return answer


class Stuck(Bus):
    def write(self, data):
        return self.now(BUS_TIMEOUT)


class Lost(Bus):
    """The connection breaks."""

    def write(self, data):
        if self.count > 20:
            raise Closed('as asked for')
        return super().write(data)


KINDS = {kind.__name__.lower(): kind for kind in
         (Foreign, Busy, Forgetful, Slow, Hasty, Limit, Deaf, Refused, Ended, Stuck, Lost)}


def take(sock, count):
    data = b''
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            raise Closed('by the client')
        data += part
    return data


def serve(sock, bus):
    while True:
        op, addr, arg, wlen, rlen = REQUEST.unpack(take(sock, REQUEST.size))
        answer = bus.serve(op, addr, arg, take(sock, wlen), rlen)
        sock.sendall(RESPONSE.pack(answer.status, 0, answer.now_us, len(answer.data)) + answer.data)


def main():
    listen, uri, kind = sys.argv[1:]
    server = socket.socket(socket.AF_UNIX)
    server.bind(listen)
    server.listen()
    print('ready', flush=True)
    while True:
        sock, _ = server.accept()
        with sock, Client(uri, hello=False) as client:
            try:
                serve(sock, KINDS[kind](client))
            except (Closed, ConnectionError):
                pass


main()
