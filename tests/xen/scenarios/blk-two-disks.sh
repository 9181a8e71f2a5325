# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='two disks at once, device and file, neither disturbs the other'
kind=matrix
list=own
order=80
needs=disks
limit=240

# What lies at the start of a backing device or file, past any cache.
start_sum() { dd if="$1" bs=1M count=1 "${@:2}" status=none | md5sum; }

run()
{
	local one two

	one=$(guest_job g1 'verify_range xvda 4m 6m 128k 16')
	two=$(guest_job g1 'verify_range xvdb 4m 6m 64k 16')
	guest_result g1 "$one" 50
	guest_result g1 "$two" 50
	guest g1 'for disk in xvda xvdb; do
			head -c 1048576 /dev/urandom > /tmp/data
			dd if=/tmp/data of=/dev/$disk conv=fsync 2> /dev/null
			md5sum < /tmp/data
		  done; rm /tmp/data' > /run/sums
	{ start_sum "$(nullb_node shared)" iflag=direct
	  start_sum /run/shared.disk; } | diff - /run/sums
}
