# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl: which driver serves a Xen device, how, and what is wrong with it.

Units stand one on another, from below: system (files, commands, clock),
xenstore, devices, counters, advice, and one unit for each command.
"""
