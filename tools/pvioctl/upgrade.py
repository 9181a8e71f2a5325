# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl upgrade: other modules in the place of those that run, under guests
that go on.

 1. What could go wrong is looked for: files, peers that would not stand it, disks
    that are open, a way back.
 2. The modules are unloaded.  Disks and interfaces stand still from here on.
 3. The new ones are loaded, with the settings of the old ones.  If any is not, the
    old ones are.
 4. Interfaces go back to where they were: hotplug script, bridge, VLANs, MTU,
    addresses.  Starting the dozens of processes of vif-bridge takes longer than all
    the rest, so what it does is done directly.
 5. Who does not come back is named.

What runs may as well be the kernel's own backends (intree.py).
"""

import concurrent.futures
import fcntl
import io

from . import host, intree, modules, problem
from .devices import DRIVERS, Look
from .links import Link
from .problem import Problem
from .system import to_the_end

LOCK = '/run/pvioctl-upgrade.lock'
ONLINE = '/usr/lib/pvio/vif-online'
# Seconds that a device may take to connect again.
PATIENCE = 30
LOOK_EVERY = 0.05


def stands_it(store, device):
    """Has the guest at the other end of a backend a frontend of pvio's?"""
    if device.keys.get('vlan-offload'):
        return True
    top = '/local/domain/%d/drivers' % device.domain
    wanted = 'pvio pvio-%s ' % DRIVERS[device.kind, 'front']
    return any((store.read('%s/%s' % (top, place)) or '').startswith(wanted)
               for place in store.list(top))


class Plan:
    """What is to be done, and what it was like before."""

    def __init__(self, system, store, names, new):
        self.system = system
        self.store = store
        self.names = names      # of those that run, and go
        self.new = new
        self.old = way_back(system, names)
        self.devices = [device for device in Look(system, store).devices()
                        if device.module in names and device.connected]
        self.weak = [device for device in self.devices
                     if device.end == 'back' and
                     not stands_it(store, device)]
        self.links = {device.path: Link(system, device.local)
                      for device in self.devices
                      if device.kind == 'vif' and device.local}
        self.phases = []
        self.settings = {name: settings(system, name) for name in names}

    def demand(self, force):
        """What must be so before anything is touched."""
        if self.weak and not force:
            raise Problem('these have drivers in the guest that would not come '
                          'back: ' + ', '.join(described(self.weak)),
                          'detach and attach them, or --force')
        for name in self.names:
            users = self.system.number('/sys/module/%s/refcnt' % name, 0)
            if name == 'pvio_blkfront' and users:
                raise Problem('disks of this guest are open, its root perhaps',
                              'a reboot, which takes what is installed')
        if self.old is None and not force:
            raise Problem('there is no copy of the modules that run, to go back '
                          'to', 'pvioctl upgrade --keep --from DIRECTORY, or '
                          '--force')
        intree.demand(self.system, self.devices)


def way_back(system, names):
    """Files of what runs, to go back to; None where one is missing."""
    if modules.PVIO[0] in names:
        return modules.kept(system, names)
    return intree.way_back(system, names)


def described(devices):
    return ['%s of %s' % (device.called(), device.guest or
                          'domain %s' % device.domain)
            for device in devices]


def settings(system, name):
    """A module's parameters, as insmod wants them."""
    top = '/sys/module/%s/parameters' % name
    words = []
    for parameter in system.list(top):
        value = system.read('%s/%s' % (top, parameter))
        if value and value != '(null)':
            words.append('%s=%s' % (parameter, value))
    return words


def unload_all(plan):
    with intree.held_still(plan.system, plan.devices):
        for name in reversed(plan.names):
            modules.unload(plan.system, name)


def load_all(plan, files):
    running = host.modules(plan.system)
    for file in files:
        if file.name not in running:
            modules.load(plan.system, file,
                         plan.settings.get(file.name, ()))


def go_back(plan):
    """The old modules again, after some of the new ones perhaps."""
    running = modules.loaded(plan.system)
    sources = {file.name: file.source for file in plan.old}
    for name in reversed(running):
        if modules.running_source(plan.system, name) != sources.get(name):
            modules.unload(plan.system, name)
    load_all(plan, plan.old)
    for device in plan.devices:
        modules.offer(plan.system, device)


def exchange(plan):
    """None, or why the old modules run again."""
    system, begin = plan.system, plan.system.now()
    try:
        unload_all(plan)
        plan.phases.append('unloaded after %.2f s' % (system.now() - begin))
        load_all(plan, plan.new)
        plan.phases.append('loaded after %.2f s' % (system.now() - begin))
        return None
    except Exception as error:  # whatever it is: guests wait
        if plan.old is None:
            raise
        go_back(plan)
        return error


def state(system, device):
    return system.read(device.path + '/pvio/state') or \
        system.read(device.path + '/state')


