# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What pvioctl says is wrong, and that it says nothing else."""

import machine

from pvioctl import advice
from pvioctl.devices import Device, find_sharers


def back(kind='vif', **values):
    """A backend of guest g1."""
    device = Device('%s-3-0' % kind, 'back', kind, 0, 3)
    device.driver, device.guest = 'pvio-' + advice.DRIVERS[kind, 'back'], 'g1'
    device.state, device.peer_state = 'Connected', 'Connected'
    device.local = 'vif3.0' if kind == 'vif' else 'xvda'
    for name, value in values.items():
        setattr(device, name, value)
    return device


def front(kind='vif', **values):
    values.setdefault('driver', 'pvio-' + advice.DRIVERS[kind, 'front'])
    return back(kind, end='front', guest=None, **values)


class Recorded(machine.Case):
    """As it was on real Xen."""

    def advice(self, record, part):
        """Of the devices whose name has that in it, those with a problem."""
        found = [advice.of(device) for device in
                 self.use(record).look().devices() if part in device.name]
        return [one for one in found if one and one.level == 'problem']

    def test_script_that_reports_nothing(self):
        for record in 'host-waiting', 'host-intree-waiting':
            one, = self.advice(record, 'vif-')
            self.assertEqual(
                one.text, 'backend waits for the hotplug script, '
                '/run/vif-own never wrote hotplug-status')
            self.assertEqual(one.level, 'problem')

    def test_nothing_to_say(self):
        for record in ('host', 'host-older', 'host-intree', 'guest',
                       'guest-intree'):
            self.assertEqual(self.advice(record, 'v'), [], record)

    def test_status_is_wrong_then(self):
        self.assertEqual(self.use('host-waiting').run('status')[0], 1)


class Rules(machine.Case):
    """One rule each."""

    def says(self, device, *words):
        one = advice.of(device)
        self.assertIsNotNone(one)
        for word in words:
            self.assertIn(word, one.text + ' -> ' + one.todo)
        return one

    def test_no_driver(self):
        self.says(back(driver=None), 'no driver', 'modprobe pvio-netback')
        self.says(front('vbd', driver=None), 'modprobe pvio-blkfront')

    def test_reason_in_xenstore(self):
        for text, todo in (
                ('device 7:3 does not open (-2)', 'xl block-attach'),
                ('device 7:3 is read-only: attach it with mode r', "mode 'r'"),
                ('xvda is in use, detached when it is let go', 'unmount')):
            self.says(back('vbd', state='InitWait', keys={'error': text}),
                      text, todo)

    def test_old_reason_of_a_connected_device(self):
        self.assertIsNone(advice.of(back(
            'vbd', keys={'error': 'device 7:3 does not open (-2)'})))

    def test_script_failed(self):
        self.says(back(state='InitWait', keys={
            'hotplug-status': 'error', 'hotplug-error': 'no such bridge',
            'script': '/etc/xen/scripts/vif-own'}),
            '/etc/xen/scripts/vif-own failed: no such bridge')

    def test_pvio_says_what_it_waits_for(self):
        self.says(back(state='InitWait', waits_for='hotplug script',
                       negotiated={'script': '/s/own'}),
                  'waits for the hotplug script, /s/own never wrote')
        self.says(back('vbd', state='InitWait', waits_for='backing device',
                       backing='7:3'), 'backing device 7:3 is not open')
        self.says(back(state='InitWait', waits_for='rate limit'), 'rate')
        self.says(front('vbd', peer_state='Closing',
                        waits_for='whoever has the disk open'),
                  'in use', 'unmount')
        self.says(back(state='Closing', peer_state='Closed',
                       waits_for='requests in flight'), 'requests in flight')

    def test_guest_that_has_not_come(self):
        self.says(back(state='InitWait', peer_state='Initialising',
                       waits_for='frontend'), 'guest g1 has not connected')

    def test_guest_that_has_left(self):
        self.says(back(state='InitWait', peer_state='Closed',
                       waits_for='frontend'), 'has closed it')

    def test_guest_that_has_closed(self):
        for waits in None, 'frontend':
            self.says(back(state='Closed', peer_state='Closed',
                           waits_for=waits),
                      'closed until guest g1 connects anew')

    def test_guest_that_is_gone(self):
        self.says(back(state='Closed', guest=None, peer_state=None,
                       keys={'online': '0'}), 'guest is gone')

    def test_broken_protocol(self):
        self.says(back(state='Closing', peer_state='Connected', fault='request '
                       'out of range; disabled until it reconnects'),
                  'guest g1: request out of range', 'xl network-detach')

    def test_backend_that_waits(self):
        self.says(front(state='Initialised', peer_state='InitWait',
                        waits_for='backend'), 'hotplug script')
        self.says(front(state='Initialising', peer_state='Initialising',
                        waits_for='backend'), 'has not begun')

    def test_no_bridge(self):
        keys = {'bridge': 'xenbr0', 'script': '/etc/xen/scripts/vif-bridge'}
        self.says(back(keys=keys), 'in no bridge', 'master xenbr0')
        self.assertIsNone(advice.of(back(keys=keys, bridge='xenbr1')))
        self.assertIsNone(advice.of(back(keys=dict(
            keys, script='/etc/xen/scripts/vif-route'))))

    def test_guest_that_takes_no_packets(self):
        self.says(back(keys={'operstate': 'down', 'carrier': '0'}),
                  'no carrier')
        one = self.says(back(keys={'operstate': 'down'}), 'vif3.0 is down')
        self.assertEqual(one.level, 'problem')
        self.assertFalse(advice.wrong(front(keys={'operstate': 'down'})))

    def share(self, first='w', **second):
        """A disk of guest g1, and one that is like it but for that."""
        one = back('vbd', backing='/srv/a.img', keys={'mode': first})
        two = back('vbd', **{'backing': '/srv/a.img', 'keys': {'mode': 'r'},
                             'domain': 4, 'guest': 'g2', **second})
        find_sharers([one, two])
        return one, two

    def test_file_of_two_guests(self):
        one, two = self.share()
        self.says(one, '/srv/a.img', 'xvda of guest g2')
        self.says(two, '/srv/a.img', 'xvda of guest g1')
        self.assertFalse(advice.wrong(one))

    def test_what_two_disks_may_have_in_common(self):
        for pair in (self.share('r'), self.share(domain=3),
                     self.share(backing='/srv/b.img'),
                     self.share(backing=None)):
            self.assertEqual([advice.of(one) for one in pair], [None, None])

    def test_fault_that_passed(self):
        one = self.says(back(fault='no memory', fault_age=20), '20 s ago')
        self.assertEqual(one.level, 'note')
        self.assertIsNone(advice.of(back(fault='no memory', fault_age=9999)))

    def test_any_other_state(self):
        self.says(back(state='Initialising', peer_state='Connected'),
                  'not connected (Initialising)')
