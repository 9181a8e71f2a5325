# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='rate limits, changed while a stream runs or given to xl, are kept within 5 percent'
kind=dom0
list=whole
order=10
needs=vif
limit=300

# passes VIF MBIT: what the guest sends through it in six seconds.
passes()
{
	local bytes=/sys/class/net/$1/statistics/rx_bytes from began kbit

	from=$(< "$bytes") began=${EPOCHREALTIME/./}
	pause 6
	kbit=$((($(< "$bytes") - from) * 8000 / (${EPOCHREALTIME/./} - began)))
	echo "$2 Mbit/s: $kbit kbit/s"
	[ "$kbit" -ge $(($2 * 950)) ] && [ "$kbit" -le $(($2 * 1050)) ]
}

# stream GUEST: sends for 90 seconds; its job is in $job, the server in $server.
stream()
{
	timeout 120 iperf3 -s -1 > /dev/null &
	server=$!
	wait_until 10 listening 5201
	job=$(guest_job "$1" 'timeout 100 iperf3 -c 10.77.0.1 -t 90 > /dev/null')
}

# stream_ends GUEST
stream_ends()
{
	kill "$server"
	guest_result "$1" "$job" 110 > /dev/null || true
}

# As an operator sets it.
of_xl()
{
	local id server job

	progress "a rate of xl's"
	guest_start r1 1 "$front" 'vif = ["bridge=xenbr0,rate=10Mb/s"]'
	guest r1 'net_up 21'
	reached 10.77.0.21 r1
	id=$(< "$guests/r1.id")
	stream r1
	pause 2
	passes "vif$id.0" 10
	stream_ends r1
	guest_destroy r1
}

run()
{
	local id vif node mbit job server

	id=$(cat "$guests/g1.id")
	vif=vif$id.0
	node=/local/domain/0/backend/vif/$id/0/rate
	stream g1
	# A minute until the next refill must not outlive this limit.
	xenstore-write "$node" 100000,60000000
	pause 2
	# More is more than a slow host carries.
	for mbit in 1 10 25; do
		xenstore-write "$node" "$((mbit * 6250)),50000"
		pause 2
		passes "$vif" "$mbit"
	done
	xenstore-write "$node" 0,50000
	pause 1
	passes "$vif" 0
	xenstore-rm "$node"
	stream_ends g1
	reached 10.77.0.11 g1
	of_xl
}
