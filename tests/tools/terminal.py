#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
"""terminal.py ANSWERS COMMAND...: run COMMAND on a terminal of its own and print what it shows.

ANSWERS are lines, each typed when the command waits with ": " at the end; - for none. The exit
status is the command's. What the terminal echoes is part of what is shown.
"""
import os
import pty
import sys


def main():
    answers = [] if sys.argv[1] == '-' else sys.argv[1].split('\n')
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown = fresh = b''
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
        fresh += part
        if answers and fresh.endswith(b': '):
            os.write(terminal, answers.pop(0).encode() + b'\n')
            fresh = b''
    sys.stdout.buffer.write(shown)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main()
