# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What was measured, as figures per unit of work and as Markdown tables."""

import re
import statistics

from bench import CONTENDERS, EVERYONE, MIXED, WITHOUT_XEN, load_baseline

# A change by less is noise.
TOLERANCE = 0.02

# Interrupts of Dom0 that no network or block device causes.
OTHER_INTERRUPTS = re.compile(
    r'^\d+ (timer|resched|callfunc|spinlock|pcpu|irqwork|debug|xenbus|hvc_console'
    r'|evtchn|mce|xen_platform|console)')

RATE_UNIT = {'KiB': ('Mbit/s', 1024 * 8 / 1e6), 'packet': ('packets/s', 1),
             'trip': ('trips/s', 1), 'request': ('requests/s', 1)}


def cost_label(case):
    return f'ns/{case.unit}' if case.unit in RATE_UNIT else case.unit


def rate_label(case):
    return RATE_UNIT[case.unit][0] if case.unit in RATE_UNIT else ''


def figures(case, result):
    """Rate, and cost in nanoseconds or pieces for each unit of work."""
    if 'values' in result:
        return dict({'rate': 0, 'idle': 0, 'dom0': None, 'domu': None,
                     'events': None}, **result['values'])
    probe = result['probe']
    units = probe['work'] / case.size
    cpu = {name: ns / units for name, ns in probe['cpu'].items()}
    events = sum(n for name, n in probe['interrupts'].items()
                 if not OTHER_INTERRUPTS.match(name))
    found = {
        'rate': units * 1e9 / probe['ns'] * RATE_UNIT[case.unit][1],
        'cost': sum(cpu.values()),
        'dom0': cpu['0'],
        'domu': sum(ns for name, ns in cpu.items() if name != '0'),
        'idle': max(0, 1 - sum(probe['cpu'].values()) / probe['ns']),
        'events': events / units,
    }
    found.update({'kvm_' + name: n / units
                  for name, n in probe.get('exits', {}).items()})
    if 'sent' in result:
        found['lost'] = 1 - result['received'] / max(result['sent'], 1)
    found.update({key: result[key] / 1000 for key in ('mean_ns', 'p99_ns')
                  if key in result})
    if result.get('calls'):
        found.update(calls_per_unit(case, result))
    return found


def calls_per_unit(case, result):
    """Hypercalls were counted in a window of their own, with its own work."""
    calls = result['calls']
    during = calls['at']
    per_ns = during['work'] / case.size / during['ns']
    units = per_ns * calls['traced_ns']
    per = {name: {call: n / units for call, n in counts.items()}
           for name, counts in calls['domains'].items()} if units else {}

    def total(inside, *names):
        return sum(n for name, counts in per.items()
                   if (name == '0') == inside
                   for call, n in counts.items() if call in names)
    found = {'calls': per}
    for side, inside in (('dom0', True), ('domu', False)):
        found['grants_' + side] = total(inside, 'grant_table_op')
        found['events_' + side] = total(inside, 'evtchn_op')
        found['switches_' + side] = total(inside, 'sched_op')
    return found


def middle(values):
    """Median over repeats; of the breakdown by call, the last one."""
    merged = {}
    for key in {key for v in values for key in v}:
        known = [v[key] for v in values if v.get(key) is not None]
        if not known:
            continue
        merged[key] = known[-1] if key == 'calls' else \
            statistics.median(known)
    costs = [v['cost'] for v in values]
    merged['spread'] = (max(costs) - min(costs)) / merged['cost']
    merged['repeats'] = len(values)
    return merged


def summarize(cases, results):
    """{case name: {contender: figures}}"""
    table = {}
    for case in cases:
        row = {}
        for contender in EVERYONE:
            values = [figures(case, r) for r in results
                      if r['case'] == case.name and
                      r['contender'] == contender]
            if values:
                row[contender] = middle(values)
        if row:
            table[case.name] = row
    return table


def number(value):
    if value is None:
        return ''
    if value >= 100:
        return f'{value:,.0f}'
    if value >= 10 or not value:
        return f'{value:.3g}'
    return f'{value:.2f}' if value >= 0.1 else f'{value:.3f}'


def ratio(row, key, one, other):
    if one not in row or other not in row or not row[other][key]:
        return ''
    return f'{row[one][key] / row[other][key]:.2f}'


def markdown(header, rows):
    lines = ['| ' + ' | '.join(header) + ' |',
             '|' + '---|' * len(header)]
    lines += ['| ' + ' | '.join(row) + ' |' for row in rows]
    return '\n'.join(lines) + '\n'


def compare_table(cases, table, key, unit):
    """One figure of all contenders, with ratios."""
    rows = []
    for case in cases:
        row = table.get(case.name)
        if not row or not unit(case):
            continue
        cells = [case.name, unit(case)]
        cells += [number(row[c].get(key)) if c in row else ''
                  for c in CONTENDERS]
        cells += [ratio(row, key, 'pvio', 'intree'),
                  ratio(row, key, 'pvio', 'tuned'),
                  ratio(row, key, 'pvio', 'ceiling')]
        rows.append(cells)
    return markdown(['case', 'unit', 'in-tree', 'in-tree tuned', 'pvio',
                     'ceiling', 'pvio / in-tree', 'pvio / tuned',
                     'pvio / ceiling'], rows)


