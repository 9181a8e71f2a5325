# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Kernel modules: those that run, those that are installed, and copies of the
former, to go back to.

A module that runs cannot be read back from the kernel, and the package puts the
new file in the place of the old one.  So each that runs is kept, in KEPT, by
what it was built from (srcversion).
"""

import concurrent.futures
import ctypes
import glob
import gzip
import lzma
import os
import shutil

from . import host
from .problem import Problem

# In the order of loading: the core first, and disks before interfaces, so that
# they are the last to stop and the first to go on.
PVIO = ('pvio', 'pvio_blkback', 'pvio_netback', 'pvio_blkfront',
        'pvio_netfront')
KEPT = '/var/lib/pvio/kept'
# Seconds in which devices let go of their module.
PATIENCE = 20


class File:
    """A module as a file: what it is, and of which build."""

    def __init__(self, system, name, path):
        self.name = name
        self.path = path
        self.version = field(system, path, 'version')
        self.source = field(system, path, 'srcversion')
        self.image = None


def field(system, path, name):
    status, text = system.run('modinfo', '-F', name, path)
    return text.strip() if status == 0 else None


def loaded(system):
    """Names of pvio's modules that run, the core first."""
    found = host.modules(system)
    return [name for name in PVIO if name in found]


def running_source(system, name):
    return system.read('/sys/module/%s/srcversion' % name)


def in_directory(system, directory, names):
    """Files of those modules in a directory; raises Problem if one is not."""
    found = []
    for name in names:
        paths = glob.glob(os.path.join(directory, name.replace('_', '-') +
                                       '.ko*'))
        if not paths:
            raise Problem('%s has no %s.ko' % (directory, name),
                          'ls ' + directory)
        found.append(File(system, name, sorted(paths)[0]))
    return found


def installed(system, names):
    """Those that modprobe would take."""
    release, found = host.release(system), []
    for name in names:
        status, path = system.run('modinfo', '-k', release, '-n', name)
        if status:
            raise Problem('%s is not installed for %s' % (name, release),
                          'apt-get install pvio-dkms, or --from DIRECTORY')
        found.append(File(system, name, path.strip()))
    return found


def keep(files):
    """Copies of what runs now; those of other builds go."""
    os.makedirs(KEPT, exist_ok=True)
    wanted = set()
    for file in files:
        target = os.path.join(KEPT, os.path.basename(file.path))
        if os.path.abspath(file.path) != target:
            shutil.copyfile(file.path, target + '.new')
            os.replace(target + '.new', target)
        wanted.add(target)
    for path in glob.glob(os.path.join(KEPT, '*')):
        if path not in wanted:
            os.unlink(path)


def kept(system, names):
    """Files of what runs, to go back to; None where one is missing."""
    files = []
    for name in names:
        paths = glob.glob(os.path.join(KEPT, name.replace('_', '-') + '.ko*'))
        file = File(system, name, paths[0]) if paths else None
        if not file or file.source != running_source(system, name):
            return None
        files.append(file)
    return files


def needs(system, files):
    """Modules of the kernel's own that these want, pvio's left out."""
    wanted = []
    for file in files:
        for name in (field(system, file.path, 'depends') or '').split(','):
            name = name.replace('-', '_')
            if name and name not in PVIO and name not in wanted:
                wanted.append(name)
    return wanted


def unpacked(path, data):
    """A module as the kernel takes it, or None where that is not known here."""
    if path.endswith('.ko'):
        return data
    try:
        if path.endswith('.xz'):
            return lzma.decompress(data)
        if path.endswith('.gz'):
            return gzip.decompress(data)
    except (lzma.LZMAError, OSError, EOFError):
        pass
    return None


def prepare(system, files):
    """Have in memory what loading them will want."""
    others = needs(system, files)
    if others:
        system.run('modprobe', '-a', *others)
    for file in files:
        data = system.read_bytes(file.path)
        file.image = unpacked(file.path, data) if data else None


def load(system, file, settings):
    """From memory; what does not go that way, insmod may say why."""
    if file.image:
        try:
            system.call(0, file.image, ctypes.c_ulong(len(file.image)),
                        ' '.join(settings).encode())
            return
        except OSError:
            pass
    status, text = system.run('insmod', file.path, *settings)
    if status:
        raise Problem('%s was not loaded: %s' % (file.path, text.strip()),
                      'dmesg | tail')


def unbind(system, name):
    """Take a module off its devices, which hold it while they leave; off all at
    once, since each waits for its guest.
    """
    paths = []
    for bus in 'xen-backend', 'xen':
        top = '/sys/bus/%s/drivers' % bus
        for driver in system.list(top):
            if system.link('%s/%s/module' % (top, driver)) != name:
                continue
            for device in system.list('%s/%s' % (top, driver)):
                if '-' in device:
                    paths.append(('%s/%s/unbind' % (top, driver), device))
    if paths:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for path, device in paths:
                pool.submit(try_write, system, path, device)


def offer(system, device):
    """To the drivers of its bus, if none has it: of one that was not unloaded in the
    end.
    """
    if not system.link(device.path + '/driver'):
        bus = device.path.partition('/devices/')[0]
        try_write(system, bus + '/drivers_probe', device.name)


def try_write(system, path, text):
    try:
        system.write(path, text)
    except OSError:
        pass


def unload(system, name):
    end = system.now() + PATIENCE
    unbind(system, name)
    while True:
        try:
            system.call(1, name.encode(), os.O_NONBLOCK)
            return
        except OSError:
            status, text = system.run('rmmod', name)
        if status == 0:
            return
        if system.now() > end:
            raise Problem('%s was not unloaded: %s' % (name, text.strip()),
                          'lsmod | grep ' + name)
        system.sleep(0.05)
