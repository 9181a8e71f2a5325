# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The kernel's own backends, for pvio's to take the place of.

xen-netback lets go of an interface at any time.  xen-blkback lets go of a disk as
well, but not of the requests that its device is still at work on: they end in memory
that is gone.  So the guests that have such disks are paused, and it is waited for what
is under way, before it is asked to.
"""

import concurrent.futures
import contextlib

from . import host, modules
from .problem import Problem

# What serves in the place of which.
INSTEAD = {'pvio_blkback': 'xen_blkback', 'pvio_netback': 'xen_netback'}
FRONTENDS = ('xen_blkfront', 'xen_netfront')
# Seconds for requests to end in, and how often in a row there must be none: one
# may be between the guest's ring and the device's queue.
PATIENCE = 5
LOOK_EVERY = 0.02
QUIET_LOOKS = 5


def backends(system):
    """Those that run as modules, by the names of pvio's that serve in their place."""
    found = host.modules(system)
    return {ours: theirs for ours, theirs in INSTEAD.items()
            if theirs in found and not found[theirs][1]}


def has_frontends(system):
    return any(name in host.modules(system) for name in FRONTENDS)


def way_back(system, names):
    """Their files; None if they are not where they came from."""
    try:
        return modules.installed(system, names)
    except Problem:
        return None


def disks(devices):
    return [device for device in devices if device.module == 'xen_blkback']


def demand(system, devices):
    """Who pauses guests?"""
    if disks(devices) and not host.is_dom0(system):
        raise Problem('guests with disks of xen-blkback must be paused, which is '
                      'done in Dom0', 'detach them, or restart this domain '
                      'after pvioctl switch pvio')


def under_way(system, device):
    """Requests that its backing device is at work on."""
    try:
        major, minor = (int(number, 16) for number in
                        system.read(device.path + '/physical_device').split(':'))
    except (AttributeError, ValueError):
        return 0
    counts = system.read('/sys/dev/block/%d:%d/inflight' % (major, minor), '0')
    return sum(int(word) for word in counts.split())


def wait_until_quiet(system, those):
    end, quiet = system.now() + PATIENCE, 0
    while quiet < QUIET_LOOKS:
        busy = [device for device in those if under_way(system, device)]
        quiet = 0 if busy else quiet + 1
        if busy and system.now() > end:
            raise Problem('%s is at work on requests after %d s, with its guest '
                          'paused' % (busy[0].backing, PATIENCE),
                          'whoever else uses it, or a reboot')
        system.sleep(LOOK_EVERY)


def tell_toolstack(system, what, domain):
    status, text = system.run('xl', what, str(domain))
    if status:
        raise Problem('xl %s %d: %s' % (what, domain, text.strip()),
                      'xl list')


@contextlib.contextmanager
def held_still(system, devices):
    """While xen-blkback lets go of these; nothing if it has none of them."""
    those = disks(devices)
    paused = []

    def pause(domain):
        tell_toolstack(system, 'pause', domain)
        paused.append(domain)

    def each(action, domains):
        """All at once; raises what one of them did when all are through."""
        todo = [pool.submit(action, domain) for domain in domains]
        concurrent.futures.wait(todo)
        for one in todo:
            one.result()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        try:
            each(pause, sorted({device.domain for device in those}))
            if those:
                wait_until_quiet(system, those)
            yield
        finally:
            each(lambda domain: tell_toolstack(system, 'unpause', domain),
                 list(paused))