def wait_for(system, devices):
    """Those that are not connected in time."""
    end = system.now() + PATIENCE
    left = list(devices)
    while left and system.now() < end:
        left = [device for device in left
                if state(system, device) != 'Connected']
        if left:
            system.sleep(LOOK_EVERY)
    return left


def local_name(system, device):
    names = system.list(device.path + '/net')
    return names[0] if names else None


def bring_back(plan, device):
    """Put an interface where it was; what could not be done, a line each."""
    system, was = plan.system, plan.links[device.path]
    end = system.now() + PATIENCE
    while not local_name(system, device) and system.now() < end:
        system.sleep(LOOK_EVERY)
    name, wrong = local_name(system, device), []
    if not name:
        return ['%s is not there' % was.name]
    if name != was.name:
        system.run('ip', 'link', 'set', name, 'name', was.name)
    script = device.keys.get('script')
    if device.end == 'back' and script and was.is_bridged(system, script):
        wrong = was.join(system) + report(plan, device)
    elif device.end == 'back' and script:
        status, text = system.run(ONLINE, device.name, 'again')
        if status:
            wrong.append('%s: %s' % (script, text.strip()))
    return wrong + was.restore(system)


def report(plan, device):
    """Say to the backend what a hotplug script says that is through."""
    node = plan.system.read(device.path + '/nodename')
    try:
        plan.store.write('%s/hotplug-status' % node, 'connected')
        return []
    except OSError as error:
        return ['hotplug-status of %s: %s' % (device.name, error)]


def replace(plan, out):
    system, begin = plan.system, plan.system.now()
    disks = [device for device in plan.devices if device.kind == 'vbd']
    vifs = [one for one in plan.devices if one.path in plan.links]
    failed = exchange(plan)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        at_work = [pool.submit(bring_back, plan, vif) for vif in vifs]
        lost = wait_for(system, disks)
        if plan.phases:
            out.write(', '.join(plan.phases) + '\n')
        if disks:
            out.write('disks stood still for %.2f s\n'
                      % (system.now() - begin))
        wrong = [line for one in at_work for line in one.result()]
    lost += wait_for(system, [device for device in plan.devices
                              if device.kind == 'vif'])
    if vifs:
        out.write('interfaces were away for %.2f s\n'
                  % (system.now() - begin))
    for line in wrong:
        out.write('! %s\n' % line)
    for line in described(lost):
        out.write('! %s did not connect\n' % line)
    if failed:
        raise Problem('%s; the old modules run again' % failed,
                      getattr(failed, 'hint', 'dmesg | tail'))
    return lost or wrong


def keep(system, files, out):
    for file in files:
        if file.source != modules.running_source(system, file.name):
            raise Problem('%s is not what runs' % file.path,
                          '--from DIRECTORY, with what does')
    modules.keep(files)
    out.write('kept %d modules in %s\n' % (len(files), modules.KEPT))
    return problem.OK


def exchanged(system):
    """Names of the modules that run, and of those that take their place."""
    names = modules.loaded(system)
    if names:
        return names, names
    theirs = intree.backends(system)
    if theirs:
        return list(theirs.values()), ['pvio'] + list(theirs)
    if intree.has_frontends(system):
        raise Problem("the kernel's own frontends cannot be exchanged under what "
                      'uses them', 'pvioctl switch pvio, and a reboot')
    raise Problem('no module of pvio runs here, and no backend',
                  'pvioctl switch pvio, and a reboot')


def new_files(system, directory, names):
    if directory:
        return modules.in_directory(system, directory, names)
    return modules.installed(system, names)


def is_running(system, files):
    return all(file.source == modules.running_source(system, file.name)
               for file in files)


def tell(plan, out):
    version = plan.system.read('/sys/module/pvio/version') or "the kernel's own"
    out.write('%s: %s to %s, under %d devices\n'
              % (' '.join(plan.names), version, plan.new[0].version,
                 len(plan.devices)))


def run(system, store, args, out):
    if system.recorded:
        raise Problem('a record has no modules to exchange',
                      'unset PVIOCTL_ROOT')
    if not system.is_root():
        raise problem.Blind('modules are loaded by root alone',
                            'sudo pvioctl upgrade')
    names, wanted = exchanged(system)
    files = new_files(system, args.directory, wanted)
    if args.keep:
        return keep(system, files, out)
    if is_running(system, files) and not args.again:
        out.write('what is installed runs already\n')
        return problem.OK
    with open(LOCK, 'w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Problem('another upgrade is at work',
                          'fuser ' + LOCK) from error
        plan = Plan(system, store, names, files)
        tell(plan, out)
        plan.demand(args.force)
        if args.dry_run:
            return problem.OK
        modules.prepare(system, files)
        if plan.old:
            modules.prepare(system, plan.old)
        # A terminal that is gone must not be written to before all is done.
        told = io.StringIO()
        try:
            with to_the_end():
                wrong = replace(plan, told)
                modules.keep(files)
        finally:
            out.write(told.getvalue())
    return problem.WRONG if wrong else problem.OK
