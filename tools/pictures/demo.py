# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""'make demo', step by step, as fast as its table says, but for the waiting."""

import re

from . import terminal

ROWS = 26
# So many times as fast as it was.
FASTER = 4
STEP = re.compile(r'(ok|FAIL) +(.*?) +(\d+) s( .*)?$')
TYPED = 'make demo'
# What an hour's look at would not tell more about.
DULL = re.compile(r'\s+(iperf Done|valid_lft|e2fsck |Pass \d)|^\s*$')


def paint(line):
    step = STEP.match(line)
    if line.startswith('$ '):
        return [('faint', '$ '), ('plain', line[2:])]
    if line.startswith('== '):
        return [('head', line)]
    if line.startswith('PASS'):
        return [('good', line)]
    if step:
        return [('good' if step.group(1) == 'ok' else 'bad', step.group(1)),
                ('plain', line[len(step.group(1)):])]
    return [('plain', line)]


def kept(lines):
    """Without what takes room and tells nothing."""
    shown = []
    for line in lines:
        if line.startswith('#') or line.startswith('   ') and DULL.match(line):
            continue
        # One blank line, at most.
        if line.strip() or shown and shown[-1].strip():
            shown.append(line)
    return shown


def aligned(line):
    """A row of the last table: a long title must not move what follows."""
    step = STEP.match(line)
    if not step:
        return line
    return '%-6s%-38s%3s s %s' % (step.group(1), step.group(2), step.group(3),
                                  step.group(4) or '')


def durations(lines):
    """Seconds of each step, by its title."""
    found = {}
    for line in lines:
        step = STEP.match(line)
        if step:
            found[step.group(2)] = float(step.group(3))
    return found


def sections(lines):
    """Numbers of lines at which a step begins, and that of the end."""
    return [at for at, line in enumerate(lines)
            if line.startswith('== ') or STEP.match(line)]


def times(lines):
    """When each line comes, in seconds from the first."""
    took, now, found = durations(lines), 0, []
    starts = sections(lines) + [len(lines)]
    for at in range(starts[0]):
        found.append(now)
        now += 0.5
    for begin, end in zip(starts, starts[1:]):
        title = lines[begin][3:]
        # Less than a second is told as none.
        step = (took.get(title, 0) + 0.5) / FASTER
        if not lines[begin].startswith('== '):
            step = 0.1
        found += [now + step * at / (end - begin)
                  for at in range(end - begin)]
        now += step
    return found


def draw(text):
    lines = ['$ ' + TYPED] + [aligned(line)
                              for line in kept(text.splitlines())]
    frames = terminal.scrolling(times(lines), ROWS)
    return terminal.draw(TYPED, lines, frames, ROWS, paint)
