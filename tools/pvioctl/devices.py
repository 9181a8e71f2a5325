# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Every network interface and disk of Xen's buses, at whichever end.

A device of pvio has a group of files, pvio/, that says most; of what is older,
or the kernel's own, the rest of sysfs and xenstore tell what can be known.
"""

import collections
import re

from .problem import Usage

BUSES = (('xen-backend', 'back'), ('xen', 'front'))
STATES = ('Unknown', 'Initialising', 'InitWait', 'Initialised', 'Connected',
          'Closing', 'Closed', 'Reconfiguring', 'Reconfigured')
# Of the group pvio/, what is no negotiated value.
GENERAL = ('state', 'peer_state', 'peer', 'waits_for', 'fault', 'fault_age',
           'faults', 'connects', 'queues')
BACK_NAME = re.compile(r'(vif|vbd)-(\d+)-(\d+)$')
FRONT_NAME = re.compile(r'(vif|vbd)-(\d+)$')
# What serves each kind at each end, behind pvio- or xen-.
DRIVERS = {('vif', 'back'): 'netback', ('vif', 'front'): 'netfront',
           ('vbd', 'back'): 'blkback', ('vbd', 'front'): 'blkfront'}
# Where there is no group: name, end that wrote the key, the key.
NET_KEYS = (('sg', 'front', 'feature-sg'),
            ('gso_v4', 'front', 'feature-gso-tcpv4'),
            ('gso_v6', 'front', 'feature-gso-tcpv6'),
            ('rx_copy', 'front', 'request-rx-copy'))
DISK_KEYS = (('protocol', 'front', 'protocol'),
             ('persistent', 'front', 'feature-persistent'),
             ('indirect_segments', 'back', 'feature-max-indirect-segments'),
             ('sectors', 'back', 'sectors'),
             ('sector_size', 'back', 'sector-size'),
             ('mode', 'back', 'mode'))


class Device:
    """One end of an interface or a disk."""

    def __init__(self, name, end, kind, number, domain):
        self.name = name        # on its bus: vif-5-0, vbd-51712
        self.end = end          # back or front
        self.kind = kind        # vif or vbd
        self.number = number
        self.domain = domain    # the other end's, None as long as unknown
        self.guest = None       # its name; of a backend alone
        self.driver = None
        self.module = None      # None: built in, or no driver
        self.version = None
        self.state = None
        self.peer_state = None
        self.queues = None
        self.waits_for = None
        self.fault = None
        self.fault_age = None
        self.faults = None
        self.connects = None
        self.negotiated = {}
        self.local = None       # vif5.0, eth0, xvda: what it is called here
        self.bridge = None
        self.backing = None
        self.sharers = []       # disks of other guests on the same backing
        self.keys = {}          # of xenstore, what advice is made from
        self.path = None        # in sysfs

    @property
    def is_pvio(self):
        return bool(self.driver) and self.driver.startswith('pvio-')

    @property
    def connected(self):
        return self.state == 'Connected'

    @property
    def mode(self):
        """Of a disk: r or w, as it was agreed or as the toolstack says."""
        return self.negotiated.get('mode') or self.keys.get('mode')

    def called(self):
        """What people call it: xvda, vif5.0, or its name on the bus."""
        return self.local or self.name

    def names(self):
        """All that it may be asked for by."""
        return {self.name, self.local} - {None}


class Look:
    """What is read together: a system and its xenstore."""

    def __init__(self, system, store):
        self.system = system
        self.store = store
        self.guests = {}

    def guest_name(self, domain):
        if domain not in self.guests:
            self.guests[domain] = self.store.read('/local/domain/%d/name'
                                                  % domain)
        return self.guests[domain]

    def devices(self):
        """All there are, by guest and number."""
        found = []
        for bus, end in BUSES:
            top = '/sys/bus/%s/devices' % bus
            for name in self.system.list(top):
                device = parse_name(name, end)
                if device:
                    device.path = top + '/' + name
                    found.append(self.fill(device))
        find_sharers(found)
        return sorted(found, key=lambda d: (d.end, d.domain or 0, d.kind,
                                            d.number))

    def fill(self, device):
        self.fill_driver(device)
        self.fill_group(device)
        self.fill_keys(device)
        if device.kind == 'vif':
            self.fill_net(device)
        elif device.end == 'back':
            self.fill_backing(device)
        else:
            self.fill_disk(device)
        if device.end == 'back':
            device.guest = self.guest_name(device.domain)
        return device

    def fill_driver(self, device):
        system, path = self.system, device.path
        device.driver = system.link(path + '/driver')
        if not device.driver:
            return
        device.module = system.link(path + '/driver/module')
        # On the bus, the kernel's own are called by the kind of device.
        if device.driver == device.kind:
            device.driver = 'xen-' + DRIVERS[device.kind, device.end]
        device.version = system.read('/sys/module/%s/version'
                                     % device.module)

    def fill_group(self, device):
        system, group = self.system, device.path + '/pvio/'
        device.state = system.read(device.path + '/state')
        names = system.list(group)
        for name in names:
            value = system.read(group + name)
            if name not in GENERAL and value:
                device.negotiated[name] = value
        if not names:
            return
        device.state = system.read(group + 'state') or device.state
        device.peer_state = system.read(group + 'peer_state')
        device.waits_for = system.read(group + 'waits_for') or None
        device.fault = system.read(group + 'fault') or None
        for name in ('fault_age', 'faults', 'connects', 'queues'):
            setattr(device, name, system.number(group + name))
        if device.end == 'front':
            device.domain = system.number(group + 'peer')

    def fill_keys(self, device):
        """What xenstore has; of a backend's peer only what is asked for."""
        node = self.system.read(device.path + '/nodename')
        if not node:
            return
        read = self.store.read
        other = read('%s/%s' % (node, 'frontend' if device.end == 'back'
                                else 'backend'))
        if device.end == 'front' and device.domain is None:
            device.domain = to_number(read(node + '/backend-id'))
        for key in ('hotplug-status', 'hotplug-error', 'script', 'bridge',
                    'online', 'params', 'mode', 'dev', 'physical-device',
                    'physical-device-path'):
            device.keys[key] = read('%s/%s' % (node, key))
        device.keys['error'] = read('error/%s/error' % node)
        # Which a driver domain may read, of all that is the guest's.
        device.keys['vlan-offload'] = other and \
            read(other + '/feature-pvio-vlan-offload')
        if device.state is None:
            device.state = state_name(read(node + '/state'))
        if other:
            self.fill_peer(device, node, other)

    def fill_peer(self, device, node, other):
        read = self.store.read
        front, back = (other, node) if device.end == 'back' else (node, other)
        device.keys['front-state'] = read(front + '/state')
        if device.peer_state is None:
            device.peer_state = state_name(read(other + '/state'))
        if device.queues is None and device.state == 'Connected':
            device.queues = to_number(read(front + '/multi-queue-num-queues'),
                                      1)
        if device.negotiated or device.state != 'Connected':
            return
        for name, end, key in NET_KEYS if device.kind == 'vif' else DISK_KEYS:
            value = read('%s/%s' % (front if end == 'front' else back, key))
            if value is not None:
                device.negotiated[name] = value

    def fill_net(self, device):
        names = self.system.list(device.path + '/net')
        device.local = names[0] if names else device.negotiated.get('netdev')
        if not device.local:
            return
        net = '/sys/class/net/' + device.local
        device.bridge = self.system.link(net + '/master')
        if device.bridge == 'ovs-system':
            device.bridge = device.keys.get('bridge') or device.bridge
        device.keys['operstate'] = self.system.read(net + '/operstate')
        device.keys['carrier'] = self.system.read(net + '/carrier')

    def fill_disk(self, device):
        names = self.system.list(device.path + '/block')
        device.local = names[0] if names else device.negotiated.get('disk')

    def fill_backing(self, device):
        device.local = device.keys.get('dev') or device.negotiated.get('disk')
        number = self.system.read(device.path + '/physical_device')
        name = self.block_name(number)
        path = device.keys.get('physical-device-path')
        device.backing = device.negotiated.get('backing') or path or name
        file = name and self.system.read('/sys/block/%s/loop/backing_file'
                                         % name)
        if file:
            device.backing = file

    def block_name(self, number):
        """The name of the device MAJOR:MINOR, in hexadecimal."""
        try:
            major, minor = (int(n, 16) for n in (number or '').split(':'))
        except ValueError:
            return None
        return self.system.link('/sys/dev/block/%d:%d' % (major, minor)) \
            if major else None


