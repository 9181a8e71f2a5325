# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a disk has the I/O priority of its threads'
kind=own
list=whole
needs=guest
limit=240

# make_slow: a device that takes two milliseconds for a request, and no second
# one meanwhile: the others wait in the scheduler, which knows priorities.
make_slow()
{
	local dir=/sys/kernel/config/nullb/slow node

	node=$(make_nullb slow 32)
	echo 0 > "$dir/power"
	echo 1 > "$dir/hw_queue_depth"
	echo 2 > "$dir/irqmode"
	echo 2000000 > "$dir/completion_nsec"
	echo 1 > "$dir/power"
	echo mq-deadline > "/sys/block/${node##*/}/queue/scheduler"
	echo 128 > "/sys/block/${node##*/}/queue/nr_requests"
	echo "$node"
}

# served NUMBER: requests of the vbd so far.
served()
{
	cat "/sys/bus/xen-backend/devices/vbd-$id-$1/statistics/rd_req"
}

busy() { [ "$(served "$1")" -gt 50 ]; }

# give CLASS DEVICE: to the threads of the disk.
give()
{
	local thread

	for thread in $(pgrep "^$id\.$2"); do
		ionice -c "$1" -p "$thread"
	done
}

# measure: requests of both disks in three seconds, in $one and $two.
measure()
{
	one=$(served 51712) two=$(served 51728)
	pause 3
	one=$(($(served 51712) - one)) two=$(($(served 51728) - two))
	echo "$1: $one and $two requests"
	progress "$1"
}

run()
{
	local disk id load one two device jobs=()

	disk=$(make_slow)
	id=$(xl domid g1)
	load='fio --thread --name=load --direct=1 --ioengine=libaio --rw=randread'
	load+=' --bs=4k --iodepth=16 --time_based --runtime=60 --filename=/dev/'
	for device in xvda xvdb; do
		disk_attach g1 "phy:$disk" "$device" r
		jobs+=("$(guest_job g1 "exec $load$device")")
	done
	wait_until 20 busy 51712
	wait_until 20 busy 51728
	measure 'the same priority'
	[ "$one" -gt $((two / 2)) ] && [ "$two" -gt $((one / 2)) ]
	give 3 xvda
	give 1 xvdb
	measure 'idle and real time'
	[ "$two" -gt 100 ] && [ "$two" -gt $((one * 5)) ]
	give 1 xvda
	give 3 xvdb
	measure 'real time and idle'
	[ "$one" -gt 100 ] && [ "$one" -gt $((two * 5)) ]
	guest g1 'killall fio'
	for device in "${jobs[@]}"; do
		guest_result g1 "$device" 20 > /dev/null || true
	done
	disk_detach g1 xvda
	disk_detach g1 xvdb
	drop_nullb slow
}
