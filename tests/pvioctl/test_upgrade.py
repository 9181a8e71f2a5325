# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Whom an upgrade may not touch, and what it sets again on an interface."""

import json
import unittest

import machine  # noqa: F401 pylint: disable=unused-import
from pvioctl import links, upgrade
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

    def test_what_a_guest_does_not_say_it_has_does_not(self):
        self.assertFalse(self.stands('vbd', 5))
        self.assertFalse(self.stands('vif', 6))
        self.assertFalse(self.stands('vif', 7))


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


if __name__ == '__main__':
    unittest.main()
