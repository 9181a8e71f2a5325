# SPDX-License-Identifier: GPL-2.0-only
"""main.py IMAGES: measure what is missing, then report.

Read from the environment:
  QUICK=1         the quick cases, in a short window
  CASE=NAME       one case (or several, separated by spaces)
  REPEAT=N        boots for each contender, default 1
  CONTENDERS=...  some of them; the others' figures come from the last run
  COMPARE=FILE    results of an earlier run: print what changed
"""

import json
import os
import sys
import time

import bench
import plot
import report
from bench import CONTENDERS, Machine, Problem, Store

# Milliseconds of counted time: before the window, the window, the trace.
WINDOW = {'quick': (100, 350, 50), 'full': (200, 1500, 200)}
# 'default' shows what an emulated TSC costs.
TSC = os.environ.get('TSC', 'native')
# Wall-clock seconds for an estimate before anything is known.
BOOT_GUESS, CASE_GUESS = 60, 12


def settings():
    env = {name: os.environ.get(name, '').strip()
           for name in ('QUICK', 'CASE', 'REPEAT', 'CONTENDERS', 'COMPARE')}
    if env['QUICK'] not in ('', '0', '1'):
        raise Problem(f'QUICK is {env["QUICK"]}', 'make bench QUICK=1')
    if not (env['REPEAT'] or '1').isdigit() or env['REPEAT'] == '0':
        raise Problem(f'REPEAT is {env["REPEAT"]}', 'make bench REPEAT=3')
    for name in env['CONTENDERS'].split():
        if name not in CONTENDERS:
            raise Problem(f'there is no contender {name}',
                          'CONTENDERS is some of: ' + ' '.join(CONTENDERS))
    if env['COMPARE'] and not os.path.exists(env['COMPARE']):
        raise Problem(f'{env["COMPARE"]} does not exist',
                      'COMPARE is a JSON file that an earlier run left')
    return env


def choose(cases, env):
    """The cases to run, and the length of their windows."""
    mode = 'quick' if env['QUICK'] == '1' else 'full'
    known = {case.name for case in cases}
    for name in env['CASE'].split():
        if name not in known:
            raise Problem(f'there is no case {name}',
                          'one of: ' + ' '.join(c.name for c in cases))
    if env['CASE']:
        chosen = [c for c in cases if c.name in env['CASE'].split()]
    else:
        chosen = [c for c in cases if mode == 'full' or c.set == 'quick']
    return chosen, mode


class Progress:
    """How far the run is, and how long the rest takes at this pace."""

    def __init__(self, boots, cases):
        self.boots, self.cases = boots, cases
        self.boot_times, self.case_times = [], []

    @staticmethod
    def _mean(times, guess):
        return sum(times) / len(times) if times else guess

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


def job(contender, repeat, cases, mode):
    warm, window, trace = WINDOW[mode]
    # Hypercalls do not vary enough to be counted again.
    trace = trace if repeat == 1 else 0
    lines = [f'contender={contender}', f'tsc={TSC}', f'warm={warm}', f'window={window}',
             f'trace={trace}', 'cases=(']
    lines += [f"'{case.name} {case.load}'" for case in cases]
    return '\n'.join(lines + [')', ''])


