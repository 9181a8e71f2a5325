#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""completion.py: print what bash completes pvioctl's words with, made from
pvioctl's own parser."""

import argparse
import sys

sys.dont_write_bytecode = True

# pylint: disable-next=wrong-import-position
from pvioctl import cli  # noqa: E402

# REUSE-IgnoreStart
SCRIPT = '''\
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
#
# What bash completes the words of pvioctl with: made by tools/completion.py.

# Each device by both of its names, and guests; none that a shell would expand.
_pvioctl_devices()
{
	pvioctl status -j 2> /dev/null | sed -n -E \\
		's/^   "(device|name|guest)": "([A-Za-z0-9_.:+-]+)",?$/\\2/p' |
		sort -u
}

# _pvioctl_offer CURRENT KIND WORDS
_pvioctl_offer()
{
	case $2 in
	devices) mapfile -t COMPREPLY < <(compgen -W "$(_pvioctl_devices)" -- "$1") ;;
	files) mapfile -t COMPREPLY < <(compgen -f -- "$1") ;;
	directories) mapfile -t COMPREPLY < <(compgen -d -- "$1") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$3" -- "$1") ;;
	esac
	case $2 in
	files | directories) compopt -o filenames 2> /dev/null ;;
	esac
}

_pvioctl()
{
	local current=${COMP_WORDS[COMP_CWORD]} command='' word
	local previous=${COMP_WORDS[COMP_CWORD - 1]}

	for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
		case $word in
		-*) ;;
		*)
			command=$word
			break
			;;
		esac
	done
	COMPREPLY=()
	case $command in
%s
	esac
}

complete -F _pvioctl pvioctl
'''
# REUSE-IgnoreEnd
KINDS = {'DEV': 'devices', 'DEV|GUEST': 'devices', 'FILE': 'files',
         'CONFIG': 'files', 'DIR': 'directories', 'DIRECTORY': 'directories'}


def commands(parser):
    """Each command's name and parser."""
    for action in parser._actions:  # pylint: disable=protected-access
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


def actions(parser):
    """(what may be named, options) of a parser."""
    own = parser._actions  # pylint: disable=protected-access
    return ([action for action in own if not action.option_strings],
            [action for action in own if action.option_strings])


def offer(action):
    """What stands behind an option, or where a word may be."""
    if action.choices:
        return "words '%s'" % ' '.join(action.choices)
    return KINDS.get(action.metavar, "words ''")


def lines(name, parser):
    """A command's part of the script."""
    words, options = actions(parser)
    yield '\t%s)' % name
    yield '\t\tcase $previous:$current in'
    for action in options:
        if action.nargs != 0:
            yield '\t\t%s) _pvioctl_offer "$current" %s ;;' % (' | '.join(
                option + ':*' for option in action.option_strings),
                offer(action))
    yield '\t\t*:-*) _pvioctl_offer "$current" words \'%s\' ;;' % ' '.join(
        option for action in options for option in action.option_strings)
    for action in words[:1]:
        yield '\t\t*) _pvioctl_offer "$current" %s ;;' % offer(action)
    yield '\t\tesac'
    yield '\t\t;;'


def script():
    parser = cli.parser()
    found = commands(parser)
    options = [option for action in actions(parser)[1]
               for option in action.option_strings]
    first = ["\t'') _pvioctl_offer \"$current\" words '%s' ;;"
             % ' '.join(list(found) + options)]
    return SCRIPT % '\n'.join(first + [
        line for name, one in found.items() for line in lines(name, one)])


if __name__ == '__main__':
    sys.stdout.write(script())
