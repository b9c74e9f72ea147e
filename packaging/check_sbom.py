# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""check_sbom.py SBOM VERSION...: each SBOM is valid SPDX and agrees with VERSION, the output of trustx version --json."""
import json
import sys

from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

NAMES = {'OpenSSL': 'openssl', 'jansson': 'jansson', 'libcurl': 'curl', 'libmosquitto': 'mosquitto',
         'libgpiod': 'libgpiod'}
# What is in each static program, though it cannot name the version.
RUNTIME = {'Linux': {'musl', 'zig'}, 'Windows': {'mingw-w64', 'gcc'}}


def check(sbom, version):
    document = parse_file(sbom)
    for message in validate_full_spdx_document(document):
        raise SystemExit(f'{sbom}: {message.validation_message}')
    with open(version, encoding='utf-8') as file:
        said = json.load(file)
    expected = {NAMES[lib['name']]: lib['built'] for lib in said['libraries']} | {'trustx': said['version']}
    found = {package.name: package.version for package in document.packages}
    if said['static']:
        for name in RUNTIME[said['target'].split()[-1]]:
            if not found.pop(name, '')[:1].isdigit():
                raise SystemExit(f'{sbom} does not say which {name} is in the program')
    if found != expected:
        raise SystemExit(f'{sbom} has {found}, the program says {expected}')
    links = {relation.relationship_type.name for relation in document.relationships}
    link = 'STATIC_LINK' if said['static'] else 'DYNAMIC_LINK'
    if links != {'DESCRIBES', link}:
        raise SystemExit(f'{sbom} has {links} where the program says {link}')
    print(f'{document.creation_info.name}: {len(document.packages)} packages agree')


def main():
    for sbom, version in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        check(sbom, version)


main()
