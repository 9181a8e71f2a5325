# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a guest that routes between bridges of MTU 1500 and 9000'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes

# Large packets at both ends, small ones between: outside == Dom0 -- g1 == g2.
make_bridges()
{
	ip link add rb0 type bridge forward_delay 0
	ip link add rb1 type bridge forward_delay 0
	ip link set rb1 mtu 9000
	ip addr add 10.83.0.1/24 dev rb0
	ip -6 addr add fd83::1/64 dev rb0 nodad
	ip link set rb0 up
	ip link set rb1 up
	ip route add 10.83.1.0/24 via 10.83.0.2
	ip -6 route add fd83:1::/64 via fd83::2
	outside
	ip link set out0 mtu 9000
	at :outside 'ip link set eth0 mtu 9000
		ip route add default via 192.0.2.1
		ip -6 route add default via fd79::1'
}

start_guests()
{
	joins g1 bridge=rb0
	xl network-attach g1 bridge=rb1
	joins g2 bridge=rb1
	guest g1 'wait_for 10 test -e /sys/class/net/eth1'
	guest g1 'ip link set eth1 mtu 9000
		echo 1 > /proc/sys/net/ipv4/ip_forward
		echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'
	guest_up g1 eth0 10.83.0.2/24 fd83::2/64
	guest_up g1 eth1 10.83.1.1/24 fd83:1::1/64
	guest g1 'ip route add default via 10.83.0.1
		ip -6 route add default via fd83::1'
	guest g2 'ip link set eth0 mtu 9000'
	guest_up g2 eth0 10.83.1.11/24 fd83:1::11/64
	guest g2 'ip route add default via 10.83.1.1
		ip -6 route add default via fd83:1::1'
}

# learns FROM ADDRESS: the first of these is too long, and somebody says so.  A
# path of which nothing is known has no MTU of its own.
learns()
{
	wait_until 20 answers "$1" "$2"
	at "$1" "ping -q -c 4 -s 8000 $2 > /dev/null
		ip route get $2 | grep 'mtu 1500'"
}

run()
{
	with ip
	make_bridges
	forwarding 1
	start_guests
	echoing dom0 :outside g1 g2
	progress 'each wire'
	carried g1 10.83.0.1
	carried dom0 10.83.0.2
	carried g2 10.83.1.1 8972
	carried g1 10.83.1.11 8972
	progress 'too big for the router guest'
	learns g2 192.0.2.2
	learns g2 fd79::2
	carried g2 192.0.2.2
	carried g2 fd79::2 1452
	progress 'too big on the way to it'
	learns :outside 10.83.1.11
	learns :outside fd83:1::11
	carried :outside 10.83.1.11
	carried :outside fd83:1::11 1452
	progress 'streams find out by themselves'
	at :outside 'ip route flush cache; ip -6 route flush cache'
	at g2 'ip route flush cache; ip -6 route flush cache'
	at :outside 'wire tcp 10.83.1.11 7007 5 1000001 &&
		wire tcp fd83:1::11 7007 6 1000001'
	guest g2 'wire tcp 192.0.2.2 7007 7 1000001 &&
		wire tcp fd79::2 7007 8 1000001'
	sums_right
	guest g1 'echo 0 > /proc/sys/net/ipv4/ip_forward
		echo 0 > /proc/sys/net/ipv6/conf/all/forwarding'
	net_detach g1 1
	done_with g2 g1
	forwarding 0
	no_outside
	ip link del rb0
	ip link del rb1
}
