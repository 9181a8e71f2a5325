# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl report: what a bug report needs, in one archive.

Unpacked, it is a machine for PVIOCTL_ROOT: status, top and the others can be
asked again of what is in there.
"""

import io
import os
import tarfile
import time

from . import devices, host, problem, screen, status, xenstore
from .system import DEBUGFS, command_file, ended_in_order

README = '''pvioctl report of {host}, {time}

What is in here: what pvioctl status says (status); versions of Linux, Xen and
the modules; names, states and settings of network interfaces and disks of Xen,
with their counters; the nodes of xenstore that belong to them; names of guests,
bridges and backing devices, MAC addresses; command lines and logs of the kernel
and of Xen; what xl info says.

What is not: anything that guests have read, written, sent or received; their
memory, their consoles, other parts of xenstore.

Look through it before you pass it on.  To ask it again:

    PVIOCTL_ROOT=DIRECTORY pvioctl status
'''
FILES = ('/proc/version', '/proc/modules', '/proc/cmdline', '/proc/uptime',
         '/proc/xen/capabilities', '/proc/sys/kernel/osrelease',
         '/proc/sys/kernel/hostname', '/proc/sys/kernel/tainted',
         '/etc/os-release', '/etc/modprobe.d/pvio.conf',
         '/usr/lib/modprobe.d/pvio.conf',
         '/sys/kernel/security/lockdown')
TREES = ('/sys/hypervisor', DEBUGFS + '/pvio')
DEVICE_DIRS = ('pvio', 'statistics', 'xenbus')
DEVICE_FILES = ('nodename', 'state', 'devtype', 'modalias', 'mode',
                'physical_device', 'uevent')
NET_FILES = ('address', 'carrier', 'carrier_changes', 'flags', 'mtu',
             'operstate', 'tx_queue_len')
BLOCK_FILES = ('dev', 'ro', 'size', 'stat')
MODULE_FILES = ('version', 'srcversion', 'refcnt', 'taint', 'initstate')
NODES = ('backend/vif', 'backend/vbd', 'device/vif', 'device/vbd',
         'error/backend', 'error/device')
COMMANDS = (('dmesg',), ('uname', '-a'), ('xl', 'info'), ('xl', 'list'),
            ('dkms', 'status'), ('pvio-switch', 'status'), ('xl', 'dmesg'))
DEEP = 4
LARGE = 1 << 20


class Archive:
    """The tarball, and what it holds already."""

    def __init__(self, system, tar, top):
        self.system = system
        self.tar = tar
        self.top = top
        self.held = set()

    def put(self, path, data):
        if path in self.held:
            return
        self.held.add(path)
        info = tarfile.TarInfo(self.top + path)
        info.size, info.mtime, info.mode = len(data), int(time.time()), 0o644
        self.tar.addfile(info, io.BytesIO(data))

    def put_link(self, path, target):
        if path in self.held:
            return
        self.held.add(path)
        info = tarfile.TarInfo(self.top + path)
        info.type, info.linkname = tarfile.SYMTYPE, target
        self.tar.addfile(info)

    def file(self, path):
        data = self.system.read_bytes(path)
        if data is not None:
            self.put(path, data[-LARGE:])

    def files(self, directory, names):
        for name in names:
            self.file('%s/%s' % (directory, name))

    def link(self, path):
        """A link, and what it points to in the kernel's own tree."""
        try:
            target = os.readlink(self.system.path(path))
        except OSError:
            return
        self.put_link(path, target)

    def tree(self, directory, deep=DEEP):
        for name in self.system.list(directory):
            path = '%s/%s' % (directory, name)
            if os.path.islink(self.system.path(path)):
                continue
            if os.path.isdir(self.system.path(path)):
                if deep:
                    self.tree(path, deep - 1)
            else:
                self.file(path)

    def command(self, *argv):
        status, text = self.system.run(*argv)
        if status != 127:
            self.put(command_file(argv), text.encode())


def real(system, path):
    """Where a link ends, as a path of the system."""
    return os.path.realpath(system.path(path))[len(system.root):]


def add_module(archive, module):
    top = '/sys/module/' + module
    archive.files(top, MODULE_FILES)
    archive.tree(top + '/parameters', 0)
    archive.command('modinfo', module)


