# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Cases, contenders and runs of the benchmark, and the machine they run on."""

import collections
import hashlib
import json
import os
import re
import signal
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CONTENDERS = ('intree', 'tuned', 'pvio', 'ceiling')
# Only when they are asked for: pvio at one end, the in-tree driver at the other.
MIXED = ('back', 'front')
# Likewise, on Linux without Xen: a guest of KVM, and the ceiling there.
WITHOUT_XEN = ('virtio', 'host')
# Each exit of a guest of KVM is dear to emulate, and one that runs for long may
# hang (dom0/kvm): milliseconds of a window, and how often a machine is booted.
KVM_WINDOW, KVM_BOOTS = 100, 5
EVERYONE = CONTENDERS + MIXED + WITHOUT_XEN

Case = collections.namedtuple('Case', 'name set who unit size load')

# How a run is set up: where below build/ its results go, whether instructions
# are counted, milliseconds (before the window, of it, of the trace of
# hypercalls), boots of each contender, virtual CPUs of Dom0 and of the guest,
# the guest's tsc_mode in xl's words, and whether the disk and blkback's thread
# are as they were for the figures in the file 'baseline'.
Setup = collections.namedtuple(
    'Setup', 'directory counted window repeats contenders dom0_vcpus vcpus tsc '
    'baseline')
COUNTED = Setup('bench', True, (100, 350, 50), 1, CONTENDERS, 1, 1, 'native',
                'no')
NOISY = Setup('bench/noisy', False, (300, 1500, 0), 3, ('intree', 'pvio'), 2, 2,
              'native', 'no')
BASELINE = Setup('bench/baseline', True, (100, 350, 0), 1,
                 ('intree', 'ceiling'), 2, 1, 'default', 'yes')


class Problem(Exception):
    """What ends the benchmark: a message and the line that helps."""

    def __init__(self, message, hint=None):
        super().__init__(message)
        self.hint = hint


def load_cases():
    cases = []
    with open(os.path.join(HERE, 'cases')) as lines:
        for line in lines:
            if line.strip() and not line.startswith('#'):
                name, which, who, unit, size, load = line.split(None, 5)
                cases.append(Case(name, which, who, unit,
                                  int(size), load.strip()))
    return cases


def load_baseline():
    """Rates, by case and contender."""
    with open(os.path.join(HERE, 'baseline')) as lines:
        words = [line.split() for line in lines if not line.startswith('#')]
    return {(case, contender): float(rate) for case, contender, rate in words}


def applies(case, contender):
    if contender in MIXED:
        return 'p' in case.who and case.set == 'quick'
    if contender in WITHOUT_XEN:
        return 'v' in case.who
    return contender[0] in case.who


def make_job(setup, contender, cases):
    """What dom0/measure reads as /job."""
    warm, window, trace = setup.window
    if contender == 'virtio':
        window = KVM_WINDOW
    # There is but one ceiling for Dom0's scripts.
    name = 'ceiling' if contender == 'host' else contender
    lines = [f'contender={name}', f'tsc={setup.tsc}',
             f'vcpus={setup.vcpus}', f'baseline={setup.baseline}',
             f'warm={warm}', f'window={window}', f'trace={trace}', 'cases=(']
    lines += [f"'{case.name} {case.load}'" for case in cases]
    return '\n'.join(lines + [')', ''])


def scheduler(case):
    """Xen's options for a machine whose guest has several virtual CPUs.

    They share the machine's only one, and a guest's kernel often waits,
    spinning, until another of its CPUs has run: up to ten milliseconds with
    Xen's usual scheduler, so that a guest would need minutes to boot.
    """
    if case.load.split()[0] in ('queues', 'largest'):
        return 'sched=credit sched_credit_tslice_ms=1 '
    return ''


def capture(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def source_of(case):
    """The file that runs a case in Dom0."""
    directory = os.path.join(HERE, 'dom0')
    for name in sorted(os.listdir(directory)):
        path = os.path.join(directory, name)
        with open(path) as stream:
            if f'\ncase_{case.load.split()[0]}()' in stream.read():
                return path
    raise Problem(f'{case.name}: nothing runs {case.load}',
                  'see tests/bench/cases')


def digest(*paths):
    """One name for the contents of all files at and below the paths."""
    total = hashlib.sha256()
    for path in paths:
        files = [path]
        if os.path.isdir(path):
            files = [os.path.join(top, name)
                     for top, _, names in os.walk(path) for name in names]
        for name in sorted(files):
            with open(name, 'rb') as stream:
                total.update(stream.read())
    return total.hexdigest()[:16]


def name_of(settings):
    return hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:16]


def versions(images):
    qemu = capture('qemu-system-x86_64', '--version').split()[3]
    found = {'qemu': qemu}
    for what, name in ('kernel', 'release'), ('xen', 'xen-release'):
        with open(os.path.join(images, name)) as stream:
            found[what] = stream.read().strip()
    return found


class Silent(Problem):
    """A machine that works and says nothing."""