def mixed_table(cases, table):
    """Cost with pvio at one end only."""
    rows = []
    for case in cases:
        row = table.get(case.name, {})
        if 'intree' not in row or not set(MIXED) & set(row):
            continue
        rows.append([case.name, cost_label(case), number(row['intree']['cost'])]
                    + [number(row[c]['cost']) if c in row else ''
                       for c in MIXED]
                    + [ratio(row, 'cost', c, 'intree') for c in MIXED])
    return markdown(['case', 'unit', 'in-tree', 'pvio backend, in-tree frontend',
                     'in-tree backend, pvio frontend', 'pvio backend / in-tree',
                     'pvio frontend / in-tree'], rows)


def above(row, contender, ceiling):
    """Cost above the same work without a guest."""
    if contender not in row or ceiling not in row:
        return None
    return row[contender]['cost'] - row[ceiling]['cost']


def without_xen_table(cases, table):
    """Beside a guest of KVM, each with the ceiling of its own machine."""
    rows = []
    for case in cases:
        row = table.get(case.name, {})
        if not set(WITHOUT_XEN) & set(row):
            continue
        extra = [above(row, *pair) for pair in (
            ('intree', 'ceiling'), ('pvio', 'ceiling'), ('virtio', 'host'))]
        both = extra[1] is not None and extra[2]
        rows.append([case.name, cost_label(case)]
                    + [number(row[c]['cost']) if c in row else ''
                       for c in ('intree', 'pvio', 'virtio')]
                    + [ratio(row, 'cost', 'pvio', 'virtio')]
                    + [number(row[c]['cost']) if c in row else ''
                       for c in ('ceiling', 'host')]
                    + [number(cost) for cost in extra]
                    + [f'{extra[1] / extra[2]:.2f}' if both else ''])
    return markdown(['case', 'unit', 'in-tree', 'pvio', 'virtio',
                     'pvio / virtio', 'ceiling', 'ceiling without Xen',
                     'in-tree above its ceiling', 'pvio above', 'virtio above',
                     'pvio above / virtio above'], rows)


def exits_table(cases, table):
    """Where the cost of KVM's guest is, and how often it was left."""
    names = ('exits', 'halt_exits', 'irq_injections', 'irq_window_exits',
             'insn_emulation')
    rows = []
    for case in cases:
        f = table.get(case.name, {}).get('virtio')
        if f:
            rows.append([case.name, case.unit, number(f['dom0']),
                         number(f['domu'])] +
                        [number(f.get('kvm_' + name, 0)) for name in names] +
                        [f'{f["idle"] * 100:.0f} %', str(f['repeats']),
                         f'{f["spread"] * 100:.1f} %'
                         if f['repeats'] > 1 else ''])
    return markdown(['case', 'per', 'host ns', 'guest CPU ns', 'exits',
                     'of them halts', 'interrupts injected',
                     'exits to wait for that', 'instructions decoded', 'idle',
                     'repeats', 'spread'], rows)


SPLIT = ('dom0', 'domu', 'grants_dom0', 'events_dom0', 'switches_dom0',
         'grants_domu', 'events_domu', 'switches_domu', 'events')


def split_table(cases, table):
    """Where the instructions, the hypercalls and the interrupts go."""
    rows = []
    for case in cases:
        row = table.get(case.name, {}) if case.unit in RATE_UNIT else {}
        for contender in CONTENDERS:
            if contender not in row:
                continue
            f = row[contender]
            rows.append(
                [case.name, case.unit, contender] +
                [number(f.get(key)) for key in SPLIT] +
                [f'{f["idle"] * 100:.0f} %',
                 f'{f["spread"] * 100:.1f} %' if f['repeats'] > 1 else '',
                 f'{f["lost"] * 100:.2f} %' if 'lost' in f else ''])
    return markdown(['case', 'per', 'contender', 'Dom0 ns', 'DomU ns',
                     'Dom0 grant calls', 'Dom0 event calls',
                     'Dom0 sched calls', 'DomU grant calls',
                     'DomU event calls', 'DomU sched calls',
                     'Dom0 interrupts', 'idle', 'spread', 'lost'], rows)


def trips_table(cases, table):
    """How long a round trip takes, as its client sees it."""
    rows = []
    for case in cases:
        row = {c: f for c, f in table.get(case.name, {}).items()
               if 'mean_ns' in f}
        rows += [[case.name, contender, number(f['mean_ns']),
                  number(f['p99_ns'])] for contender, f in row.items()]
    return markdown(['case', 'contender', 'mean us', '99th percentile us'],
                    rows)


