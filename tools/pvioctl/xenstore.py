# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Reads xenstore, and writes a node of our own, through its daemon's socket or the
kernel's device for it.

The messages are those of xen/include/public/io/xs_wire.h.  A record keeps
what xenstore-ls -f prints.
"""

import errno
import os
import re
import select
import socket
import struct
import threading

from .problem import Blind

SOCKETS = ('/run/xenstored/socket', '/var/run/xenstored/socket')
DEVICES = ('/dev/xen/xenbus', '/proc/xen/xenbus')
HEADER = struct.Struct('=IIII')
DIRECTORY, READ, WRITE, ERROR = 1, 2, 11, 16
# A daemon that says nothing for so long will not.
PATIENCE = 5
LINE = re.compile(r'(/\S*) = "(.*)"$')
ESCAPE = re.compile(r'\\(x[0-9a-fA-F]{2}|.)')
ESCAPES = {'n': '\n', 't': '\t', 'r': '\r'}


class Wire:
    """Messages over a file, one answer to each."""

    def __init__(self, fd):
        self.fd = fd
        self.lock = threading.Lock()

    def receive(self, size):
        data = b''
        while len(data) < size:
            ready, _, _ = select.select([self.fd], [], [], PATIENCE)
            part = os.read(self.fd, size - len(data)) if ready else b''
            if not part:
                raise OSError(errno.ETIMEDOUT, 'xenstore does not answer')
            data += part
        return data

    def ask(self, kind, path, value=''):
        """The answer's bytes; raises OSError with what xenstore says."""
        body = path.encode() + b'\0' + value.encode()
        with self.lock:
            os.write(self.fd, HEADER.pack(kind, 0, 0, len(body)) + body)
            kind, _, _, size = HEADER.unpack(self.receive(HEADER.size))
            data = self.receive(size)
        if kind == ERROR:
            name = data.rstrip(b'\0').decode()
            raise OSError(getattr(errno, name, errno.EIO), name)
        return data


class Live:
    """The xenstore of this machine."""

    def __init__(self):
        self.wire = Wire(connect())

    def ask(self, kind, path):
        """None for what is not there or not ours to read."""
        try:
            return self.wire.ask(kind, path).decode('utf-8', 'replace')
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EACCES, errno.EINVAL):
                return None
            raise Blind('xenstore does not answer',
                        'systemctl status xenstored') from error

    def read(self, path):
        return self.ask(READ, path)

    def list(self, path):
        names = self.ask(DIRECTORY, path)
        return [name for name in (names or '').split('\0') if name]

    def write(self, path, value):
        """Raises OSError."""
        self.wire.ask(WRITE, path, value)


class Recorded:
    """What xenstore-ls -f once printed, seen from a domain."""

    def __init__(self, text):
        self.values = {}
        self.home = ''
        for line in text.splitlines():
            match = LINE.match(line)
            if match:
                self.values[match.group(1)] = unescape(match.group(2))
        self.home = '/local/domain/' + self.values.get('/domid', '0')

    def full(self, path):
        return path if path.startswith('/') else self.home + '/' + path

    def read(self, path):
        if path == 'domid':
            return self.values.get('/domid', '0')
        return self.values.get(self.full(path))

    def list(self, path):
        start = self.full(path).rstrip('/') + '/'
        return sorted({key[len(start):].split('/')[0]
                       for key in self.values if key.startswith(start)})


class Absent:
    """None that can be read; what sysfs says must do."""

    def read(self, _path):
        return None

    def list(self, _path):
        return []


def unescape(text):
    def one(match):
        name = match.group(1)
        if name[0] == 'x' and len(name) == 3:
            return chr(int(name[1:], 16))
        return ESCAPES.get(name, name)
    return ESCAPE.sub(one, text)


def escape(text):
    """As xenstore-ls does."""
    return ''.join('\\' + c if c in '"\\' else
                   c if c.isprintable() else '\\x%02x' % (ord(c) & 255)
                   for c in text)


def connect():
    """A file to talk through, of the daemon if it is here."""
    for path in SOCKETS:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(path)
            return sock.detach()
        except OSError as error:
            sock.close()
            if error.errno in (errno.EACCES, errno.EPERM):
                raise
    for path in DEVICES:
        try:
            return os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            pass
    raise FileNotFoundError(errno.ENOENT, 'no xenstore')


def open_store(system):
    """The xenstore of a system; Absent with what was wrong, where it cannot
    be read."""
    if system.recorded:
        text = system.read('/xenstore')
        return (Absent(), 'it was not recorded') if text is None else \
            (Recorded(text), None)
    try:
        return Live(), None
    except PermissionError:
        return Absent(), 'that needs root'
    except OSError as error:
        return Absent(), error.strerror or str(error)
