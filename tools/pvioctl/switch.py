# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl switch: asks pvio-switch(8), which does it."""

import subprocess

from . import problem
from .problem import Problem, Usage

# Its exit statuses, where they are others.
STATUSES = {0: problem.OK, 2: problem.USAGE, 3: problem.WRONG,
            4: problem.BLIND}


def run(_system, _store, args, _out):
    if args.role and not args.to:
        raise Usage('--role wants to know which driver',
                    'pvioctl switch pvio --role ' + args.role)
    words = ['pvio-switch'] + [word for word in (args.to, args.role) if word]
    try:
        done = subprocess.run(words, check=False)
    except FileNotFoundError as error:
        raise Problem('pvio-switch is not installed',
                      'apt-get install --reinstall pvio-tools') from error
    return STATUSES.get(done.returncode, problem.WRONG)
