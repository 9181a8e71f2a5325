# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='without its guests, Dom0 is what it was before them'
kind=every
needs=nothing
against=empty

# The runner destroys the guests and compares.
run()
{
	xl list
}
