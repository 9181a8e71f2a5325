# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='discard reaches a backing device that supports it, nothing else moves'
kind=matrix
list=own
order=100
needs=disks

run()
{
	local below

	below=$(nullb_node shared)
	guest g1 'test "$(cat /sys/block/xvda/queue/discard_max_bytes)" -gt 0'
	guest g1 'tr "\0" x < /dev/zero | dd of=/dev/xvda bs=64k count=96 \
			iflag=fullblock conv=fsync 2> /dev/null'
	guest g1 'blkdiscard -o 1048576 -l 4194304 /dev/xvda'
	guest g1 'echo 3 > /proc/sys/vm/drop_caches
		  dd if=/dev/xvda bs=1M skip=1 count=4 2> /dev/null |
		  cmp -n 4194304 - /dev/zero'
	# The same, seen from below.
	dd if="$below" iflag=direct bs=1M skip=1 count=4 status=none |
		cmp -n 4194304 - /dev/zero
	[ "$(dd if="$below" iflag=direct bs=1M count=6 status=none |
		tr -d '\0' | tr -d x | wc -c)" = 0 ]
	[ "$(dd if="$below" iflag=direct bs=1M count=6 status=none |
		tr -d '\0' | wc -c)" = 2097152 ]
}
