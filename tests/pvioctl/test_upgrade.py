# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Whom an upgrade may not touch, and what it sets again on an interface."""

import json
import os
import signal
import unittest
import unittest.mock

import machine  # noqa: F401 pylint: disable=unused-import
from pvioctl import links, system, upgrade
from pvioctl.devices import Device
from pvioctl.xenstore import Recorded

DRIVERS = '''/local/domain/5/drivers/0 = "Other vif 8.2.1"
/local/domain/5/drivers/1 = "pvio pvio-netfront 0.2.0"
/local/domain/6/drivers/0 = "XenProject XENVIF 9.0.0"
'''


class Told:
    """A system that says what it is told to."""

    def __init__(self, link, addresses=(), routes=(), vlans=()):
        self.said = {'link': [link], 'addr': [{'addr_info': addresses}],
                     'route': routes, 'vlan': [{'vlans': vlans}]}

    def run(self, *argv):
        word = next(word for word in argv if word in self.said)
        if word == 'route' and '-6' in argv:
            return 0, ''
        return 0, json.dumps(self.said[word])


BEFORE = dict(
    link={'flags': ['UP'], 'mtu': 9000, 'master': 'xenbr1'},
    addresses=[{'local': '192.0.2.1', 'prefixlen': 24, 'scope': 'global',
                'broadcast': '192.0.2.255'},
               {'local': 'fe80::1', 'prefixlen': 64, 'scope': 'link'}],
    routes=[{'dst': '198.51.100.0/24', 'gateway': '192.0.2.9'},
            {'dst': '192.0.2.0/24', 'protocol': 'kernel'}],
    vlans=[{'vlan': 7, 'flags': ['PVID', 'Egress Untagged']},
           {'vlan': 8}])
AFTER = dict(link={'flags': [], 'mtu': 1500, 'master': 'xenbr0'},
             vlans=[{'vlan': 1, 'flags': ['PVID', 'Egress Untagged']}])


class Guests(unittest.TestCase):
    def stands(self, kind, domain):
        return upgrade.stands_it(Recorded(DRIVERS),
                                 Device('d', 'back', kind, 0, domain))

    def test_frontend_of_pvio_comes_back(self):
        self.assertTrue(self.stands('vif', 5))

    def test_a_driver_domain_knows_one_by_its_own_directory(self):
        device = Device('d', 'back', 'vif', 0, 7)
        self.assertFalse(upgrade.stands_it(Recorded(''), device))
        device.keys['vlan-offload'] = '1'
        self.assertTrue(upgrade.stands_it(Recorded(''), device))

    def test_what_a_guest_does_not_say_it_has_does_not(self):
        self.assertFalse(self.stands('vbd', 5))
        self.assertFalse(self.stands('vif', 6))
        self.assertFalse(self.stands('vif', 7))


class HalfWay(unittest.TestCase):
    """What happens when it does not go on."""

    def test_whatever_goes_wrong_the_old_ones_come_back(self):
        loaded = []

        class Plan:
            phases = []
            old = ['the old ones']
            new = ['the new ones']

            class system:
                @staticmethod
                def now():
                    return 0

        def load(_plan, files):
            loaded.append(files[0])
            if files is Plan.new:
                raise OSError(12, 'Cannot allocate memory')
        with unittest.mock.patch.object(upgrade, 'unload_all'), \
                unittest.mock.patch.object(upgrade, 'load_all', load), \
                unittest.mock.patch.object(
                    upgrade, 'go_back', lambda plan: load(plan, plan.old)):
            failed = upgrade.exchange(Plan)
        self.assertIn('Cannot allocate', str(failed))
        self.assertEqual(loaded, ['the new ones', 'the old ones'])

    def test_nobody_ends_it(self):
        def asked(number, _frame):
            heard.append(number)
        heard, old = [], {}
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            old[number] = signal.signal(number, asked)
        try:
            with system.to_the_end():
                for number in old:
                    os.kill(os.getpid(), number)
            self.assertEqual(heard, [])
            os.kill(os.getpid(), signal.SIGTERM)
            self.assertEqual(heard, [signal.SIGTERM])
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)


class Links(unittest.TestCase):
    def test_interface_is_made_what_it_was(self):
        was = links.Link(Told(**BEFORE), 'vif5.0')
        self.assertEqual([' '.join(c) for c in
                          was.differences(Told(**AFTER))], [
            'ip link set vif5.0 master xenbr1',
            'ip link set vif5.0 mtu 9000',
            'bridge vlan del dev vif5.0 vid 1',
            'bridge vlan add dev vif5.0 vid 7 pvid untagged',
            'bridge vlan add dev vif5.0 vid 8',
            'ip link set vif5.0 up',
            'ip addr add 192.0.2.1/24 brd 192.0.2.255 dev vif5.0',
            'ip route replace 198.51.100.0/24 via 192.0.2.9 dev vif5.0'])

    def test_nothing_is_done_to_one_that_is_what_it_was(self):
        was = links.Link(Told(**BEFORE), 'vif5.0')
        self.assertEqual(was.differences(Told(**BEFORE)), [])

    def joined(self, **before):
        """What brings one back into its bridge."""
        was = links.Link(Told(**before), 'vif5.0')
        ran = []

        class Runs:
            def run(self, *argv):
                ran.append(' '.join(argv))
                return 0, ''

            def write(self, path, text):
                ran.append('%s %s' % (path.split('/')[-1], text))

            def read(self, _path):
                return '0x1002'

            def number(self, _path):
                return 17

            def add_to_bridge(self, bridge, index):
                ran.append('%s %d' % (bridge, index))
        self.assertEqual(was.join(Runs()), [])
        return ran

    def test_interface_of_a_bridge_is_back_without_a_process(self):
        self.assertEqual(self.joined(**dict(
            BEFORE, vlans=[{'vlan': 1, 'flags': ['PVID', 'Egress Untagged']}]
        )), ['mtu 9000', 'xenbr1 17', 'flags 0x1003'])

    def test_interface_is_in_no_other_vlan_before(self):
        self.assertEqual(self.joined(**BEFORE), [
            'mtu 9000', 'xenbr1 17',
            'bridge vlan del dev vif5.0 vid 1',
            'bridge vlan add dev vif5.0 vid 7 pvid untagged',
            'bridge vlan add dev vif5.0 vid 8',
            'flags 0x1003'])

    def test_script_is_run_where_it_does_more(self):
        class Hooks:
            def __init__(self, *names):
                self.names = names

            def list(self, _path):
                return list(self.names)

            def exists(self, path):
                return path == '/sys/class/net/xenbr1/bridge'
        bridged = links.Link(Told(**BEFORE), 'vif5.0')
        self.assertTrue(bridged.is_bridged(Hooks(), links.BRIDGE_SCRIPT))
        self.assertFalse(bridged.is_bridged(Hooks('mine.hook'),
                                            links.BRIDGE_SCRIPT))
        self.assertFalse(bridged.is_bridged(Hooks(),
                                            '/etc/xen/scripts/vif-own'))
        for master in None, 'ovs-system':
            link = dict(BEFORE['link'], master=master)
            other = links.Link(Told(**dict(BEFORE, link=link)), 'vif5.0')
            self.assertFalse(other.is_bridged(Hooks(), links.BRIDGE_SCRIPT))


if __name__ == '__main__':
    unittest.main()
