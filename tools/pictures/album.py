# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Which pictures there are, and what each is drawn from."""

import os
import re

from . import bars, demo, published, status, top

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DOCUMENTS = os.path.join(ROOT, 'Documentation')
RESULTS = 'benchmarks/results.rst'

SCALE = r'(queues|vifs|vbds)\d'
PLOTS = (('net-cost', f'net-(?!{SCALE})', 'Instructions per unit: network'),
         ('blk-cost', 'blk-(?!%s)' % SCALE, 'Instructions per unit: block'),
         ('loop-cost', 'loop-', 'Instructions per unit: a file'),
         ('scale-cost', f'...-{SCALE}',
          'Instructions per unit: queues and devices'),
         ('memory', r'v..-(idle-)?memory',
          'Kernel memory per device, both domains'))
# What an operator asks first.
TELLING = {
    'net-tcp-to': 'TCP to a guest', 'net-tcp-from': 'TCP from a guest',
    'net-u2u-tcp': 'TCP, guest to guest',
    'net-udp64-to': 'UDP, 64 bytes, to', 'net-rr': 'round trip',
    'blk-rr4k-32': 'random reads of 4 KiB',
    'blk-rw4k-32': 'random writes of 4 KiB',
    'blk-r1m-8': 'reads of 1 MiB', 'blk-w1m-8': 'writes of 1 MiB'}


def plots(costs):
    """(name, picture) of each that has rows."""
    for name, pattern, title in PLOTS:
        rows = [(case, row) for case, row in costs.items()
                if re.match(pattern, case) and bars.is_telling(row)]
        if rows:
            yield name, bars.Chart(title, rows, {}).draw()


def summary(costs):
    rows = [(name, costs[name]) for name in TELLING]
    return bars.Chart('Instructions per byte, packet and request', rows,
                      TELLING).draw()


def read(name):
    with open(os.path.join(DOCUMENTS, name)) as file:
        return file.read()


def pictures():
    """(place, picture) of all."""
    costs = published.costs(read(RESULTS))
    for name, picture in plots(costs):
        yield 'benchmarks/%s.svg' % name, picture
    yield 'pictures/cost.svg', summary(costs)
    yield 'pictures/demo.svg', demo.draw(read('pictures/demo.txt'))
    yield 'pictures/status.svg', status.draw(read('pictures/status.txt'))
    yield 'pictures/top.svg', top.draw(read('pictures/top.txt'))


def draw_all():
    for name, picture in pictures():
        path = os.path.join(DOCUMENTS, name)
        with open(path, 'w') as file:
            file.write(picture)
        yield path


def record(log):
    """What is worth keeping of what 'make demo' has printed."""
    lines = log.splitlines()
    begin = lines.index('== Xen, Dom0 and a guest')
    end = next(at for at, line in enumerate(lines)
               if re.match(r'(PASS|FAIL) \(', line))
    kept = [re.sub(r', log: .*', '', line).rstrip()
            for line in lines[begin:end + 1]]
    # REUSE-IgnoreStart
    head = ['# SPDX-License-Identifier: GPL-2.0-only',
            '# SPDX-FileCopyrightText: 2026 pvio authors',
            # REUSE-IgnoreEnd
            '# What make demo has printed, once the modules were built.']
    return '\n'.join(head + kept) + '\n'
