# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl metrics: what all devices have counted, as Prometheus reads it."""

import os
import tempfile

from . import advice, counters, devices, host, problem
from .problem import Problem

FILE = 'pvio.prom'
# Name, help, and from which counters: (labels, counter).
DISK = (
    ('pvio_disk_requests_total', 'Requests of the guest.',
     (({'op': 'read'}, 'reads'), ({'op': 'write'}, 'writes'),
      ({'op': 'flush'}, 'flushes'), ({'op': 'discard'}, 'discards'))),
    ('pvio_disk_bytes_total', 'Bytes read and written.',
     (({'op': 'read'}, 'bytes_read'), ({'op': 'write'}, 'bytes_written'))),
    ('pvio_disk_errors_total', 'Requests that have failed.',
     (({}, 'errors'),)),
    ('pvio_disk_refused_total', 'Requests that broke the protocol.',
     (({}, 'refused'),)),
    ('pvio_disk_waits_total', 'Times without memory, pages or slots.',
     (({}, 'waits'),)),
    ('pvio_disk_notifications_total', 'Events for the other end.',
     (({'kind': 'sent'}, 'notifies_sent'),
      ({'kind': 'suppressed'}, 'notifies_suppressed'))),
    ('pvio_disk_grant_hypercalls_total', 'Hypercalls that copy or map.',
     (({'kind': 'copy_in'}, 'copy_hypercalls_in'),
      ({'kind': 'copy_out'}, 'copy_hypercalls_out'),
      ({'kind': 'map'}, 'map_hypercalls'),
      ({'kind': 'unmap'}, 'unmap_hypercalls'))),
)
WAYS = (({'direction': 'transmit'}, 'tx_'), ({'direction': 'receive'}, 'rx_'))
NET_NAMES = (
    ('packets', 'Packets, by direction as the guest sees it.'),
    ('bytes', 'Bytes, by direction as the guest sees it.'),
    ('dropped', 'Packets that were dropped.'),
    ('errors', 'Packets with an error.'),
    ('stalls', 'Times that the guest took no packets for too long.'),
    ('expired', 'Packets that waited too long for the guest.'),
    ('throttled', 'Times that the rate limit held the guest back.'),
)
NET = tuple(('pvio_vif_%s_total' % name, text,
             tuple((labels, way + name) for labels, way in WAYS))
            for name, text in NET_NAMES) + (
    ('pvio_vif_notifications_total', 'Events for the other end.',
     (({'kind': 'sent'}, 'notifies_sent'),
      ({'kind': 'suppressed'}, 'notifies_suppressed'))),
    ('pvio_vif_grant_hypercalls_total', 'Hypercalls that copy.',
     tuple((labels, way + 'copy_hypercalls') for labels, way in WAYS)))
STATE = (
    ('pvio_device_connected', 'Is it connected?',
     lambda device: int(device.connected)),
    ('pvio_device_problem', 'Does pvioctl status name a problem?',
     lambda device: int(advice.wrong(device))),
    ('pvio_device_queues', 'Queues in use.', lambda device: device.queues),
    ('pvio_device_connects_total', 'Times that it was connected.',
     lambda device: device.connects),
    ('pvio_device_faults_total', 'Faults that were logged about it.',
     lambda device: device.faults),
)


def quote(value):
    return str(value).replace('\\', '\\\\').replace('"', '\\"') \
        .replace('\n', '\\n')


def sample(name, labels, value):
    inside = ','.join('%s="%s"' % (key, quote(labels[key]))
                      for key in sorted(labels))
    return '%s%s %s' % (name, '{%s}' % inside if inside else '', value)


class Page:
    """Samples by family, which must stand together."""

    def __init__(self):
        self.families = {}

    def add(self, name, text, labels, value, kind=None):
        if value is None:
            return
        kind = kind or ('counter' if name.endswith('_total') else 'gauge')
        self.family(name, text, kind).append(sample(name, labels, value))

    def family(self, name, text, kind):
        return self.families.setdefault(name, (text, kind, []))[2]

    def text(self):
        lines = []
        for name, (text, kind, samples) in self.families.items():
            lines.append('# HELP %s %s' % (name, text))
            lines.append('# TYPE %s %s' % (name, kind))
            lines += samples
        return '\n'.join(lines) + '\n'


def labels_of(device):
    """Which device it is, in every sample about it."""
    return {'device': device.name, 'end': device.end,
            'guest': device.guest or '', 'name': device.local or ''}


def add_histograms(page, device, found):
    name = 'pvio_%s_latency_seconds' % \
        ('disk' if device.kind == 'vbd' else 'vif')
    lines = page.family(name, 'Time to the answer.', 'histogram')
    for kind, histogram in found.items():
        labels, below = dict(labels_of(device), op=kind), 0
        if not counters.total(histogram):
            continue
        # All of them always: a bucket that comes later has no rate at first.
        for floor in counters.FLOORS[:-1]:
            below += histogram.get(floor, 0)
            lines.append(sample(name + '_bucket', dict(
                labels, le='%g' % counters.ceiling(floor)), below))
        whole = counters.total(histogram)
        lines.append(sample(name + '_bucket', dict(labels, le='+Inf'), whole))
        lines.append(sample(name + '_count', labels, whole))


def add_device(page, system, device):
    labels = labels_of(device)
    page.add('pvio_device_info', 'What serves it.', dict(
        labels, driver=device.driver or '', version=device.version or ''), 1)
    for name, text, value in STATE:
        page.add(name, text, labels, value(device))
    values = counters.read(system, device)
    for name, text, parts in DISK if device.kind == 'vbd' else NET:
        for more, counter in parts:
            page.add(name, text, dict(labels, **more), values.get(counter))
    latencies = counters.latencies(system, device)
    if latencies and any(map(counters.total, latencies.values())):
        add_histograms(page, device, latencies)


def add_host(page, system):
    for module, (version, _) in host.modules(system).items():
        page.add('pvio_module_info', 'Drivers of Xen devices that are loaded.',
                 {'module': module, 'version': version or ''}, 1)
    budget = counters.table(system.read(
        '/sys/kernel/debug/pvio/blkback/budget'))
    for name in ('most', 'least', 'used', 'peak'):
        page.add('pvio_blkback_budget_pages',
                 'Pages that guests make the backend spend.',
                 {'kind': name}, budget.get('pages_' + name))


def collect(system, store):
    page = Page()
    add_host(page, system)
    for device in devices.Look(system, store).devices():
        add_device(page, system, device)
    return page.text()


def write(directory, text):
    """A reader sees the old file or the new one, nothing between."""
    target = os.path.join(directory, FILE)
    try:
        fd, name = tempfile.mkstemp(dir=directory, prefix=FILE + '.')
    except FileNotFoundError as error:
        raise Problem('there is no directory ' + directory,
                      'mkdir -p ' + directory) from error
    except OSError as error:
        raise problem.of(error, directory, 'ls -ld ' + directory) from error
    try:
        with os.fdopen(fd, 'w') as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o644)
        os.replace(name, target)
    except OSError as error:
        os.unlink(name)
        raise Problem('%s: %s' % (target, error.strerror),
                      'df ' + directory) from error


def run(system, store, args, out):
    text = collect(system, store)
    if args.textfile:
        write(args.textfile, text)
    else:
        out.write(text)
    return problem.OK
