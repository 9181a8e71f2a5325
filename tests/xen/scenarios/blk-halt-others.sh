# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='waiting in the hypervisor takes nothing from others'
kind=own
list=whole
needs=guest
limit=300

# The disks take so long for an answer that an emulator's noise is little
# beside it; what waits in a row, or is charged for its waits, is much.
nanoseconds=5000000
group=/tmp/cgroup/limited

# slow_disk NAME DEVICE
slow_disk()
{
	local dir=/sys/kernel/config/nullb/$1

	nullb_up
	mkdir "$dir"
	echo 64 > "$dir/size"
	echo 2 > "$dir/irqmode"
	echo "$nanoseconds" > "$dir/completion_nsec"
	echo 1 > "$dir/power"
	disk_attach g1 "phy:$(nullb_node "$1")" "$2"
}

# allow MICROSECONDS: at the suite's ends.
allow()
{
	guest g1 "echo $1 > /sys/module/pvio_blkfront/parameters/halt_us"
	[ "$back" != pvio ] ||
		echo "$1" > /sys/module/pvio_blkback/parameters/halt_us
}

# limit_real_time MICROSECONDS: of each second, in the guest; -1: no limit.
limit_real_time()
{
	guest g1 "echo $1 > /proc/sys/kernel/sched_rt_runtime_us"
}

# halts DEVICE...: of the guest.
halts()
{
	local device

	for device in "$@"; do
		guest g1 "cat /sys/kernel/debug/pvio/blkfront/$device/stats"
	done | awk '$1 == "halts" { for (i = 2; i <= NF; i++) n += $i }
		END { print n + 0 }'
}

# reads OPTION...: what to run in the guest for three seconds; it prints how many
# a second there were.
reads()
{
	echo fio --thread --name=reads --direct=1 --ioengine=psync \
		--rw=randread --norandommap --time_based --runtime=3 \
		--output-format=terse --terse-version=3 "$@" \
		"| sed -n 's/^3;/&/p' | cut -d';' -f8"
}

# by_turns WHAT COMMAND: the numbers that COMMAND prints, with waits and without
# by turns: the best of each, since what else the host does only takes away.  What
# is taken by waits is half or more; a slow host's noise was seen to be a tenth.
by_turns()
{
	local on=0 off=0 now turn

	for turn in 1 2 3 4; do
		allow 10000
		now=$(guest g1 "$2")
		on=$((now > on ? now : on))
		allow 0
		now=$(guest g1 "$2")
		off=$((now > off ? now : off))
		[ $((on * 100)) -lt $((off * 80)) ] || break
	done
	echo "$1: $on a second with waits, $off without, after $turn turns"
	[ "$on" -gt 0 ]
	[ $((on * 100)) -ge $((off * 80)) ]
}

# Each request is for both disks, which answer at the same time.
stripe()
{
	local before

	guest g1 'modprobe dm-mod &&
		dmsetup --noudevrules --noudevsync create stripe --table \
		"0 262144 striped 2 128 /dev/xvdb 0 /dev/xvdc 0" &&
		wait_for 10 test -b /dev/dm-0'
	before=$(halts xvdb xvdc)
	by_turns stripe "$(reads --filename=/dev/dm-0 --bs=128k)"
	[ "$(halts xvdb xvdc)" -eq "$before" ]
	guest g1 'dmsetup --noudevrules --noudevsync remove stripe && rmmod dm_mod'
}

# A group that may use a fifth of a CPU.
quota()
{
	local before

	guest g1 "mkdir /tmp/cgroup && mount -t cgroup2 none /tmp/cgroup &&
		echo +cpu > /tmp/cgroup/cgroup.subtree_control &&
		mkdir $group && echo '20000 100000' > $group/cpu.max"
	before=$(halts xvdb)
	by_turns quota "echo \$\$ > $group/cgroup.procs;
		$(reads --filename=/dev/xvdb --bs=4k)"
	guest g1 "grep throttled $group/cpu.stat"
	[ "$(halts xvdb)" -eq "$before" ]
	guest g1 "wait_for 10 rmdir $group && umount /tmp/cgroup &&
		rmdir /tmp/cgroup"
}

# neighbour POLICY: beside a reader on the same CPU, how often a second a task
# that only sleeps gets to run.
neighbour()
{
	by_turns "neighbour, chrt $1" "
		taskset 1 $(reads --filename=/dev/xvdb --bs=4k) > /tmp/reads &
		taskset 1 chrt $1 $(reads --filename=/dev/xvdb --ioengine=null \
			--size=64m --thinktime=1000 --bs=4k --runtime=2)
		wait"
}

run()
{
	local policy

	slow_disk slow1 xvdb
	slow_disk slow2 xvdc
	allow 10000
	echo "a reader alone: $(guest g1 \
		"$(reads --filename=/dev/xvdb --bs=4k)") a second"
	[ "$(halts xvdb)" -gt 0 ]
	stripe
	quota
	# Under emulation a real-time program takes a second just to start.
	limit_real_time -1
	for policy in '-b 0' '-f 1'; do
		neighbour "$policy"
	done
	limit_real_time 950000
	allow 100
	disk_detach g1 xvdb
	disk_detach g1 xvdc
	drop_nullb slow1
	drop_nullb slow2
}