def plain_table(cases, table):
    """Memory and times, which are no cost for a unit of work."""
    rows = []
    for case in cases:
        if case.unit in RATE_UNIT:
            continue
        for contender, f in table.get(case.name, {}).items():
            rows.append([case.name, case.unit, contender] +
                        [number(f.get(key))
                         for key in ('cost', 'dom0', 'domu', 'total')])
    return markdown(['case', 'unit', 'contender', 'figure', 'Dom0', 'DomU',
                     'us from state 1 to 4'], rows)


def worst_spread(table):
    """A line on how well repeats agree."""
    known = [(f['spread'], name, contender, f['repeats'])
             for name, row in table.items() for contender, f in row.items()
             if f['repeats'] > 1]
    if not known:
        return 'One boot of each contender: no spread is known.\n'
    spread, name, contender, repeats = max(known)
    close = sum(1 for k in known if k[0] <= 0.01)
    return (f'{len(known)} figures from {repeats} boots each: {close} agree '
            f'within 1 percent; the widest spread is {spread * 100:.1f} '
            f'percent ({name}, {contender}).\n')


def pairs_table(cases, results):
    """pvio over in-tree in boots that took turns."""
    rows = []
    for case in cases:
        seen = {(r['contender'], r['repeat']): figures(case, r)['rate']
                for r in results if r['case'] == case.name}
        pairs = [(seen['intree', n], seen['pvio', n])
                 for contender, n in sorted(seen)
                 if contender == 'pvio' and ('intree', n) in seen]
        if not pairs:
            continue
        ratios = [pvio / intree for intree, pvio in pairs]
        rows.append(
            [case.name, rate_label(case), str(len(pairs)),
             number(statistics.median(p[0] for p in pairs)),
             number(statistics.median(p[1] for p in pairs)),
             f'{statistics.median(ratios):.2f}',
             f'{min(ratios):.2f} to {max(ratios):.2f}'])
    return markdown(['case', 'unit', 'pairs', 'in-tree', 'pvio',
                     'pvio / in-tree, median', 'range'], rows)


def sections(cases, table):
    """Titles and tables of a run that counted instructions."""
    return [
        ('Cost: nanoseconds of CPU for each unit, all domains together '
         '(less is better)', compare_table(cases, table, 'cost', cost_label)),
        ('Rate (more is better; UDP is offered at a fixed rate)',
         compare_table(cases, table, 'rate', rate_label)),
        ('Cost with pvio at one end only', mixed_table(cases, table)),
        ('Cost beside virtio in a guest of KVM',
         without_xen_table(cases, table)),
        ('virtio in a guest of KVM, by where', exits_table(cases, table)),
        ('Round trips', trips_table(cases, table)),
        ('Memory and times', plain_table(cases, table)),
        ('Per unit, by domain', split_table(cases, table))]


def noisy_sections(cases, results):
    return [('Noisy: two virtual CPUs in parallel, real time',
             pairs_table(cases, results))]


def baseline_table(cases, table):
    """What was measured elsewhere, and here."""
    rows = []
    for case in cases:
        for contender in CONTENDERS:
            before = load_baseline().get((case.name, contender))
            row = table.get(case.name, {}).get(contender)
            if before and row:
                rows.append([case.name, rate_label(case), contender,
                             number(before), number(row['rate']),
                             f'{row["rate"] / before:.3f}'])
    return markdown(['case', 'unit', 'contender', 'there', 'here',
                     'here / there'], rows)


def baseline_sections(cases, table):
    return [('The baseline, measured again', baseline_table(cases, table))]


def document(versions, intro, parts):
    lines = ['Kernel {kernel}, Xen {xen}, QEMU {qemu}.\n'.format(**versions),
             intro]
    for title, text in parts:
        # A header and a line below it make an empty table.
        if text.count('\n') > 2:
            lines += [f'## {title}\n', text]
    return '\n'.join(lines)


def change(before, after):
    """Relative change of cost and rate."""
    cost = after['cost'] / before['cost'] - 1 if before['cost'] else 0
    rate = after['rate'] / before['rate'] - 1 if before['rate'] else 0
    return cost, rate


def changes(cases, old, new):
    """Lines on what differs between two runs; how many are worse."""
    lines, worse = [], 0
    for case in cases:
        for contender in EVERYONE:
            before = old.get(case.name, {}).get(contender)
            after = new.get(case.name, {}).get(contender)
            if not before or not after:
                continue
            cost, rate = change(before, after)
            verdict = ''
            if cost > TOLERANCE or rate < -TOLERANCE:
                verdict, worse = 'WORSE', worse + 1
            elif cost < -TOLERANCE or rate > TOLERANCE:
                verdict = 'better'
            lines.append(f'{case.name:22} {contender:8} '
                         f'cost {cost * 100:+6.1f} %  '
                         f'rate {rate * 100:+6.1f} %  {verdict}'.rstrip())
    return lines, worse
