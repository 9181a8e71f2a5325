# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl latency: on only as long as somebody looks."""

import json
import os
import signal
import unittest.mock

import machine

from pvioctl import latency, system

FILE = '/sys/module/pvio_blkback/parameters/latency'
LINE = '0 4194304 0 1000 0 0 0 0 0 0\n'


class Latency(machine.Case):
    """A disk of Dom0's."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.machine.path('/run'), exist_ok=True)
        self.machine.write(FILE, 'N\n')
        self.disk = next(d for d in self.machine.look().devices()
                         if d.local == 'xvda')
        self.seen = []

    def during(self, _system, _seconds):
        """What happens while it measures."""
        self.seen.append(self.machine.read(FILE).strip())
        path = '/sys/kernel/debug/pvio/blkback/%s/latency' % self.disk.name
        self.machine.write(path, self.machine.read(path) + LINE)

    def run_it(self, *argv, during=None):
        with unittest.mock.patch.object(
                system.System, 'sleep', lambda *args:
                (during or self.during)(*args)):
            return self.machine.run('latency', *argv)

    def state(self):
        return self.machine.read(FILE).strip()

    def test_percentiles(self):
        status, text, _ = self.run_it('xvda', '1')
        self.assertEqual(status, 0)
        self.assertEqual(self.seen, ['Y'])
        line = next(l for l in text.splitlines() if l.startswith('write'))
        self.assertEqual(line.split()[1], '1000')
        self.assertIn('ms', line)
        value = json.loads(self.run_it('-j', 'xvda')[1])
        self.assertEqual(value['latency']['write']['requests'], 1000)

    def test_off_again(self):
        self.run_it('xvda')
        self.assertEqual(self.state(), 'N')

    def test_left_on(self):
        self.machine.write(FILE, 'Y\n')
        self.run_it('xvda')
        self.assertEqual(self.state(), 'Y')

    def test_off_after_a_signal(self):
        def ended(_system, _seconds):
            os.kill(os.getpid(), signal.SIGTERM)
        status = self.run_it('xvda', during=ended)[0]
        self.assertEqual(status, 128 + signal.SIGTERM)
        self.assertEqual(self.state(), 'N')

    def test_off_after_an_interrupt(self):
        def interrupted(_system, _seconds):
            raise KeyboardInterrupt
        self.assertEqual(self.run_it('xvda', during=interrupted)[0], 130)
        self.assertEqual(self.state(), 'N')

    def test_two_at_once(self):
        def other(_system, _seconds):
            self.run_it('xvdb')
            self.assertEqual(self.state(), 'Y')
        self.run_it('xvda', during=other)
        self.assertEqual(self.state(), 'N')

    def test_first_one_ends_first(self):
        first = latency.Measuring(self.machine.system(), self.disk)
        second = latency.Measuring(self.machine.system(), self.disk)
        first.__enter__()
        second.__enter__()
        first.__exit__()
        self.assertEqual(self.state(), 'Y')
        second.__exit__()
        self.assertEqual(self.state(), 'N')

    def test_turned_off_by_somebody(self):
        first = latency.Measuring(self.machine.system(), self.disk)
        with first:
            self.machine.write(FILE, 'N\n')
            status, _, errors = self.run_it('xvda')
        self.assertEqual(status, 1)
        self.assert_one_line(errors)

    def test_histogram(self):
        text = self.run_it('-w', 'xvda')[1]
        self.assertIn('####', text)

    def test_nothing_answered(self):
        text = self.run_it('xvda', during=lambda *_: None)[1]
        self.assertIn('nothing was answered', text)

    def test_guest_is_not_one_device(self):
        status, _, errors = self.run_it('g1')
        self.assertEqual(status, 2)
        self.assert_one_line(errors)

    def test_in_tree_driver(self):
        self.machine = self.use('host-intree')
        status, _, errors = self.run_it('xvda')
        self.assertEqual(status, 1)
        self.assertIn('is served by xen-blkback', errors)
        self.assert_one_line(errors)

    def test_no_debugfs(self):
        self.machine.remove('/sys/kernel/debug')
        status, _, errors = self.run_it('xvda')
        self.assertEqual(status, 3)
        self.assert_one_line(errors)
        self.assertEqual(self.state(), 'N')

    def test_seconds(self):
        for word in '0', '-1', 'x', '1e9':
            status, _, errors = self.run_it('xvda', word)
            self.assertEqual(status, 2)
            self.assert_one_line(errors)
