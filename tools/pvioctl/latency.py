# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl latency: how long requests take, over some seconds.

Measuring is a parameter of a whole module.  Who finds it off turns it on, and
the last to look turns it off again: a file below /run, locked by all that look,
says that it was off.
"""

import fcntl
import json
import time

from . import counters, devices, problem, rates, screen
from .problem import Blind, Problem, Usage
from .system import ended_in_order

LOCK = '/run/pvioctl-latency.%s'
TRIES, PAUSE = 50, .02
HEAD = ('requests', 'p50', 'p90', 'p99', 'p99.9', 'most')


def parameter(device):
    return '/sys/module/%s/parameters/latency' % device.module


class Measuring:
    """Measuring is on inside of this, and as it was before outside."""

    def __init__(self, system, device):
        self.system = system
        self.file = parameter(device)
        self.lock_path = system.path(LOCK % device.module)

    def set(self, value):
        try:
            self.system.write(self.file, value)
        except OSError as error:
            raise problem.of(error, self.file, 'dmesg | tail') from error

    def __enter__(self):
        try:
            self.lock = open(self.lock_path, 'a+')
        except OSError as error:
            raise problem.of(error, self.lock_path, 'a record cannot be '
                             'measured: unset PVIOCTL_ROOT' if
                             self.system.recorded else 'ls -ld /run') \
                from error
        try:
            for _ in range(TRIES):
                if self.begin():
                    return self
                fcntl.flock(self.lock, fcntl.LOCK_UN)
                time.sleep(PAUSE)
            raise Problem('somebody keeps turning %s off' % self.file,
                          'fuser ' + self.lock_path)
        except BaseException:
            self.lock.close()
            raise

    def begin(self):
        """False: who measured has ended just now."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self.lock, fcntl.LOCK_SH)
            return self.system.read(self.file) != 'N'
        if self.system.read(self.file) == 'N':
            self.lock.write('off')
            self.lock.flush()
            self.set('Y')
        fcntl.flock(self.lock, fcntl.LOCK_SH)
        return True

    def __exit__(self, *_):
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.close()
            return
        self.lock.seek(0)
        if self.lock.read():
            self.set('N')
            self.lock.truncate(0)
        self.lock.close()


def find(system, store, word):
    """The one device that is meant, and can be measured."""
    found = devices.choose(devices.Look(system, store).devices(), [word])
    if len(found) > 1:
        raise Usage("'%s' is %d devices" % (word, len(found)), 'one of: ' +
                    ' '.join(device.name for device in found))
    device = found[0]
    if not device.is_pvio:
        raise Problem('%s is served by %s, which measures no latencies'
                      % (device.name, device.driver or 'no driver'),
                      'iostat -x, or pvioctl switch pvio')
    if not system.exists(parameter(device)) or \
       counters.debugfs(system, device, 'stats') is not None and \
       counters.latencies(system, device) is None:
        raise Problem('%s measures no latencies of a %s'
                      % (device.driver, device.kind),
                      'pvioctl top ' + device.called())
    return device


def measure(system, device, seconds):
    """Histograms of what was answered in these seconds."""
    with ended_in_order(), Measuring(system, device):
        before = counters.latencies(system, device)
        if before is None:
            why = 'the same with sudo' if not system.is_root() else \
                'mount -t debugfs debugfs /sys/kernel/debug'
            raise Blind('latencies of %s cannot be read' % device.name, why)
        system.sleep(seconds)
        after = counters.latencies(system, device)
    if after is None:
        raise Problem('%s has gone meanwhile' % device.name,
                      'pvioctl status')
    return counters.added_latencies(before, after)


def most(histogram):
    """What none has exceeded."""
    floors = [floor for floor, count in histogram.items() if count]
    return counters.ceiling(max(floors)) if floors else None


def bars(histogram, width=40):
    """(text, requests, bar) for each line between the first and the last."""
    used = [floor for floor in sorted(histogram) if histogram[floor]]
    largest = max(histogram[floor] for floor in used) if used else 1
    for floor in used:
        yield ('< ' + screen.duration(counters.ceiling(floor)),
               histogram[floor], '#' * max(1, round(
                   histogram[floor] * width / largest)))


def to_text(device, seconds, found, wide):
    yield '%s (%s, %s) in %g s' % (device.called(), device.name,
                                   device.driver, seconds)
    used = {kind: histogram for kind, histogram in found.items()
            if counters.total(histogram)}
    if not used:
        yield 'nothing was answered'
        return
    yield '%-16s' % '' + ''.join('%10s' % name for name in HEAD)
    for kind, histogram in used.items():
        value = rates.percentiles(histogram)
        yield '%-16s%10d' % (kind, value['requests']) + ''.join(
            '%10s' % screen.duration(part) for part in (
                [value[name] for name, _ in rates.PARTS] +
                [most(histogram)]))
    for kind, histogram in used.items() if wide else ():
        yield ''
        yield kind
        for label, count, bar in bars(histogram):
            yield '%10s %12d  %s' % (label, count, bar)


def to_json(device, seconds, found):
    return json.dumps({
        'format': 1, 'device': device.name, 'seconds': seconds,
        'latency': {kind: dict(rates.percentiles(histogram),
                               histogram_ns={str(floor): count for floor,
                                             count in histogram.items()})
                    for kind, histogram in found.items()}}, sort_keys=True)


def run(system, store, args, out):
    device = find(system, store, args.device)
    found = measure(system, device, args.seconds)
    if args.json:
        out.write(to_json(device, args.seconds, found) + '\n')
    else:
        for line in to_text(device, args.seconds, found, args.wide):
            out.write(line + '\n')
    return problem.OK