def find_sharers(found):
    """Which disks one guest writes to and another has as well."""
    behind = collections.defaultdict(list)
    for device in found:
        if device.kind == 'vbd' and device.end == 'back' and device.backing:
            behind[device.backing].append(device)
    for those in behind.values():
        for device in those:
            device.sharers = [other for other in those
                              if other.domain != device.domain and
                              'w' in (device.mode, other.mode)]


def parse_name(name, end):
    """A device with that name on its bus, or None for another kind."""
    match = (BACK_NAME if end == 'back' else FRONT_NAME).match(name)
    if not match:
        return None
    numbers = [int(n) for n in match.groups()[1:]]
    domain = numbers[0] if end == 'back' else None
    return Device(name, end, match.group(1), numbers[-1], domain)


def to_number(text, default=None):
    try:
        return int(text)
    except (TypeError, ValueError):
        return default


def state_name(text):
    number = to_number(text)
    if number is None or not 0 <= number < len(STATES):
        return None
    return STATES[number]


def answers_to(device, word):
    """Is WORD this device, or its guest, or GUEST/DEVICE?"""
    guest, slash, rest = word.rpartition('/')
    if slash and guest not in (device.guest, str(device.domain)):
        return False
    if slash:
        return rest in device.names()
    return word in device.names() or device.end == 'back' and \
        word in (device.guest, str(device.domain))


def choose(devices, words):
    """Those that are asked for, all when nothing is."""
    chosen = list(devices)
    if words:
        chosen = [d for d in devices if any(answers_to(d, w) for w in words)]
    for word in words:
        if not any(answers_to(device, word) for device in devices):
            known = sorted({d.called() for d in devices} |
                           {d.guest for d in devices if d.guest})
            raise Usage("there is no device or guest '%s'" % word,
                        'one of: ' + ' '.join(known[:20]) if known else
                        'there is none here: xl list, xl block-list GUEST')
    return chosen
