# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""accounted.py URL STATE_DIR [PATTERN]: after whatever happened, is every certificate of the stand-in accounted for?

Each key has at most one active certificate, which is attached to one thing of its own group; with
--done each has exactly one. All other certificates are inactive, attached to nothing, without policy,
and orphans in a journal. The chip's key was made once.
"""
import glob
import json
import sys
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import serialization


def spki(pem):
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def orphans(folder):
    """Ids, and how many whose id nobody knows."""
    ids, unknown = set(), 0
    for path in glob.glob(folder + '/*.journal'):
        with open(path, encoding='utf-8') as file:
            for line in file:
                entry = json.loads(line)
                if entry['step'] == 'orphan':
                    ids.add(entry['detail']['id'])
                    unknown += entry['detail']['id'] == ''
    return ids, unknown


def check(good, what):
    if not good:
        sys.exit('not accounted for: %s' % (what,))


def main():
    state = json.load(urllib.request.urlopen(sys.argv[1] + '/_control/state', timeout=20))
    known, unknown = orphans(sys.argv[2])
    keys, idle, strays = {}, 0, 0
    for cert in state['certificates'].values():
        active = keys.setdefault(spki(cert['pem']), [])
        if cert['status'] == 'ACTIVE':
            active.append(cert)
            continue
        idle += 1
        check(not cert['things'] and not cert['policies'], cert)
        if cert['id'] not in known:
            strays += 1
    for active in keys.values():
        check(len(active) == 1, active)
        check(len(active[0]['things']) == 1, active[0])
        thing = state['things'].get(next(iter(active[0]['things'])))
        check(thing is not None and thing['groups'] == ['line1'], thing)
    check(len(keys) == int(sys.argv[3]), '%d keys, %s chips' % (len(keys), sys.argv[3]))
    check(len(state['things']) == len(keys), sorted(state['things']))
    check(strays <= unknown, '%d certificates that no journal names, %d orphans without a name' % (strays, unknown))
    print('%d devices, %d orphans' % (len(keys), idle))


if __name__ == '__main__':
    main()
