# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The machine as a whole: is it Xen, which domain, which modules."""

from .problem import Blind

MODULES = ('pvio', 'pvio_netback', 'pvio_blkback', 'pvio_netfront',
           'pvio_blkfront', 'xen_netback', 'xen_blkback', 'xen_netfront',
           'xen_blkfront')


def xen_version(system):
    """4.17.7, or None where there is no Xen."""
    if system.read('/sys/hypervisor/type') != 'xen':
        return None
    top = '/sys/hypervisor/version/'
    return '%s.%s%s' % tuple(system.read(top + part, '?' if part != 'extra'
                                         else '')
                             for part in ('major', 'minor', 'extra'))


def is_dom0(system):
    text = system.read('/proc/xen/capabilities') or ''
    if 'control_d' in text:
        return True
    uuid = system.read('/sys/hypervisor/uuid')
    return uuid == '00000000-0000-0000-0000-000000000000'


def kernel(system):
    words = (system.read('/proc/version') or '').split()
    return words[2] if len(words) > 2 else 'unknown'


def release(system):
    return system.read('/proc/sys/kernel/osrelease') or kernel(system)


def name(system):
    return system.read('/proc/sys/kernel/hostname') or 'unknown'


def modules(system):
    """Those of pvio and of the kernel that are here: name to (version, built
    in)."""
    loaded = {line.split()[0] for line in
              (system.read('/proc/modules') or '').splitlines() if line}
    found = {}
    for module in MODULES:
        if system.exists('/sys/module/' + module):
            version = system.read('/sys/module/%s/version' % module)
            found[module] = (version, module not in loaded)
    return found


def role(system, devices):
    if is_dom0(system):
        return 'dom0'
    if any(device.end == 'back' for device in devices):
        return 'driver domain'
    return 'guest'


def demand_xen(system):
    if xen_version(system) is None:
        raise Blind('this machine does not run under Xen',
                    'boot Xen, or run it in a guest; pvioctl check')


def demand_store(system, store_error):
    """Without xenstore nothing but pvio's own files can be told."""
    if store_error and not system.is_root():
        raise Blind('xenstore cannot be read: ' + store_error,
                    'the same with sudo')
