# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a program looks at packets before the stack of the guest does; the in-tree frontend asks for room in front of them'
kind=back
needs=nothing
limit=200

# The suite's own frontend has no hook for programs of its own.
mode()
{
	[ "$front" = intree ] && echo native || echo generic
}

# room BYTES: what the guest asks for, and what the backend says it leaves.
room()
{
	local id

	id=$(< "$guests/x1.id")
	[ "$(xenstore-read "/local/domain/$id/device/vif/0/xdp-headroom")" = "$1" ] &&
		[ "$(< "/sys/bus/xen-backend/devices/vif-$id-0/pvio/xdp_headroom")" = "$1" ]
}

# state NUMBER: of the backend's.
state()
{
	[ "$(xenstore-read \
		"/local/domain/0/backend/vif/$(< "$guests/x1.id")/0/state")" = "$1" ]
}

# passes: packets of all sizes that fit into one, and names that are looked up
# anew with ARP.
passes()
{
	ip neigh flush dev xenbr0
	reached 10.77.0.19 x1
	ping -q -c 5 -i 0.2 -w 5 -s 1400 10.77.0.19
	guest x1 'ping -c 3 -s 1000 10.77.0.1'
}

run()
{
	local round

	/run/wire serve 7007 &
	guest_start x1 1 "$front" 'vif = ["bridge=xenbr0"]'
	guest x1 'net_up 19'
	passes
	for round in 1 2; do
		progress "$(mode), round $round"
		guest x1 "xdp eth0 $(mode) > /tmp/xdp.log 2>&1 &
			sleep 1; grep -q attached /tmp/xdp.log || {
				cat /tmp/xdp.log; false; }"
		if [ "$(mode)" = native ]; then
			wait_until 10 room 256
			wait_until 10 state 4
		fi
		passes
		guest x1 'killall xdp'
		if [ "$(mode)" = native ]; then
			wait_until 10 room 0
			wait_until 10 state 4
		fi
		passes
		guest x1 'wire tcp 10.77.0.1 7007 1 1000000'
	done
	guest_destroy x1
	pkill -x wire
}
