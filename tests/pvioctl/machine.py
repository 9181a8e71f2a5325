# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Machines that were recorded, for pvioctl to look at.

A record is a text: 'link PATH TARGET', or 'file PATH' with its lines behind a
bar.  It was made by 'pack' from what pvioctl report wrote on real Xen, but for
what a test writes into it.
"""

import io
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'tools'))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from pvioctl import cli, devices, xenstore  # noqa: E402
from pvioctl.system import System  # noqa: E402

# Thousands of small files.
FAST = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None


def records():
    """Names of all there are."""
    return sorted(name[:-len('.txt')] for name in
                  os.listdir(os.path.join(HERE, 'recorded')))


class Machine:
    """One of them, unpacked; what is written goes when it is closed."""

    def __init__(self, name):
        self.root = tempfile.mkdtemp(prefix='pvioctl-test-', dir=FAST)
        with open(os.path.join(HERE, 'recorded', name + '.txt')) as file:
            self.unpack(file)

    def unpack(self, lines):
        out = None
        for line in lines:
            if line.startswith('|') and out:
                out.write(line[1:])
                continue
            words = line.split()
            if not words or words[0] == '#':
                continue
            if out:
                out.close()
                out = None
            if words[0] == 'link':
                self.link(words[1], words[2])
            else:
                out = self.open(line.split(' ', 1)[1].rstrip('\n'))
        if out:
            out.close()

    def path(self, path):
        return self.root + path

    def place(self, path):
        os.makedirs(os.path.dirname(self.path(path)), exist_ok=True)
        return self.path(path)

    def open(self, path):
        return open(self.place(path), 'w')

    def link(self, path, target):
        os.symlink(target, self.place(path))

    def write(self, path, text):
        """As a command's output, too: the path is /commands/NAME then."""
        with self.open(path) as file:
            file.write(text)

    def read(self, path):
        with open(self.path(path)) as file:
            return file.read()

    def remove(self, path):
        path = self.path(path)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)

    def store(self, path, value):
        """A node of xenstore; None takes it away."""
        kept = [line for line in self.read('/xenstore').splitlines()
                if not line.startswith(path + ' = ')]
        if value is not None:
            kept.append('%s = "%s"' % (path, value))
        self.write('/xenstore', '\n'.join(kept) + '\n')

    def system(self):
        return System(self.root)

    def look(self):
        system = self.system()
        return devices.Look(system, xenstore.open_store(system)[0])

    def device(self, name):
        """The one of that name on its bus."""
        for device in self.look().devices():
            if device.name == name:
                return device
        raise AssertionError('there is no device ' + name)

    def run(self, *argv):
        """(status, output, errors) of a command."""
        out, err = io.StringIO(), io.StringIO()
        old = os.environ.get('PVIOCTL_ROOT'), sys.stderr
        os.environ['PVIOCTL_ROOT'], sys.stderr = self.root, err
        try:
            status = cli.main(list(argv), out)
        except SystemExit as error:
            status = error.code
        finally:
            sys.stderr = old[1]
            del os.environ['PVIOCTL_ROOT']
            if old[0] is not None:
                os.environ['PVIOCTL_ROOT'] = old[0]
        return status, out.getvalue(), err.getvalue()

    def close(self):
        shutil.rmtree(self.root)


class Case(unittest.TestCase):
    """A test that looks at one machine."""

    record = 'host'

    def setUp(self):
        self.machine = self.use(self.record)

    def use(self, record):
        machine = Machine(record)
        self.addCleanup(machine.close)
        return machine

    def assert_one_line(self, errors):
        """An error is one line, and one that helps."""
        lines = errors.splitlines()
        self.assertEqual(len(lines), 2, errors)
        self.assertTrue(lines[0].startswith('error: '), errors)
        self.assertTrue(lines[1].startswith('  try: '), errors)
