# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl check and what a guest's configuration takes of grant references."""

import argparse
import gzip
import io
import json
import os
import unittest
import unittest.mock

import machine

from pvioctl import budget, check, switch
from pvioctl.problem import Problem, Usage
from pvioctl.system import System

OURS = ('updates/dkms/pvio.ko:\nupdates/dkms/pvio-blkfront.ko.xz: x\n'
        'updates/dkms/pvio-netfront.ko: x\nupdates/dkms/pvio-blkback.ko:\n'
        'updates/dkms/pvio-netback.ko:\n')
THEIRS = ('kernel/drivers/block/xen-blkfront.ko:\n'
          'kernel/drivers/net/xen-netfront.ko:\n'
          'kernel/drivers/block/xen-blkback/xen-blkback.ko:\n'
          'kernel/drivers/net/xen-netback/xen-netback.ko:\n')
KERNEL = '6.1.0-99-amd64'


class Checks(machine.Case):
    """On a machine as recorded, and what a test makes of it."""

    def setUp(self):
        super().setUp()
        self.kernel(KERNEL, OURS + THEIRS)
        self.command('pvio-switch_status', 'all pvio\n')
        self.machine.write('/usr/lib/modprobe.d/pvio.conf', '')
        self.debian('4.17.7+13-g2445b30a44-0+deb12u1')
        for module in ('pvio_netback', 'pvio_blkback', 'pvio_netfront',
                       'pvio_blkfront'):
            path = '/sys/module/%s/srcversion' % module
            try:
                self.command('modinfo_-F_srcversion_' + module,
                             self.machine.read(path))
            except OSError:
                pass

    def kernel(self, release, names, built_in=''):
        top = '/lib/modules/%s/' % release
        self.machine.write(top + 'modules.dep', names)
        self.machine.write(top + 'modules.builtin', built_in)

    def initrd(self, names, release=KERNEL):
        self.command('lsinitramfs_+boot+initrd.img-' + release, names)

    def command(self, name, text):
        self.machine.write('/commands/' + name, text)

    def debian(self, version):
        self.command('dpkg-query_-W_-f_${Version}_xen-hypervisor-4.17-amd64',
                     version)

    def changes(self, text):
        with gzip.open(self.machine.place(check.CHANGES % (4, 17)),
                       'wt') as file:
            file.write(text)

    def check(self, *argv):
        status, text, errors = self.machine.run('check', '-j', *argv)
        self.assertEqual(errors, '')
        return status, {r['name']: r for r in json.loads(text)['checks']}

    def level(self, name, *argv):
        return self.check(*argv)[1][name]['level']

    def test_a_host_that_is_fit(self):
        status, found = self.check()
        self.assertEqual(status, 0)
        self.assertEqual({r['level'] for r in found.values()}, {'ok'}, found)

    def test_each_says_what_to_do(self):
        self.kernel('6.12.1', THEIRS)
        self.kernel('6.13.1', '')
        for result in self.check()[1].values():
            self.assertEqual(result['todo'] is None, result['level'] == 'ok')

    def test_text_fits(self):
        self.kernel('6.12.1-' + 'long' * 20, THEIRS)
        for line in self.machine.run('check')[1].splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_xsa_523(self):
        self.assertEqual(self.level('xsa-523'), 'ok')
        self.debian('4.17.7+12-g0-0+deb12u1')
        self.assertEqual(self.level('xsa-523'), 'warn')
        self.changes('xen (4.17.7+12) bookworm-security\n')
        self.assertEqual(self.level('xsa-523'), 'FAIL')
        self.assertEqual(self.check()[0], 1)
        self.changes('arbitrary read/write via grant copy\n   XSA-523\n')
        self.assertEqual(self.level('xsa-523'), 'ok')
        self.machine.remove('/commands')
        self.assertEqual(self.level('xsa-523'), 'warn')

    def test_kernel_without_pvio(self):
        self.kernel('6.12.1', THEIRS)
        self.assertEqual(self.level('kernel 6.12.1'), 'warn')

    def test_kernel_without_any(self):
        self.kernel('6.12.1', OURS.replace('pvio-netback', 'x'))
        self.assertEqual(self.level('kernel 6.12.1'), 'FAIL')

    def test_kernel_with_drivers_built_in(self):
        self.kernel('6.12.1', '', THEIRS.replace(':', ''))
        self.assertEqual(self.level('kernel 6.12.1'), 'warn')

    def test_initrds_of_a_guest(self):
        name, role = 'initrd ' + KERNEL, ('--role', 'guest')
        top = 'usr/lib/modules/%s/' % KERNEL
        self.initrd(''.join(top + line.split(':')[0] + '\n' for line in
                            (OURS + THEIRS).splitlines()))
        self.assertEqual(self.level(name, *role), 'ok')
        self.initrd(top + THEIRS.splitlines()[0].rstrip(':'))
        self.assertEqual(self.level(name, *role), 'warn')
        self.initrd('etc/fstab\n')
        self.assertEqual(self.level(name, *role), 'FAIL')

    def test_host_needs_nothing_in_its_initrd(self):
        self.initrd('etc/fstab\n')
        self.assertNotIn('initrd ' + KERNEL, self.check()[1])

    def test_another_build_is_installed(self):
        self.command('modinfo_-F_srcversion_pvio_blkback', 'OTHER\n')
        found = self.check()[1]['blkback']
        self.assertEqual(found['level'], 'warn')
        self.assertIn('reboot', found['todo'])

    def test_half_installed(self):
        self.machine.remove('/usr/lib/modprobe.d/pvio.conf')
        self.assertEqual(self.level('switch'), 'warn')
        self.machine.remove('/commands/pvio-switch_status')
        self.assertEqual(self.level('switch'), 'warn')
        self.command('dkms_status_-m_pvio', 'pvio/0.2.0, 6.1.0: built\n')
        self.assertEqual(self.level('dkms'), 'warn')
        # As Debian 12's and 13's have it.
        for text in ('WARNING! Diff between built and installed module!',
                     'Differences between built and installed modules'):
            self.command('dkms_status_-m_pvio',
                         'pvio/0.2.0, 6.1.0: installed (%s)\n' % text)
            self.assertEqual(self.level('dkms'), 'warn')
        self.command('dkms_status_-m_pvio', 'pvio/0.2.0, 6.1.0: installed\n')
        self.assertEqual(self.level('dkms'), 'ok')

    def test_drivers_without_the_core(self):
        role = ('--role', 'guest')
        without = OURS.split('\n', 1)[1] + THEIRS
        self.kernel(KERNEL, without)
        self.initrd(without)
        self.assertEqual(self.level('kernel ' + KERNEL, *role), 'warn')
        self.assertEqual(self.level('initrd ' + KERNEL, *role), 'warn')

    def test_initrd_that_is_none(self):
        name, role = 'initrd ' + KERNEL, ('--role', 'guest')
        self.machine.write('/boot/initrd.img-' + KERNEL, 'nonsense')
        self.assertIn('update-initramfs',
                      self.check(*role)[1][name]['todo'])
        with unittest.mock.patch.object(System, 'is_root',
                                        return_value=False):
            self.assertIn('sudo', self.check(*role)[1][name]['todo'])

    def test_foreign_choice(self):
        self.command('pvio-switch_status', '/etc/modprobe.d/pvio.conf is not '
                     'pvio-switch\'s: what it says goes as well\n')
        self.assertEqual(self.level('switch'), 'warn')

    def test_both_drivers(self):
        self.machine.write('/sys/module/xen_netback/initstate', 'live\n')
        self.assertEqual(self.level('netback'), 'FAIL')

    def test_in_tree_drivers(self):
        self.machine = self.use('host-intree')
        self.assertEqual(self.level('netback'), 'warn')

    def test_secure_boot(self):
        self.assertEqual(self.level('secure boot'), 'ok')
        with open(self.machine.place(check.SECURE_BOOT), 'wb') as file:
            file.write(b'\6\0\0\0\1')
        self.assertEqual(self.level('secure boot'), 'FAIL')
        self.command('modinfo_-F_signer_pvio', 'DKMS key\n')
        self.assertEqual(self.level('secure boot'), 'warn')
        test = 'mokutil_--test-key_+var+lib+dkms+mok.pub'
        self.command(test, 'mok.pub is not enrolled\n')
        self.assertEqual(self.level('secure boot'), 'FAIL')
        self.command(test, 'mok.pub is already enrolled\n')
        self.assertEqual(self.level('secure boot'), 'ok')

    def test_no_xen(self):
        self.machine.remove('/sys/hypervisor')
        status, text, errors = self.machine.run('check')
        self.assertEqual((status, text), (3, ''))
        self.assert_one_line(errors)
        self.assertEqual(self.level('xen', '--role', 'host'), 'warn')

    def test_no_configuration(self):
        status, _, errors = self.machine.run('check', '/nowhere/x.cfg')
        self.assertEqual(status, 2)
        self.assert_one_line(errors)

    def config(self, text):
        self.machine.write('/g.cfg', text)
        return self.machine.path('/g.cfg')

    def test_grants(self):
        small = 'name="g" # one\nvcpus=2\nvif=["bridge=b"]\ndisk=["a","b",]\n'
        self.assertEqual(self.level('grants', self.config(small)), 'ok')
        large = small + 'vcpus = 8; vif = [%s]\n' % ','.join(
            "'bridge=b%d'" % i for i in range(10))
        found = self.check(self.config(large))[1]['grants']
        self.assertEqual(found['level'], 'warn')
        self.assertIn('max_grant_frames=97', found['todo'])
        tiny = large + 'max_grant_frames=4'
        self.assertEqual(self.level('grants', self.config(tiny)), 'FAIL')

    def test_grants_by_xl_conf(self):
        self.machine.write('/etc/xen/xl.conf', 'max_grant_frames=1\n')
        self.assertNotEqual(self.level('grants', self.config(
            'vcpus=4\nvif=["","",""]')), 'ok')


