# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""python3 -m pvioctl."""

import sys

from .cli import main

sys.exit(main())
