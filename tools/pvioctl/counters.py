# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What a device has counted so far, by one set of names for all drivers.

Of an interface, tx is what the guest sends and rx what it receives, whichever
end counts.  A driver that counts less has fewer names.
"""

import re

from . import ethtool
from .system import DEBUGFS

SECTOR = 512
# /sys/block/NAME/stat, see the kernel's Documentation/block/stat.rst.
BLOCK_STAT = {'reads': 0, 'sectors_read': 2, 'writes': 4,
              'sectors_written': 6, 'discards': 11, 'flushes': 15}
# The kernel's own name in statistics/ of a backend.
BACK_STAT = {'reads': 'rd_req', 'writes': 'wr_req', 'flushes': 'f_req',
             'discards': 'ds_req', 'waits': 'oo_req',
             'sectors_read': 'rd_sect', 'sectors_written': 'wr_sect'}
NET_STAT = ('packets', 'bytes', 'errors', 'dropped')
QUEUE = re.compile(r'^(?:(tx|rx)\d+|queue_\d+_(tx|rx))_(\w+)$')
# Counted by an interface as a whole, so not again from its queues.
WHOLE = NET_STAT
# What a backend receives its guest sends.
TURNED = {'rx': 'tx', 'tx': 'rx'}
# Where lines of a histogram begin, in ns; the first has all below FIRST.
FIRST = 1 << 10
FLOORS = [0] + [1 << order for order in range(10, 35)]
GRANT_CALLS = ('copy_hypercalls_in', 'copy_hypercalls_out', 'map_hypercalls',
               'unmap_hypercalls', 'copy_hypercalls')


def table(text):
    """A table of debugfs, a line for a counter, a column for a queue: sums."""
    sums = {}
    for line in (text or '').splitlines():
        words = line.split()
        if words and words[0] != 'queue' and \
           all(word.isdigit() for word in words[1:]):
            sums[words[0]] = sum(int(word) for word in words[1:])
    return sums


def histograms(text):
    """Latencies as debugfs has them: for each kind, least ns to requests."""
    lines = (text or '').splitlines()
    kinds = lines[0].split()[2:] if lines else []
    found = {kind: {} for kind in kinds}
    for line in lines[1:]:
        words = line.split()
        if not all(word.isdigit() for word in words):
            continue
        floor = int(words[1])
        for kind, count in zip(kinds, words[2:]):
            found[kind][floor] = found[kind].get(floor, 0) + int(count)
    return found


def debugfs(system, device, name):
    """A file of the device in debugfs, None where there is none."""
    if not device.is_pvio:
        return None
    top = '%s/pvio/%s/' % (DEBUGFS, device.driver[len('pvio-'):])
    for directory in (device.name, device.local):
        text = system.read(top + '%s/%s' % (directory, name))
        if text is not None:
            return text
    return None


def of_disk(system, device):
    sums = table(debugfs(system, device, 'stats'))
    if not sums and device.end == 'back':
        for name, file in BACK_STAT.items():
            value = system.number('%s/statistics/%s' % (device.path, file))
            if value is not None:
                sums[name] = value
    if not sums and device.end == 'front' and device.local:
        words = system.read('/sys/block/%s/stat' % device.local, '').split()
        sums = {name: int(words[at]) for name, at in BLOCK_STAT.items()
                if at < len(words)}
    for end in ('read', 'written'):
        if 'sectors_' + end in sums:
            sums['bytes_' + end] = sums['sectors_' + end] * SECTOR
    if sums:
        sums['requests'] = sum(sums.get(name, 0) for name in
                               ('reads', 'writes', 'flushes', 'discards'))
    return sums


def of_net(system, device):
    sums = {}
    if not device.local:
        return sums
    turned = TURNED if device.end == 'back' else {'rx': 'rx', 'tx': 'tx'}
    net = '/sys/class/net/%s/statistics/' % device.local
    for here, guest in turned.items():
        for name in NET_STAT:
            value = system.number(net + '%s_%s' % (here, name))
            if value is not None:
                sums['%s_%s' % (guest, name)] = value
    for name, value in ethtool.counters(system, device.local).items():
        match = QUEUE.match(name)
        if not match or match.group(3) in WHOLE:
            continue
        direction = turned[match.group(1) or match.group(2)]
        key = '%s_%s' % (direction, match.group(3))
        sums[key] = sums.get(key, 0) + value
    sums.update(cost_of_net(table(debugfs(system, device, 'stats')), turned))
    if 'tx_packets' in sums:
        sums['packets'] = sums['tx_packets'] + sums.get('rx_packets', 0)
        sums['drops'] = sum(sums.get('%s_%s' % (way, what), 0)
                            for way in turned
                            for what in ('dropped', 'errors'))
    return sums


def cost_of_net(sums, turned):
    """What packets have cost, by direction as the guest sees it, and in all."""
    cost = {}
    for name, value in sums.items():
        direction, _, what = name.partition('_')
        if direction in turned:
            cost['%s_%s' % (turned[direction], what)] = value
            cost[what] = cost.get(what, 0) + value
        else:
            cost[name] = value
    return cost


def read(system, device):
    """All counters of a device; none when it has gone."""
    return of_net(system, device) if device.kind == 'vif' else \
        of_disk(system, device)


def grant_calls(values):
    """Hypercalls for grants among these counters; None: not counted."""
    found = [values[name] for name in GRANT_CALLS if name in values]
    return sum(found) if found else None


def latencies(system, device):
    """Histograms of a device, or None where it has none."""
    text = debugfs(system, device, 'latency')
    if text is None:
        return None
    turned = TURNED if device.kind == 'vif' and device.end == 'back' else {}
    return {turned.get(kind, kind): histogram
            for kind, histogram in histograms(text).items()}


def difference(before, after):
    """What has been added, by name; a counter that went back began anew."""
    added = {}
    for name, value in after.items():
        old = before.get(name, 0)
        added[name] = value - old if value >= old else value
    return added


def added_latencies(before, after):
    return {kind: difference(before.get(kind, {}), floors)
            for kind, floors in after.items()}


def total(histogram):
    return sum(histogram.values())


def percentile(histogram, part):
    """Seconds that this part (0 to 1) of the requests has not exceeded, as if
    those of one line were spread evenly; None without requests."""
    left = total(histogram) * part
    for floor in sorted(histogram):
        count = histogram[floor]
        if count and left <= count:
            width = floor or FIRST
            return (floor + width * left / count) / 1e9
        left -= count
    return None


def ceiling(floor):
    """Where the line of a histogram that begins there ends, in seconds."""
    return (2 * floor or FIRST) / 1e9
