# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='eight guests that take what they can of Dom0 leave another its rate'
kind=long
needs=nothing
limit=600
expects='pvio-blk(front|back) vbd-[0-9-]+: '

hostile=8
letters='a b c d'
disks=$((hostile * 4))
# In pages, and what else may go, in megabytes: bios, and what dm makes of them.
budget=16384
besides=24
# Threads that come and go; those of the disks are there before.
threads=48
# Who has the one CPU that all share: Dom0 and the fair guest when they want it,
# as if they had CPUs of their own, the others what is left.
first=4096
last=16
# The fair guest's disk takes so long for a request, in milliseconds: its rate
# is that of its disk, and next to nothing of the emulated CPU is needed for it.
slow=4000
# Its requests in flight, all ended at once, and how many are measured.
depth=32
enough=$((depth * 8))

parameter=/sys/module/pvio_blkback/parameters/budget_pages
debugfs=/sys/kernel/debug/pvio/blkback

# Reads and discards take none of Dom0's memory, and writes go to one megabyte
# of a disk.
make_disks()
{
	local i

	for ((i = 0; i < disks; i++)); do
		make_dm "$((200 + i))" "0 16384 linear $whole $((i * 16384))"
	done
	make_dm 199 "0 65536 delay $own 0 0"
}

# be_slow: the fair guest's disk, which was not while the guest started.
be_slow()
{
	dmsetup reload dm199 --table "0 65536 delay $own 0 $slow"
	dmsetup resume --noudevsync dm199
}

hang_disks()
{
	local i

	for ((i = 0; i < disks; i++)); do
		dmsetup suspend --noflush --nolockfs --noudevsync "dm$((200 + i))"
	done
}

let_disks_go()
{
	local i

	for ((i = 0; i < disks; i++)); do
		dmsetup resume --noudevsync "dm$((200 + i))"
	done
}

# all_dropped: whoever had them open may take a moment to let them go.
all_dropped()
{
	dmsetup remove_all --noudevrules --noudevsync
	[ "$(dmsetup ls)" = 'No devices found' ]
}

# disk NUMBER LETTER: as a guest's configuration has it.
disk() { echo "script=/run/block-quick,vdev=xvd$2,access=rw,target=/dev/dm-$1"; }

# The emulator gives all CPUs as much of its own: who is to be served first is
# up to Xen where there is one.
share_one_cpu()
{
	xl vcpu-pin Domain-0 all 0
	xl sched-credit2 -d Domain-0 -w "$first"
}

have_all_cpus()
{
	xl vcpu-pin Domain-0 all all
	xl sched-credit2 -d Domain-0 -w 256
}

# start_fair: its requests need Dom0's memory, as its pages are not kept mapped.
start_fair()
{
	local guest_arguments="$guest_arguments pvio_blkfront.feature_persistent=0"

	guest_start fair 1 "$front" 'memory = 192' 'cpus = "0"' \
		"cpu_weight = $first" "disk = ['$(disk 199 a)']"
	guest fair 'disk_ready xvda'
	be_slow
}

# start_hostile NUMBER: one in four has its pages kept mapped.
start_hostile()
{
	local letter list='' i=$((200 + 4 * ($1 - 1)))
	local guest_arguments="$guest_arguments pvio_blkfront.feature_persistent="

	guest_arguments+=$(($1 % 4 == 1))
	for letter in $letters; do
		list+="'$(disk "$i" "$letter")', "
		i=$((i + 1))
	done
	[ "$1" != "$hostile" ] || list+="'$(disk 200 e)', "
	guest_start "h$1" 1 "$front" 'memory = 192' 'cpus = "0"' \
		"cpu_weight = $last" "disk = [$list]"
	guest "h$1" 'for d in a b c d; do disk_ready xvd$d; done'
}

start_guests()
{
	local i

	start_fair
	for ((i = 1; i <= hostile; i++)); do
		start_hostile "$i"
		progress "$i of $hostile"
	done
}

# As much as a queue takes, in the largest requests and in the smallest, for
# ever, and one discard of everything behind the other.
greed='
	fio --thread --ioengine=libaio --direct=1 --size=8m --time_based \
		--runtime=1000 \
		--name=a --filename=/dev/xvda --rw=randread --bs=1m --iodepth=8 \
		--name=b --filename=/dev/xvdb --rw=write --size=1m --bs=1m \
			--iodepth=8 \
		--name=c --filename=/dev/xvdc --rw=randread --bs=4k \
			--iodepth=256 \
		--name=d --filename=/dev/xvdd --rw=randread --bs=1m --iodepth=6 \
		> /dev/null 2>&1 &
	while :; do blkdiscard /dev/xvdd || sleep 1; done &
	while :; do blkdiscard /dev/xvdb || sleep 1; done'

# A fifth disk of one of them connects with rings that are none, on and on.
lie='
	echo vbd-51776 > /sys/bus/xen/drivers/vbd/unbind
	dir=device/vbd/51776
	while :; do
		xenstore write $dir/state 1
		sleep 2
		xenstore write $dir/ring-ref 12345678 $dir/event-channel 70000 \
			$dir/protocol x86_64-abi $dir/state 3
		sleep 2
		xenstore write $dir/state 6
		sleep 2
	done'

