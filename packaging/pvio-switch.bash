# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
#
# What bash completes the words of pvio-switch with.

_pvio_switch()
{
	local words=''

	case $COMP_CWORD:${COMP_WORDS[1]} in
	1:*) words='status pvio intree --help' ;;
	2:pvio | 2:intree) words='host guest' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
}

complete -F _pvio_switch pvio-switch
