# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Plots of the cost, drawn by gnuplot as SVG."""

import os
import re
import subprocess

from bench import CONTENDERS

COLOURS = {'intree': '#b0b0b0', 'tuned': '#808080', 'pvio': '#1f6fb4',
           'ceiling': '#8fbf8f'}
SCRIPT = '''\
set terminal svg size 900,420 font "sans,12" background "white"
set output "{output}"
set title "{title}"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set boxwidth 0.9
set grid ytics lc rgb "#dddddd"
set ylabel "relative to in-tree (less is better)"
set yrange [0:*]
set xtics rotate by -30 font ",10" noenhanced
set key outside top right noenhanced
set datafile missing "-"
plot {curves}
'''
SCALE = r'(queues|vifs|vbds)\d'
PLOTS = (('net-cost', f'net-(?!{SCALE})', 'Instructions per unit: network'),
         ('blk-cost', f'blk-(?!{SCALE})', 'Instructions per unit: block'),
         ('loop-cost', 'loop-', 'Instructions per unit: a file'),
         ('scale-cost', f'...-{SCALE}', 'Instructions per unit: queues and devices'),
         ('memory', r'v..-memory', 'Kernel memory per device, both domains'))


def rows(cases, table, pattern):
    """Lines of data: the case, then every contender's cost over in-tree's."""
    lines = []
    for case in cases:
        row = table.get(case.name, {})
        base = row.get('intree', {}).get('cost')
        # One bar alone says nothing.
        if not re.match(pattern, case.name) or not base or len(row) < 2:
            continue
        cells = [f'{row[c]["cost"] / base:.4f}' if c in row else '-'
                 for c in CONTENDERS]
        lines.append(' '.join([f'"{case.name}"'] + cells))
    return lines


def draw(out, cases, table):
    for name, pattern, title in PLOTS:
        lines = rows(cases, table, pattern)
        if not lines:
            continue
        present = {c for case, row in table.items() for c in row
                   if re.match(pattern, case)}
        curves = ', '.join(
            f'$data using {n + 2}:xtic(1) title "{c}" lc rgb "{COLOURS[c]}"'
            for n, c in enumerate(CONTENDERS) if c in present)
        script = '$data << END\n' + '\n'.join(lines) + '\nEND\n'
        script += SCRIPT.format(output=os.path.join(out, name + '.svg'),
                                title=title, curves=curves)
        subprocess.run(['gnuplot'], input=script, text=True, check=True)
