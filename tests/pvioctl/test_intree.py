# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What runs when the kernel's own backends go, and what must be quiet before."""

import unittest

import machine  # noqa: F401 pylint: disable=unused-import
from pvioctl import intree, modules, upgrade
from pvioctl.devices import Device
from pvioctl.problem import Problem


class Host:
    """A Dom0 whose toolstack and disks do as they are told."""

    def __init__(self, loaded=(), busy=(), dom0=True):
        self.loaded = loaded
        self.busy = list(busy)      # what 'inflight' says, one look after another
        self.did = []
        self.time = 0
        self.dom0 = dom0
        self.fails = None

    def exists(self, path):
        return path.split('/')[-1] in self.loaded

    def read(self, path, default=None):
        if path == '/proc/modules':
            return ''.join(name + ' 1 0\n' for name in self.loaded
                           if name != 'xen_built_in')
        if path == '/proc/xen/capabilities':
            return 'control_d' if self.dom0 else ''
        if path.endswith('/physical_device'):
            return 'fd:1f'
        if path == '/sys/dev/block/253:31/inflight':
            self.did.append('look')
            return self.busy.pop(0) if len(self.busy) > 1 else self.busy[0]
        return default

    def run(self, *argv):
        self.did.append(' '.join(argv[1:]))
        return (1, 'no such domain') if self.did[-1] == self.fails else (0, '')

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds


def disk(domain, module='xen_blkback'):
    device = Device('vbd-%d-51712' % domain, 'back', 'vbd', 51712, domain)
    device.module = module
    device.path = '/sys/bus/xen-backend/devices/' + device.name
    return device


class WhatRuns(unittest.TestCase):
    def exchanged(self, *loaded):
        return upgrade.exchanged(Host(loaded))

    def test_own_backends_of_the_kernel(self):
        self.assertEqual(self.exchanged('xen_netback', 'xen_blkback'),
                         (['xen_blkback', 'xen_netback'],
                          ['pvio', 'pvio_blkback', 'pvio_netback']))

    def test_pvio_comes_first(self):
        self.assertEqual(self.exchanged('pvio', 'pvio_netback', 'xen_netback'),
                         (['pvio', 'pvio_netback'], ) * 2)

    def test_frontends_stay(self):
        with self.assertRaisesRegex(Problem, 'frontends'):
            self.exchanged('xen_blkfront')

    def test_nothing_runs(self):
        with self.assertRaisesRegex(Problem, 'no module of pvio'):
            self.exchanged()


class Still(unittest.TestCase):
    def held(self, host, *devices):
        with intree.held_still(host, devices):
            host.did.append('unload')
        return host.did

    def test_guests_are_paused_until_it_is_quiet(self):
        host = Host(busy=['1 0', '0 0', '0 3', '0 0'])
        did = self.held(host, disk(3))
        self.assertEqual(did, ['pause 3'] + ['look'] * 8 +
                         ['unload', 'unpause 3'])

    def test_each_guest_once(self):
        did = self.held(Host(busy=['0 0']), disk(3), disk(3), disk(4))
        self.assertEqual(sorted(did[:2]), ['pause 3', 'pause 4'])
        self.assertEqual(sorted(did[-2:]), ['unpause 3', 'unpause 4'])

    def test_interfaces_and_pvio_need_none_of_it(self):
        did = self.held(Host(busy=['1 1']), disk(3, 'pvio_blkback'),
                        disk(4, 'xen_netback'))
        self.assertEqual(did, ['unload'])

    def test_who_stays_busy_is_let_go_on(self):
        host = Host(busy=['1 0'])
        with self.assertRaisesRegex(Problem, 'is at work'):
            self.held(host, disk(3))
        self.assertNotIn('unload', host.did)
        self.assertEqual(host.did[-1], 'unpause 3')

    def test_who_is_not_paused_is_not_let_go_on_either(self):
        host = Host(busy=['0 0'])
        host.fails = 'pause 3'
        with self.assertRaisesRegex(Problem, 'no such domain'):
            self.held(host, disk(3), disk(4))
        self.assertEqual(sorted(host.did), ['pause 3', 'pause 4', 'unpause 4'])

    def test_a_driver_domain_pauses_nobody(self):
        intree.demand(Host(), [disk(3)])
        intree.demand(Host(dom0=False), [disk(3, 'xen_netback')])
        with self.assertRaisesRegex(Problem, 'Dom0'):
            intree.demand(Host(dom0=False), [disk(3)])


class Offered(unittest.TestCase):
    def test_who_has_no_driver_is_offered_again(self):
        wrote = []

        class Bus:
            def link(self, path):
                return 'vbd' if 'vbd-4' in path else None

            def write(self, path, text):
                wrote.append((path, text))
        for domain in 3, 4:
            modules.offer(Bus(), disk(domain))
        self.assertEqual(wrote, [('/sys/bus/xen-backend/drivers_probe',
                                  'vbd-3-51712')])


if __name__ == '__main__':
    unittest.main()