class Configuration(unittest.TestCase):
    """The language of xl.cfg, as far as it is needed."""

    def read(self, text):
        return budget.Reader(text, 'x.cfg').settings()

    def test_language(self):
        self.assertEqual(self.read(
            '# a\nname = "a # b"\nvif = [ \'x=1, y=2\', "z" , ]\n'
            'cpus = [ [ "a" ], 3 ]; vcpus=4\nvif += [ "more" ]\n'), {
                'name': 'a # b', 'vif': ['x=1, y=2', 'z', 'more'],
                'cpus': [['a'], '3'], 'vcpus': '4'})
        self.assertEqual(self.read('vif=["a"]\nvif+=["b"]\n'),
                         {'vif': ['a', 'b']})

    def test_no_configuration(self):
        for text in ('a =', '= 3', 'vif = [', '{', 'a b', 'a = ' + '[' * 9999,
                     'a = "b"\na += ["c"]\n'):
            with self.assertRaises(Usage, msg=text):
                self.read(text)

    def test_no_number(self):
        for text in 'many', '-2', ['2']:
            with self.assertRaises(Usage, msg=text):
                budget.needs({'vcpus': text}, 'x.cfg')

    def test_many_disks(self):
        few = budget.needs({'disk': [''] * 32, 'vcpus': '4'}, 'x')
        more = budget.needs({'disk': [''] * 33, 'vcpus': '4'}, 'x')
        self.assertEqual(more.most - few.most, 1057)
        self.assertEqual(more.least - few.least, 3)


