# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
#
# A debug kernel takes hours for all: PVIO_DOM0_ARGS='rounds=100 first=200'.
about='life-churn with 300 rounds, or those that the machine was told'
kind=long
needs=nothing
limit=7200
expects='pvio-(net|blk)(back|front) v[bi][fd]-[0-9-]+: |I/O error, dev xvd'
expects+='|Buffer I/O error on|blk_print_req_error'
# A device's other end may be gone when a driver is loaded; the kernel finds that
# before it asks the driver.
expects+='|pvio-(net|blk)(back|front): probe of .* failed with error -2'
# What a guest that is gone has sent may wait in a socket of Dom0 for a while.
expects+='|page_pool_release_retry.. stalled pool shutdown:? (id [0-9]+, )?[0-9]+ inflight 60 sec'

run()
{
	rounds=$(told rounds) first=$(told first)
	rounds=${rounds:-300}
	. /rig/scenarios/life-churn.sh
	run
}