def add_net(archive, device):
    net = '/sys/class/net/' + device.local
    archive.link(net)
    place = real(archive.system, net)
    archive.files(place, NET_FILES)
    archive.tree(place + '/statistics', 0)
    archive.link(place + '/master')
    for option in '-S', '-i', '-k':
        archive.command('ethtool', option, device.local)


def add_backing(archive, device):
    system = archive.system
    number = system.read(device.path + '/physical_device', '')
    try:
        where = '/sys/dev/block/%d:%d' % tuple(
            int(part, 16) for part in number.split(':'))
    except (ValueError, TypeError):
        return
    archive.link(where)
    name = system.link(where)
    if name:
        archive.link('/sys/block/' + name)
        place = real(system, where)
        archive.files(place, BLOCK_FILES)
        archive.file(place + '/loop/backing_file')


def add_device(archive, device):
    system = archive.system
    archive.link(device.path)
    place = real(system, device.path)
    archive.files(place, DEVICE_FILES)
    for name in DEVICE_DIRS:
        archive.tree(place + '/' + name, 1)
    archive.link(place + '/driver')
    driver = real(system, place + '/driver')
    archive.link(driver + '/module')
    if device.kind == 'vif' and device.local:
        add_net(archive, device)
    elif device.end == 'back':
        add_backing(archive, device)
    elif device.local:
        archive.link('/sys/block/' + device.local)
        archive.files(place + '/block/' + device.local, BLOCK_FILES)


def nodes(store, path):
    """(path, value) of a node and all below it."""
    value = store.read(path)
    if value is not None:
        yield path, value
    for name in store.list(path):
        yield from nodes(store, path + '/' + name)


def store_text(store, found):
    """The devices' part of xenstore, as xenstore-ls -f prints it."""
    domid = store.read('domid') or '0'
    home = '/local/domain/%s/' % domid
    lines = ['/domid = "%s"' % domid]
    for top in NODES:
        lines += ['%s%s = "%s"' % (home, path, xenstore.escape(value))
                  for path, value in nodes(store, top)]
    for device in found:
        domain = '/local/domain/%s' % device.domain
        value = store.read(domain + '/name')
        if value is not None:
            lines.append('%s/name = "%s"' % (domain, xenstore.escape(value)))
        other = store.read('%s/%s' % (node_of(device), 'frontend' if
                                      device.end == 'back' else 'backend'))
        if other:
            lines += ['%s = "%s"' % (path, xenstore.escape(value))
                      for path, value in nodes(store, other)]
    return '\n'.join(dict.fromkeys(lines)) + '\n'


def node_of(device):
    if device.end == 'back':
        return 'backend/%s/%s/%s' % (device.kind, device.domain,
                                     device.number)
    return 'device/%s/%s' % (device.kind, device.number)


def fill(archive, system, store):
    found = devices.Look(system, store).devices()
    archive.put('/README', README.format(
        host=host.name(system), time=time.strftime('%F %T %z')).encode())
    lines = status.to_text(system, found, screen.Painter(False))
    archive.put('/status', ''.join(line + '\n' for line in lines).encode())
    for file in FILES:
        archive.file(file)
    for tree in TREES:
        archive.tree(tree)
    for module in host.modules(system):
        add_module(archive, module)
    for device in found:
        add_device(archive, device)
    archive.put('/xenstore', store_text(store, found).encode())
    for argv in COMMANDS:
        archive.command(*argv)
    archive.put('/denied', ''.join(path + '\n' for path in
                                   sorted(system.denied)).encode())


def run(system, store, args, out):
    top = 'pvio-report-%s-%s' % (host.name(system),
                                 time.strftime('%Y%m%d-%H%M%S'))
    path = args.output or top + '.tar.gz'
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise problem.Problem(path + ' is there already',
                              'rm, or another name: -o FILE') from error
    except OSError as error:
        raise problem.of(error, path, 'pvioctl report -o FILE') from error
    try:
        with ended_in_order(), os.fdopen(fd, 'wb') as file, \
                tarfile.open(fileobj=file, mode='w:gz') as tar:
            fill(Archive(system, tar, top), system, store)
    except BaseException as error:
        # Half an archive helps nobody.
        os.unlink(path)
        if not isinstance(error, OSError):
            raise
        raise problem.of(error, path, 'df ' + (os.path.dirname(path) or '.')) \
            from error
    out.write('%s: versions, states, counters, xenstore of the devices, '
              'dmesg;\nno data of guests; see README in it\n' % path)
    return problem.OK
