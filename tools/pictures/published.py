# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Reads the tables that the benchmark has published."""

import csv

# The one that the plots are of.
COST = 'Cost: '


def table(text, title):
    """Rows of the csv-table below the heading that starts with that, as
    dictionaries."""
    lines = text.splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith(title))
    at = next(n for n in range(at, len(lines)) if lines[n].startswith('   "'))
    rows = []
    while at < len(lines) and lines[at].startswith('   "'):
        rows.append(lines[at].strip())
        at += 1
    return list(csv.DictReader(rows, skipinitialspace=True))


def figure(cell):
    return float(cell.replace(',', '')) if cell else None


def costs(text):
    """By case: its unit, and each contender's cost."""
    found = {}
    for row in table(text, COST):
        found[row['case']] = {
            'unit': row['unit'], 'intree': figure(row['in-tree']),
            'tuned': figure(row['in-tree tuned']),
            'pvio': figure(row['pvio']), 'ceiling': figure(row['ceiling'])}
    return found
