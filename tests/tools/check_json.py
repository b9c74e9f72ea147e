#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""check_json.py SCHEMAS FILE: every line of FILE is one JSON object that its schema allows.

The last line's members are then there to ask for: check_json.py SCHEMAS FILE PATH prints one,
as in error.code or slots.1.state.
"""
import json
import os
import sys

import jsonschema


def schema_of(folder, value):
    """What failed says no more than that, unless its findings stand."""
    name = 'error'
    if set(value) - {'schema', 'ok', 'error'}:
        name = value['schema'].removeprefix('trustx.').removesuffix('/1')
    with open(os.path.join(folder, name + '.schema.json'), encoding='utf-8') as file:
        return json.load(file)


def member(value, path):
    for part in path.split('.'):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value if isinstance(value, str) else json.dumps(value)


def main():
    folder, path = sys.argv[1:3]
    value = None
    with open(path, encoding='utf-8') as file:
        for line in file:
            value = json.loads(line)
            jsonschema.Draft202012Validator(schema_of(folder, value)).validate(value)
    if value is None:
        sys.exit(path + ' is empty')
    if len(sys.argv) > 3:
        print(member(value, sys.argv[3]))


main()
