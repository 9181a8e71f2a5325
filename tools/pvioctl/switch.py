# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl switch: asks pvio-switch(8), which does it."""

import subprocess

from . import problem
from .problem import Problem, Usage

# Its exit statuses, where they are others.
STATUSES = {0: problem.OK, 2: problem.USAGE, 3: problem.WRONG,
            4: problem.BLIND}


def tell_recorded(system, args, out):
    """What pvio-switch has said there."""
    if args.to:
        raise Problem('a record boots no more', 'unset PVIOCTL_ROOT')
    status, text = system.run('pvio-switch', 'status')
    if status:
        raise Problem('what pvio-switch says was not recorded',
                      'unset PVIOCTL_ROOT')
    out.write(text.rstrip('\n') + '\n')
    return problem.OK


def run(system, _store, args, out):
    if args.role and not args.to:
        raise Usage('--role wants to know which driver',
                    'pvioctl switch pvio --role ' + args.role)
    if system.recorded:
        return tell_recorded(system, args, out)
    words = ['pvio-switch'] + [word for word in (args.to, args.role) if word]
    try:
        done = subprocess.run(words, check=False)
    except FileNotFoundError as error:
        raise Problem('pvio-switch is not installed',
                      'apt-get install --reinstall pvio-tools') from error
    return STATUSES.get(done.returncode, problem.WRONG)
