# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='100 disks and 9 vifs on a guest of two CPUs, then 7 vifs of 8 queues'
kind=long
needs=nothing
limit=600

disks=${disks:-100}
vifs=${vifs:-8}

# Nodes of a guest's directory.  Xen's default of 1000 is an administrator's to
# raise: of a hundred disks the toolstack's own part alone takes 600.
allow_nodes()
{
	xenstore-control quota set nodes "$1"
}

# name NUMBER: a, b, ... z, aa, ab ...
name()
{
	local letters=abcdefghijklmnopqrstuvwxyz

	[ "$1" -lt 26 ] || set -- "$1" "${letters:$1 / 26 - 1:1}"
	echo "xvd${2:-}${letters:$1 % 26:1}"
}

attach_disks()
{
	local i

	for ((i = 0; i < disks; i++)); do
		xl block-attach m1 "script=/run/block-quick,vdev=$(name "$i")" \
			"access=rw,target=/dev/dm-$((100 + i))"
		[ $((i % 20)) -ne 19 ] || progress "$((i + 1)) disks"
	done
}

# held: grant references that the suite's frontends hold.
held()
{
	guest m1 "awk '\$1 == \"gref\" { print \$2 - \$3 }' \
		/sys/kernel/debug/pvio/resources"
}

frugal() { [ "$(held)" -le $((64 * disks)) ]; }

# ready_vif NUMBER: with an address that no other interface answers for.
ready_vif()
{
	guest m1 "net_up $((40 + $1)) eth$1"
}

all_at_once='
	for d in /sys/class/block/xvd*; do
		args="$args --name=${d##*/} --filename=/dev/${d##*/}"
	done
	fio --thread --ioengine=libaio --direct=1 --rw=randwrite --bs=4k \
		--iodepth=4 --size=64k --verify=crc32c --verify_fatal=1 \
		--minimal $args > /tmp/fio 2>&1 & fio=$!
	for i in $(seq 0 LAST); do
		ping -q -c 5 -I eth$i 10.77.0.1 > /tmp/ping.$i & pings="$pings $!"
	done
	wait $fio || { cat /tmp/fio; exit 1; }
	for i in $pings; do wait $i || { cat /tmp/ping.*; exit 1; }; done'

many_disks()
{
	local i

	guest_start m1 2 "$front" 'memory = 768'
	make_quick_script
	attach_disks
	guest m1 "all() { test \"\$(ls -d /sys/class/block/xvd* | wc -l)\" = $disks; }
		wait_for 60 all || { ls /sys/class/block; dmesg | tail; exit 1; }" 100
	progress "$disks disks hold $(held) references"
	wait_until 20 frugal
	guest m1 'cd /proc/sys/net/ipv4/conf/all && echo 1 > arp_ignore &&
		echo 2 > arp_announce && echo 0 > rp_filter'
	for ((i = 0; i < vifs; i++)); do
		xl network-attach m1 bridge=xenbr0
		ready_vif "$i"
	done
	progress "$vifs vifs"
	guest m1 "${all_at_once/LAST/$((vifs - 1))}" 150
	xl network-attach m1 bridge=xenbr0
	ready_vif "$vifs"
	guest m1 "ping -q -c 2 -I eth$vifs 10.77.0.1"
	guest m1 'dmesg | grep -E "grant references|max_grant"' && return 1
	guest_destroy m1
}

many_queues()
{
	local parameter=/sys/module/pvio_netback/parameters/max_queues before i
	local guest_arguments="$guest_arguments pvio_netfront.max_queues=8"

	before=$(< "$parameter")
	echo 8 > "$parameter"
	guest_start r1 2 "$front" 'memory = 384' \
		"vif = [$(printf '"bridge=xenbr0",%.0s' 1 2 3 4 5 6 7)]"
	guest r1 'for i in 0 1 2 3 4 5 6; do ip link set eth$i up; done
		for i in 0 1 2 3 4 5 6; do
			wait_for 15 grep -qx 1 /sys/class/net/eth$i/carrier ||
				failed=1
			echo "eth$i: $(ls -d /sys/class/net/eth$i/queues/tx-* |
				wc -l) queues"
		done; dmesg | tail -n 5; exit $failed' 120
	disk_attach r1 phy:/dev/dm-100 xvda
	guest r1 'verify_range xvda 0 512k 4k 8'
	guest_destroy r1
	echo "$before" > "$parameter"
}

run()
{
	allow_nodes 4000
	cut_nullb many "$disks" 2048
	progress 'parts'
	many_disks
	progress 'many disks'
	many_queues
	drop_parts many "$disks"
	allow_nodes 1000
}
