# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""How many grant references the devices of a guest's configuration take.

The figures are those of pvio's frontends with their defaults: what they take
under full load, and what they cannot work without.  The kernel's own take
about the most from the beginning.
"""

import collections
import re

from . import problem
from .problem import Usage

PER_FRAME = 512             # of version 1, 8 bytes each
RESERVED = 8                # console, xenstore and what the kernel keeps
DEFAULT_FRAMES = 64         # Xen's own, when xl.conf says nothing else
OTHERS = 32                 # other devices of PV: framebuffer, keyboard
NET_QUEUES = 8
NET_MOST, NET_LEAST = 256 + 256 + 2, 19 + 32 + 2
DISK_QUEUES = 4
DISK_RING = 2               # pages
DISK_MOST, DISK_MOST_ALL = 1056, 4 * 1056
DISK_KEPT = 2
DEEPEST = 8                 # a list in a list in a list
WIDE_DISKS = 32             # further ones have one queue of one page

Needs = collections.namedtuple('Needs', 'vifs disks most least frames')

TOKEN = re.compile(r'''\s+|\#[^\n]*|(?P<string>"[^"]*"|'[^']*')
                       |(?P<sign>\+=|[=\[\],;])|(?P<word>[\w.-]+)''',
                   re.VERBOSE)


def tokens(text, path):
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            line = text.count('\n', 0, at) + 1
            raise Usage('%s, line %d is not of a guest\'s configuration'
                        % (path, line), 'man xl.cfg')
        at = match.end()
        if match.lastgroup:
            yield match.lastgroup, match.group(match.lastgroup)


class Reader:
    """KEY = VALUE, where a value is a word, a string or a list of values."""

    def __init__(self, text, path):
        self.tokens = list(tokens(text, path))
        self.path = path
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else \
            (None, None)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def value(self, depth=0):
        kind, text = self.take()
        if kind is None:
            raise Usage('%s ends too early' % self.path, 'man xl.cfg')
        if kind == 'string':
            return text[1:-1]
        if kind == 'word':
            return text
        if text != '[' or depth == DEEPEST:
            raise Usage('%s: a value is missing' % self.path, 'man xl.cfg')
        found = []
        while self.peek()[1] != ']':
            found.append(self.value(depth + 1))
            if self.peek()[1] == ',':
                self.take()
        self.take()
        return found

    def settings(self):
        found = {}
        while self.at < len(self.tokens):
            kind, key = self.take()
            if key == ';':
                continue
            _, sign = self.take()
            if kind != 'word' or sign not in ('=', '+='):
                raise Usage('%s: no guest\'s configuration near %r'
                            % (self.path, key), 'man xl.cfg')
            value = self.value()
            if sign == '+=' and key in found:
                if type(value) is not type(found[key]):
                    raise Usage('%s: %s is a list and is none'
                                % (self.path, key), 'man xl.cfg')
                value = found[key] + value
            found[key] = value
        return found


def read(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return Reader(file.read(), path).settings()
    except FileNotFoundError as error:
        raise Usage('there is no file ' + path,
                    'ls /etc/xen/*.cfg') from error
    except OSError as error:
        raise problem.of(error, path, 'ls -ld ' + path) from error


def number(settings, key, default, path):
    value = settings.get(key, default)
    try:
        value = int(value, 0) if isinstance(value, str) else int(value)
    except (TypeError, ValueError):
        value = -1
    if value < 0:
        raise Usage('%s: %s is no number' % (path, key), 'man xl.cfg')
    return value


def items(settings, key):
    """How many devices a list names."""
    value = settings.get(key, [])
    return len(value) if isinstance(value, list) else 1


def disk_most(index, vcpus):
    if index >= WIDE_DISKS:
        return DISK_MOST + 1
    queues = min(vcpus, DISK_QUEUES)
    return min(queues * DISK_MOST, DISK_MOST_ALL) + queues * DISK_RING


def disk_least(index, vcpus):
    if index >= WIDE_DISKS:
        return DISK_KEPT + 1
    return min(vcpus, DISK_QUEUES) * (DISK_KEPT + DISK_RING)


def needs(settings, path, default_frames=DEFAULT_FRAMES):
    vcpus = max(number(settings, 'vcpus', 1, path),
                number(settings, 'maxvcpus', 1, path))
    vifs, disks = items(settings, 'vif'), items(settings, 'disk')
    net_queues = min(vcpus, NET_QUEUES)
    most = vifs * net_queues * NET_MOST + OTHERS
    least = vifs * net_queues * NET_LEAST + OTHERS
    most += sum(disk_most(i, vcpus) for i in range(disks))
    least += sum(disk_least(i, vcpus) for i in range(disks))
    frames = number(settings, 'max_grant_frames', default_frames, path)
    return Needs(vifs, disks, most, least, frames)


def available(frames):
    return frames * PER_FRAME - RESERVED


def frames_for(references):
    return -(-(references + RESERVED) // PER_FRAME)
