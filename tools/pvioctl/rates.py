# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What devices did between two looks at their counters."""

import collections

from . import advice, counters, devices

PARTS = (('p50', .5), ('p90', .9), ('p99', .99), ('p999', .999))
# Latencies of a kind of requests as a guest sees them, not of a part of it.
WHOLE = ('read', 'write', 'flush', 'discard', 'tx', 'rx')

Sample = collections.namedtuple('Sample', 'time counters latencies')


class Row:
    """One device over one interval."""

    def __init__(self, device, seconds, added, latencies):
        self.device = device
        self.seconds = seconds
        self.added = added
        self.latencies = latencies or {}
        self.advice = advice.of(device)

    @property
    def wrong(self):
        return bool(self.advice) and self.advice.level == 'problem'

    def count(self, name):
        return self.added.get(name)

    def rate(self, *names):
        """A second's worth of some counters together; None: not counted."""
        found = [self.added[name] for name in names if name in self.added]
        if not found or not self.seconds:
            return None
        return sum(found) / self.seconds

    def units(self):
        return self.count('requests' if self.device.kind == 'vbd' else
                          'packets')

    def each(self, value):
        """Of something counted, how many for a request or a packet."""
        units = self.units()
        return value / units if units and value is not None else None

    def notifications(self):
        return self.each(self.count('notifies_sent'))

    def grant_calls(self):
        return self.each(counters.grant_calls(self.added))

    def merged(self):
        """All whole requests in one histogram."""
        merged = collections.Counter()
        for kind in WHOLE:
            merged.update(self.latencies.get(kind, {}))
        return merged

    def percentile(self, part):
        return counters.percentile(self.merged(), part)

    def bad(self):
        return self.rate('errors', 'refused') \
            if self.device.kind == 'vbd' else self.rate('drops')


class Watch:
    """Looks again and again, and keeps the last look."""

    def __init__(self, system, store):
        self.system = system
        self.store = store
        self.last = {}

    def sample(self, time, device):
        return Sample(time, counters.read(self.system, device),
                      counters.latencies(self.system, device))

    def rows(self, words):
        """A row for each device that was there the last time, too."""
        found = devices.Look(self.system, self.store).devices()
        rows, seen = [], {}
        # One time for all: what each is late by is the same the next time.
        time = self.system.now()
        for device in devices.choose(found, words):
            key = (device.end, device.name)
            seen[key] = new = self.sample(time, device)
            old = self.last.get(key)
            rows.append(make_row(device, old, new))
        self.last = seen
        return rows


def make_row(device, old, new):
    if old is None:
        return Row(device, 0, {}, None)
    latencies = None
    if new.latencies is not None:
        latencies = counters.added_latencies(old.latencies or {},
                                             new.latencies)
    return Row(device, new.time - old.time,
               counters.difference(old.counters, new.counters), latencies)


def percentiles(histogram):
    """The usual ones by name, in seconds, and how many requests."""
    value = {name: counters.percentile(histogram, part)
             for name, part in PARTS}
    value['requests'] = counters.total(histogram)
    return value
