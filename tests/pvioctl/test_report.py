# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl report: what is in it, what is not, that it can be asked again."""

import errno
import os
import signal
import stat
import tarfile
import unittest.mock

import machine
from pvioctl import report
from pvioctl.problem import Blind


class Report(machine.Case):
    """Dom0."""

    def report(self):
        path = os.path.join(self.machine.root, 'r.tar.gz')
        status, text, errors = self.machine.run('report', '-o', path)
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('no data of guests', text)
        return path

    def names(self, path):
        with tarfile.open(path) as tar:
            return {'/' + name.split('/', 1)[1].lstrip('/')
                    for name in tar.getnames()}

    def test_contents(self):
        names = self.names(self.report())
        for name in ('/README', '/xenstore', '/proc/version',
                     '/sys/module/pvio/version',
                     '/sys/module/pvio_blkback/parameters/latency',
                     '/sys/kernel/debug/pvio/blkback/budget'):
            self.assertIn(name, names)

    def test_status_is_in_it(self):
        with tarfile.open(self.report()) as tar:
            name = next(n for n in tar.getnames() if n.endswith('/status'))
            text = tar.extractfile(name).read().decode()
        self.assertEqual(text, self.machine.run('status')[1])

    def test_commands(self):
        self.machine.write('/commands/dmesg', 'hello\n')
        self.assertIn('/commands/dmesg', self.names(self.report()))

    def test_only_its_owner_reads_it(self):
        mode = os.stat(self.report()).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_no_other_part_of_xenstore(self):
        self.machine.store('/local/domain/1/data/secret', 'x')
        self.machine.store('/vm/1/image', 'y')
        with tarfile.open(self.report()) as tar:
            name = next(n for n in tar.getnames() if n.endswith('/xenstore'))
            text = tar.extractfile(name).read().decode()
        self.assertNotIn('secret', text)
        self.assertNotIn('/vm/', text)
        self.assertIn('/backend/vif/', text)
        self.assertIn('/device/vif/', text)

    def test_asked_again(self):
        for record in machine.records():
            self.machine = self.use(record)
            before = self.machine.run('status', '-j')
            with tarfile.open(self.report()) as tar:
                tar.extractall(self.machine.root)
                top = tar.getnames()[0].split('/')[0]
            with unittest.mock.patch.object(
                    self.machine, 'root',
                    os.path.join(self.machine.root, top)):
                self.assertEqual(self.machine.run('status', '-j'), before,
                                 record)

    def test_never_overwrites(self):
        path = self.report()
        status, _, errors = self.machine.run('report', '-o', path)
        self.assertEqual(status, 1)
        self.assert_one_line(errors)

    def test_no_place(self):
        # 1, as the manual says: it is no right that is missing, nor Xen.
        status, _, errors = self.machine.run('report', '-o', '/nowhere/r')
        self.assertEqual(status, 1)
        self.assert_one_line(errors)

    def test_full_disk(self):
        path = self.machine.path('/r')
        with unittest.mock.patch.object(
                report, 'fill', side_effect=OSError(errno.ENOSPC, 'full')):
            status, _, errors = self.machine.run('report', '-o', path)
        self.assertEqual(status, 1)
        self.assert_one_line(errors)
        self.assertFalse(os.path.exists(path))

    def test_half_an_archive_is_not_left(self):
        def ended(*_):
            os.kill(os.getpid(), signal.SIGTERM)
            raise AssertionError('it went on')
        old = signal.signal(signal.SIGTERM, lambda *_: None)
        self.addCleanup(signal.signal, signal.SIGTERM, old)
        path = os.path.join(self.machine.root, 'x.tar.gz')
        for what, wanted in ((KeyboardInterrupt, 130),
                             (Blind('xenstore does not answer', 'x'), 3),
                             (ended, 128 + signal.SIGTERM)):
            with unittest.mock.patch.object(report, 'fill', side_effect=what):
                self.assertEqual(self.machine.run('report', '-o', path)[0],
                                 wanted)
            self.assertFalse(os.path.exists(path), what)
