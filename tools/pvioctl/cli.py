# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The command line, and how anything that goes wrong is told."""

import argparse
import importlib
import os
import sys

from . import host, problem
from .system import System
from .xenstore import open_store

VERSION_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                            'version')


class Parser(argparse.ArgumentParser):
    """Errors in one line, with what to do."""

    def error(self, message):
        tell(message, self.prog + ' --help')
        sys.exit(problem.USAGE)


def tell(message, hint):
    sys.stderr.write('error: %s\n' % message)
    if hint:
        sys.stderr.write('  try: %s\n' % hint)


def version():
    try:
        with open(VERSION_FILE) as file:
            return file.read().strip()
    except OSError:
        return 'of a source tree'


def positive(text):
    value = float(text)
    if not 0 < value <= 86400:
        raise ValueError
    return value


positive.__name__ = 'number of seconds'


def natural(text):
    value = int(text)
    if value < 1:
        raise ValueError
    return value


natural.__name__ = 'number'

SORTS = ('bytes', 'drops', 'latency', 'name', 'rate')
WORDS = dict(nargs='*', metavar='DEV|GUEST', help='only these: a device '
             '(vif5.0, xvda, vbd-5-51712, GUEST/xvda), a guest or its number')
JSON = dict(action='store_true', help='for programs')


def add_status(add):
    one = add('status', 'each device, and what is wrong with it')
    one.add_argument('-j', '--json', **JSON)
    one.add_argument('words', **WORDS)


def add_top(add):
    one = add('top', 'what each disk and interface does now')
    one.add_argument('-b', '--batch', action='store_true',
                     help='plain tables, one below the other')
    one.add_argument('-d', '--delay', type=positive, default=2.0,
                     metavar='SECONDS', help='between two looks (2)')
    one.add_argument('-n', '--count', type=natural, metavar='N',
                     help='so many tables')
    one.add_argument('-s', '--sort', choices=SORTS,
                     default='name', help='below what is wrong (name)')
    one.add_argument('-j', '--json', **JSON)
    one.add_argument('--net', action='store_true', help='interfaces only')
    one.add_argument('--disk', action='store_true', help='disks only')
    one.add_argument('--problems', action='store_true',
                     help='only what is wrong')
    one.add_argument('words', **WORDS)


def add_latency(add):
    one = add('latency', 'how long requests take')
    one.add_argument('-j', '--json', **JSON)
    one.add_argument('-w', '--wide', action='store_true',
                     help='histograms, too')
    one.add_argument('device', metavar='DEV')
    one.add_argument('seconds', metavar='SECONDS', type=positive, nargs='?',
                     default=10.0, help='to measure for (10)')


def add_others(add):
    one = add('metrics', 'counters, as Prometheus reads them')
    one.add_argument('--textfile', metavar='DIR',
                     help='into DIR/pvio.prom, for the node exporter')
    one = add('report', 'an archive for a bug report')
    one.add_argument('-o', '--output', metavar='FILE')
    one = add('check', 'is this machine fit for pvio?')
    one.add_argument('-j', '--json', **JSON)
    one.add_argument('--role', choices=('host', 'guest'))
    one.add_argument('config', nargs='?', metavar='CONFIG',
                     help="a guest's configuration: grant references")
    one = add('upgrade', 'other modules, under guests that go on')
    one.add_argument('--from', dest='directory', metavar='DIRECTORY',
                     help='modules that are there, not those installed')
    one.add_argument('--again', action='store_true',
                     help='even if they run already')
    one.add_argument('--keep', action='store_true', help='only copy those that '
                     'run, to have a way back')
    one.add_argument('--dry-run', action='store_true',
                     help='only see whether it could be done')
    one.add_argument('--force', action='store_true',
                     help='with guests that lose their devices, or no way back')
    one = add('trial', "pvio's backends for what one command makes")
    one.add_argument('argv', nargs=argparse.REMAINDER, metavar='COMMAND',
                     help='of the toolstack: xl create GUEST.cfg')
    one = add('switch', 'which drivers serve from the next boot')
    one.add_argument('to', nargs='?', choices=('pvio', 'intree'))
    one.add_argument('--role', choices=('host', 'guest'))


def parser():
    top_level = Parser(prog='pvioctl', description='Looks after the devices '
                       'that pvio and the kernel\'s own drivers serve.')
    top_level.add_argument('--version', action='version',
                           version='pvioctl ' + version())
    commands = top_level.add_subparsers(dest='command', metavar='COMMAND',
                                        parser_class=Parser)

    def add(name, text):
        return commands.add_parser(name, help=text, description=text)

    for part in add_status, add_top, add_latency, add_others:
        part(add)
    return top_level


# What may be asked where there is no Xen.
ANYWHERE = ('check', 'switch')


def run(args, out):
    # Only what is asked for is loaded.
    command = importlib.import_module('.' + args.command, __package__)
    system = System(os.environ.get('PVIOCTL_ROOT', ''))
    if not os.path.isdir(system.path('/')):
        raise problem.Usage('PVIOCTL_ROOT: there is no directory '
                            + system.root, 'unpack the report, or unset it')
    if args.command in ANYWHERE:
        return command.run(system, None, args, out)
    host.demand_xen(system)
    store, wrong = open_store(system)
    host.demand_store(system, wrong)
    if wrong:
        sys.stderr.write('note: xenstore cannot be read (%s); names and keys '
                         'are missing\n' % wrong)
    return command.run(system, store, args, out)


def main(argv=None, out=None):
    # Python has none where the shell was told >&- or 2>&-.
    sys.stderr = sys.stderr or open(os.devnull, 'w')
    out = out or sys.stdout or open(os.devnull, 'w')
    if hasattr(out, 'reconfigure'):
        # Names of guests in characters that this terminal has not.
        out.reconfigure(errors='replace')
    args = parser().parse_args(argv)
    if args.command is None:
        args = parser().parse_args(['status'])
    try:
        code = run(args, out)
        out.flush()
        return code
    except problem.Problem as error:
        tell(error, error.hint)
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody listens any more, nor should the interpreter at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return problem.OK
    except OSError as error:
        # A full disk, say; wherever it was met.
        told = problem.of(error, error.filename or 'output', 'df, mount')
        tell(told, told.hint)
        return told.status
