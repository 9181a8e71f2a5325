# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='attach, create and destroy are as fast beside guests that hold things up'
kind=long
needs=nothing
limit=2400
expects='pvio-(net|blk)back v[bi][fd]-[0-9]+-[0-9]+: '

rounds=20
operations='create network-attach block-attach destroy'

# timed WORD COMMAND...: how long it took, in the machine's milliseconds, as a
# line of the file of this operation and phase.
timed()
{
	local now exactly begin word=$1
	shift

	look_at_clock
	begin=$exactly
	"$@" > /run/xl.out 2>&1 || {
		cat /run/xl.out
		return 1
	}
	look_at_clock
	echo $((exactly - begin)) >> "/run/times/$word.$phase"
}

create_plain() { xl create -q "$guests/w1.cfg"; }
attach_net() { xl network-attach w1 bridge=xenbr0; }
attach_disk() { xl block-attach w1 "phy:$free,xvdb,w"; }

measure()
{
	local round

	for ((round = 1; round <= rounds; round++)); do
		timed create create_plain
		guest_ready w1
		timed network-attach attach_net
		timed block-attach attach_disk
		guest w1 'wait_for 20 test -e /sys/class/net/eth1 && disk_ready xvdb'
		timed destroy guest_destroy w1
		progress "$phase: round $round of $rounds"
	done
}

median() { sort -n "$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# compared: no median is more than 1.2 times what it was.
compared()
{
	local word before after failed=0

	for word in $operations; do
		before=$(median "/run/times/$word.quiet")
		after=$(median "/run/times/$word.held")
		progress "$word: $before ms, $after ms"
		[ $((after * 10)) -le $((before * 12)) ] || failed=1
	done
	return "$failed"
}

# rewrite: writes into its part of xenstore as long as that goes on; state and
# keys of a device, or the same where they have no effect.  That is below the same
# device, since in a device's directory each write has the guest's own kernel ask
# xenstore for the node, whichever it is: a guest that writes elsewhere takes less
# of the machine, with any backend.
rewrite='
	i=0
	while :; do
		i=$((i + 1))
		xenstore write -- WHERE/tx-ring-ref $i WHERE/rx-ring-ref $i \
			WHERE/event-channel $i WHERE/request-rx-copy 1 \
			WHERE/state $((i % 6 + 1))
		usleep 50000
	done'

start_guests()
{
	guest_start held 1 "$front" "disk = [\"phy:/dev/dm-77,xvda,w\"]"
	guest_start mad 1 none 'vif = ["bridge=xenbr0"]'
	guest_start still 1 "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$other,xvda,w\"]"
	guest held 'disk_ready xvda'
	guest still 'net_up 35 && disk_ready xvda'
	# Its configuration, for create alone.
	guest_start w1 1 "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$own,xvda,w\"]"
	guest_destroy w1
}

# hold_up: each of the three in its way.
hold_up()
{
	guest_job held 'exec fio --thread --name=load --filename=/dev/xvda \
		--ioengine=libaio --direct=1 --rw=randrw --bs=16k --iodepth=16 \
		--size=24m --time_based --runtime=1000' > /dev/null
	pause 1
	dmsetup suspend --noflush --nolockfs --noudevsync dm77
	pause 1
	guest mad 'killall sh' || true
	guest_job mad "${rewrite//WHERE/device/vif/0}" > /dev/null
	xl pause still
	xl block-detach still xvda > /dev/null 2>&1 &
	xl network-detach still 0 > /dev/null 2>&1 &
	xl destroy held > /dev/null 2>&1 &
	pause 15
}

let_go()
{
	dmsetup resume --noudevsync dm77
	xl unpause still
	wait_until 40 guest_gone held
	guest_destroy mad
	guest_destroy still
	wait_until 20 drop_dm 77
}

run()
{
	local phase disk other own free

	mkdir -p /run/times
	rm -f /run/times/*
	disk=$(make_nullb held 32)
	other=$(make_nullb other 16)
	own=$(make_nullb own 16)
	free=$(make_nullb free 16)
	make_dm 77 "0 65536 linear $disk 0"
	start_guests
	guest_job mad "${rewrite//WHERE/device/vif/0/mad}" > /dev/null
	phase=quiet
	measure
	phase=held
	hold_up
	measure
	let_go
	for disk in held other own free; do
		drop_nullb "$disk"
	done
	compared
}
