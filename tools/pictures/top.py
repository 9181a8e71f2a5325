# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""'pvioctl top', table after table, as 'pvioctl top -b' has printed them."""

import re

from . import terminal

TITLE = 'pvioctl top'
HEAD = re.compile(r'\d\d:\d\d:\d\d  [\d.]+ s ')
KEYS = 'q: end  s: sorted by name  p: problems only'
# Seconds for which a table stays; it was more.
EACH = 1.5


def paint(line):
    if HEAD.match(line) or line.lstrip().startswith('GUEST'):
        return [('head', line)]
    if line.startswith('!') or line.startswith('  ') and line.strip():
        return [('bad', line)]
    if line.startswith('*'):
        return [('note', line)]
    if line == KEYS:
        return [('faint', line)]
    return [('plain', line)]


def tables(text):
    """Lines of each."""
    found = []
    for line in text.splitlines():
        if line.startswith('#'):
            continue
        if HEAD.match(line):
            found.append([])
        if found and line:
            found[-1].append(line)
    return found


def draw(text):
    found = tables(text)
    rows = max(map(len, found)) + 1
    lines = []
    for table in found:
        lines += table + [KEYS] + [''] * (rows - len(table) - 1)
    frames = [terminal.Frame(at * EACH, at * rows, (at + 1) * rows)
              for at in range(len(found))]
    return terminal.draw(TITLE, lines, frames, rows, paint)
