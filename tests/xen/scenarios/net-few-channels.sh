# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='an interface of several queues in a guest that has few event channels'
kind=lies
needs=nothing
limit=200
expects='pvio-netfront vif-0: domain 0: queue [0-9]+ not started \(-28\)'

# key NAME: what the guest's frontend has written.
key()
{
	xenstore-read "/local/domain/$(< "$guests/k1.id")/device/vif/0/$1" \
		2> /dev/null || echo none
}

# state_is STATE: at both ends.
state_is()
{
	[ "$(key state)" = "$1" ] && [ "$(xenstore-read \
		"/local/domain/0/backend/vif/$(< "$guests/k1.id")/0/state")" = "$1" ]
}

# start [CONFIG LINE]: a guest of two queues, always with the same address, which
# the neighbours remember.
start()
{
	guest_start k1 2 "$front" 'vif = ["mac=00:16:3e:77:00:13,bridge=xenbr0"]' "$@"
}

# works: the interface connects, and packets go through.
works()
{
	guest k1 'net_up 13'
	wait_until 10 state_is 4
	reached 10.77.0.13 k1
	ping -q -c 20 -i 0.05 -s 1400 10.77.0.13
}

# try WHAT LAST: with ports up to LAST only.
try()
{
	start "max_event_channels = $2"
	works
	progress "$1: $(key multi-queue-num-queues) queues, channels" \
		"$(key queue-0/event-channel-tx) $(key queue-1/event-channel)"
}

run()
{
	local tx rx

	start
	works
	[ "$(key multi-queue-num-queues)" = 2 ]
	tx=$(key queue-1/event-channel-tx)
	rx=$(key queue-1/event-channel-rx)
	progress "ports of the second queue: $tx $rx"
	guest_destroy k1
	try 'one too few' $((rx - 1))
	[ "$(key multi-queue-num-queues)" = 2 ]
	[ "$(key queue-1/event-channel)" = "$tx" ]
	guest_destroy k1
	try 'two too few' $((tx - 1))
	[ "$(key multi-queue-num-queues)" = none ]
	guest_destroy k1
}
