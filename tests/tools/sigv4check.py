#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""sigv4check.py [-v] PORT: answer 200 to requests signed as AWS Signature Version 4 asks, else 403.

As a module: verify() computes the signature again from the bytes of the wire, by the published
rules, and is strict: whatever AWS might let pass but no other client sends is a problem, too.
"""
import datetime
import hashlib
import hmac
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE'
SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
AUTHORIZATION = re.compile(r'AWS4-HMAC-SHA256 Credential=([^,/]+)/(\d{8})/([^/,]+)/([^/,]+)/aws4_request, ?'
                           r'SignedHeaders=([^, ]+), ?Signature=([0-9a-f]{64})')


class Refused(Exception):
    """kind is one of missing, incomplete, unknown, wrong, old, early."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind, self.message = kind, message


class Signed:
    """What Authorization says, once it is found to be true."""

    def __init__(self, match):
        self.access_key, self.date, self.region, self.service, self.names, self.signature = match.groups()
        self.scope = '/'.join((self.date, self.region, self.service, 'aws4_request'))
        self.signed = self.names.split(';')


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def encode(text):
    return quote(text, safe='-_.~')


def canonical_query(query):
    """The pairs decoded, encoded once and sorted. A bare '+' or a lower-case escape is no way to write them."""
    pairs = []
    for pair in filter(None, query.split('&')):
        name, _, value = pair.partition('=')
        pairs.append((encode(unquote(name)), encode(unquote(value))))
    return '&'.join('%s=%s' % pair for pair in sorted(pairs))


def group(headers):
    values = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(re.sub(r' +', ' ', value.strip()))
    return values


def problems_of(signed, values, target):
    """What is wrong with the form, whatever the signature says."""
    found = []
    if signed.signed != sorted(set(signed.signed)):
        found.append('SignedHeaders is not sorted')
    for name in ('host', 'x-amz-date'):
        if name not in signed.signed:
            found.append('%s is not signed' % name)
    for name in values:
        if (name.startswith('x-amz') or name == 'content-type') and name not in signed.signed:
            found.append('%s is not signed' % name)
    for name in signed.signed:
        if name not in values:
            found.append('%s is signed but absent' % name)
    if len(values.get('x-amz-date', [])) != 1:
        found.append('x-amz-date is there %d times' % len(values.get('x-amz-date', [])))
    elif not values['x-amz-date'][0].startswith(signed.date):
        found.append('the scope has another date')
    if re.search(r'[^A-Za-z0-9\-._~/?&=%]', target):
        found.append('the target has a character that is not encoded: %r' % target)
    return found


def check_time(stamp, now):
    """Five minutes either way."""
    try:
        sent = datetime.datetime.strptime(stamp, '%Y%m%dT%H%M%SZ').replace(tzinfo=datetime.timezone.utc).timestamp()
    except ValueError:
        raise Refused('incomplete', 'Date must be in ISO-8601 \'basic format\'. Got \'%s\'.' % stamp) from None

    def text(seconds):
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y%m%dT%H%M%SZ')
    if sent < now - 300:
        raise Refused('old', 'Signature expired: %s is now earlier than %s (%s - 5 min.)'
                      % (stamp, text(now - 300), text(now)))
    if sent > now + 300:
        raise Refused('early', 'Signature not yet current: %s is still later than %s (%s + 5 min.)'
                      % (stamp, text(now + 300), text(now)))


def canonical_request(method, target, values, signed, body):
    path, _, query = target.partition('?')
    lines = [method, quote(path, safe='/-_.~'), canonical_query(query)]
    lines += ['%s:%s' % (name, ','.join(values.get(name, ['']))) for name in signed.signed]
    return '\n'.join(lines + ['', signed.names, hashlib.sha256(body).hexdigest()])


def verify(method, target, headers, body, secrets, now):
    """Return what is Signed or raise Refused. headers: pairs as received; secrets: by access key."""
    values = group(headers)
    given = values.get('authorization', [])
    if len(given) != 1:
        raise Refused('missing', 'Missing Authentication Token')
    match = AUTHORIZATION.fullmatch(given[0])
    if match is None:
        raise Refused('incomplete', 'Authorization header is malformed: %s' % given[0][:40])
    signed = Signed(match)
    if signed.access_key not in secrets:
        raise Refused('unknown', 'The security token included in the request is invalid.')
    problems = problems_of(signed, values, target)
    stamp = values.get('x-amz-date', [''])[0]
    if not problems:
        check_time(stamp, now)
    request = canonical_request(method, target, values, signed, body)
    text = '\n'.join(['AWS4-HMAC-SHA256', stamp, signed.scope, hashlib.sha256(request.encode()).hexdigest()])
    key = ('AWS4' + secrets[signed.access_key]).encode()
    for part in signed.scope.split('/'):
        key = mac(key, part)
    if not hmac.compare_digest(mac(key, text).hex(), signed.signature):
        problems.append('the canonical request is %r' % request)
    if problems:
        raise Refused('wrong', 'The request signature we calculated does not match the signature you provided. '
                      + '; '.join(problems))
    return signed


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        verdict, status = 'OK', 200
        try:
            verify(self.command, self.path, self.headers.items(), body, {ACCESS_KEY: SECRET},
                   datetime.datetime.now(datetime.timezone.utc).timestamp())
        except Refused as refused:
            verdict, status = refused.message, 403
            if '-v' in sys.argv:
                sys.stderr.write('%s %s: %s\n%s' % (self.command, self.path, verdict, self.headers))
        out = json.dumps({'verdict': verdict}).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815

    def log_message(self, *args):
        pass


if __name__ == '__main__':
    ThreadingHTTPServer(('127.0.0.1', int(sys.argv[-1])), Handler).serve_forever()
