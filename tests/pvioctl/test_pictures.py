# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The pictures of the documents are what tools/pictures draws."""

import os
import re
import unittest
import xml.etree.ElementTree

import machine
from pictures import album, bars, demo, published, terminal, top

SVG = '{http://www.w3.org/2000/svg}'
COSTS = {'net-a': {'unit': 'ns/KiB', 'intree': 100, 'pvio': 80,
                   'ceiling': 50},
         'net-b': {'unit': 'ns/KiB', 'intree': 200, 'pvio': 260,
                   'tuned': 190},
         'net-c': {'unit': 'ns/KiB', 'intree': 200},
         'blk-d': {'unit': 'ns/request', 'pvio': 3}}


class Committed(unittest.TestCase):
    """Those that are there, and what they are drawn from."""

    def test_drawn_anew_they_are_the_same(self):
        for name, picture in album.pictures():
            self.assertTrue(picture == album.read(name),
                            name + ' is old: make pictures')

    def test_no_other_is_there(self):
        drawn = {name for name, _ in album.pictures()}
        for place in 'benchmarks', 'pictures':
            for name in os.listdir(os.path.join(album.DOCUMENTS, place)):
                if name.endswith('.svg'):
                    self.assertIn('%s/%s' % (place, name), drawn)

    def test_they_are_shown(self):
        with open(os.path.join(album.ROOT, 'README.md')) as file:
            shown = file.read()
        shown += album.read(album.RESULTS)
        for name, _ in album.pictures():
            self.assertTrue(os.path.basename(name) in shown, name)

    def test_xml(self):
        for name, picture in album.pictures():
            root = xml.etree.ElementTree.fromstring(picture)
            self.assertEqual(root.tag, SVG + 'svg', name)
            self.assertTrue(root.find(SVG + 'title').text, name)

    def test_demo_ends_well(self):
        lines = album.read('pictures/demo.txt').splitlines()
        self.assertTrue(lines[-1].startswith('PASS ('), lines[-1])
        self.assertGreater(len(demo.durations(lines)), 10)

    def test_tables_are_tops(self):
        found = top.tables(album.read('pictures/top.txt'))
        self.assertGreater(len(found), 1)
        for table in found:
            self.assertIn('INTERFACE', ' '.join(table))
            self.assertIn('DISK', ' '.join(table))

    def test_status_is_what_is_printed(self):
        shown = [line for line in
                 album.read('pictures/status.txt').splitlines()
                 if not line.startswith('#')]
        waiting = machine.Machine('host-waiting')
        self.addCleanup(waiting.close)
        self.assertEqual(waiting.run('status')[1].splitlines(), shown)

    def test_published_figures(self):
        costs = published.costs(album.read(album.RESULTS))
        for case in album.TELLING:
            self.assertGreater(costs[case]['intree'], 0, case)
        self.assertIsNone(costs['net-rr']['tuned'])


class Terminal(unittest.TestCase):
    """A screen that rolls."""

    def plain(self, line):
        return [('plain', line)]

    def test_frames(self):
        frames = terminal.scrolling([0, 0, 1, 2], 2)
        self.assertEqual([(f.time, f.first, f.shown) for f in frames],
                         [(0, 0, 2), (1, 1, 3), (2, 2, 4)])

    def test_the_last_screen_without_motion(self):
        lines = ['line %d' % at for at in range(5)]
        picture = terminal.draw('x', lines, terminal.scrolling(range(5), 2),
                                2, self.plain)
        self.assertIn('translate(0,%d)' % (-3 * terminal.LEADING), picture)

    def test_long_lines_and_markup(self):
        picture = terminal.draw('x', ['<&>' + 'x' * 200],
                                terminal.scrolling([0], 2), 2, self.plain)
        root = xml.etree.ElementTree.fromstring(picture)
        text = [''.join(node.itertext()) for node in root.iter(SVG + 'text')]
        self.assertEqual(len(text[-1]), terminal.COLUMNS)
        self.assertTrue(text[-1].startswith('<&>'))

    def test_steps_take_what_the_table_says(self):
        lines = ['$ make demo', '== one', 'a', '== two', 'b', '',
                 'ok    one   4 s  x', 'ok    two   8 s']
        times = demo.times(lines)
        self.assertEqual(len(times), len(lines))
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[5] - times[3], times[3] - times[1])

    def test_a_failed_step_is_red(self):
        self.assertEqual(demo.paint('FAIL  ping   3 s')[0], ('bad', 'FAIL'))

    def test_record_names_no_place(self):
        text = album.record('== Modules\n/a/b.ko\n== Xen, Dom0 and a guest\n'
                            '   starting Xen, log: /a/b\nPASS (3 s)\n'
                            '   log: /a/b\n')
        self.assertNotIn('/a/b', text)
        self.assertIn('   starting Xen\nPASS (3 s)\n', text)


class Bars(unittest.TestCase):
    """Costs of a run that nobody has published."""

    def test_only_what_can_be_compared(self):
        self.assertEqual([name for name, _ in album.plots(COSTS)],
                         ['net-cost'])

    def test_inside_the_plot(self):
        picture = dict(album.plots(COSTS))['net-cost']
        root = xml.etree.ElementTree.fromstring(picture)
        widths = [float(rect.get('width')) for rect in root.iter(SVG + 'rect')
                  if rect.get('height') == str(bars.BAR - 1)]
        self.assertEqual(len(widths), 4)
        room = bars.WIDTH - 2 * bars.EDGE - bars.LABEL - bars.FIGURE
        self.assertLessEqual(max(widths), room)
        # As 260 to 80 of 100 to 200.
        self.assertAlmostEqual(max(widths) / widths[0], 1.3 / 0.8, 2)
        self.assertTrue(re.search(r'>1\.30<', picture))
