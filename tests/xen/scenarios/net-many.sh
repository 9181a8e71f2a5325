# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='several bridges, several vifs, names and MTUs of their own'
kind=modes
needs=nothing
limit=400
# shellcheck source=../dom0/modes
. /rig/dom0/modes

make_bridges()
{
	local i

	for i in 0 1 2; do
		ip link add "nb$i" type bridge forward_delay 0
		ip addr add "10.82.$i.1/24" dev "nb$i"
		ip link set "nb$i" up
	done
	ip addr add 10.82.3.1/24 dev nb1
	ip link set nb2 mtu 9000
}

# set_addresses: each by its own interface only.
set_addresses()
{
	local i

	guest m1 'cd /proc/sys/net/ipv4/conf/all && echo 1 > arp_ignore &&
		echo 2 > arp_announce'
	for i in 0 1 2 3; do
		guest_up m1 "eth$i" "10.82.$i.11/24"
	done
	guest m1 'ip link set eth2 mtu 9000 && ip link set eth3 mtu 1400'
}

# device NUMBER FILE: of the interface in Dom0.
device()
{
	local name

	name=$(vif_of m1 "$1")
	[ "$1" != 1 ] || name=lan1
	cat "/sys/class/net/$name/$2"
}

# key NUMBER NAME: of the guest's end.
key()
{
	xenstore-read "/local/domain/$(< "$guests/m1.id")/device/vif/$1/$2"
}

addresses()
{
	local i

	for i in 0 1 2 3; do
		[[ $(guest m1 "cat /sys/class/net/eth$i/address") == 00:16:3e:* ]]
		[ "$(guest m1 "cat /sys/class/net/eth$i/address")" = \
			"$(key "$i" mac)" ]
		[ "$(device "$i" address)" = fe:ff:ff:ff:ff:ff ]
	done
	[ "$(guest m1 'cat /sys/class/net/eth*/address | sort -u | wc -l')" = 4 ]
}

# sizes: of the vif, and what the guest is told, who need not care.
sizes()
{
	[ "$(device 0 mtu) $(device 2 mtu) $(device 3 mtu)" = '1500 9000 1400' ]
	[ "$(key 0 mtu) $(key 2 mtu) $(key 3 mtu)" = '1500 9000 1400' ]
	progress "vif 1 by another name: mtu $(key 1 mtu 2> /dev/null || echo none)" \
		"at the guest's; $(xenstore-ls -f /local/domain/lan1 2>&1 |
			tr '\n' ' ')"
}

# all_carry: a packet that a vif is too small for ends in the bridge, so there
# are only small ones and a stream.
all_carry()
{
	local i

	for i in 0 1; do
		carried m1 "10.82.$i.1"
		carried dom0 "10.82.$i.11"
	done
	carried m1 10.82.2.1 8972
	carried dom0 10.82.2.11 8972
	wait_until 20 answers dom0 10.82.3.11
	at dom0 'wire udp 10.82.3.11 7007 1 1 1372 30 &&
		wire tcp 10.82.3.11 7007 2 1000001'
	guest m1 'wire udp 10.82.3.1 7007 3 1 1372 30 &&
		wire tcp 10.82.3.1 7007 4 1000001'
}

own_name()
{
	xl network-attach m1 bridge=nb0 vifname=lan5
	[ "$(readlink -f /sys/class/net/lan5/master)" = \
		"$(readlink -f /sys/class/net/nb0)" ]
	net_detach m1 4
	wait_until 5 test ! -e /sys/class/net/lan5
	xl network-attach m1 bridge=nb0 vifname=lan5
	net_detach m1 4
}

# name_taken: the toolstack says so.  What undoes it goes by that name as well, and
# takes the other one down.
name_taken()
{
	! xl network-attach m1 bridge=nb0 vifname=lan1 ||
		fail 'two vifs of one name'
	xl network-detach m1 4 || true
	wait_until 20 test ! -e "/sys/class/net/$(vif_of m1 4)"
	guest m1 'wait_for 20 test ! -e /sys/class/net/eth4'
	progress "the other vif is $(< /sys/class/net/lan1/operstate) now"
	ip link set lan1 up
}

# forget: where the script left the MTU of a vif of another name.
forget() { xenstore-rm /local/domain/lan1 2> /dev/null || true; }

run()
{
	with ip
	make_bridges
	guest_start m1 "$vcpus" "$front" 'vif = ["bridge=nb0",
		"bridge=nb1,vifname=lan1", "bridge=nb2", "bridge=nb1,mtu=1400"]'
	set_addresses
	xl network-list m1
	[ "$(readlink -f /sys/class/net/lan1/master)" = \
		"$(readlink -f /sys/class/net/nb1)" ]
	addresses
	sizes
	echoing dom0 m1
	all_carry
	progress 'names'
	own_name
	name_taken
	progress 'saved and restored'
	guest_saved m1
	flush dom0
	guest_restored m1
	sizes
	all_carry
	sums_right
	kill %1
	guest_destroy m1
	flush dom0
	forget
	for i in 0 1 2; do
		ip link del "nb$i"
	done
}
