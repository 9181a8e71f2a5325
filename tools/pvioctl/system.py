# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The only door to the machine: its files, other programs, the clock.

With PVIOCTL_ROOT in the environment everything is read below that directory,
which has the shape of an unpacked report (see report.py): sys/, proc/,
xenstore, and what programs said in commands/.  Nothing is run then.
"""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import struct
import subprocess
import time

# Of x86_64 and of all that came later; who is another starts programs.
CALLS = {'x86_64': (175, 176), 'aarch64': (105, 106)}
ADD_TO_BRIDGE = 0x89a2
DEBUGFS = '/sys/kernel/debug'


def command_file(argv):
    """Where a report keeps what a command has said."""
    return '/commands/' + '_'.join(argv).replace('/', '+')


class System:
    """A machine, or the record of one."""

    def __init__(self, root=''):
        self.root = os.path.realpath(root) if root else ''
        self.recorded = bool(root)
        self.denied = set()

    def path(self, path):
        """Where that is on this machine."""
        return self.root + path

    def read_bytes(self, path):
        """What a file holds, or None; files that may not be read are kept."""
        try:
            with open(self.path(path), 'rb') as file:
                return file.read()
        except PermissionError:
            self.denied.add(path)
        except (OSError, ValueError):
            pass
        return None

    def read(self, path, default=None):
        """The text of a file, its last newline off."""
        data = self.read_bytes(path)
        if data is None:
            return default
        return data.decode('utf-8', 'replace').rstrip('\n')

    def number(self, path, default=None):
        """The number that a file holds."""
        try:
            return int(self.read(path, ''))
        except ValueError:
            return default

    def write(self, path, text):
        """Write a file of the machine; raises OSError."""
        with open(self.path(path), 'w') as file:
            file.write(text)

    def list(self, path):
        """Names in a directory, none when there is none."""
        try:
            return sorted(os.listdir(self.path(path)))
        except PermissionError:
            self.denied.add(path)
        except OSError:
            pass
        return []

    def exists(self, path):
        return os.path.exists(self.path(path))

    def link(self, path):
        """The last name of what a link points to, or None."""
        try:
            return os.path.basename(os.readlink(self.path(path)))
        except OSError:
            return None

    def run(self, *argv):
        """(status, output) of a program; 127 when it is not there."""
        if self.recorded:
            text = self.read(command_file(argv))
            return (127, '') if text is None else (0, text)
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=60,
                                  check=False)
        except FileNotFoundError:
            return 127, ''
        except (OSError, subprocess.TimeoutExpired) as error:
            return 126, str(error)
        return done.returncode, done.stdout.decode('utf-8', 'replace')

    def call(self, which, *args):
        """init_module (0) or delete_module (1), without a process; raises OSError."""
        # Most commands do without it, and it is not small.
        import ctypes
        numbers = CALLS.get(os.uname().machine)
        if not numbers:
            raise OSError(errno.ENOSYS, 'of another machine')
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.syscall(numbers[which], *args):
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))

    def add_to_bridge(self, bridge, index):
        """Raises OSError."""
        with socket.socket() as sock:
            fcntl.ioctl(sock, ADD_TO_BRIDGE,
                        struct.pack('16si20x', bridge.encode(), index))

    def now(self):
        """Seconds of a clock that never jumps."""
        return time.monotonic()

    def sleep(self, seconds):
        time.sleep(max(0, seconds))

    def is_root(self):
        return self.recorded or os.geteuid() == 0


@contextlib.contextmanager
def answered(numbers, answer):
    """These signals have another handler meanwhile."""
    old = {number: signal.signal(number, answer) for number in numbers}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def ended_in_order():
    """A signal that ends the program ends what it has begun; one that nohup has it
    ignore is none."""
    def leave(number, _frame):
        raise SystemExit(128 + number)
    return answered([number for number in (signal.SIGTERM, signal.SIGHUP)
                     if signal.getsignal(number) != signal.SIG_IGN], leave)


def to_the_end():
    """Nothing that asks the program, or one that it has started, to end is heard:
    half-way there would be neither the old nor the new."""
    return answered((signal.SIGINT, signal.SIGTERM, signal.SIGHUP),
                    signal.SIG_IGN)


def clean(text):
    """Text of a guest's making, fit for a terminal."""
    return ''.join(c if c.isprintable() else '?' for c in text)
