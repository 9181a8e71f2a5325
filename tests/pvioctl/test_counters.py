# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Counters, their rates, latencies, and what top makes of them."""

import contextlib
import io
import json
import os
import pty
import select
import sys
import unittest

import machine

from pvioctl import counters, ethtool, rates, screen, top
from pvioctl.cli import parser

SLOW = {0: 90, 1 << 20: 9, 1 << 24: 1}


class Histograms(unittest.TestCase):
    """Powers of two."""

    def test_percentiles(self):
        self.assertAlmostEqual(counters.percentile(SLOW, .45), 512e-9)
        self.assertAlmostEqual(counters.percentile(SLOW, .99), (1 << 21) / 1e9)
        self.assertAlmostEqual(counters.percentile(SLOW, 1), (1 << 25) / 1e9)
        self.assertIsNone(counters.percentile({}, .5))
        self.assertIsNone(counters.percentile({0: 0}, .5))

    def test_difference(self):
        self.assertEqual(counters.added_latencies({'read': {0: 3}},
                                                  {'read': {0: 5, 1024: 2}}),
                         {'read': {0: 2, 1024: 2}})

    def test_counter_that_began_anew(self):
        self.assertEqual(counters.difference({'a': 100}, {'a': 7}), {'a': 7})

    def test_table(self):
        self.assertEqual(counters.table('queue 0 1\nreads 2 10\nx 1 y\n'),
                         {'reads': 12})
        self.assertEqual(counters.table(None), {})

    def test_latency_lines(self):
        text = 'queue ns read write\n0 0 1 2\n1 0 3 4\n1 1024 0 5\n'
        self.assertEqual(counters.histograms(text), {
            'read': {0: 4, 1024: 0}, 'write': {0: 6, 1024: 5}})


class Numbers(unittest.TestCase):
    """What people are shown."""

    def test_amount(self):
        for value, text in ((0, '0'), (9999, '9999'), (12412, '12.41k'),
                            (999400, '999.4k'), (999951, '1000k'),
                            (48.6e6, '48.60M'), (2 << 20, '2097k'),
                            (.25, '0.25'), (None, '-')):
            self.assertEqual(screen.amount(value), text)
            self.assertLessEqual(len(text), 6)

    def test_within_two_percent(self):
        units = {'k': 1e3, 'M': 1e6, 'G': 1e9}
        for exponent in range(0, 110):
            value = 1.2 ** exponent
            text = screen.amount(value)
            shown = float(text.rstrip('kMGT')) * units.get(
                text[-1], 1e12 if text[-1] == 'T' else 1)
            self.assertLess(abs(shown - value), value / 100, text)

    def test_duration(self):
        for value, text in ((3.1e-4, '310us'), (2.5e-3, '2.5ms'), (2, '2s'),
                            (None, '-')):
            self.assertEqual(screen.duration(value), text)

    def test_size(self):
        self.assertEqual(screen.size(131072 * 512), '64 MiB')


