# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The only door to the machine: its files, other programs, the clock.

With PVIOCTL_ROOT in the environment everything is read below that directory,
which has the shape of an unpacked report (see report.py): sys/, proc/,
xenstore, and what programs said in commands/.  Nothing is run then.
"""

import os
import subprocess
import time

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

    def now(self):
        """Seconds of a clock that never jumps."""
        return time.monotonic()

    def sleep(self, seconds):
        time.sleep(max(0, seconds))

    def is_root(self):
        return self.recorded or os.geteuid() == 0


def clean(text):
    """Text of a guest's making, fit for a terminal."""
    return ''.join(c if c.isprintable() else '?' for c in text)