class Switch(machine.Case):
    """Calls pvio-switch, and nothing else."""

    def run_it(self, to=None, role=None):
        """On this machine."""
        args = argparse.Namespace(to=to, role=role)
        return switch.run(System(), None, args, io.StringIO())

    def test_not_installed(self):
        with unittest.mock.patch.dict(os.environ, PATH='/nowhere'), \
                self.assertRaises(Problem) as raised:
            self.run_it()
        self.assertEqual(raised.exception.status, 1)
        self.assertIn('apt-get', raised.exception.hint)

    def test_arguments_and_statuses(self):
        with unittest.mock.patch('subprocess.run') as run:
            for given, status in ((0, 0), (1, 1), (2, 2), (3, 1), (4, 3)):
                run.return_value.returncode = given
                self.assertEqual(self.run_it('intree', 'guest'), status)
            self.assertEqual(run.call_args[0][0],
                             ['pvio-switch', 'intree', 'guest'])

    def test_a_record_is_told_and_this_machine_left_alone(self):
        with unittest.mock.patch('subprocess.run') as run:
            for argv in (), ('intree',):
                status, text, errors = self.machine.run('switch', *argv)
                self.assertEqual((status, text), (1, ''))
                self.assert_one_line(errors)
            self.machine.write('/commands/pvio-switch_status', 'all pvio\n')
            self.assertEqual(self.machine.run('switch'),
                             (0, 'all pvio\n', ''))
        run.assert_not_called()

    def test_role_without_driver(self):
        status, _, errors = self.machine.run('switch', '--role', 'guest')
        self.assertEqual(status, 2)
        self.assert_one_line(errors)
