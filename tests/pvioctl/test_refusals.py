# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What cannot be done is told in one line, with what helps."""

import errno
import io
import os
import shutil
import subprocess
import sys
import unittest
import unittest.mock

import machine
from pvioctl import cli, status

SOURCES = os.path.realpath(os.path.join(machine.HERE, '..', '..'))


class Commands(machine.Case):
    """Of pvioctl."""

    def refused(self, wanted, *argv):
        got, text, errors = self.machine.run(*argv)
        self.assertEqual((got, text), (wanted, ''), argv)
        self.assert_one_line(errors)
        return errors

    def test_unknown_device(self):
        for argv in (('status', 'x'), ('top', '-b', '-n', '1', 'x'),
                     ('latency', 'x'), ('status', ''), ('status', '../x')):
            self.assertIn('one of: g1', self.refused(2, *argv))

    def test_no_xen(self):
        self.machine.remove('/sys/hypervisor')
        for argv in (('status',), ('top', '-b'), ('latency', 'xvda'),
                     ('metrics',), ('report', '-o', '/nowhere'), ('check',),
                     ('upgrade',), ('trial', 'xl', 'list')):
            self.assertIn('Xen', self.refused(3, *argv))

    def test_a_record_does_nothing(self):
        for argv in (('upgrade',), ('latency', 'xvda'),
                     ('trial', 'xl', 'list')):
            self.assertIn('PVIOCTL_ROOT', self.refused(1, *argv))

    def test_no_record(self):
        with unittest.mock.patch.object(self.machine, 'root', '/nowhere'):
            self.assertIn('/nowhere', self.refused(2, 'status'))

    def test_a_directory_is_no_file_and_the_reverse(self):
        self.assertNotIn('sudo', self.refused(1, 'check', '/'))
        self.assertNotIn('sudo', self.refused(1, 'metrics', '--textfile',
                                              '/dev/null'))

    def test_files_that_may_not_be_written(self):
        denied = PermissionError(errno.EACCES, 'Permission denied')
        with unittest.mock.patch('tempfile.mkstemp', side_effect=denied):
            self.assertIn('sudo', self.refused(3, 'metrics', '--textfile',
                                               self.machine.root))
        with unittest.mock.patch('os.open', side_effect=denied):
            self.assertIn('sudo', self.refused(3, 'report', '-o', 'x'))

    def test_output_to_a_full_disk(self):
        full = unittest.mock.Mock(spec=io.StringIO)
        full.write.side_effect = OSError(errno.ENOSPC, 'No space left')
        full.isatty.return_value = False
        errors = io.StringIO()
        with unittest.mock.patch.dict(os.environ,
                                      PVIOCTL_ROOT=self.machine.root), \
                unittest.mock.patch('sys.stderr', errors):
            self.assertEqual(cli.main(['status'], full), 1)
        self.assert_one_line(errors.getvalue())

    def test_without_output(self):
        for command, wanted in (('status >&-', 0), ('status x 2>&-', 2),
                                ('top -n 1 -d .1 >&- 2>&-', 0)):
            done = subprocess.run(
                ['sh', '-c', 'exec "$0" -B -m pvioctl ' + command,
                 sys.executable], stdin=subprocess.DEVNULL, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env=dict(os.environ, PVIOCTL_ROOT=self.machine.root,
                         PYTHONPATH=os.path.join(SOURCES, 'tools')))
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (wanted, '', ''), command)

    def test_names_that_the_terminal_cannot_show(self):
        self.machine.store('/local/domain/1/name', '\u4e16')
        out = io.TextIOWrapper(io.BytesIO(), 'ascii')
        with unittest.mock.patch.dict(os.environ,
                                      PVIOCTL_ROOT=self.machine.root):
            self.assertEqual(cli.main(['status'], out), 0)
        self.assertIn(b'guest ? (', out.buffer.getvalue())

    def test_faults_of_pvioctl_are_not_hidden(self):
        with unittest.mock.patch.object(status, 'run', side_effect=KeyError):
            with self.assertRaises(KeyError):
                self.machine.run('status')


