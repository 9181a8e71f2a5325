# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Costs beside those of the in-tree drivers: a row of bars for each case."""

from . import svg

WIDTH = 840
EDGE = 20
LABEL = 190
FIGURE = 220
# Where the share ends, from the right.
SHARE = 160
BAR = 11
GAP = 14
TOP = 84
BOTTOM = 44
NAMES = {'pvio': 'pvio', 'tuned': 'in-tree, tuned',
         'ceiling': 'the same work without a guest'}
COLOURS = {'pvio': '#1f6fb4', 'tuned': '#8d939c', 'ceiling': '#9fcaa6'}

STYLE = '''
text{font:13px "DejaVu Sans",Verdana,Helvetica,Arial,sans-serif;fill:#24292f}
.title{font-size:16px;font-weight:bold}
.faint{font-size:12px;fill:#57606a}
.value{font-weight:bold}
'''


def grouped(value):
    return '{:,.0f}'.format(value)


def is_telling(row):
    """One bar alone says nothing."""
    return bool(row.get('intree')) and any(row.get(who) is not None
                                           for who in NAMES)


class Chart:
    """Rows of costs, by case, and how they are drawn."""

    def __init__(self, title, rows, labels):
        self.title = title
        self.rows = [(labels.get(name, name), row) for name, row in rows]
        self.present = [who for who in NAMES
                        if any(row.get(who) is not None
                               for _, row in self.rows)]
        most = max(self.share(row, who) for _, row in self.rows
                   for who in self.present)
        # A quarter more than the longest, and the in-tree drivers are on it.
        self.limit = max(1.0, (int(most * 5) + 1) / 5)
        self.left = EDGE + LABEL
        self.plot = WIDTH - EDGE - FIGURE - self.left

    @staticmethod
    def share(row, who):
        cost = row.get(who)
        return 0 if cost is None else cost / row['intree']

    def x(self, share):
        return self.left + self.plot * share / self.limit

    def drawn(self, row):
        return [who for who in self.present if row.get(who) is not None]

    def height(self, row):
        return BAR * len(self.drawn(row)) + GAP

    def bottom(self):
        return TOP + sum(self.height(row) for _, row in self.rows)

    def key(self):
        """What the colours mean."""
        x, parts = EDGE, []
        for who in self.present:
            parts += [svg.rect(x, 44, 12, 12, fill=COLOURS[who]),
                      svg.text(NAMES[who], x=x + 18, y=54.5, class_='faint')]
            x += 40 + 6.6 * len(NAMES[who])
        parts += [svg.line(x + 6, 42, x + 6, 58, stroke='#24292f',
                           stroke_width=1.5),
                  svg.text('in-tree', x=x + 18, y=54.5, class_='faint')]
        return parts

    def grid(self):
        parts, bottom = [], self.bottom()
        for step in range(int(self.limit * 5 + 0.5) + 1):
            share = step / 5
            parts += [svg.line(self.x(share), TOP - 6, self.x(share), bottom,
                               stroke='#e3e6ea'),
                      svg.text('%.1f' % share, x=self.x(share), y=bottom + 16,
                               class_='faint', text_anchor='middle')]
        parts.append(svg.text('relative to in-tree: less is better',
                              x=self.left, y=bottom + 34, class_='faint'))
        for name, x in ('share', WIDTH - SHARE), ('in-tree', WIDTH - EDGE):
            parts.append(svg.text(name, x=x, y=TOP - 10, class_='faint',
                                  text_anchor='end'))
        return parts

    def row(self, y, label, row):
        parts, height = [], self.height(row) - GAP
        middle = y + height / 2 + 4.5
        parts.append(svg.text(label, x=self.left - 12, y=middle,
                              text_anchor='end'))
        for at, who in enumerate(self.drawn(row)):
            width = self.x(self.share(row, who)) - self.left
            parts.append(svg.rect(self.left, y + at * BAR, width, BAR - 1,
                                  fill=COLOURS[who]))
        if row.get('pvio') is not None:
            parts.append(svg.text('%.2f' % self.share(row, 'pvio'),
                                  x=WIDTH - SHARE, y=middle, class_='value',
                                  text_anchor='end'))
        parts.append(svg.text('%s %s' % (grouped(row['intree']), row['unit']),
                              x=WIDTH - EDGE, y=middle, class_='faint',
                              text_anchor='end'))
        return parts

    def draw(self):
        parts = [svg.element('style', STYLE),
                 svg.rect(0.5, 0.5, WIDTH - 1, self.bottom() + BOTTOM - 1,
                          rx=6, fill='#ffffff', stroke='#d0d7de'),
                 svg.text(self.title, x=EDGE, y=28, class_='title')]
        parts += self.key() + self.grid()
        y = TOP
        for label, row in self.rows:
            parts += self.row(y, label, row)
            y += self.height(row)
        parts.append(svg.line(self.x(1), TOP - 6, self.x(1), self.bottom(),
                              stroke='#24292f', stroke_width=1.5))
        return svg.picture(WIDTH, self.bottom() + BOTTOM, self.title, parts)
