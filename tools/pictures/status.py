# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""'pvioctl status', all of it at once."""

from . import terminal

TYPED = 'pvioctl status'


KINDS = {'!': 'bad', '*': 'note'}
BELOW = ' ' * 6


class Painter:
    """What belongs to a device is indented below it, and has its colour if
    something is wrong with it."""

    def __init__(self):
        self.mark = ''

    def kind(self, line):
        if line.startswith(BELOW + '->'):
            return 'good'
        if line.startswith(BELOW):
            return KINDS.get(self.mark, 'faint')
        self.mark = line[:1]
        return KINDS.get(self.mark, 'plain' if self.mark == ' ' else 'head')

    def paint(self, line):
        if line.startswith('$ '):
            return [('faint', '$ '), ('plain', line[2:])]
        return [(self.kind(line), line)]


def draw(text):
    lines = ['$ ' + TYPED] + [line for line in text.splitlines()
                              if not line.startswith('#')]
    frames = [terminal.Frame(0, 0, len(lines))]
    return terminal.draw(TYPED, lines, frames, len(lines),
                         Painter().paint)
