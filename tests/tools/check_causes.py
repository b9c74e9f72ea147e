# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""check_causes.py TRUSTX SOURCE: every cause that trustx doctor can name is produced by a test, by
`names CAUSE` in a story or NAMES("cause") in test-doctor.c; and every cause that a bus names exists.
"""
import glob
import json
import re
import subprocess
import sys


def found(pattern, paths):
    names = set()
    for path in paths:
        with open(path, encoding='utf-8') as file:
            names.update(re.findall(pattern, file.read(), re.M))
    return names


def main():
    program, source = sys.argv[1:]
    listed = subprocess.run([program, 'doctor', '--list', '--json'], capture_output=True, text=True, check=True)
    causes = {cause['name'] for cause in json.loads(listed.stdout)['causes']}
    tested = found(r'^(?:\w+=\S+ )?names ([a-z0-9-]+) ', glob.glob(source + '/tests/cli/doctor*.sh'))
    tested |= found(r'\bNAMES\("([a-z0-9-]+)"\)', [source + '/tests/unit/test-doctor.c']) - {'none'}
    named = found(r'\bfail_cause\([^;"]*"([a-z0-9-]+)"', glob.glob(source + '/bus/*.c'))
    bad = [f'{name}: no test produces it' for name in sorted(causes - tested)]
    bad += [f'{name}: tested, but no cause' for name in sorted(tested - causes)]
    bad += [f'{name}: named in bus/, but no cause' for name in sorted(named - causes)]
    if len(causes) < 30 or not named:
        bad.append('the causes were not found')
    print('\n'.join(bad) if bad else f'{len(causes)} causes, each with its test')
    sys.exit(1 if bad else 0)


main()
