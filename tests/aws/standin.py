#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""standin.py [OPTION...]: answers as AWS IoT and STS do, on 127.0.0.1, also when they have a bad day.

Every request must be signed strictly by Signature Version 4. A fault is written
KIND[=VALUE][@OPERATION][#FIRST[-LAST]][%PROBABILITY], such as lost@CreateThing#1 (the first CreateThing is
executed, its answer lost) or error=500%0.1. Of several the first that fires counts. Not executed:
  cut               the connection ends without an answer
  stall             no answer, ever
  throttle          400 ThrottlingException
  error=STATUS      InternalFailureException, ServiceUnavailableException, or a page of a gateway
  refuse=NAME       NAME with AWS's status for it
  expired           403 ExpiredTokenException
  html[=STATUS]     a page of somebody in between
  kill              SIGKILL to the process whose number is in the file --victim
Executed, and then:
  lost, stall-late, late-error=STATUS, html-late, kill-late   as above
  half              the connection ends in the middle of the answer
  hangup            the connection ends behind the answer
  truncate          the body ends early, though its length says so
  empty, garbage, huge   such a body
  endless           a list whose next page is the first one again
  foreign=key|subject|id|pem|account   the certificate is for another key or subject, its id is not its
                    hash, it is no certificate, or it is in another account
  delay=MS          the answer takes so much longer

