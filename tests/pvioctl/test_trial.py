# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Whom pvioctl trial binds, and that the bus is left as it was."""

import os
import signal
import unittest

import machine  # noqa: F401 pylint: disable=unused-import
from pvioctl import trial
from pvioctl.problem import Problem, Usage



class Bus:
    """The bus of backends: devices come as the clock goes on."""

    recorded = False

    def __init__(self, drivers=('vif', 'vbd', 'pvio-netback', 'pvio-blkback')):
        self.there = {'vif-3-0': 'vif'}
        self.coming = []
        self.drivers = drivers
        self.files = {'drivers_autoprobe': '1'}
        self.refuse = set()

    def is_root(self):
        return True

    def exists(self, path):
        return os.path.basename(path) in self.drivers

    def read(self, path):
        return self.files[os.path.basename(path)] + '\n'

    def list(self, _path):
        return sorted(self.there)

    def link(self, path):
        return self.there.get(path.split('/')[-2])

    def sleep(self, _seconds):
        if self.coming:
            self.there[self.coming.pop(0)] = None

    def write(self, path, text):
        last = os.path.basename(path)
        if last == 'bind':
            if text in self.refuse:
                raise OSError(12, 'Cannot allocate memory')
            self.there[text] = path.split('/')[-2]
        elif last == 'drivers_probe':
            assert self.files['drivers_autoprobe'] == '1'
            if not text.startswith('console-'):
                self.there[text] = 'pciback'
        else:
            self.files[last] = text


class Trial(unittest.TestCase):
    def take_part(self, bus, *coming, status=0, waits=False):
        one = trial.Trial(bus)
        bus.coming = list(coming)

        class Child:
            """Ends when all has come."""
            returncode = status

            def __enter__(self):
                return self

            def __exit__(self, *_):
                return False

            def poll(self):
                return None if bus.coming or waits else status

        old, trial.subprocess.Popen = trial.subprocess.Popen, \
            lambda argv: Child()
        try:
            return one, trial.take_part(one, ['xl'])
        finally:
            trial.subprocess.Popen = old

    def test_what_is_new_is_ours_and_nothing_else(self):
        bus = Bus()
        self.take_part(bus, 'vif-4-0', 'vbd-4-51712')
        self.assertEqual(bus.there, {'vif-3-0': 'vif',
                                     'vif-4-0': 'pvio-netback',
                                     'vbd-4-51712': 'pvio-blkback'})
        self.assertEqual(bus.files['drivers_autoprobe'], '1')

    def test_what_is_not_for_us_goes_to_others(self):
        bus = Bus()
        self.take_part(bus, 'pci-4-0', 'vif-4-0')
        self.assertEqual(bus.there['pci-4-0'], 'pciback')

    def test_console_is_served_by_a_program(self):
        one, _ = self.take_part(Bus(), 'console-4-0', 'pci-4-0', 'vif-4-0')
        self.assertEqual(list(one.served()),
                         ['pci-4-0: pciback', 'vif-4-0: pvio-netback'])

    def test_who_could_not_be_bound_is_told_and_served(self):
        bus = Bus()
        bus.refuse = {'vif-4-0'}
        one, _ = self.take_part(bus, 'vif-4-0')
        self.assertEqual(one.errors, {'vif-4-0': 'Cannot allocate memory'})
        self.assertEqual(bus.there['vif-4-0'], 'pciback')

    def test_command_that_is_not_there_leaves_the_bus_as_it_was(self):
        bus = Bus()
        with self.assertRaises(Usage):
            trial.take_part(trial.Trial(bus), ['/nowhere/xl'])
        self.assertEqual(bus.files['drivers_autoprobe'], '1')

    def test_signals_leave_the_bus_as_it_was(self):
        for number in signal.SIGTERM, signal.SIGHUP:
            # Where nobody listens, the test goes on.
            old = signal.signal(number, lambda *_: None)
            self.addCleanup(signal.signal, number, old)
            bus = Bus()
            looks = iter(range(3))

            def ended(_seconds, number=number, looks=looks):
                if next(looks) == 1:
                    os.kill(os.getpid(), number)
            bus.sleep = ended
            with self.assertRaises(SystemExit) as raised:
                self.take_part(bus, 'vif-4-0', waits=True)
            self.assertEqual(raised.exception.code, 128 + number)
            self.assertEqual(bus.files['drivers_autoprobe'], '1')

    def test_a_signal_that_is_ignored_ends_nothing(self):
        old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, old)
        bus = Bus()
        sleep = bus.sleep

        def hung_up(seconds):
            os.kill(os.getpid(), signal.SIGHUP)
            sleep(seconds)
        bus.sleep = hung_up
        self.take_part(bus, 'vif-4-0')
        self.assertEqual(bus.there['vif-4-0'], 'pvio-netback')

    def test_without_our_drivers_nothing_is_run(self):
        with self.assertRaises(Problem) as raised:
            trial.demand(Bus(drivers=('vif', 'vbd', 'pvio-netback')))
        self.assertIn('pvio-blkback', str(raised.exception))
        self.assertIn('beside=Y', raised.exception.hint)

    def test_beside_another_trial_nothing_is_run(self):
        bus = Bus()
        bus.files['drivers_autoprobe'] = '0'
        with self.assertRaises(Problem):
            trial.demand(bus)


if __name__ == '__main__':
    unittest.main()
