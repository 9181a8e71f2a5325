# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl check: is this machine fit to run pvio, now and after a reboot?

A check is a function of a Context and yields results; it looks, and changes
nothing.
"""

import collections
import gzip
import json
import os
import re
import time

from . import budget, host, problem, screen
from .problem import Blind
from .system import clean

Result = collections.namedtuple('Result', 'level name text todo')
Context = collections.namedtuple('Context', 'system store roles config')

KINDS = {'host': ('blkback', 'netback'), 'guest': ('blkfront', 'netfront')}
# Builds of Debian in which the fault of XSA-523 is known to be mended.
FIXED = {(4, 17): (4, 17, 7, 13), (4, 20): (4, 20, 4, 63)}
CHANGES = '/usr/share/doc/xen-hypervisor-%d.%d-amd64/changelog.Debian.gz'
DEBIAN = re.compile(r'(\d+)\.(\d+)\.(\d+)(?:\+(\d+))?')
DATE = '%a %b %d %H:%M:%S %Z %Y'
DAY = 86400
INITRDS = ('/boot/initrd.img-%s', '/boot/initramfs-%s.img',
           '/boot/initrd-%s')
SECURE_BOOT = '/sys/firmware/efi/efivars/' \
    'SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
MOK = '/var/lib/dkms/mok.pub'


def ok(name, text):
    return Result('ok', name, text, None)


def warn(name, text, todo):
    return Result('warn', name, text, todo)


def fail(name, text, todo):
    return Result('FAIL', name, text, todo)


def check_xen(context):
    version = host.xen_version(context.system)
    if version is None:
        yield warn('xen', 'this machine does not run under Xen now',
                   'boot Xen before devices are looked for')
        return
    what = 'Dom0' if host.is_dom0(context.system) else 'a guest'
    yield ok('xen', 'Xen %s, this is %s' % (version, what))
    yield check_xsa(context, version)


def package_version(system, major, minor):
    """Of Debian's hypervisor, as numbers; None: it is not Debian's."""
    name = 'xen-hypervisor-%d.%d-amd64' % (major, minor)
    status, text = system.run('dpkg-query', '-W', '-f', '${Version}', name)
    match = DEBIAN.match(text) if not status else None
    return tuple(int(part or 0) for part in match.groups()) if match else None


def is_mended(system, major, minor):
    """The package that is installed; None: that cannot be told."""
    has = package_version(system, major, minor)
    fixed = FIXED.get((major, minor))
    if has and fixed and has >= fixed:
        return True
    packed = system.read_bytes(CHANGES % (major, minor))
    if not has or packed is None:
        return None
    try:
        return b'XSA-523' in gzip.decompress(packed)
    except (OSError, EOFError):
        return None


def is_older(system, major, minor):
    """Was the hypervisor that runs built before the one that is installed?"""
    text = system.read('/sys/hypervisor/compilation/compile_date')
    file = system.path('/boot/xen-%d.%d-amd64.gz' % (major, minor))
    try:
        built = time.mktime(time.strptime(text, DATE))
        return os.stat(file).st_mtime > built + DAY
    except (OSError, TypeError, ValueError):
        return False


def check_xsa(context, version):
    """pvio's whole data path is grant copy, which is what XSA-523 is about."""
    name = 'xsa-523'
    match = re.match(r'(\d+)\.(\d+)', version)
    major, minor = (int(part) for part in match.groups()) if match else (0, 0)
    has = is_mended(context.system, major, minor)
    if has is None:
        return warn(name, 'whether Xen %s is mended cannot be told from here'
                    % version, 'ask whoever builds this Xen for XSA-523')
    if not has:
        return fail(name, 'guests can read and write all memory through '
                    'grant copy', 'apt-get install xen-hypervisor-%d.%d-amd64'
                    ', then reboot' % (major, minor))
    if is_older(context.system, major, minor):
        return fail(name, 'mended in the Xen that is installed, an older one '
                    'runs', 'reboot')
    return ok(name, 'mended in Xen %s' % version)


def kinds(context):
    return [kind for role in context.roles for kind in KINDS[role]]


