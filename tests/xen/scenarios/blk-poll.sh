# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='polled I/O: io_uring finds its answers without events'
kind=front
list=whole
order=10
needs=guest
limit=240

module=/sys/module/pvio_blkback
[ "$back" = pvio ] || module=/sys/module/xen_blkback

# counted NAME: by the polled queues, the third and the fourth.
counted()
{
	guest g1 'cat /sys/kernel/debug/pvio/blkfront/xvda/stats' |
		awk -v name="$1" '$1 == name { print $4 + $5 }'
}

run()
{
	local disk before

	before=$(< "$module/parameters/max_queues")
	echo 4 > "$module/parameters/max_queues"
	disk=$(make_nullb poll 32)
	guest g1 'echo 2 > /sys/module/pvio_blkfront/parameters/poll_queues'
	disk_attach g1 "phy:$disk" xvda
	guest g1 'fio --thread --name=poll --filename=/dev/xvda --direct=1 \
		--ioengine=io_uring --hipri --rw=randwrite --bs=4k \
		--iodepth=8 --size=8m --verify=crc32c --verify_fatal=1 \
		--minimal' > /run/fio.poll || { cat /run/fio.poll; return 1; }
	echo "$(counted writes) writes polled for, $(counted events) events"
	[ "$(counted writes)" -ge 2048 ]
	# The backend may send one before it is told that it need not.
	[ "$(counted events)" -le 2 ]
	disk_detach g1 xvda
	guest g1 'echo 0 > /sys/module/pvio_blkfront/parameters/poll_queues'
	echo "$before" > "$module/parameters/max_queues"
	drop_nullb poll
}