Control, unsigned: GET /_control/state, /_control/stats, /_control/journal;
POST /_control with JSON, any of {"faults": [..], "clock": SECONDS, "latency": MS, "settle": MS,
"detach": MS, "rate": N, "copies": {"certificates": N, "things": N}, "iam": {policy}, "reset": true}.
"""
import argparse
import datetime
import email.utils
import fnmatch
import json
import os
import pathlib
import random
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'tools'))
import account as aws  # noqa: E402
import certs  # noqa: E402
import sigv4check  # noqa: E402

TOKEN = 'standin+session/token=='
SESSION_KEY, SESSION_SECRET = 'ASIAIOSFODNN7EXAMPLE', 'sessionSecretFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
CONTAINER_TOKEN = 'container-token'
METADATA_TOKEN = 'metadata-token'
IDENTITY = 'arn:%s:iam::' + aws.ACCOUNT + ':user/station'
FRONT_END = ':http://internal.amazon.com/coral/com.amazon.coral.service/'
STATUS = {'ThrottlingException': 400, 'InternalFailureException': 500, 'ServiceUnavailableException': 503,
          'AccessDeniedException': 403, 'ExpiredTokenException': 403, 'LimitExceededException': 410,
          'ConflictingResourceUpdateException': 409, 'UnauthorizedException': 401, 'ResourceNotFoundException': 404}
HTML = b'<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome to the guest network.</body></html>'
LATE = ('lost', 'half', 'hangup', 'truncate', 'empty', 'garbage', 'huge', 'html-late', 'kill-late', 'late-error', 'stall-late')
KINDS = ('cut', 'stall', 'throttle', 'error', 'refuse', 'expired', 'html', 'kill', 'foreign', 'delay',
         'endless') + LATE
RULE = re.compile(r'([a-z-]+)(?:=([^@#%]+))?(?:@(\w+))?(?:#(\d+)(?:-(\d+))?)?(?:%([0-9.]+))?')


class Fault:
    def __init__(self, text):
        match = RULE.fullmatch(text)
        if match is None or match[1] not in KINDS:
            raise ValueError('%r is no fault' % text)
        self.text, self.kind, self.value, self.operation = text, match[1], match[2], match[3]
        self.first = int(match[4] or 1)
        self.last = int(match[5] or match[4] or 1 << 30)
        self.probability = float(match[6] or 1)
        self.seen = 0

    def fires(self, operation, dice):
        if self.operation not in (None, operation):
            return False
        self.seen += 1
        return self.first <= self.seen <= self.last and dice.random() < self.probability


class Request:
    """What a call is about."""

    def __init__(self, target):
        self.path, _, query = target.partition('?')
        self.query = dict(parse_qsl(query.replace('+', '%2B'), keep_blank_values=True))
        self.labels, self.body, self.principal = {}, {}, None
        self.operation, self.function = 'Unknown', None

    def text(self, name, most):
        value = self.body.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= most:
            raise aws.invalid('%s must be text of 1 to %d characters' % (name, most))
        return value


class Answer:
    def __init__(self, status, body=b'', kind='application/json', error=None):
        self.status, self.body, self.kind, self.error = status, body, kind, error
        self.headers = {}


def parse_body(request, body):
    function = request.function
    if body:
        try:
            request.body = json.loads(body)
        except ValueError:
            raise aws.invalid('The body is no JSON') from None
    if not isinstance(request.body, dict):
        raise aws.invalid('The body is no object')
    for name in request.body:
        if name not in function.body:
            raise aws.invalid('%s has no member %s' % (request.operation, name))
    for name in request.query:
        if name not in function.query:
            raise aws.invalid('%s has no parameter %s' % (request.operation, name))
    if function.principal and not request.principal:
        raise aws.invalid('The header %s is missing' % function.principal)


class Standin:
    """What all connections share. One request at a time is executed."""

    def __init__(self, opt):
        self.opt = opt
        self.lock = threading.Lock()
        self.clock, self.latency, self.rate = opt.clock, opt.latency / 1000, opt.rate
        self.account = aws.Account(self.now, opt.region, opt.settle / 1000, opt.detach / 1000)
        self.faults = [Fault(text) for text in opt.fault]
        self.dice = random.Random(opt.seed)
        self.iam = json.loads(pathlib.Path(opt.iam).read_text()) if opt.iam else None
        self.buckets, self.journal, self.served = {}, [], {}
        self.file = open(opt.journal, 'a', encoding='utf-8') if opt.journal else None
        self.connections = self.handshakes = 0
        self.secrets = {sigv4check.ACCESS_KEY: sigv4check.SECRET, SESSION_KEY: SESSION_SECRET}

    def now(self):
        return time.time() + self.clock

    # ---- who asks, and whether they may ----

    def authenticate(self, handler, request, body):
        signed = sigv4check.verify(handler.command, handler.path, handler.headers.items(), body, self.secrets,
                                   self.now())
        token = handler.headers.get('x-amz-security-token')
        if signed.access_key == SESSION_KEY and token == 'expired':
            raise sigv4check.Refused('expired', 'The security token included in the request is expired')
        if (token or '') != (TOKEN if signed.access_key == SESSION_KEY else ''):
            raise sigv4check.Refused('unknown', 'The security token included in the request is invalid.')
        services = ('sts',) if request.path == '/' else ('iot', 'execute-api')    # old clients have the latter
        if signed.service not in services:
            raise sigv4check.Refused('wrong', 'Credential should be scoped to correct service: \'%s\'.' % services[0])
        if signed.region != self.account.region:
            raise sigv4check.Refused('wrong', 'Credential should be scoped to a valid region.')

    @staticmethod
    def refused(refused, is_sts):
        names = {'missing': 'MissingAuthenticationTokenException', 'incomplete': 'IncompleteSignatureException',
                 'unknown': 'UnrecognizedClientException', 'expired': 'ExpiredTokenException'}
        of_sts = {'missing': 'MissingAuthenticationToken', 'incomplete': 'IncompleteSignature',
                  'unknown': 'InvalidClientTokenId', 'expired': 'ExpiredToken'}
        if is_sts:
            return aws.Refusal(403, of_sts.get(refused.kind, 'SignatureDoesNotMatch'), refused.message)
        return aws.Refusal(403, names.get(refused.kind, 'InvalidSignatureException'), refused.message)

    def allows(self, action, resource):
        def as_list(member):
            return member if isinstance(member, list) else [member]
        for statement in self.iam['Statement']:
            regions = as_list(statement.get('Condition', {}).get('StringEquals', {})
                              .get('aws:RequestedRegion', self.account.region))
            if statement['Effect'] == 'Allow' and self.account.region in regions \
                    and any(fnmatch.fnmatchcase(action, one) for one in as_list(statement['Action'])) \
                    and any(fnmatch.fnmatchcase(resource, one) for one in as_list(statement['Resource'])):
                return True
        return False

    def authorize(self, request, entry):
        action = entry['action']
        entry['resources'] = self.account.resources_of(request.function, request)
        for resource in entry['resources'] if self.iam is not None else []:
            if not self.allows(action, resource):
                raise aws.Refusal(403, 'AccessDeniedException',
                                  'User: %s is not authorized to perform: %s on resource: %s'
                                  % (IDENTITY % self.account.partition, action, resource))

    def throttle(self, operation):
        """rate requests a second for each operation, burst of the same."""
        if not self.rate:
            return
        tokens, at = self.buckets.get(operation, (self.rate, time.monotonic()))
        tokens = min(self.rate, tokens + (time.monotonic() - at) * self.rate)
        self.buckets[operation] = (max(tokens - 1, 0) if tokens >= 1 else tokens, time.monotonic())
        if tokens < 1:
            raise aws.Refusal(400, 'ThrottlingException', 'Rate exceeded')

    # ---- a request ----

    def find(self, handler, body):
        request = Request(handler.path)
        if request.path == '/' and handler.command == 'POST':
            request.operation = dict(parse_qsl(body.decode('latin-1'))).get('Action', 'Unknown')
            return request
        function, labels = aws.find_operation(handler.command, request.path)
        if function is not None:
            request.function, request.operation = function, function.operation
            request.labels = {name: unquote(label) for name, label in labels.items()}
            if function.principal:
                request.principal = handler.headers.get(function.principal)
        return request

    def sts(self, handler, request):
        if request.operation != 'GetCallerIdentity':
            raise aws.Refusal(400, 'InvalidAction', 'Could not find operation %s' % request.operation)
        identity = {'Account': aws.ACCOUNT, 'Arn': IDENTITY % self.account.partition, 'UserId': 'AIDAIOSFODNN7EXAMPLE'}
        request_id = str(uuid.uuid4())
        if handler.headers.get('Accept') == 'application/json':
            return Answer(200, json.dumps({'GetCallerIdentityResponse': {
                'GetCallerIdentityResult': identity, 'ResponseMetadata': {'RequestId': request_id}}}).encode())
        elements = ''.join('<%s>%s</%s>' % (name, text, name) for name, text in identity.items())
        return Answer(200, ('<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n'
                            '  <GetCallerIdentityResult>%s</GetCallerIdentityResult>\n  <ResponseMetadata><RequestId>'
                            '%s</RequestId></ResponseMetadata>\n</GetCallerIdentityResponse>'
                            % (elements, request_id)).encode(), 'text/xml')

    def execute(self, handler, request, body, fault):
        if request.path == '/':
            return self.sts(handler, request)
        if request.function is None:
            raise aws.Refusal(404, 'UnknownOperationException', 'There is no %s %s' % (handler.command, request.path))
        parse_body(request, body)
        self.account.settle_detachments()
        self.account.misissue = fault.value if fault and fault.kind == 'foreign' else None
        if fault and fault.kind == 'endless':
            for name in ('marker', 'nextToken'):
                request.query.pop(name, None)
        result = request.function(self.account, request)
        if result is None:
            return Answer(200)
        return Answer(200, json.dumps({k: v for k, v in result.items() if v is not None}).encode())

    def fault_before(self, fault):
        """Raises or returns an answer instead of executing; None: go on."""
        if fault is None or fault.kind in LATE or fault.kind in ('foreign', 'delay', 'endless'):
            return None
        if fault.kind == 'throttle':
            raise aws.Refusal(400, 'ThrottlingException', 'Rate exceeded')
        if fault.kind == 'expired':
            raise aws.Refusal(403, 'ExpiredTokenException', 'The security token included in the request is expired')
        if fault.kind == 'refuse':
            raise aws.Refusal(STATUS.get(fault.value, 400), fault.value, 'Refused on request')
        if fault.kind == 'error':
            return self.error(int(fault.value))
        return Answer(int(fault.value or 200), HTML, 'text/html')

    @staticmethod
    def error(status):
        names = {500: 'InternalFailureException', 503: 'ServiceUnavailableException'}
        if status not in names:
            return Answer(status, b'<html><body><h1>%d</h1></body></html>' % status, 'text/html')
        raise aws.Refusal(status, names[status], 'An unexpected error has occurred.')

    def fault_after(self, fault, answer):
        if fault is None or fault.kind not in LATE:
            return answer
        if fault.kind == 'truncate':
            answer.body = answer.body[:max(len(answer.body) * 2 // 3, 1)] or b'{"cer'
        elif fault.kind == 'late-error':
            answer = self.error(int(fault.value))
        elif fault.kind in ('empty', 'garbage', 'huge', 'html-late'):
            bodies = {'empty': b'', 'garbage': bytes(range(256)), 'html-late': HTML,
                      'huge': b'{"filler":"%s"}' % (b'x' * (2 << 20))}
            answer.body = bodies[fault.kind]
        return answer

    def judge(self, handler, request, body, entry, fault):
        """An answer, whatever happens on the way."""
        is_sts = request.path == '/'
        try:
            try:
                self.authenticate(handler, request, body)
            except sigv4check.Refused as refused:
                raise self.refused(refused, is_sts) from None
            if request.function is not None:
                if request.function.body and body:
                    try:
                        request.body = dict(json.loads(body))
                    except (ValueError, TypeError):
                        request.body = {}
                self.authorize(request, entry)
                request.body = {}
            self.throttle(request.operation)
            answer = self.fault_before(fault)
            if answer is None:
                answer = self.execute(handler, request, body, fault)
                entry['executed'] = True
                answer = self.fault_after(fault, answer)
        except aws.Refusal as refusal:
            answer = self.refusal(refusal, is_sts)
        return answer

    @staticmethod
    def refusal(refusal, is_sts):
        if is_sts:
            text = ('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <Error>\n    <Type>Sender'
                    '</Type>\n    <Code>%s</Code>\n    <Message>%s</Message>\n  </Error>\n  <RequestId>%s</RequestId>'
                    '\n</ErrorResponse>\n' % (refusal.name, refusal.message.replace('&', '&amp;').replace('<', '&lt;'),
                                              uuid.uuid4()))
            return Answer(refusal.status, text.encode(), 'text/xml', refusal.name)
        members = {'message': refusal.message, **refusal.members}
        answer = Answer(refusal.status, json.dumps(members).encode(), error=refusal.name)
        answer.headers['x-amzn-ErrorType'] = refusal.name + (FRONT_END if refusal.status == 403 else '')
        return answer

    def serve(self, handler, body):
        """Answer and the fault that handler has to play on the wire."""
        with self.lock:
            request = self.find(handler, body)
            fault = next((one for one in self.faults if one.fires(request.operation, self.dice)), None)
            entry = {'n': len(self.journal) + 1, 'time': round(self.now(), 3), 'connection': handler.number,
                     'operation': request.operation,
                     'action': ('sts:' if request.path == '/' else 'iot:')
                     + request.operation.replace('ListThingPrincipalsV2', 'ListThingPrincipals'),
                     'target': '%s %s' % (handler.command, handler.path), 'executed': False}
            if fault is not None:
                entry['fault'] = fault.text
            self.journal.append(entry)
        time.sleep(self.latency + (int(fault.value) / 1000 if fault and fault.kind == 'delay' else 0))
        with self.lock:
            if fault is not None and fault.kind in ('cut', 'stall', 'kill'):
                answer = Answer(0)
            else:
                answer = self.judge(handler, request, body, entry, fault)
            answer.headers.setdefault('x-amzn-RequestId', str(uuid.uuid4()))
            entry.update(status=answer.status, error=answer.error, request_id=answer.headers['x-amzn-RequestId'])
            if self.file is not None:
                self.file.write(json.dumps(entry) + '\n')
                self.file.flush()
        return answer, fault

    # ---- control ----

    def stats(self):
        operations = {}
        for entry in self.journal:
            operations[entry['operation']] = operations.get(entry['operation'], 0) + 1
        return {'requests': len(self.journal), 'connections': self.connections, 'handshakes': self.handshakes,
                'operations': operations, 'refused': sum(entry.get('status', 0) >= 400 for entry in self.journal)}

    def change(self, wish):
        if 'faults' in wish:
            self.faults = [Fault(text) for text in wish['faults']]
            self.dice = random.Random(wish.get('seed', self.opt.seed))
        self.clock = wish.get('clock', self.clock)
        self.rate = wish.get('rate', self.rate)
        self.iam = wish.get('iam', self.iam)
        for name in ('settle', 'detach'):
            if name in wish:
                setattr(self.account, name, wish[name] / 1000)
        for table, count in wish.get('copies', {}).items():
            self.account.copy(table, count)
        if 'latency' in wish:
            self.latency = wish['latency'] / 1000
        if wish.get('reset'):
            self.account.clear()
            self.buckets, self.journal = {}, []
            self.connections = self.handshakes = 0

    def control(self, handler, body):
        with self.lock:
            if handler.command == 'POST':
                try:
                    self.change(json.loads(body))
                except (ValueError, TypeError) as error:
                    return Answer(400, json.dumps({'message': str(error)}).encode())
                result = {}
            else:
                result = {'/_control/state': self.account.dump, '/_control/stats': self.stats,
                          '/_control/journal': lambda: self.journal}.get(handler.path, dict)()
            return Answer(200, json.dumps(result).encode())

    def credentials(self, handler):
        """As the endpoint of a container and the metadata service of an instance do."""
        path, authorization = handler.path, handler.headers.get('Authorization')
        in_hour = datetime.datetime.fromtimestamp(self.now() + 3600, datetime.timezone.utc)
        keys = {'AccessKeyId': SESSION_KEY, 'SecretAccessKey': SESSION_SECRET, 'Token': TOKEN,
                'Expiration': in_hour.strftime('%Y-%m-%dT%H:%M:%SZ'), 'Code': 'Success'}
        if path == '/_container' and authorization == CONTAINER_TOKEN:
            return Answer(200, json.dumps(keys).encode())
        if path == '/latest/api/token' and handler.command == 'PUT' \
                and handler.headers.get('x-aws-ec2-metadata-token-ttl-seconds'):
            return Answer(200, METADATA_TOKEN.encode(), 'text/plain')
        if handler.headers.get('x-aws-ec2-metadata-token') == METADATA_TOKEN:
            folder = '/latest/meta-data/iam/security-credentials/'
            if path == folder:
                return Answer(200, b'station-role', 'text/plain')
            if path == folder + 'station-role':
                return Answer(200, json.dumps(keys).encode())
        return Answer(401, b'{}')


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    number = 0

    def setup(self):
        super().setup()
        self.standin = self.server.standin

    def count(self):
        """The connection is one of the client, not of the test."""
        if self.number == 0:
            with self.standin.lock:
                self.standin.connections += 1
                self.standin.handshakes += isinstance(self.request, ssl.SSLSocket)
                self.number = self.standin.connections

    def reset(self):
        """End the connection at once: what was not sent yet never is."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.rfile.close()
        self.connection.close()
        self.close_connection = True

    def send(self, answer, part=None):
        now = email.utils.formatdate(self.standin.now(), usegmt=True)
        head = 'HTTP/1.1 %d %s\r\nDate: %s\r\n' % (answer.status, self.responses.get(answer.status, ('?',))[0], now)
        headers = {'Content-Type': answer.kind, 'Content-Length': str(len(answer.body)), **answer.headers}
        head += ''.join('%s: %s\r\n' % pair for pair in headers.items())
        data = head.encode() + b'\r\n' + answer.body
        self.wfile.write(data if part is None else data[:int(len(data) * part)])

    def kill(self):
        try:
            os.kill(int(pathlib.Path(self.standin.opt.victim).read_text()), signal.SIGKILL)
        except ProcessLookupError:
            pass

    def play(self, answer, fault):
        kind = fault.kind if fault is not None else ''
        if kind in ('kill', 'kill-late'):
            self.kill()
        if kind in ('stall', 'stall-late'):
            while self.rfile.read(1):
                pass
        if kind in ('cut', 'lost', 'kill', 'kill-late', 'stall', 'stall-late'):
            self.reset()
        elif kind == 'half':
            self.send(answer, 0.7)
            time.sleep(0.05)
            self.reset()
        else:
            self.send(answer)
            self.close_connection = kind == 'hangup'

    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if self.path.startswith('/_control'):
            self.send(self.standin.control(self, body))
        elif self.path.startswith(('/_container', '/latest/')):
            self.send(self.standin.credentials(self))
        else:
            self.count()
            self.play(*self.standin.serve(self, body))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, opt):
        super().__init__(('127.0.0.1', opt.port), Handler)
        self.standin = Standin(opt)
        self.context = None
        if opt.tls:
            folder = pathlib.Path(opt.tls_dir)
            certs.server_files(folder, opt.tls)
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(folder / 'server.pem', folder / 'server.key')

    def finish_request(self, request, client_address):
        """The handshake belongs to the connection's own thread."""
        try:
            if self.context is None:
                super().finish_request(request, client_address)
                return
            with self.context.wrap_socket(request, server_side=True) as channel:
                super().finish_request(channel, client_address)
        except OSError:
            pass

    def shutdown_request(self, request):
        try:
            super().shutdown_request(request)
        except OSError:
            pass


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--region', default='eu-central-1')
    parser.add_argument('--fault', action='append', default=[], metavar='RULE')
    parser.add_argument('--seed', type=int, default=1, help='of faults with a probability')
    parser.add_argument('--latency', type=int, default=0, metavar='MS', help='of every request')
    parser.add_argument('--settle', type=int, default=0, metavar='MS', help='404 for what was just made')
    parser.add_argument('--detach', type=int, default=0, metavar='MS', help='until a thing is detached')
    parser.add_argument('--rate', type=float, default=0, metavar='N', help='a second and operation; more is throttled')
    parser.add_argument('--clock', type=int, default=0, metavar='SECONDS', help='that AWS is ahead of this computer')
    parser.add_argument('--iam', metavar='FILE', help='policy of whoever asks; default: everything is allowed')
    parser.add_argument('--journal', metavar='FILE', help='a JSON line for each request')
    parser.add_argument('--victim', metavar='FILE', help='with the process number for kill')
    parser.add_argument('--tls', choices=['good', 'self-signed', 'wrong-host', 'expired'])
    parser.add_argument('--tls-dir', default='tls', help='for roots.pem, server.pem, server.key')
    return parser.parse_args()


def main():
    opt = parse_arguments()
    server = Server(opt)
    print('listening on %s://127.0.0.1:%d' % ('https' if opt.tls else 'http', server.server_port), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        server.serve_forever(poll_interval=60)
    except KeyboardInterrupt:
        pass


if __name__ == '__main__':
    main()
