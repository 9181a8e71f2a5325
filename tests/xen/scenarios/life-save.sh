# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl save, restore and save -c under synced records, polled I/O and TCP'
kind=save
order=10
needs=nothing
limit=400
# Packets from before a save may wait in a socket of Dom0 for one that was lost.
expects='page_pool_release_retry.. stalled pool shutdown:? (id [0-9]+, )?[0-9]+ inflight 60 sec'

rounds=${rounds:-1}
parameter=/sys/module/pvio_blkback/parameters/max_queues
console=/run/pvio/console/guest-s1.log
# The kernel's own frontend cannot poll.
kind_of_io=poll
[ "$front" = pvio ] || kind_of_io=verify

# told: the last record whose fsync the guest saw end; a line that a save cut
# in two is none.
told()
{
	tail -c +$((begin + 1)) "$console" | tr -d '\r' |
		sed -n 's/^record \([0-9]\{1,6\}\)$/\1/p' | sort -n | tail -n 1
}

goes_on() { [ "$(told)" -gt "$1" ]; }

# loads: records on xvda, polled writes on xvdb, a stream, none of which ends.
loads()
{
	guest s1 'net_up 33 && disk_ready xvda && disk_ready xvdb'
	guest s1 'mkfs.ext4 -q /dev/xvda && mount -t ext4 /dev/xvda /mnt'
	guest_job s1 'write_records /mnt/r 0 > /dev/hvc0' > /dev/null
	guest_job s1 "${kind_of_io}_for 1000 xvdb 8m > /tmp/poll 2>&1
		echo polling ended >> /tmp/ended" > /dev/null
	guest_job s1 'wire tcp 10.77.0.1 7007 1 2000000000 > /tmp/wire 2>&1
		echo "the stream ended" >> /tmp/ended' > /dev/null
	wait_until 30 goes_on 0
}

# fine: what was in flight goes on, and nothing has ended.
fine()
{
	local before

	before=$(told)
	wait_until 40 goes_on "$((before + 3))"
	reached 10.77.0.33 s1
	before=$(polled)
	guest s1 'test ! -e /tmp/ended || ! cat /tmp/ended /tmp/poll /tmp/wire'
	wait_until 40 more_polled "$before"
}

# polled: writes of xvdb so far.
polled() { guest s1 "awk '{ print \$5 }' /sys/block/xvdb/stat"; }

more_polled() { [ "$(polled)" -gt "$1" ]; }

# all_there DISK: every record that was told of is on it.
all_there()
{
	local number

	number=$(told)
	mount "$1" /mnt
	head -c $((number * 4096)) /mnt/r | sed 's/^0*//' > /run/found
	umount /mnt
	seq "$number" | cmp - /run/found
	echo "$number records"
}

run()
{
	local one two round server queues begin=0
	local guest_arguments="$guest_arguments pvio_blkfront.poll_queues=1"

	one=$(make_nullb save 64)
	two=$(make_nullb polled 32)
	[ "$back" != pvio ] || queues=$(< "$parameter")
	[ "$back" != pvio ] || echo 4 > "$parameter"
	guest_start s1 "$vcpus" "$front" 'memory = 256' \
		'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$one,xvda,w\", \"phy:$two,xvdb,w\"]"
	begin=$(stat -c %s "$console")
	/run/wire serve 7007 &
	server=$!
	loads
	for ((round = 1; round <= rounds; round++)); do
		guest_saved s1
		guest_restored s1
		fine
		progress "round $round of $rounds, $(told) records"
	done
	xl save -c s1 /run/s1.save > /dev/null 2>&1
	rm /run/s1.save
	fine
	guest_destroy s1
	kill "$server"
	all_there "$one"
	[ "$back" != pvio ] || echo "$queues" > "$parameter"
	drop_nullb save
	drop_nullb polled
}
