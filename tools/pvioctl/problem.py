# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What a command cannot do, in one line, and what helps; exit statuses."""

OK = 0
WRONG = 1
USAGE = 2
BLIND = 3


class Problem(Exception):
    """What ends a command: a message, the line that helps, a status."""

    def __init__(self, message, hint=None, status=WRONG):
        super().__init__(message)
        self.hint = hint
        self.status = status


class Blind(Problem):
    """There is nothing to look at, or no right to."""

    def __init__(self, message, hint=None):
        super().__init__(message, hint, BLIND)


class Usage(Problem):
    """The command names what is not there."""

    def __init__(self, message, hint=None):
        super().__init__(message, hint, USAGE)


def of(error, path, hint):
    """What the system says of a file: rights can be had, all else is wrong."""
    text = '%s: %s' % (path, error.strerror or error)
    if isinstance(error, PermissionError):
        return Blind(text, 'the same with sudo')
    return Problem(text, hint)
