# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What somebody has set on an interface, to be set again on the one that takes
its place: bridge, VLANs of the bridge's port, MTU, state, name, addresses,
routes.
"""

import json


def ask(system, *argv):
    status, text = system.run(*argv)
    try:
        return json.loads(text) if status == 0 and text.strip() else []
    except ValueError:
        return []


# What needs no more than a bridge, and the toolstack's own script for that.
BRIDGE_SCRIPT = '/etc/xen/scripts/vif-bridge'
HOOKS = '/etc/xen/scripts/vif-post.d'


class Link:
    """One interface, as it was."""

    def __init__(self, system, name):
        self.name = name
        found = ask(system, 'ip', '-j', '-d', 'link', 'show', 'dev', name)
        link = found[0] if found else {}
        self.up = 'UP' in link.get('flags', ())
        self.mtu = link.get('mtu')
        self.master = link.get('master')
        self.vlans = vlans(system, name) if self.master else []
        found = ask(system, 'ip', '-j', 'addr', 'show', 'dev', name)
        self.addresses = [address(one) for one in
                          (found[0] if found else {}).get('addr_info', ())
                          if one.get('scope') != 'link' and
                          not one.get('dynamic')]
        self.routes = [route(one) for family in ('-4', '-6') for one in
                       ask(system, 'ip', '-j', family, 'route', 'show', 'dev',
                           name) if one.get('protocol') != 'kernel']

    def is_bridged(self, system, script):
        """Is all that its hotplug script did with it what is known here?  Its rules
        of iptables are by the interface's name, and still there.
        """
        return script == BRIDGE_SCRIPT and not system.list(HOOKS) and \
            bool(self.master) and \
            system.exists('/sys/class/net/%s/bridge' % self.master)

    def join(self, system):
        """Into its bridge again, without a process if it has the VLANs that ports
        have; what could not be done, a line each.  It is up last.
        """
        net = '/sys/class/net/'
        wrong = []
        try:
            system.write(net + self.name + '/mtu', str(self.mtu))
            system.add_to_bridge(self.master, system.number(
                net + self.name + '/ifindex'))
            if self.vlans and self.vlans != DEFAULT_VLANS:
                wrong = do(system, vlan_commands(self.name, DEFAULT_VLANS,
                                                 self.vlans))
            if self.up and not wrong:
                flags = int(system.read(net + self.name + '/flags'), 16)
                system.write(net + self.name + '/flags', hex(flags | IFF_UP))
        except OSError as error:
            wrong.append('%s: %s' % (self.name, error.strerror))
        return wrong

    def differences(self, system):
        """The commands that make the new one what this one was."""
        now = Link(system, self.name)
        commands = []
        if self.master and now.master != self.master and \
                self.master != 'ovs-system':
            commands.append(('ip', 'link', 'set', self.name, 'master',
                             self.master))
        if self.mtu and now.mtu != self.mtu:
            commands.append(('ip', 'link', 'set', self.name, 'mtu',
                             str(self.mtu)))
        commands += vlan_commands(self.name, now.vlans, self.vlans)
        if self.up and not now.up:
            commands.append(('ip', 'link', 'set', self.name, 'up'))
        commands += [('ip', 'addr', 'add', *one, 'dev', self.name)
                     for one in self.addresses if one not in now.addresses]
        commands += [('ip', 'route', 'replace', *one, 'dev', self.name)
                     for one in self.routes if one not in now.routes]
        return commands

    def restore(self, system):
        """What could not be set, a line each."""
        return do(system, self.differences(system))


def do(system, commands):
    """Run them; those that failed, a line each."""
    wrong = []
    for command in commands:
        status, text = system.run(*command)
        if status:
            wrong.append('%s: %s' % (' '.join(command), text.strip()))
    return wrong


def address(one):
    words = ['%s/%s' % (one['local'], one['prefixlen'])]
    if one.get('broadcast'):
        words += ['brd', one['broadcast']]
    return tuple(words)


def route(one):
    words = [one['dst']]
    if one.get('gateway'):
        words += ['via', one['gateway']]
    if one.get('metric'):
        words += ['metric', str(one['metric'])]
    return tuple(words)


def vlans(system, name):
    """(number, flags) of each VLAN of a bridge's port."""
    found = ask(system, 'bridge', '-j', 'vlan', 'show', 'dev', name)
    return [(one['vlan'], tuple(one.get('flags', ())))
            for one in (found[0] if found else {}).get('vlans', ())]


IFF_UP = 1
# Of a port that nobody has changed.
DEFAULT_VLANS = [(1, ('PVID', 'Egress Untagged'))]
WORDS = {'PVID': 'pvid', 'Egress Untagged': 'untagged'}


def vlan_commands(name, now, then):
    gone = [('bridge', 'vlan', 'del', 'dev', name, 'vid', str(number))
            for number, _ in now if number not in dict(then)]
    new = [('bridge', 'vlan', 'add', 'dev', name, 'vid', str(number)) +
           tuple(WORDS[flag] for flag in flags if flag in WORDS)
           for number, flags in then if (number, flags) not in now]
    return (gone + new) if then else []