def check_loaded(context):
    loaded = host.modules(context.system)
    for kind in kinds(context):
        name, ours, theirs = kind, 'pvio_' + kind, 'xen_' + kind
        if ours in loaded and theirs in loaded:
            yield fail(name, 'both drivers are loaded',
                       'modprobe -r %s' % theirs)
        elif ours in loaded:
            yield check_build(context, name, ours, loaded[ours][0])
        elif theirs in loaded and loaded[theirs][1]:
            yield warn(name, 'the kernel\'s own driver is built in and serves',
                       'a kernel with it as a module')
        elif theirs in loaded:
            yield warn(name, 'the kernel\'s own driver serves',
                       'reboot, or modprobe -r %s and modprobe %s'
                       % (theirs, ours))
        else:
            yield ok(name, 'no driver is loaded, as long as no device is '
                     'there')


def check_build(context, name, module, version):
    """The module that runs and the one that is installed."""
    runs = context.system.read('/sys/module/%s/srcversion' % module)
    status, text = context.system.run('modinfo', '-F', 'srcversion', module)
    if status:
        return warn(name, 'pvio %s serves, but is not installed for this '
                    'kernel' % version, 'make install, or apt-get install '
                    '--reinstall pvio-dkms')
    if runs and text.strip() and text.strip() != runs:
        return warn(name, 'pvio %s serves, another build is installed'
                    % version, 'reboot')
    return ok(name, 'pvio %s serves' % version)


def kernels(system):
    return [release for release in system.list('/lib/modules')
            if system.exists('/lib/modules/%s/modules.dep' % release)]


def has_module(names, module):
    """Is it among these paths, with - or _, packed or not?"""
    pattern = re.compile(r'/%s\.ko' % module.replace('-', '[-_]'))
    return bool(pattern.search(names))


def has_pvio(names, kind):
    """A driver without the core is none."""
    return has_module(names, 'pvio') and has_module(names, 'pvio-' + kind)


def check_kernels(context):
    system = context.system
    for release in kernels(system):
        top = '/lib/modules/' + release
        names = '/' + (system.read(top + '/modules.dep') or '').replace(
            '\n', '\n/')
        built_in = '/' + (system.read(top + '/modules.builtin') or '')
        lacking = [kind for kind in kinds(context)
                   if not has_pvio(names, kind)]
        lost = [kind for kind in lacking
                if not has_module(names + built_in, 'xen-' + kind)]
        name = 'kernel ' + release
        if lost:
            yield fail(name, 'no driver for: ' + ' '.join(lost),
                       'apt-get install --reinstall linux-image-' + release)
        elif lacking:
            yield warn(name, 'no pvio, its own drivers will serve',
                       'apt-get install linux-headers-%s; dkms status'
                       % release)
        else:
            yield ok(name, 'has pvio')


def initrd_names(system, release):
    """(path, what is in it); None for what is not there or cannot be told."""
    for pattern in INITRDS:
        path = pattern % release
        if not system.exists(path) and not system.recorded:
            continue
        for lister in 'lsinitramfs', 'lsinitrd':
            status, text = system.run(lister, path)
            if not status:
                return path, text
        if system.exists(path):
            return path, None
    return None, None


def check_initrds(context):
    if 'guest' not in context.roles:
        return
    for release in kernels(context.system):
        name = 'initrd ' + release
        path, names = initrd_names(context.system, release)
        if path is None:
            yield warn(name, 'there is none', 'fine where the kernel needs '
                       'none; else update-initramfs -c -k ' + release)
        elif names is None:
            yield warn(name, 'it cannot be read',
                       renewal(release) if context.system.is_root() else
                       'the same with sudo')
        else:
            yield judge_initrd(name, names, release)


def renewal(release):
    return 'update-initramfs -u -k %s (or dracut -f --kver %s)' \
        % (release, release)


def judge_initrd(name, names, release):
    renew = renewal(release)
    lacking = [kind for kind in KINDS['guest']
               if not has_pvio(names, kind)]
    if not lacking:
        return ok(name, 'has pvio')
    if has_module(names, 'xen-blkfront'):
        return warn(name, 'lacks pvio-%s, falls back to the kernel\'s own'
                    % ' pvio-'.join(lacking), renew)
    return fail(name, 'has no driver for a disk: no root on xvda', renew)


def check_switch(context):
    status, text = context.system.run('pvio-switch', 'status')
    if status == 127:
        yield warn('switch', 'pvio-switch is not installed',
                   'apt-get install pvio-tools')
        return
    if status == 3:
        yield fail('switch', 'a device would have no driver at some kernel',
                   'pvio-switch status; grep blacklist /etc/modprobe.d/*')
    elif 'not pvio-switch\'s' in text:
        yield warn('switch', 'somebody else\'s /etc/modprobe.d/pvio.conf '
                   'decides', 'mv it away, then pvioctl switch pvio')
    elif context.system.exists('/usr/lib/modprobe.d/pvio.conf'):
        yield ok('switch', 'pvio is asked first where it is there')
    else:
        yield warn('switch', 'nothing has pvio serve devices at boot',
                   'apt-get install pvio-dkms, or make install')


