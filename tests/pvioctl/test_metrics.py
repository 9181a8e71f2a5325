# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl metrics: what Prometheus takes, and how a file is replaced."""

import json
import os
import re
import stat
import unittest.mock

import machine

SAMPLE = re.compile(r'([a-z_:]+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)')


def parse(text):
    """Families in order: name, kind, help, samples; strict as the format."""
    families = []
    for line in text.splitlines():
        if line.startswith('# HELP '):
            families.append([line.split()[2], None, line, []])
        elif line.startswith('# TYPE '):
            assert line.split()[2] == families[-1][0]
            families[-1][1] = line.split()[3]
        else:
            name, labels, value = SAMPLE.match(line).groups()
            labels = labels or ''
            found = dict(LABEL.findall(labels))
            assert LABEL.sub('', labels) == '', line
            families[-1][3].append((name, found, float(value)))
    return families


class Metrics(machine.Case):
    """Dom0."""

    def families(self):
        status, text, errors = self.machine.run('metrics')
        self.assertEqual((status, errors), (0, ''))
        self.assertTrue(text.endswith('\n'))
        return {family[0]: family for family in parse(text)}

    def test_conventions(self):
        families = self.families()
        for name, kind, text, samples in families.values():
            self.assertTrue(name.startswith('pvio_'))
            self.assertEqual(kind == 'counter', name.endswith('_total'), name)
            self.assertTrue(text.endswith('.') or text.endswith('?'))
            self.assertTrue(samples)
            keys = [(n, tuple(sorted(l.items()))) for n, l, _ in samples]
            self.assertEqual(len(keys), len(set(keys)), 'twice in ' + name)
            for sample, _, _ in samples:
                self.assertIn(sample, [name] if kind != 'histogram' else
                              [name + '_bucket', name + '_count'])

    def test_each_family_once(self):
        text = self.machine.run('metrics')[1]
        names = [line.split()[2] for line in text.splitlines()
                 if line.startswith('# TYPE')]
        self.assertEqual(len(names), len(set(names)))

    def value(self, family, **labels):
        found = [value for _, has, value in self.families()[family][3]
                 if all(has.get(k) == v for k, v in labels.items())]
        self.assertEqual(len(found), 1, (family, labels, found))
        return found[0]

    def test_values(self):
        disk = next(d for d in self.machine.look().devices()
                    if d.local == 'xvda')
        self.assertEqual(self.value('pvio_device_connected', name='xvda'), 1)
        self.assertEqual(self.value('pvio_device_problem', name='xvda'), 0)
        sectors = sum(int(word) for line in self.machine.read(
            '/sys/kernel/debug/pvio/blkback/%s/stats' % disk.name)
            .splitlines() if line.startswith('sectors_written')
            for word in line.split()[1:])
        self.assertEqual(self.value('pvio_disk_bytes_total', name='xvda',
                                    op='write'), sectors * 512)

    def test_histogram_is_cumulative(self):
        samples = self.families()['pvio_disk_latency_seconds'][3]
        last = {}
        for name, labels, value in samples:
            key = (labels['device'], labels['op'])
            if name.endswith('_bucket'):
                self.assertGreaterEqual(value, last.get(key, 0))
                last[key] = value
            else:
                self.assertEqual(value, last[key])
        limits = [labels['le'] for _, labels, _ in samples if 'le' in labels]
        self.assertIn('+Inf', limits)
        self.assertIn('1.024e-06', limits)

    def test_names_are_quoted(self):
        self.machine.store('/local/domain/1/name', 'a\\"b\\\\c')
        labels = self.families()['pvio_device_info'][3][0][1]
        self.assertEqual(labels['guest'], 'a\\"b\\\\c')

    def test_textfile_is_replaced_whole(self):
        old = os.path.join(self.machine.root, 'pvio.prom')
        self.machine.write('/pvio.prom', 'old')
        with open(old) as reader:
            status = self.machine.run('metrics', '--textfile',
                                      self.machine.root)[0]
            self.assertEqual(status, 0)
            self.assertEqual(reader.read(), 'old')
        self.assertIn('# TYPE', self.machine.read('/pvio.prom'))
        self.assertEqual(stat.S_IMODE(os.stat(old).st_mode), 0o644)
        self.assertEqual([name for name in os.listdir(self.machine.root)
                          if name.startswith('pvio.prom.')], [])

    def test_failed_write_leaves_the_old(self):
        self.machine.write('/pvio.prom', 'old')
        with unittest.mock.patch('os.replace', side_effect=OSError(28, 'full')):
            status, _, errors = self.machine.run('metrics', '--textfile',
                                                 self.machine.root)
        self.assertEqual(status, 1)
        self.assert_one_line(errors)
        self.assertEqual(self.machine.read('/pvio.prom'), 'old')
        self.assertEqual([name for name in os.listdir(self.machine.root)
                          if name.startswith('pvio.prom.')], [])

    def test_no_directory(self):
        status, _, errors = self.machine.run('metrics', '--textfile',
                                             '/nowhere/at/all')
        self.assertEqual(status, 1)
        self.assert_one_line(errors)

    def test_dashboard_asks_for_what_there_is(self):
        path = os.path.join(machine.HERE, '..', '..', 'packaging',
                            'grafana-pvio.json')
        with open(path) as file:
            asked = set(re.findall(r'pvio_[a-z_]+', ' '.join(
                target['expr'] for panel in json.load(file)['panels']
                for target in panel['targets'])))
        known = set(self.families())
        known |= {name + '_bucket' for name in known}
        self.assertEqual(asked - known, set())