class Recorded(machine.Case):
    """As they were counted on real Xen."""

    def read(self, name):
        for device in self.machine.look().devices():
            if device.local == name or device.kind == name:
                return counters.read(self.machine.system(), device)
        return None

    def test_disk_by_debugfs_and_by_sysfs(self):
        whole = self.read('xvda')
        self.assertGreater(whole['writes'], 255)
        self.assertIn('notifies_sent', whole)
        self.machine.remove('/sys/kernel/debug')
        less = self.read('xvda')
        for name in 'reads', 'writes', 'bytes_read', 'bytes_written':
            self.assertEqual(less[name], whole[name], name)
        self.assertNotIn('notifies_sent', less)

    def test_directions_are_the_guests(self):
        device = next(d for d in self.machine.look().devices()
                      if d.kind == 'vif')
        net = '/sys/devices/%s/net/%s/statistics/' % (device.name,
                                                      device.local)
        self.machine.write(net + 'rx_packets', '1234\n')
        self.assertEqual(self.read('vif')['tx_packets'], 1234)
        self.assertIn('rx_stalls', self.read('vif'))

    def test_latencies_of_packets(self):
        device = next(d for d in self.machine.look().devices()
                      if d.kind == 'vif')
        self.machine.write('/sys/kernel/debug/pvio/netback/%s/latency'
                           % device.local, 'queue ns rx tx\n0 1024 5 6\n')
        self.assertEqual(counters.latencies(self.machine.system(), device),
                         {'tx': {1024: 5}, 'rx': {1024: 6}})

    def test_cost_of_packets(self):
        device = next(d for d in self.machine.look().devices()
                      if d.kind == 'vif')
        self.machine.write('/sys/kernel/debug/pvio/netback/%s/stats'
                           % device.local, 'queue 0 1\nrx_copy_hypercalls 3 4\n'
                           'tx_copy_hypercalls 1 1\nrx_notifies_sent 8 0\n')
        found = self.read('vif')
        self.assertEqual(found['tx_copy_hypercalls'], 7)
        self.assertEqual(found['rx_copy_hypercalls'], 2)
        self.assertEqual(counters.grant_calls(found), 9)
        self.assertEqual(found['notifies_sent'], 8)

    def test_front_disk_without_debugfs(self):
        self.machine = self.use('guest')
        whole = self.read('xvda')
        self.machine.remove('/sys/kernel/debug')
        self.assertEqual(self.read('xvda')['bytes_written'],
                         whole['bytes_written'])

    def test_ethtool_text(self):
        self.assertEqual(ethtool.parse('NIC statistics:\n     a: 5\n  b: x\n'),
                         {'a': 5})


class Clock:
    """A system whose clock goes as it is told."""

    def __init__(self, system, change):
        self.system = system
        self.change = change
        self.time = 0

    def __getattr__(self, name):
        return getattr(self.system, name)

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds
        self.change()


class Top(machine.Case):
    """Tables of a machine that does something in two seconds."""

    def setUp(self):
        super().setUp()
        found = self.machine.look().devices()
        self.vif = next(d for d in found if d.kind == 'vif')
        self.disk = next(d for d in found if d.local == 'xvda')

    def work(self):
        """2000 packets of 1500 bytes from the guest, 4096 KiB written."""
        net = '/sys/devices/%s/net/%s/statistics/' % (self.vif.name,
                                                      self.vif.local)
        stats = '/sys/kernel/debug/pvio/blkback/%s/' % self.disk.name
        for path, name, more in ((net + 'rx_packets', None, 2000),
                                 (net + 'rx_bytes', None, 3000000),
                                 (stats + 'stats', 'writes', 1024),
                                 (stats + 'stats', 'sectors_written', 8192),
                                 (stats + 'stats', 'notifies_sent', 512),
                                 (stats + 'stats', 'map_hypercalls', 256)):
            self.add(path, name, more)
        self.machine.write(stats + 'latency', self.machine.read(
            stats + 'latency') + '0 4194304 0 1000000 0 0 0 0 0 0\n')

    def add(self, path, name, more):
        lines = []
        for line in self.machine.read(path).splitlines():
            words = line.split()
            if name is None:
                line = str(int(line) + more)
            elif words[0] == name:
                line = ' '.join([name, str(int(words[1]) + more)] + words[2:])
            lines.append(line)
        self.machine.write(path, '\n'.join(lines) + '\n')

    def top(self, *argv):
        args = parser().parse_args(('top', '-b', '-n1', '-d2') + argv)
        look = self.machine.look()
        out = io.StringIO()
        status = top.run(Clock(look.system, self.work), look.store, args, out)
        return status, out.getvalue()

    def test_rates(self):
        value = json.loads(self.top('-j')[1])
        self.assertEqual(value['seconds'], 2)
        found = {d['device']: d for d in value['devices']}
        self.assertEqual(found[self.vif.name]['per_second']['tx_bytes'],
                         1500000)
        disk = found[self.disk.name]
        self.assertEqual(disk['added']['writes'], 1024)
        self.assertEqual(disk['per_second']['bytes_written'], 2 << 20)
        self.assertEqual(disk['notifications_per_unit'], .5)
        self.assertEqual(disk['grant_calls_per_unit'], .25)
        self.assertGreater(disk['latency']['write']['p99'], 4e-3)

    def test_table(self):
        status, text = self.top()
        self.assertEqual(status, 0)
        self.assertNotIn('\033', text)
        line = next(l for l in text.splitlines() if ' xvda' in l)
        for word in '512', '2097k', '0.50', '0.25', 'ms':
            self.assertIn(word, line)
        line = next(l for l in text.splitlines() if self.vif.local in l)
        self.assertIn('1500k', line)
        self.assertIn(' 1000 ', line)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_filters(self):
        self.assertNotIn('xvda', self.top('--net')[1])
        self.assertNotIn(self.vif.local, self.top('--disk')[1])
        self.assertNotIn('xvda', self.top('--problems')[1])
        self.assertNotIn('xvdb', self.top('g1/xvda')[1])

    def test_sort(self):
        text = self.top('-s', 'name')[1]
        self.assertLess(text.index('xvda'), text.index('xvdb'))
        self.add('/sys/kernel/debug/pvio/blkback/%s/stats' % self.disk.name,
                 'errors', 1)
        text = self.top('-s', 'bytes')[1]
        self.assertLess(text.index('xvda'), text.index('xvdb'))

    def test_problems_first(self):
        self.machine = self.use('host-waiting')
        found = self.machine.look().devices()
        self.vif = next(d for d in found if d.kind == 'vif')
        self.disk = next(d for d in found if d.local == 'xvda')
        status, text = self.top()
        self.assertEqual(status, 1)
        marks = [line[0] for line in text.splitlines() if 'vif' in line and
                 line[1:3] == 'g1']
        self.assertEqual(marks, ['!', ' '])
        self.assertIn('waits for the hotplug script', text)

    def test_device_that_comes(self):
        look = self.machine.look()
        watch = rates.Watch(look.system, look.store)
        for row in watch.rows([]):
            self.assertIsNone(row.rate('writes', 'tx_bytes'))


