# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade in Dom0 under two guests that write, read and talk'
kind=counted
order=10
needs=nothing
limit=3600
expects='pvio_netback: |Invalid ELF|module: x86/modules'

# shellcheck source=../dom0/upgrade-two
. /rig/dom0/upgrade-two

upgraded() { ctl upgrade --again --from "$wares" > /run/ctl.out 2>&1; }

run()
{
	local i

	begin_two
	ctl upgrade --keep --from "$wares"
	ctl upgrade --from "$wares" | grep 'runs already'
	for ((i = 1; i <= rounds; i++)); do
		if [ $((i % 10)) = 2 ]; then
			round "$i" not_upgraded
		else
			round "$i" upgraded
		fi
	done
	end_two
}
