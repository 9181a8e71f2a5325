# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl trial: pvio's backends for what one command of the toolstack makes, beside
the kernel's own, which go on to serve all others.

A new device is offered to the drivers of its bus in the order in which they came,
and the kernel's own came first.  While the command runs nothing is offered to
anybody (drivers_autoprobe), and what is new is bound to pvio's by name.
"""

import fcntl
import subprocess

from . import problem
from .devices import DRIVERS, parse_name
from .problem import Problem, Usage
from .system import ended_in_order

LOCK = '/run/pvioctl-trial.lock'
BUS = '/sys/bus/xen-backend/'
AUTOPROBE = BUS + 'drivers_autoprobe'
LOOK_EVERY = 0.05
HINT = 'modprobe pvio beside=Y && modprobe -a pvio-netback pvio-blkback'


def driver_of(system, name):
    return system.link('%sdevices/%s/driver' % (BUS, name))


def wanted(name):
    """Which driver of pvio's serves that, or None."""
    device = parse_name(name, 'back')
    return device and 'pvio-' + DRIVERS[device.kind, 'back']


class Trial:
    """What there was before, and what became of the new."""

    def __init__(self, system):
        self.system = system
        self.before = set(system.list(BUS + 'devices'))
        self.errors = {}

    def new(self):
        return [name for name in self.system.list(BUS + 'devices')
                if name not in self.before]

    def served(self):
        """Lines of who serves what; consoles have no driver on this bus."""
        for name in self.new():
            driver = driver_of(self.system, name)
            if driver or wanted(name):
                yield '%s: %s' % (name, driver or 'no driver')

    def bind(self):
        for name in self.new():
            driver = wanted(name)
            if not driver or driver_of(self.system, name):
                continue
            try:
                self.system.write('%sdrivers/%s/bind' % (BUS, driver), name)
                self.errors.pop(name, None)
            except OSError as error:
                self.errors[name] = error.strerror

    def offer_others(self):
        """What nobody took, to everybody, as if nothing had been held back."""
        for name in self.new():
            if driver_of(self.system, name):
                continue
            try:
                self.system.write(BUS + 'drivers_probe', name)
            except OSError:
                pass


def demand(system):
    if system.recorded:
        raise Problem('a record has no devices to be served',
                      'unset PVIOCTL_ROOT')
    if not system.is_root():
        raise problem.Blind('drivers are bound by root alone',
                            'sudo pvioctl trial')
    missing = [driver for driver in ('pvio-netback', 'pvio-blkback')
               if not system.exists(BUS + 'drivers/' + driver)]
    if missing:
        raise Problem('not loaded: ' + ' '.join(missing), HINT)
    if (system.read(AUTOPROBE) or '1').strip() != '1':
        raise Problem('new devices are offered to no driver at the moment',
                      'echo 1 > ' + AUTOPROBE)


def take_part(trial, argv):
    """The command's status; what it makes is bound meanwhile.

    However this ends, and even if the command goes on: as long as nothing is
    offered to anybody, no guest of this host gets a device.
    """
    system = trial.system
    with ended_in_order():
        try:
            system.write(AUTOPROBE, '0')
            child = subprocess.Popen(argv)
            while child.poll() is None:
                trial.bind()
                system.sleep(LOOK_EVERY)
            trial.bind()
            return child.returncode
        except FileNotFoundError as error:
            raise Usage('there is no command ' + argv[0],
                        'pvioctl trial xl create GUEST.cfg') from error
        finally:
            system.write(AUTOPROBE, '1')
            trial.offer_others()


def run(system, _store, args, out):
    if not args.argv:
        raise Usage('trial wants to know a command',
                    'pvioctl trial xl create GUEST.cfg')
    demand(system)
    with open(LOCK, 'w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Problem('another trial begins', 'fuser ' + LOCK) from error
        trial = Trial(system)
        status = take_part(trial, args.argv)
    for line in trial.served():
        out.write(line + '\n')
    for name, text in trial.errors.items():
        out.write('! %s: %s\n' % (name, text))
    if status:
        raise Problem('%s ended with status %d' % (args.argv[0], status),
                      'what it said above')
    return problem.WRONG if trial.errors else problem.OK
