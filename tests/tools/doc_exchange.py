# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""doc_exchange.py DOCUMENT URI: play the exchange printed in DOCUMENT and compare each answer."""
import re
import sys

import remote_client


def lines_of(path):
    with open(path, encoding='utf-8') as document:
        for line in document:
            match = re.fullmatch(r' +([<>]) ([0-9a-f ]+)\n', line)
            if match:
                yield match[1], bytes.fromhex(match[2])


def main():
    client = remote_client.Client(sys.argv[2], hello=False)
    answers = 0
    for direction, want in lines_of(sys.argv[1]):
        if direction == '>':
            client.send(want)
            continue
        got = client.take(len(want))
        if got != want:
            sys.exit('got  %s\nwant %s' % (got.hex(), want.hex()))
        answers += 1
    if answers < 9:
        sys.exit('%s: only %d answers found' % (sys.argv[1], answers))
    print('%d answers as printed' % answers)


main()
