# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='rate limits, changed while a stream runs, are kept within 5 percent'
kind=dom0
list=whole
order=10
needs=vif
limit=240

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

run()
{
	local id vif node mbit job server

	id=$(cat "$guests/g1.id")
	vif=vif$id.0
	node=/local/domain/0/backend/vif/$id/0/rate
	timeout 120 iperf3 -s -1 > /dev/null &
	server=$!
	wait_until 10 listening 5201
	job=$(guest_job g1 'timeout 100 iperf3 -c 10.77.0.1 -t 90 > /dev/null')
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
	kill "$server"
	guest_result g1 "$job" 110 > /dev/null || true
	reached 10.77.0.11 g1
}