be_hostile()
{
	local i

	for ((i = 1; i <= hostile; i++)); do
		guest_job "h$i" "$greed" > /dev/null
	done
	guest_job "h$hostile" "$lie" > /dev/null
}

# field NAME FILE: the number behind a name, into $number.
field()
{
	local word

	while read -r word number _; do
		[ "${word%:}" != "$1" ] || return 0
	done < "$2"
	return 1
}

# watch: as long as it is let, the most of what is spent and the least of what
# there is.  A process for it each time would cost more than all that it sees.
watch()
{
	local number used=0 least=999999999 tasks=0 total

	while [ -e /run/share.on ]; do
		field pages_used "$debugfs/budget"
		[ "$number" -le "$used" ] || used=$number
		field MemAvailable /proc/meminfo
		[ "$number" -ge "$least" ] || least=$number
		read -r _ _ _ total _ < /proc/loadavg
		[ "${total#*/}" -le "$tasks" ] || tasks=${total#*/}
		pause 0.25
	done
	echo "$used $least $tasks" > /run/share
}

reads() { field reads "$debugfs/vbd-$1-51712/stats"; }

# await_reads NUMBER ID: until there were so many in all, for two minutes at most;
# how many there were is in $number then.
await_reads()
{
	local i

	for ((i = 0; i < 600; i++)); do
		reads "$2"
		[ "$number" -lt "$1" ] || break
		pause 0.2
	done
}

# look_at_uptime: into $up, in milliseconds.
look_at_uptime()
{
	read -r up _ < /proc/uptime
	up=$((10#${up/./} * 10))
}

# measure: how many requests of the fair guest are done in a hundred seconds,
# into $rate.  Those are real ones, as its disk's are.
measure()
{
	local number=0 job up begin before id

	id=$(< "$guests/fair.id")
	reads "$id"
	before=$number
	job=$(guest_job fair "fio --thread --name=x --filename=/dev/xvda \
		--ioengine=libaio --direct=1 --rw=randread --bs=64k \
		--iodepth=$depth --size=32m --time_based --runtime=1000")
	await_reads $((before + depth)) "$id"
	look_at_uptime
	begin=$up
	before=$number
	await_reads $((before + enough)) "$id"
	look_at_uptime
	rate=$(((number - before) * 100000 / (up - begin)))
	guest fair 'killall fio'
	guest_result fair "$job" > /dev/null || true
}

# full: they have all they get.
full()
{
	local number used

	field pages_used "$debugfs/budget"
	used=$number
	pause 5
	field pages_used "$debugfs/budget"
	[ "$number" -gt $((budget / 2)) ] && [ "$number" = "$used" ]
}

# bounded BEFORE TASKS: what the watch has seen is within what is allowed.
bounded()
{
	local used least tasks number failed=0

	read -r used least tasks < /run/share
	field pages_peak "$debugfs/budget"
	progress "$used pages of $budget, $number at most; $((($1 - least) / 1024)) MB; $((tasks - $2)) threads"
	cat "$debugfs/budget"
	grep -h ^discards "$debugfs"/vbd-*/stats | xargs
	[ "$used" -le "$budget" ] || failed=1
	[ "$number" -le "$budget" ] || failed=1
	[ $((($1 - least) / 1024)) -le $((budget / 256 + besides)) ] || failed=1
	[ $((tasks - $2)) -le "$threads" ] || failed=1
	return "$failed"
}

# All of it goes back when they are gone.
given_back()
{
	local number

	field pages_used "$debugfs/budget"
	[ "$number" -lt 512 ]
}

run()
{
	local whole own rate alone held number available tasks watcher before i

	before=$(< "$parameter")
	echo "$budget" > "$parameter"
	trap 'have_all_cpus; kill $(jobs -p) 2> /dev/null || true' EXIT
	share_one_cpu
	whole=$(make_nullb share $((disks * 8)))
	own=$(make_nullb own 32)
	make_quick_script
	make_disks
	start_guests
	measure
	alone=$rate
	progress "alone: $alone requests in 100 s"
	field MemAvailable /proc/meminfo
	available=$number
	read -r _ _ _ tasks _ < /proc/loadavg
	tasks=${tasks#*/}
	: > /run/share.on
	watch &
	watcher=$!
	hang_disks
	be_hostile
	wait_until 150 full
	cat "$debugfs/budget"
	progress 'hostile'
	measure
	held=$rate
	progress "beside them, their disks held: $held"
	let_disks_go
	pause 5
	measure
	progress "beside them, their disks at work: $rate"
	rm /run/share.on
	wait "$watcher"
	bounded "$available" "$tasks"
	[ $((held * 10)) -ge $((alone * 8)) ]
	[ $((rate * 10)) -ge $((alone * 8)) ]
	for ((i = 1; i <= hostile; i++)); do
		xl destroy "h$i"
	done
	guest_destroy fair
	wait_until 60 given_back
	wait_until 20 all_dropped
	drop_nullb share
	drop_nullb own
	echo "$before" > "$parameter"
}
