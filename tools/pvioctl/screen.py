# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Text for people: colour where it is wanted, lines that fit, numbers."""

import os
import textwrap

WIDTH = 80
COLOURS = {'problem': '31;1', 'note': '33', 'head': '1'}
UNITS = ('', 'k', 'M', 'G', 'T')


def colourful(stream):
    """Only on a terminal that can, unless NO_COLOR says no."""
    return stream.isatty() and not os.environ.get('NO_COLOR') and \
        os.environ.get('TERM', 'dumb') != 'dumb'


class Painter:
    """Puts colour on text, or does not."""

    def __init__(self, on):
        self.on = on

    def paint(self, kind, text):
        if not self.on or kind not in COLOURS:
            return text
        return '\033[%sm%s\033[0m' % (COLOURS[kind], text)


def wrap(text, indent, width=WIDTH):
    """Lines of a text, all of them indented."""
    return textwrap.wrap(text, width, initial_indent=indent,
                         subsequent_indent=indent, break_on_hyphens=False)


def cut(text, width):
    return text if len(text) <= width else text[:width - 1] + '+'


def amount(value):
    """Four digits at least, and a unit: 12.41k."""
    if value is None:
        return '-'
    for unit in UNITS:
        if abs(value) < 9999.5 or unit == UNITS[-1]:
            break
        value /= 1000
    if unit == '' and value == int(value):
        return '%d' % value
    digits = 0 if abs(value) >= 999.5 else 1 if abs(value) >= 99.95 else 2
    return '%.*f%s' % (digits, value, unit)


def size(octets):
    """64 MiB."""
    for unit in 'KMGT':
        octets /= 1024
        if octets < 1024 or unit == 'T':
            break
    return '%.4g %siB' % (octets, unit)


def duration(seconds):
    """12.4us, 3.1ms, 2.0s."""
    if seconds is None:
        return '-'
    for factor, unit in ((1e6, 'us'), (1e3, 'ms')):
        if seconds * factor < 999.5:
            return '%.3g%s' % (seconds * factor, unit)
    return '%.3gs' % seconds


def ago(seconds):
    for size, unit in ((86400, 'd'), (3600, 'h'), (60, 'min')):
        if seconds >= 2 * size:
            return '%d %s ago' % (seconds // size, unit)
    return '%d s ago' % seconds
