# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""A client of the remote bus protocol, version 1, in Python's standard library only.

Written from the description of the protocol (doc/remote-bus.md), not from the C sources: it is
the second opinion about the server.
"""
import socket
import struct
import sys

HELLO, TRANSFER, DELAY, SPEED, RESET, POWER = range(1, 7)
DONE, ADDRESS_NACK, DATA_NACK, BUS_TIMEOUT, REFUSED, IN_USE = range(6)
MAGIC = bytes((0x54, 0x58, 0x42, 0x01))
REQUEST = struct.Struct('>BBIHH')
RESPONSE = struct.Struct('>BBQH')


class Closed(Exception):
    """The server closed the connection."""


def connect(uri, timeout=10.0):
    scheme, target = uri.split(':', 1)
    if scheme == 'unix':
        sock = socket.socket(socket.AF_UNIX)
        address = target
    else:
        host, port = target.rsplit(':', 1)
        host = host.strip('[]')
        sock = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
        address = (host, int(port))
    sock.connect(address)
    sock.settimeout(timeout)
    return sock


def request(op, addr=0, arg=0, data=b'', rlen=0):
    return REQUEST.pack(op, addr, arg, len(data), rlen) + data


class Response:
    def __init__(self, status, now_us, data):
        self.status, self.now_us, self.data = status, now_us, data


class Client:
    """One connection. With hello=False the first request is the caller's."""

    def __init__(self, uri, hello=True):
        self.sock = connect(uri)
        self.capabilities = None
        if hello:
            answer = self.hello()
            if answer.status != DONE:
                self.close()
                raise ConnectionRefusedError('HELLO was answered with status %d' % answer.status)
            self.capabilities = answer.data[4]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def take(self, count):
        got = b''
        while len(got) < count:
            part = self.sock.recv(count - len(got))
            if not part:
                raise Closed('after %d of %d bytes' % (len(got), count))
            got += part
        return got

    def response(self):
        status, _reserved, now_us, rlen = RESPONSE.unpack(self.take(RESPONSE.size))
        return Response(status, now_us, self.take(rlen))

    def send(self, data):
        self.sock.sendall(data)

    def ask(self, op, addr=0, arg=0, data=b'', rlen=0):
        self.send(request(op, addr, arg, data, rlen))
        return self.response()

    def at_end(self):
        """Has the server closed the connection, with nothing more to read?"""
        try:
            return self.sock.recv(1) == b''
        except ConnectionResetError:
            return True

    def hello(self, data=MAGIC, **fields):
        return self.ask(HELLO, data=data, **fields)

    def write(self, data, addr=0x30):
        return self.ask(TRANSFER, addr, data=data)

    def read(self, rlen, addr=0x30):
        return self.ask(TRANSFER, addr, rlen=rlen)

    def now(self):
        return self.ask(DELAY).now_us

    def delay(self, us):
        return self.ask(DELAY, arg=us)

    def speed(self, hz):
        return self.ask(SPEED, arg=hz)


def main():
    """remote_client.py URI HEX: send the bytes as they are, print all that comes back in hex."""
    sock = connect(sys.argv[1])
    sock.sendall(bytes.fromhex(sys.argv[2]))
    sock.shutdown(socket.SHUT_WR)
    while True:
        part = sock.recv(65536)
        if not part:
            break
        sys.stdout.write(part.hex())
    print()


if __name__ == '__main__':
    main()
