# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl status: each device, its driver, what was negotiated, what is
wrong."""

import json

from . import advice, counters, devices, host, problem, screen
from .system import clean

# Said elsewhere in the lines of a device.
SAID = ('netdev', 'disk', 'bridge', 'backing', 'mode', 'script', 'sectors',
        'sector_size', 'physical_sector_size', 'protocol')
# Those of which 1 is no yes.
NUMBERS = ('ring_pages', 'indirect_segments', 'polled_queues', 'mtu')
# Of JSON; a change that a reader may stumble over makes it another.
FORMAT = 1


def describe_advice(given):
    return given and {'level': given.level, 'text': given.text,
                      'todo': given.todo}


def describe(device):
    """A device as JSON has it."""
    value = {name: getattr(device, name) for name in
             ('end', 'kind', 'number', 'domain', 'guest', 'driver', 'version',
              'state', 'peer_state', 'queues', 'waits_for', 'fault',
              'fault_age', 'faults', 'connects', 'negotiated', 'bridge',
              'backing')}
    value['device'] = device.name
    value['name'] = device.local
    value['advice'] = describe_advice(advice.of(device))
    return value


def describe_host(system, found):
    return {'name': host.name(system), 'kernel': host.release(system),
            'xen': host.xen_version(system), 'role': host.role(system, found),
            'modules': {name: {'version': version, 'built_in': built_in}
                        for name, (version, built_in)
                        in host.modules(system).items()}}


def to_json(system, found):
    return json.dumps({'format': FORMAT, 'host': describe_host(system, found),
                       'devices': [describe(device) for device in found]},
                      indent=1, sort_keys=True)


def count(number, what):
    return '%d %s%s' % (number, what, '' if number == 1 else 's')


def heading(system, found):
    loaded = host.modules(system)
    version = loaded.get('pvio', (None,))[0]
    wrong = sum(advice.wrong(device) for device in found)
    head = '%s  %s  Linux %s  Xen %s' % (
        'pvio ' + version if version else 'no pvio',
        host.role(system, found), host.release(system),
        host.xen_version(system))
    return '%s  %s, %s' % (head, count(len(found), 'device'),
                           count(wrong, 'problem'))


def values(negotiated):
    """What was negotiated, in few words."""
    words = []
    for name, value in sorted(negotiated.items()):
        if name in SAID or value in ('0', 'N'):
            continue
        words.append(name if value in ('1', 'Y') and name not in NUMBERS else
                     '%s=%s' % (name, value))
    return ' '.join(words)


def serves(device):
    """What is behind it in this domain."""
    if device.bridge:
        return 'on ' + device.bridge
    words = []
    if device.kind == 'vbd':
        words = [device.mode]
        sectors = device.negotiated.get('sectors', '')
        if sectors.isdigit():
            words.append(screen.size(int(sectors) * counters.SECTOR))
    inside = ' '.join(word for word in words if word)
    if device.backing and inside:
        return '%s (%s)' % (device.backing, inside)
    return device.backing or inside


def peer(device):
    """The other end's state, where it is another."""
    if device.peer_state in (None, device.state) or device.connected and \
       device.peer_state == 'Connected':
        return ''
    return 'peer ' + device.peer_state


def lines(device, painter):
    """A device for people."""
    given = advice.of(device)
    level = given.level if given else None
    words = [device.state or 'Unknown', peer(device)]
    if device.queues:
        words.append(count(device.queues, 'queue'))
    words.append(serves(device))
    first = '%s %-10s %-12s %s' % (
        {'problem': '!', 'note': '*'}.get(level, ' '), device.called(),
        device.driver or 'no driver', '  '.join(w for w in words if w))
    yield painter.paint(level, screen.cut(clean(first), screen.WIDTH))
    yield from screen.wrap(clean(values(device.negotiated)), ' ' * 6)
    if given:
        yield from screen.wrap(clean(given.text), ' ' * 6)
        yield from screen.wrap('-> ' + clean(given.todo), ' ' * 6)
    if device.faults and device.fault_age is not None and \
       (not given or device.fault not in given.text):
        yield from screen.wrap(clean('last fault %s (%s): %s' % (
            screen.ago(device.fault_age), count(device.faults, 'fault'),
            device.fault)), ' ' * 6)


def group(device):
    """Whose it is, from here."""
    if device.end == 'front':
        return 'this domain'
    return 'guest %s (%s)' % (device.guest or '?', device.domain)


def to_text(system, found, painter):
    for line in screen.wrap(clean(heading(system, found)), ''):
        yield painter.paint('head', line)
    last = None
    for device in found:
        if group(device) != last:
            last = group(device)
            yield screen.cut(clean(last), screen.WIDTH)
        yield from lines(device, painter)


def run(system, store, args, out):
    """The command; returns the exit status."""
    found = devices.choose(devices.Look(system, store).devices(), args.words)
    if args.json:
        out.write(to_json(system, found) + '\n')
    else:
        painter = screen.Painter(screen.colourful(out))
        for line in to_text(system, found, painter):
            out.write(line + '\n')
    return problem.WRONG if any(map(advice.wrong, found)) else problem.OK
