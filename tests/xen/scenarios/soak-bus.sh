# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
about='seam-bus with 20 rounds'
kind=long
needs=nothing
limit=2400
expects='pvio-(net|blk)back v[bi][fd]-[0-9]+-[0-9]+: '

run()
{
	rounds=20
	. /rig/scenarios/seam-bus.sh
	run
}
