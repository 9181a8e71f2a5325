# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What bash offers behind pvioctl and pvio-switch."""

import os
import subprocess
import sys

import machine
import completion

ROOT = os.path.join(machine.HERE, '..', '..')
# A line as bash hands it over, and what it gets back.
ASK = '''
pvioctl() { PYTHONPATH=%s/tools %s -m pvioctl "$@"; }
. /dev/stdin
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_%s
printf '%%s\\n' "${COMPREPLY[@]}"
'''


class Completion(machine.Case):
    """In Dom0 with a guest."""

    def offered(self, *words):
        name = words[0]
        if name == 'pvioctl':
            script = completion.script()
        else:
            with open(os.path.join(ROOT, 'packaging', name + '.bash')) as file:
                script = file.read()
        ask = ASK % (ROOT, sys.executable, name.replace('-', '_'))
        done = subprocess.run(['bash', '-c', ask, 'bash', *words],
                              input=script, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=True,
                              cwd=self.machine.root,
                              env={'PATH': os.environ['PATH'],
                                   'PYTHONDONTWRITEBYTECODE': '1',
                                   'PVIOCTL_ROOT': self.machine.root})
        return done.stdout.split()

    def test_commands(self):
        offered = self.offered('pvioctl', '')
        for name in completion.commands(completion.cli.parser()):
            self.assertIn(name, offered)

    def test_each_option_of_each_command(self):
        for name, one in completion.commands(
                completion.cli.parser()).items():
            offered = self.offered('pvioctl', name, '-')
            for action in completion.actions(one)[1]:
                for option in action.option_strings:
                    self.assertIn(option, offered, name)

    def test_what_has_begun(self):
        self.assertEqual(self.offered('pvioctl', 'st'), ['status'])
        self.assertEqual(self.offered('pvioctl', 'top', '--pr'),
                         ['--problems'])

    def test_choices(self):
        self.assertEqual(self.offered('pvioctl', 'top', '-s', ''),
                         list(completion.cli.SORTS))
        self.assertEqual(self.offered('pvioctl', 'check', '--role', 'g'),
                         ['guest'])
        self.assertEqual(self.offered('pvioctl', 'switch', ''),
                         ['pvio', 'intree'])

    def test_devices_and_guests(self):
        offered = self.offered('pvioctl', 'status', '')
        for name in 'g1', 'xvda', 'xvdb':
            self.assertIn(name, offered)
        self.assertTrue(any(name.startswith('vif-') for name in offered))
        self.assertIn('xvda', self.offered('pvioctl', 'latency', 'xv'))

    def test_names_are_not_run(self):
        self.machine.store('/local/domain/1/name', '$(touch run)`touch run`')
        self.offered('pvioctl', 'status', '')
        self.assertFalse(os.path.exists(self.machine.path('/run')))

    def test_no_rights_no_names(self):
        self.machine.remove('/sys/hypervisor')
        self.assertEqual(self.offered('pvioctl', 'status', ''), [])

    def test_directories(self):
        offered = self.offered('pvioctl', 'upgrade', '--from', '')
        self.assertIn('sys', offered)
        self.assertNotIn('xenstore', offered)
        self.assertIn('xenstore', self.offered('pvioctl', 'check', ''))

    def test_switch(self):
        self.assertEqual(self.offered('pvio-switch', 'in'), ['intree'])
        self.assertEqual(self.offered('pvio-switch', 'pvio', ''),
                         ['host', 'guest'])
        self.assertEqual(self.offered('pvio-switch', 'status', ''), [])
        done = subprocess.run([os.path.join(ROOT, 'packaging/pvio-switch'),
                               '--help'], stdout=subprocess.PIPE, text=True,
                              check=True)
        for word in self.offered('pvio-switch', ''):
            if word != '--help':
                self.assertIn(word, done.stdout)