class Scripts(machine.Case):
    """As they are called by hand."""

    directory = None

    def setUp(self):
        super().setUp()
        self.tools = self.machine.path('/tools')
        os.mkdir(self.tools)
        self.says('id', 'echo 0')

    def says(self, name, text):
        """A program in the way of the machine's own."""
        path = os.path.join(self.tools, name)
        with open(path, 'w') as file:
            file.write('#!/bin/sh\n%s\n' % text)
        os.chmod(path, 0o755)

    def refused(self, wanted, name, *argv, **settings):
        done = subprocess.run(
            [os.path.join(SOURCES, self.directory, name), *argv], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False,
            env={'PATH': self.tools + ':' + os.environ['PATH'],
                 'HOME': self.tools, 'LC_ALL': 'C', **settings})
        self.assertEqual(done.returncode, wanted, done.stderr)
        return done.stderr


class Package(Scripts):
    """What a package has."""

    directory = 'packaging'

    def test_usage(self):
        for name, argv in (('pvio-switch', ('x',)), ('pvio-dkms', ('x',)),
                           ('pvio-dkms', ('install',)),
                           ('pvio-switch', ('pvio', 'x')),
                           ('pvio-switch', ('pvio', 'host', 'x')),
                           ('vif-online', ()), ('vif-online', ('a', 'b'))):
            self.assertTrue(self.refused(2, name, *argv).startswith('usage: '),
                            name)

    def test_rights(self):
        self.says('id', 'echo 1000')
        for name, argv in (('pvio-switch', ('pvio',)),
                           ('pvio-dkms', ('install', '0.2.0')),
                           ('pvio-dkms', ('remove',)),
                           ('vif-online', ('vif-5-0',))):
            errors = self.refused(4, name, *argv)
            self.assert_one_line(errors)
            self.assertIn('root', errors)

    def test_sources_that_are_not_there(self):
        self.says('dkms', 'exit 0')
        self.assert_one_line(self.refused(1, 'pvio-dkms', 'install', '0.0.x'))

    def test_version_that_is_a_path(self):
        self.says('dkms', 'exit 0')
        self.assert_one_line(self.refused(1, 'pvio-dkms', 'install', '../x'))

    def test_interface_that_is_not_there(self):
        errors = self.refused(1, 'vif-online', 'vif-5-0')
        self.assert_one_line(errors)
        self.assertIn('pvioctl status', errors)


class Make(Scripts):
    """What make calls."""

    directory = 'scripts'

    def test_place_that_is_not_there(self):
        errors = self.refused(1, 'uninstall', INSTALL_MOD_PATH='/nowhere')
        self.assert_one_line(errors)
        self.assertIn('no directory /nowhere', errors)

    @unittest.skipIf(os.geteuid(), 'gives files away')
    def test_version_of_sources_that_are_another_s(self):
        top = self.machine.path('/sources')
        for name in 'scripts/version', 'scripts/lib.sh', 'dkms.conf':
            os.makedirs(os.path.dirname(os.path.join(top, name)),
                        exist_ok=True)
            shutil.copy(os.path.join(SOURCES, name), os.path.join(top, name))
        git = ['git', '-C', top, '-c', 'user.name=x', '-c', 'user.email=x',
               '-c', 'safe.directory=' + top]
        for argv in ('init', '-q'), ('add', '.'), ('commit', '-qm', 'x'):
            subprocess.run(git + list(argv), check=True)
        for directory, _, files in os.walk(top):
            for name in ['.'] + files:
                os.chown(os.path.join(directory, name), 1, 1)
        said = subprocess.run([os.path.join(top, 'scripts', 'version')],
                              env={'PATH': os.environ['PATH'],
                                   'HOME': top}, text=True,
                              stdout=subprocess.PIPE, check=True).stdout
        self.assertRegex(said, r'^[0-9.]+~1[.]g[0-9a-f]{10}$')