class Run:
    """All boots of one call."""

    def __init__(self, images, store, mode, marks):
        self.images, self.store, self.mode = images, store, mode
        self.marks = marks
        self.progress = None

    def missing(self, contender, repeat, cases):
        return [case for case in cases if bench.applies(case, contender) and
                not self.store.has(contender, case, repeat)]

    def plan(self, contenders, repeats, cases):
        plan = [(repeat, contender, self.missing(contender, repeat, cases))
                for repeat in range(1, repeats + 1)
                for contender in contenders]
        return [step for step in plan if step[2]]

    def again(self, contenders, repeats, cases):
        """Nothing is missing: measure all of it anew."""
        names = {case.name for case in cases}
        self.store.keep(lambda r: r['contender'] not in contenders or
                        r['case'] not in names or r['repeat'] > repeats)
        return self.plan(contenders, repeats, cases)

    def execute(self, plan):
        self.progress = Progress(len(plan), sum(len(s[2]) for s in plan))
        for repeat, contender, cases in plan:
            print(f'== {contender}, repeat {repeat}: '
                  f'{self.progress.left()}', flush=True)
            self.boot(repeat, contender, cases)

    def boot(self, repeat, contender, cases):
        machine = Machine(self.images, os.path.join(
            os.path.dirname(self.store.path), f'boot-{contender}'))
        machine.start(job(contender, repeat, cases, self.mode))
        try:
            self.follow(machine, repeat, contender,
                        {case.name: case for case in cases})
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
                raise machine.failure()
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
                      repeat=repeat, mark=self.marks[contender], mode=self.mode,
                      wall=round(spent, 1))
        self.store.add(result)
        self.progress.measured(spent)
        f = report.figures(case, result)
        lost = f', {f["lost"] * 100:.2f} % lost' if f.get('lost', 0) else ''
        print(f'   {case.name:22} {f["cost"]:10,.0f} '
              f'{report.cost_label(case):11}'
              f'{f["rate"]:10,.0f} {report.rate_label(case)}{lost}  '
              f'({spent:.0f} s; {self.progress.left()})', flush=True)


def marks(images, mode):
    """What a result depends on, by contender."""
    files = ('dom0/lib', 'dom0/kinds', 'load.c', 'probe.c')
    common = bench.digest(*(os.path.join(bench.HERE, f) for f in files))
    common += bench.name_of([bench.versions(images), WINDOW[mode], TSC,
                             Machine.QEMU, Machine.XEN, Machine.DOM0])
    modules = bench.digest(os.environ['PVIO_MODULES'])
    return {c: common + (modules if c == 'pvio' else '') for c in CONTENDERS}


def write(path, text):
    with open(path, 'w') as stream:
        stream.write(text)


def finish(out, cases, results, images):
    """Results, tables and plots, under the names that always are the latest."""
    found = bench.versions(images)
    table = report.summarize(cases, results)
    write(os.path.join(out, 'results.json'), json.dumps(
        {'versions': found, 'table': table, 'results': results}, indent=1))
    text = report.document(cases, table, found)
    write(os.path.join(out, 'results.md'), text)
    plot.draw(out, cases, table)
    print('\n' + text)
    print(f'   {out}/results.json results.md *.svg')
    return table


def compare(path, cases, table):
    with open(path) as stream:
        old = json.load(stream)
    if 'table' not in old:
        raise Problem(f'{path} holds no results of the benchmark',
                      'COMPARE=build/bench/quick/results.json, for example')
    lines, worse = report.changes(cases, old['table'], table)
    print(f'== changes since {path}')
    print('\n'.join(lines))
    print(f'   {worse} worse by more than {report.TOLERANCE * 100:.0f} %')


def main():
    env = settings()
    everything = bench.load_cases()
    cases, mode = choose(everything, env)
    if len(sys.argv) < 2:
        return
    images = sys.argv[1]
    out = os.path.join(os.environ['PVIO_BUILD'], 'bench', mode)
    os.makedirs(out, exist_ok=True)
    found = marks(images, mode)
    store = Store(os.path.join(out, 'cases.jsonl'))
    loads = {case.name: case.load for case in everything}
    store.keep(lambda r: r['mark'] == found[r['contender']] and
               r['load'] == loads.get(r['case']))
    run = Run(images, store, mode, found)
    contenders = env['CONTENDERS'].split() or CONTENDERS
    repeats = int(env['REPEAT'] or 1)
    run.execute(run.plan(contenders, repeats, cases) or
                run.again(contenders, repeats, cases))
    table = finish(out, everything, store.results, images)
    if env['COMPARE']:
        compare(env['COMPARE'], everything, table)


if __name__ == '__main__':
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
