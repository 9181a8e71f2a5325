# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The costs of a run, drawn as those that are published are."""

import os
import sys

import report

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))), 'tools'))

# pylint: disable-next=wrong-import-position
from pictures import album  # noqa: E402


def costs(cases, table):
    """As pictures.published reads them."""
    found = {}
    for case in cases:
        row = {who: values['cost']
               for who, values in table.get(case.name, {}).items()
               if values.get('cost')}
        found[case.name] = dict(row, unit=report.cost_label(case))
    return found


def pictures(cases, table):
    """(name, picture) of each that there is."""
    return album.plots(costs(cases, table))


def draw(out, cases, table):
    for name, picture in pictures(cases, table):
        with open(os.path.join(out, name + '.svg'), 'w') as file:
            file.write(picture)
