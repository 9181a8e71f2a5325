# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='life-save for one virtual CPU, life-quiet 20 times, for every pair'
kind=soak
order=30
needs=nothing
limit=1200

run()
{
	local vcpus=1 rounds=5

	(. /rig/scenarios/life-save.sh && run)
	(rounds=20; . /rig/scenarios/life-quiet.sh && run)
}