def check_dkms(context):
    status, text = context.system.run('dkms', 'status', '-m', 'pvio')
    if status or not text.strip():
        return
    bad = [line for line in text.splitlines()
           if line.strip() and (': installed' not in line or
                                'Diff' in line)]
    if bad:
        yield warn('dkms', bad[0].strip(),
                   'dkms install -m pvio -v VERSION -k KERNEL --force; see '
                   'its make.log')
    else:
        yield ok('dkms', 'pvio is installed for %d kernels'
                 % len(text.strip().splitlines()))


def secure_boot(system):
    data = system.read_bytes(SECURE_BOOT)
    return bool(data) and len(data) > 4 and data[4] == 1


def check_signature(context):
    name, system = 'secure boot', context.system
    lockdown = system.read('/sys/kernel/security/lockdown') or ''
    if not secure_boot(system) and '[none]' in (lockdown or '[none]'):
        yield ok(name, 'off, modules need no signature')
        return
    _, signer = system.run('modinfo', '-F', 'signer', 'pvio')
    if not signer.strip():
        yield fail(name, 'on, and pvio\'s modules are not signed',
                   'apt-get install pvio-dkms (DKMS signs), then mokutil '
                   '--import ' + MOK)
        return
    status, text = system.run('mokutil', '--test-key', MOK)
    if status == 127:
        yield warn(name, 'on, pvio is signed by %s; whether that key is '
                   'known cannot be told' % signer.strip(),
                   'apt-get install mokutil')
    elif 'is already enrolled' in text:
        yield ok(name, 'on, and the key of pvio\'s modules is enrolled')
    else:
        yield fail(name, 'on, and the key of pvio\'s modules is not enrolled',
                   'mokutil --import %s, reboot, Enroll MOK' % MOK)


def default_frames(system):
    """What xl.conf gives a guest."""
    match = re.search(r'^\s*max_grant_frames\s*=\s*(\d+)',
                      system.read('/etc/xen/xl.conf') or '', re.M)
    return int(match.group(1)) if match else budget.DEFAULT_FRAMES


def check_grants(context):
    if not context.config:
        return
    settings = budget.read(context.config)
    need = budget.needs(settings, context.config,
                        default_frames(context.system))
    room = budget.available(need.frames)
    what = '%d vifs and %d disks take %d to %d of %d references' % (
        need.vifs, need.disks, need.least, need.most, room)
    todo = 'max_grant_frames=%d in %s' % (budget.frames_for(need.most),
                                          context.config)
    if need.least > room:
        yield fail('grants', what, todo)
    elif need.most > room:
        yield warn('grants', what, todo)
    else:
        yield ok('grants', what)


CHECKS = (check_xen, check_loaded, check_kernels, check_initrds, check_switch,
          check_dkms, check_signature, check_grants)


def roles_of(system, wanted):
    if wanted:
        return (wanted,)
    if host.xen_version(system) is None:
        raise Blind('this machine does not run under Xen, so what it is to be '
                    'is not known', 'pvioctl check --role host (or guest)')
    if host.is_dom0(system):
        return ('host',)
    if any(name in host.modules(system)
           for name in ('pvio_netback', 'pvio_blkback', 'xen_netback',
                        'xen_blkback')):
        return ('host', 'guest')
    return ('guest',)


def results(context):
    for check in CHECKS:
        yield from check(context)


def to_text(found, painter):
    levels = {'warn': 'note', 'FAIL': 'problem'}
    for result in found:
        line = '%-4s %s: %s' % (result.level, result.name, result.text)
        for part in screen.wrap(clean(line), ''):
            yield painter.paint(levels.get(result.level), part)
        if result.todo:
            yield from screen.wrap('-> ' + clean(result.todo), ' ' * 5)


def run(system, store, args, out):
    context = Context(system, store, roles_of(system, args.role), args.config)
    found = list(results(context))
    if args.json:
        out.write(json.dumps({'format': 1, 'roles': context.roles, 'checks': [
            result._asdict() for result in found]}, indent=1) + '\n')
    else:
        for line in to_text(found, screen.Painter(screen.colourful(out))):
            out.write(line + '\n')
    return problem.WRONG if any(result.level == 'FAIL' for result in found) \
        else problem.OK
