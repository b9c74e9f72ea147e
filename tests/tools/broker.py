#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""broker.py CERT KEY CA MODE: an MQTT broker that misbehaves, for clients that must say how.

Prints "listening on PORT". MODE:
  mute         takes connections and says nothing        text       speaks another protocol
  hang-up      closes when the ClientHello is there      alert=N    answers it with this TLS alert
  silent       does not answer CONNECT                   close      closes on CONNECT
  connack=N    answers CONNECT with this code            suback=N   SUBSCRIBE with this code
  close-subscribe, close-publish   closes on these       puback=N   PUBLISH with this code
  disconnect=N sends DISCONNECT with this code on SUBSCRIBE
  drop         acknowledges PUBLISH, sends nothing back  noise      sends other messages, then it
  bad          answers CONNECT with rubbish              no-client  asks for no certificate
"""
import socket
import ssl
import sys
import threading


def exact(stream, count):
    data = b''
    while len(data) < count:
        more = stream.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def packet(stream):
    kind = exact(stream, 1)[0]
    length = shift = 0
    while True:
        byte = exact(stream, 1)[0]
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return kind, exact(stream, length)


def text_at(body, at):
    size = int.from_bytes(body[at:at + 2], 'big')
    return body[at + 2:at + 2 + size], at + 2 + size


class Broker:
    def __init__(self, stream, mode):
        self.stream, self.five = stream, False
        self.mode, _, code = mode.partition('=')
        self.code = int(code or 0)

    def send(self, kind, body):
        self.stream.sendall(bytes([kind, len(body)]) + body)

    def publish(self, topic, payload):
        self.send(0x30, len(topic).to_bytes(2, 'big') + topic + b'\0' * self.five + payload)

    def on_connect(self, body):
        self.five = body[6] == 5
        if self.mode == 'bad':
            self.stream.sendall(b'\x20\x7fHTTP/1.1 400 Bad Request\r\n\r\n')
            return False
        if self.mode in ('close', 'silent'):
            if self.mode == 'silent':
                self.stream.recv(1)
            return False
        code = self.code if self.mode == 'connack' else 0
        self.send(0x20, bytes([0, code]) + b'\0' * self.five)
        return code == 0

    def on_subscribe(self, body):
        if self.mode == 'close-subscribe':
            return False
        if self.mode == 'disconnect':
            self.send(0xE0, bytes([self.code, 0]))
            return False
        code = self.code if self.mode == 'suback' else 1
        self.send(0x90, body[:2] + b'\0' * self.five + bytes([code]))
        return True

    def on_publish(self, body):
        if self.mode == 'close-publish':
            return False
        topic, at = text_at(body, 0)
        code = self.code if self.mode == 'puback' else 0
        self.send(0x40, body[at:at + 2] + (bytes([code, 0]) if self.five else b''))
        payload = body[at + 2 + self.five:]
        if self.mode == 'noise':
            self.publish(topic, b'')
            self.publish(topic, b'x' * len(payload))
        if self.mode not in ('drop', 'puback'):
            self.publish(topic, payload)
        return True

    def run(self):
        steps = {0x10: self.on_connect, 0x82: self.on_subscribe, 0x32: self.on_publish}
        while True:
            kind, body = packet(self.stream)
            if kind == 0xE0 or not steps[kind](body):
                return


def raw(connection, mode):
    """Modes below TLS; False: not one of them."""
    name, _, code = mode.partition('=')
    if name == 'text':
        connection.sendall(b'220 mail.example ESMTP ready for whatever you have to say\r\n')
    if name in ('mute', 'text', 'hang-up', 'alert'):
        connection.recv(4096)
    if name == 'alert':
        connection.sendall(b'\x15\x03\x03\x00\x02\x02' + bytes([int(code)]))
    if name == 'mute':
        connection.recv(1)
    return name in ('mute', 'text', 'hang-up', 'alert')


def serve(connection, context, mode):
    try:
        with connection:
            if not raw(connection, mode):
                with context.wrap_socket(connection, server_side=True) as stream:
                    Broker(stream, mode).run()
    except (OSError, EOFError, KeyError, IndexError) as error:
        print(repr(error), file=sys.stderr)


def main():
    cert, key, ca, mode = sys.argv[1:5]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if mode != 'no-client':
        context.load_verify_locations(ca)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN    # as AWS trusts: this leaf
        context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(('127.0.0.1', 0)) as server:
        print('listening on', server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection, context, mode), daemon=True).start()


main()
