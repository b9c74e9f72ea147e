#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""check_sigv4.py VECTORS: sigv4check.py takes what AWS published as well signed, and nothing that differs from it."""
import calendar
import pathlib
import re
import sys
import time

import sigv4check

SECRETS = {'AKIDEXAMPLE': 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'}
NOW = calendar.timegm(time.strptime('20150830T123600Z', '%Y%m%dT%H%M%SZ'))
# Correct, but written as no client of ours may: bytes that are not encoded, headers on two lines.
STRANGE = {'get-header-value-multiline', 'get-utf8', 'get-vanilla-utf8-query'}


def cases(path):
    for text in re.split(r'^== ', pathlib.Path(path).read_text(encoding='utf-8'), flags=re.M)[1:]:
        name, _, rest = text.partition('\n')
        lines = [line[1:] for line in rest.split('\n') if line.startswith('|')]
        end = lines.index('') if '' in lines else len(lines)
        method, target = lines[0].rsplit(' ', 1)[0].split(' ', 1)
        headers = [tuple(line.split(':', 1)) for line in lines[1:end] if ':' in line]
        headers.append(('Authorization', re.search('^= (.*)', rest, flags=re.M)[1]))
        yield name, (method, target, headers, '\n'.join(lines[end + 1:]).encode())


def is_taken(method, target, headers, body, now=NOW):
    try:
        sigv4check.verify(method, target, headers, body, SECRETS, now)
    except sigv4check.Refused:
        return False
    return True


def spoilt(method, target, headers, body):
    """The same request, each time with one thing that was not signed so."""
    yield 'method', ('PATCH', target, headers, body)
    yield 'path', (method, '/x' + target, headers, body)
    yield 'query', (method, target + ('&' if '?' in target else '?') + 'x=1', headers, body)
    yield 'body', (method, target, headers, body + b'x')
    yield 'unsigned header', (method, target, headers + [('X-Amz-Extra', '1')], body)
    yield 'unencoded target', (method, target + '?a:b', headers, body)
    yield 'late', (method, target, headers, body, NOW + 301)
    yield 'early', (method, target, headers, body, NOW - 301)
    for i, (name, value) in enumerate(headers):
        yield name, (method, target, headers[:i] + headers[i + 1:], body)
        other = value[:-1] + ('0' if value[-1:] != '0' else '1')
        yield name + ' changed', (method, target, headers[:i] + [(name, other)] + headers[i + 1:], body)


def main():
    taken = refused = 0
    for name, request in cases(sys.argv[1]):
        if name in STRANGE:
            continue
        if not is_taken(*request):
            sys.exit('%s is refused' % name)
        taken += 1
        for what, other in spoilt(*request):
            if is_taken(*other):
                sys.exit('%s: taken in spite of: %s' % (name, what))
            refused += 1
    print('%d requests taken, %d refused' % (taken, refused))
    if taken < 20:
        sys.exit('there should be more')


if __name__ == '__main__':
    main()
