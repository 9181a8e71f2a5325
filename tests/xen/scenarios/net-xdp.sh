# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='programs look at packets before the stack of the guest or of Dom0 does, answer them and send them elsewhere; the in-tree frontend asks for room in front of packets'
kind=back
needs=nothing
limit=300

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

# asked BYTES: only the in-tree frontend asks for room.
asked()
{
	if [ "$front" = intree ]; then
		wait_until 10 room "$1"
	fi
	wait_until 10 state 4
}

# programmed GUEST WHAT: its interface has a program until it is killed.
programmed()
{
	guest "$1" "xdp eth0 native $2 > /tmp/xdp.log 2>&1 &
		sleep 1; grep -q attached /tmp/xdp.log || {
			cat /tmp/xdp.log; false; }"
}

# counted COUNTER: packets of x1's interface of which that has become.
counted()
{
	guest x1 "ethtool -S eth0" | sed -n "s/^ *$1: //p"
}

filtered()
{
	local round

	for round in 1 2; do
		progress "a filter in the guest, round $round"
		programmed x1 filter
		asked 256
		passes
		guest x1 'killall xdp'
		asked 0
		passes
		guest x1 'wire tcp 10.77.0.1 7007 1 1000000'
	done
}

# The guest's stack answers no ping, the program does; then it drops them.
answered()
{
	progress 'a program in the guest answers, and drops'
	guest x1 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all'
	programmed x1 echo
	ping -q -c 20 -i 0.2 -w 20 -s 1000 10.77.0.19
	[ "$(counted rx_xdp_tx)" -ge 20 ]
	guest x1 'killall xdp; echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all'
	reached 10.77.0.19 x1
	programmed x1 drop
	if ping -q -c 3 -i 0.2 -w 2 10.77.0.19; then
		progress "pings are answered that a program drops"
		return 1
	fi
	[ "$(counted rx_xdp_drop)" -ge 3 ]
	guest x1 'wire tcp 10.77.0.1 7007 1 1000000; killall xdp'
	reached 10.77.0.19 x1
}

# crossed FROM TO: what FROM's guest sends goes to TO's and nowhere else.
crossed()
{
	ip link set "$1" nomaster
	/run/xdp "$1" native redirect "$2" > "/tmp/$1.xdp" 2>&1 &
	wait_until 10 grep -q attached "/tmp/$1.xdp" || {
		cat "/tmp/$1.xdp"
		return 1
	}
}

redirected()
{
	local x1 x2

	progress 'programs in Dom0 join two guests without a bridge'
	x1=vif$(< "$guests/x1.id").0
	x2=vif$(< "$guests/x2.id").0
	crossed "$x1" "$x2"
	crossed "$x2" "$x1"
	# Larger ones than the other side's MTU go nowhere.
	guest x1 'ethtool -K eth0 tso off gso off > /dev/null
		wire serve 7008 > /dev/null 2>&1 & true'
	guest x2 'ethtool -K eth0 tso off gso off > /dev/null
		ping -c 10 -i 0.2 -w 20 -s 1400 10.77.0.19 &&
		wire tcp 10.77.0.19 7008 1 3000000'
	ethtool -S "$x2" | grep -E '^ *rx_xdp_(redirect|generic): [1-9]'
	pkill -x xdp
	ip link set "$x1" master xenbr0
	ip link set "$x2" master xenbr0
	guest x2 'ping -c 3 -w 10 10.77.0.19'
	passes
}

run()
{
	/run/wire serve 7007 &
	guest_start x1 1 "$front" 'vif = ["bridge=xenbr0"]'
	guest x1 'net_up 19'
	passes
	filtered
	if [ "$front" != intree ]; then
		answered
		guest_start x2 1 "$front" 'vif = ["bridge=xenbr0"]'
		guest x2 'net_up 20'
		redirected
		guest_destroy x2
	fi
	guest_destroy x1
	pkill -x wire
}
