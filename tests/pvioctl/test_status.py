# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl status, on machines as they were on real Xen."""

import json
import os
import unittest.mock

import machine


class Host(machine.Case):
    """Dom0 with pvio's backends, a guest with two disks and an interface."""

    def status(self, *argv):
        status, text, errors = self.machine.run('status', *argv)
        return status, text, errors

    def devices(self):
        return {device['device']: device for device in
                json.loads(self.status('-j')[1])['devices']}

    def test_all_is_well(self):
        status, text, errors = self.status()
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('guest g1 (', text)
        for word in 'xvda', 'xvdb', 'vif', 'pvio-blkback', 'Connected':
            self.assertIn(word, text)
        self.assertNotIn('->', text)

    def test_no_argument_is_status(self):
        self.assertEqual(self.machine.run(), self.status())

    def test_fits_80_columns(self):
        self.machine.store('/local/domain/1/name', 'x' * 200)
        for line in self.status()[1].splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_json_has_what_is_documented(self):
        value = json.loads(self.status('-j')[1])
        self.assertEqual(value['format'], 1)
        self.assertEqual(value['host']['role'], 'dom0')
        self.assertEqual(value['host']['xen'], '4.17.7')
        for device in value['devices']:
            self.assertEqual(sorted(device), sorted((
                'device', 'name', 'kind', 'end', 'number', 'domain', 'guest',
                'driver', 'version', 'state', 'peer_state', 'queues',
                'waits_for', 'fault', 'fault_age', 'faults', 'connects',
                'negotiated', 'bridge', 'backing', 'advice')))

    def test_negotiated_values(self):
        vif = next(d for d in self.devices().values() if d['kind'] == 'vif')
        self.assertEqual(vif['queues'], 2)
        self.assertEqual(vif['bridge'], 'xenbr0')
        self.assertEqual(vif['negotiated']['gso_v4'], '1')
        disk = next(d for d in self.devices().values()
                    if d['name'] == 'xvda')
        self.assertEqual(disk['queues'], 2)
        self.assertEqual(disk['negotiated']['persistent'], '1')

    def test_numbers_are_no_flags(self):
        for device in self.devices():
            if device.startswith('vbd'):
                self.machine.write('/sys/devices/%s/pvio/ring_pages' % device,
                                   '1\n')
        text = self.status('xvda')[1]
        self.assertIn('ring_pages=1', text)
        self.assertIn(' persistent ', text)

    def test_backing_device_and_file(self):
        found = self.devices().values()
        backing = {d['name']: d['backing'] for d in found}
        self.assertTrue(backing['xvda'].startswith('/dev/'), backing)
        self.assertEqual(backing['xvdb'], '/run/shared.disk')

    def test_one_device_by_each_name(self):
        name = next(d['device'] for d in self.devices().values()
                    if d['name'] == 'xvda')
        for word in 'xvda', name, 'g1/xvda', name.split('-')[1] + '/xvda':
            text = self.status(word)[1]
            self.assertIn('xvda', text)
            self.assertNotIn('xvdb', text)

    def test_one_guest(self):
        self.assertEqual(self.status('g1'), self.status())

    def test_unknown_device(self):
        status, text, errors = self.status('xvdz')
        self.assertEqual((status, text), (2, ''))
        self.assert_one_line(errors)
        self.assertIn('xvda', errors)

    def test_no_colour_but_on_a_terminal(self):
        self.assertNotIn('\033', self.status()[1])

    def test_no_colour_when_told_so(self):
        from pvioctl import screen
        terminal = unittest.mock.Mock()
        terminal.isatty.return_value = True
        with unittest.mock.patch.dict(os.environ, TERM='xterm'):
            os.environ.pop('NO_COLOR', None)
            self.assertTrue(screen.colourful(terminal))
            os.environ['NO_COLOR'] = '1'
            self.assertFalse(screen.colourful(terminal))

    def test_guests_cannot_write_on_the_terminal(self):
        name = '\\x1b[2Jroot'
        domain = next(iter(self.devices().values()))['domain']
        self.machine.store('/local/domain/%d/name' % domain, name)
        text = self.status()[1]
        self.assertNotIn('\033', text)
        self.assertIn('?[2Jroot', text)

    def test_device_that_has_gone_meanwhile(self):
        name = next(d['device'] for d in self.devices().values()
                    if d['name'] == 'xvdb')
        for place in os.listdir(self.machine.path('/sys/devices/' + name)):
            self.machine.remove('/sys/devices/%s/%s' % (name, place))
        status, text, _ = self.status()
        self.assertEqual(status, 1)
        self.assertIn('no driver', text)

    def test_no_xen(self):
        self.machine.remove('/sys/hypervisor')
        status, text, errors = self.status()
        self.assertEqual((status, text), (3, ''))
        self.assert_one_line(errors)

    def test_no_xenstore(self):
        self.machine.remove('/xenstore')
        status, text, errors = self.status()
        self.assertIn('Connected', text)
        self.assertIn('xenstore cannot be read', errors)

    def test_no_rights(self):
        from pvioctl import system
        self.machine.remove('/xenstore')
        with unittest.mock.patch.object(system.System, 'is_root',
                                        return_value=False):
            status, text, errors = self.status()
        self.assertEqual((status, text), (3, ''))
        self.assert_one_line(errors)

    def test_unreadable_files_are_unknown(self):
        for device in self.devices():
            self.machine.remove('/sys/devices/%s/nodename' % device)
        self.assertIn(self.status()[0], (0, 1))

    def test_unknown_command(self):
        status, text, errors = self.machine.run('frobnicate')
        self.assertEqual((status, text), (2, ''))
        self.assert_one_line(errors)

    def test_module_without_devices(self):
        self.machine.remove('/sys/bus')
        status, text, _ = self.status()
        self.assertEqual(status, 0)
        self.assertIn('0 devices', text)


class Mixed(machine.Case):
    """Dom0 with the kernel's own backends."""

    record = 'host-intree'

    def test_in_tree_drivers(self):
        status, text, errors = self.machine.run('status')
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('xen-netback', text)
        self.assertIn('xen-blkback', text)
        self.assertIn('2 queues', text)

    def test_built_in(self):
        for name in 'xen_netback', 'xen_blkback':
            if os.path.isdir(self.machine.path('/sys/module/' + name)):
                self.machine.remove('/sys/module/' + name)
        for driver in 'vif', 'vbd':
            self.machine.remove('/sys/bus/xen-backend/drivers/%s/module'
                                % driver)
        self.assertIn('xen-netback', self.machine.run('status')[1])


class Guest(machine.Case):
    """A guest with pvio's frontends."""

    record = 'guest'

    def test_frontends(self):
        status, text, errors = self.machine.run('status')
        self.assertEqual((status, errors), (0, ''))
        self.assertIn('this domain', text)
        for word in 'eth0', 'xvda', 'pvio-netfront', 'pvio-blkfront':
            self.assertIn(word, text)

    def test_role(self):
        value = json.loads(self.machine.run('status', '-j')[1])
        self.assertEqual(value['host']['role'], 'guest')
        for device in value['devices']:
            self.assertEqual((device['end'], device['domain']), ('front', 0))