class Machine:
    """One boot of Xen, with instructions counted or as fast as it goes."""

    # The CPU model must lack ERMS and FSRM: 'rep movsb' would count one
    # instruction for each byte.
    QEMU = ('qemu-system-x86_64 -cpu qemu64,+svm,+npt -m 4096 '
            '-nographic -nodefaults -no-reboot')
    COUNTED = '-accel tcg,thread=single -icount shift=0,sleep=off -smp 1'
    NOISY = '-accel tcg,thread=multi -smp 2'
    XEN = ('console=com1 com1=115200 dom0_mem=2048M,max:2048M '
           'noreboot=1 bootscrub=0 loglvl=warning guest_loglvl=warning '
           'dom0_max_vcpus=')
    DOM0 = 'console=hvc0 loglevel=4'
    IMAGE = 'bench.img'
    # Seconds of CPU time, which a busy host cannot use up; and of real time,
    # for a machine that has stopped altogether.
    SILENCE = 240
    STANDSTILL = 1800

    def __init__(self, images, work, setup, scheduler=''):
        self.images = images
        self.scheduler = scheduler
        self.options = self.COUNTED if setup.counted else self.NOISY
        self.dom0_vcpus = setup.dom0_vcpus
        self.work = work
        self.console = os.path.join(work, 'console')
        self.process = None

    def _make_initramfs(self, job):
        """Dom0's image and, as a second archive behind it, the job."""
        with open(os.path.join(self.work, 'job'), 'w') as stream:
            stream.write(job)
        archive = subprocess.run(['cpio', '-o', '-H', 'newc', '--quiet'],
                                 input=b'job\n', cwd=self.work, check=True,
                                 stdout=subprocess.PIPE).stdout
        path = os.path.join(self.work, 'dom0.img')
        subprocess.run(['cp', os.path.join(self.images, self.IMAGE), path],
                       check=True)
        with open(path, 'ab') as stream:
            stream.write(archive)
        return path

    def _kernel(self, initramfs):
        """QEMU's options for what boots."""
        return ['-kernel', os.path.join(self.images, 'xen'),
                '-append', f'{self.scheduler}{self.XEN}{self.dom0_vcpus}',
                '-initrd', f'{self.images}/vmlinux {self.DOM0},{initramfs}']

    def start(self, job):
        os.makedirs(self.work, exist_ok=True)
        initramfs = self._make_initramfs(job)
        open(self.console, 'w').close()
        command = ['setpriv', '--pdeathsig', 'TERM'] + self.QEMU.split()
        command += self.options.split() + [
            '-serial', 'file:' + self.console, *self._kernel(initramfs)]
        with open(os.path.join(self.work, 'qemu.log'), 'w') as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()

    def _failure(self, what, kind=Problem):
        tail = ''.join(f'\n   | {line}' for line in self._text()[-14:])
        return kind(what + tail, f'see {self.console}')

    def _text(self):
        with open(self.console, errors='replace') as stream:
            lines = stream.read().replace('\r', '').splitlines()
        return [line for line in lines if line.strip()]

    def lines(self):
        """What Dom0 tells, word by word, until it ends."""
        seen, heard, spent = 0, time.monotonic(), 0
        while True:
            alive = self.process.poll() is None
            with open(self.console, errors='replace') as stream:
                text = stream.read().replace('\r', '')
            done = text[:text.rfind('\n') + 1].split('\n')[:-1]
            if len(done) > seen:
                heard, spent = time.monotonic(), self.spent()
            for line in done[seen:]:
                if line.startswith('@'):
                    yield line[1:].split(' ', 2)
            seen = len(done)
            self._check(alive, text, self.spent() - spent,
                        time.monotonic() - heard)
            time.sleep(0.5)

    def spent(self):
        """Seconds of CPU time that the emulator has used."""
        try:
            with open(f'/proc/{self.process.pid}/stat') as stream:
                ticks = stream.read().rpartition(')')[2].split()[11:13]
        except FileNotFoundError:
            return 0
        return sum(map(int, ticks)) / os.sysconf('SC_CLK_TCK')

    def _check(self, alive, text, working, silent):
        if re.search(r'Domain 0 crashed|Kernel panic|Panic on CPU', text):
            raise self._failure('Dom0 or Xen crashed')
        if not alive:
            raise self._failure('the machine stopped early')
        if working > self.SILENCE or silent > self.STANDSTILL:
            raise self._failure(f'the machine said nothing for {silent:.0f} s',
                                Silent)

    def failure(self, contender):
        """Once Dom0 has said that it failed."""
        text = self._text()
        start = next(n for n, line in enumerate(text)
                     if line.startswith('@failed'))
        shown = [line for line in text[start + 1:]
                 if not line.startswith('(XEN)')][:30]
        return Problem(f'{contender}: the measurement failed in Dom0' +
                       ''.join(f'\n   | {line}' for line in shown),
                       f'see {self.console}')


class MachineWithoutXen(Machine):
    """Linux on the same machine, with KVM for a guest."""

    LINUX = 'console=ttyS0 loglevel=4'
    IMAGE = 'kvm.img'
    # A guest that hangs spins, which takes the emulator for ever.
    SILENCE = 40

    def _kernel(self, initramfs):
        return ['-kernel', os.path.join(self.images, 'vmlinux'),
                '-append', self.LINUX, '-initrd', initramfs]


def machine_for(contender):
    return MachineWithoutXen if contender in WITHOUT_XEN else Machine


class Store:
    """Finished cases, one a line, so that an interrupted run can go on."""

    def __init__(self, path):
        self.path = path
        self.results = []
        if os.path.exists(path):
            with open(path) as stream:
                self.results = [json.loads(line) for line in stream]

    def add(self, result):
        self.results.append(result)
        with open(self.path, 'a') as stream:
            stream.write(json.dumps(result) + '\n')

    def keep(self, wanted):
        """Forget what was measured with other settings or other files."""
        self.results = [r for r in self.results if wanted(r)]
        with open(self.path, 'w') as stream:
            for result in self.results:
                stream.write(json.dumps(result) + '\n')

    def has(self, contender, case, repeat):
        return any(r['contender'] == contender and r['case'] == case.name and
                   r['repeat'] == repeat and r['load'] == case.load
                   for r in self.results)
