# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""main.py IMAGES: measure what is missing, then report.

Read from the environment:
  QUICK=1         the quick cases, in less than ten minutes
  CASE=NAME       one case (or several, separated by spaces)
  REPEAT=N        boots for each contender, default 1
  CONTENDERS=...  some of them; the others' figures come from the last run.
                  'back' and 'front' are pvio at that end only; 'virtio' is
                  a guest of KVM and 'host' the ceiling there, both without Xen
  COMPARE=FILE    results of an earlier run: print what changed
  NOISY=1         two virtual CPUs that run in parallel, no instructions
                  counted: real time, in-tree and pvio by turns
  BASELINE=1      set up like the measurement that the method comes from, and
                  compare with its figures
"""

import itertools
import json
import os
import signal
import sys
import time

import bench
import plot
import report
from bench import EVERYONE, WITHOUT_XEN, Machine, Problem, Store

SWITCHES = ('QUICK', 'NOISY', 'BASELINE')
VARIABLES = SWITCHES + ('CASE', 'REPEAT', 'CONTENDERS', 'COMPARE')
# Wall-clock seconds for an estimate before anything is known.
BOOT_GUESS, CASE_GUESS = 60, 12


def settings():
    env = {name: os.environ.get(name, '').strip() for name in VARIABLES}
    for name in SWITCHES:
        if env[name] not in ('', '0', '1'):
            raise Problem(f'{name} is {env[name]}', f'make bench {name}=1')
        env[name] = env[name] == '1'
    if env['NOISY'] and env['BASELINE']:
        raise Problem('NOISY and BASELINE are different set-ups',
                      'make bench BASELINE=1')
    if not (env['REPEAT'] or '1').isdigit() or env['REPEAT'] == '0':
        raise Problem(f'REPEAT is {env["REPEAT"]}', 'make bench REPEAT=3')
    for name in env['CONTENDERS'].split():
        if name not in EVERYONE:
            raise Problem(f'there is no contender {name}',
                          'CONTENDERS is some of: ' + ' '.join(EVERYONE))
        if name in WITHOUT_XEN and (env['NOISY'] or env['BASELINE']):
            raise Problem(f'{name} is for counted instructions alone',
                          f'make bench CONTENDERS={name}')
    if env['COMPARE']:
        load_old(env['COMPARE'])
    return env


def choose(cases, env):
    """The cases to run."""
    known = {case.name for case in cases}
    for name in env['CASE'].split():
        if name not in known:
            raise Problem(f'there is no case {name}',
                          'one of: ' + ' '.join(c.name for c in cases))
    if env['CASE']:
        return [c for c in cases if c.name in env['CASE'].split()]
    if env['BASELINE']:
        named = {name for name, _ in bench.load_baseline()}
        return [c for c in cases if c.name in named]
    if env['NOISY']:
        return [c for c in cases if c.set == 'quick' and c.unit != 'packet']
    wanted = ('quick',) if env['QUICK'] else ('quick', 'full')
    return [c for c in cases if c.set in wanted]


class Plan:
    """What a call asks for, with the defaults filled in."""

    def __init__(self, env, cases):
        self.setup = bench.COUNTED
        if env['NOISY']:
            self.setup = bench.NOISY
        if env['BASELINE']:
            self.setup = bench.BASELINE
        self.known = cases
        self.cases = choose(cases, env)
        self.repeats = int(env['REPEAT'] or self.setup.repeats)
        self.contenders = env['CONTENDERS'].split() or self.setup.contenders

    def directory(self):
        """Results of different kinds never meet."""
        return os.path.join(os.environ['PVIO_BUILD'], self.setup.directory)

    def job(self, contender, repeat, cases):
        warm, window, trace = self.setup.window
        # Hypercalls do not vary enough to be counted again.
        window = (warm, window, trace if repeat == 1 else 0)
        return bench.make_job(self.setup._replace(window=window), contender,
                              cases)


class Progress:
    """How far the run is, and how long the rest takes at this pace."""

    def __init__(self, boots, cases):
        self.boots, self.cases = boots, cases
        self.boot_times, self.case_times = [], []

    @staticmethod
    def _mean(times, guess):
        """Of the latest: how busy the host is changes."""
        latest = times[-8:]
        return sum(latest) / len(latest) if latest else guess

    def left(self):
        seconds = (self.boots * self._mean(self.boot_times, BOOT_GUESS) +
                   self.cases * self._mean(self.case_times, CASE_GUESS))
        return f'{self.cases} cases, about {seconds / 60:.0f} min left'

    def booted(self, seconds):
        self.boots -= 1
        self.boot_times.append(seconds)

    def measured(self, seconds):
        self.cases -= 1
        self.case_times.append(seconds)


class Run:
    """All boots of one call."""

    def __init__(self, plan, images, store, marks):
        self.plan, self.images, self.store = plan, images, store
        self.marks = marks
        self.progress = None
        self.spent = 0

    def missing(self, contender, repeat):
        return [case for case in self.plan.cases
                if bench.applies(case, contender) and
                not self.store.has(contender, case, repeat)]

    def steps(self):
        return [(repeat, contender, list(cases))
                for repeat in range(1, self.plan.repeats + 1)
                for contender in self.plan.contenders
                for _, cases in itertools.groupby(
                    sorted(self.missing(contender, repeat),
                           key=bench.scheduler), bench.scheduler)]

    def again(self):
        """Nothing is missing: measure all of it anew."""
        names = {case.name for case in self.plan.cases}
        self.store.keep(lambda r: r['contender'] not in self.plan.contenders or
                        r['case'] not in names or
                        r['repeat'] > self.plan.repeats)
        return self.steps()

    def execute(self):
        steps = self.steps() or self.again()
        self.progress = Progress(len(steps), sum(len(s[2]) for s in steps))
        for repeat, contender, cases in steps:
            print(f'== {contender}, repeat {repeat}: '
                  f'{self.progress.left()}', flush=True)
            self.persist(repeat, contender, cases)

    def persist(self, repeat, contender, cases):
        """Boot again for what is left when a guest of KVM hangs."""
        for left in reversed(range(bench.KVM_BOOTS)):
            try:
                self.boot(repeat, contender, cases)
                return
            except bench.Silent:
                if contender != 'virtio' or not left:
                    raise
                print('   the guest hangs', flush=True)
            cases = self.missing(contender, repeat)
            if not cases:
                return

    def boot(self, repeat, contender, cases):
        machine = bench.machine_for(contender)(self.images, os.path.join(
            os.path.dirname(self.store.path), f'boot-{contender}'),
            self.plan.setup, bench.scheduler(cases[0]))
        machine.start(self.plan.job(contender, repeat, cases))
        try:
            self.follow(machine, repeat, contender,
                        {case.name: case for case in cases})
            self.spent += machine.spent()
        finally:
            machine.stop()

    def follow(self, machine, repeat, contender, cases):
        since = time.monotonic()
        for words in machine.lines():
            spent = time.monotonic() - since
            if words[0] == 'ready':
                self.progress.booted(spent)
            elif words[0] == 'result':
                self.take(cases[words[1]], repeat, contender, words[2], spent)
            elif words[0] == 'failed':
                time.sleep(3)
                raise machine.failure(contender)
            elif words[0] == 'end':
                return
            since = time.monotonic()

    def take(self, case, repeat, contender, text, spent):
        try:
            result = json.loads(text)
        except ValueError:
            raise Problem(f'{case.name}: the result is garbled: {text}',
                          'make bench continues with this case')
        result.update(contender=contender, case=case.name, load=case.load,
                      repeat=repeat, mark=self.marks(contender, case),
                      wall=round(spent, 1))
        self.store.add(result)
        self.progress.measured(spent)
        f = report.figures(case, result)
        lost = f', {f["lost"] * 100:.2f} % lost' if f.get('lost', 0) else ''
        print(f'   {case.name:22} {f["cost"]:10,.0f} '
              f'{report.cost_label(case):11}'
              f'{f["rate"]:10,.0f} {report.rate_label(case)}{lost}  '
              f'({spent:.0f} s; {self.progress.left()})', flush=True)


def marker(images, plan):
    """A function that names what a result depends on."""
    files = ('dom0/lib', 'dom0/kinds', 'load.c', 'probe.c', 'accounts_xen.c')
    common = bench.digest(*(os.path.join(bench.HERE, f) for f in files))
    common += bench.name_of([bench.versions(images), plan.setup,
                             Machine.QEMU, Machine.COUNTED, Machine.NOISY,
                             Machine.XEN, Machine.DOM0])
    modules = bench.digest(os.environ['PVIO_MODULES'])
    without_xen = bench.digest(*(os.path.join(bench.HERE, f) for f in (
        'dom0/kvm', 'guest/init', 'accounts_kvm.c')))
    # All read now: what runs is what was there when the images were made.
    sources = {case.name: bench.digest(bench.source_of(case))
               for case in plan.known}

    def mark(contender, case):
        chosen = bench.scheduler(case)
        return (common + sources[case.name] +
                (bench.name_of(chosen) if chosen else '') +
                (modules if contender in ('pvio', *bench.MIXED) else '') +
                (without_xen if contender in bench.WITHOUT_XEN else ''))
    return mark


def write(path, text):
    with open(path, 'w') as stream:
        stream.write(text)


def finish(out, cases, plan, results, images):
    """Results, tables and plots, under the names that always are the latest."""
    found = bench.versions(images)
    table = report.summarize(cases, results)
    write(os.path.join(out, 'results.json'), json.dumps(
        {'versions': found, 'table': table, 'results': results}, indent=1))
    if plan.setup is bench.NOISY:
        text = report.document(found, '', report.noisy_sections(cases, results))
    elif plan.setup is bench.BASELINE:
        text = report.document(found, '',
                               report.baseline_sections(cases, table))
    else:
        text = report.document(found, report.worst_spread(table),
                               report.sections(cases, table))
    write(os.path.join(out, 'results.md'), text)
    plot.draw(out, cases, table)
    print('\n' + text)
    print(f'   {out}/results.json results.md *.svg')
    return table


def load_old(path):
    """The table of an earlier run."""
    try:
        with open(path) as stream:
            return json.load(stream)['table']
    except (OSError, ValueError, KeyError, TypeError):
        raise Problem(f'{path} holds no results of the benchmark',
                      'COMPARE is a copy of the results.json that an earlier '
                      'run left') from None


def compare(path, cases, old, table):
    lines, worse = report.changes(cases, old, table)
    print(f'== changes since {path}')
    print('\n'.join(lines))
    print(f'   {worse} worse by more than {report.TOLERANCE * 100:.0f} %')


def fresh(cases, mark):
    """Whether a result was measured in the present settings, with these files."""
    known = {case.name: case for case in cases}

    def wanted(result):
        case = known.get(result['case'])
        return (case and result['load'] == case.load and
                result['mark'] == mark(result['contender'], case))
    return wanted


def main():
    env = settings()
    everything = bench.load_cases()
    plan = Plan(env, everything)
    if len(sys.argv) < 2:
        return
    images = sys.argv[1]
    out = plan.directory()
    os.makedirs(out, exist_ok=True)
    # Read now: it may be the file that this run replaces.
    old = load_old(env['COMPARE']) if env['COMPARE'] else None
    mark = marker(images, plan)
    store = Store(os.path.join(out, 'cases.jsonl'))
    store.keep(fresh(everything, mark))
    run = Run(plan, images, store, mark)
    begin = time.monotonic()
    run.execute()
    table = finish(out, everything, plan, store.results, images)
    if old:
        compare(env['COMPARE'], everything, old, table)
    print(f'   {time.monotonic() - begin:.0f} s, of which the emulator '
          f'worked {run.spent:.0f} s')


def stop(*_):
    raise KeyboardInterrupt


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, stop)
    try:
        main()
    except Problem as problem:
        print(f'error: {problem}', file=sys.stderr)
        if problem.hint:
            print(f'  try: {problem.hint}', file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print('interrupted; what is finished is kept', file=sys.stderr)
        sys.exit(130)
