# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='datagrams from 1 byte to the MTU, odd and even, fragments, and GSO'
kind=matrix
list=own
order=30
needs=vif

bytes_per_packet()
{
	local stats=/sys/class/net/$1/statistics

	echo "$(< "$stats/$2_bytes") $(< "$stats/$2_packets")"
}

# grew BEFORE AFTER: bytes per packet of what came in between.
grew() { awk '{ print int(($3 - $1) / ($4 - $2 + 1)) }' <<< "$1 $2"; }

# A stream is handed over in packets larger than the MTU.  Seen from Dom0,
# what the guest sends is received.
expect_gso()
{
	local vif=$1 before after size

	before=$(bytes_per_packet "$vif" rx)
	guest g1 'timeout 60 iperf3 -c 10.77.0.1 -n 8M > /dev/null'
	after=$(bytes_per_packet "$vif" rx)
	size=$(grew "$before" "$after")
	echo "guest to Dom0: $size bytes per packet"
	[ "$size" -gt 2000 ]
}

run()
{
	local job vif

	job=$(guest_job g1 'timeout 30 wire serve 7007 || true')
	guest g1 'wait_for 10 listening 7007'
	# Every third length is odd and even in turn.
	/run/wire udp 10.77.0.11 7007 5 1 1471 491
	/run/wire udp 10.77.0.11 7007 6 1464 1476 13
	/run/wire udp 10.77.0.11 7007 7 1500 65507 12
	guest g1 'killall wire || true'
	guest_result g1 "$job" 20
	for vif in /sys/class/net/vif*; do
		vif=${vif##*/}
	done
	timeout 60 iperf3 -s -1 > /dev/null &
	wait_until 10 listening 5201
	expect_gso "$vif"
	wait $!
}