class Terminal(machine.Case):
    """The screen of top, without python3-rich."""

    record = 'host-waiting'

    def start(self, *argv):
        child, terminal = pty.fork()
        if child:
            return child, terminal
        os.environ.update(
            PVIOCTL_ROOT=self.machine.root, TERM='xterm', NO_COLOR='',
            PYTHONPATH=os.path.join(machine.HERE, '..', '..', 'tools'))
        # None in the place of a module is what cannot be imported.
        os.execv(sys.executable, [sys.executable, '-B', '-c', (
            'import sys; sys.modules["rich"] = sys.modules["rich.live"] = None;'
            'from pvioctl.cli import main; sys.exit(main(sys.argv[1:]))'
        ), 'top', '-d', '.1', *argv])
        return None

    def until(self, terminal, word):
        text = ''
        while not text or word not in text:
            ready, _, _ = select.select([terminal], [], [], 20)
            self.assertTrue(ready, text)
            text += os.read(terminal, 65536).decode()
        return text

    def test_so_many(self):
        child, terminal = self.start('-n', '2')
        text = ''
        with contextlib.suppress(OSError):
            while text.count('sorted by name') < 4:
                text += self.until(terminal, '')
            os.write(terminal, b'q')
        self.assertEqual(text.count('sorted by name'), 3)
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        self.assertEqual(os.WEXITSTATUS(status), 1)

    def test_keys(self):
        child, terminal = self.start()
        text = self.until(terminal, 'sorted by name')
        self.assertIn('\033[31;1m!g1', text)
        os.write(terminal, b's')
        self.until(terminal, 'sorted by rate')
        os.write(terminal, b'p')
        self.until(terminal, '\033[H\033[J')
        text = self.until(terminal, 'sorted by')
        self.assertNotIn('xvda', text)
        os.write(terminal, b'q')
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        self.assertEqual(os.WEXITSTATUS(status), 1)
