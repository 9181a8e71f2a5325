# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='vifs that are routed to (vif-route), IPv4 and IPv6'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes

hooks=/etc/xen/scripts/vif-post.d

# vif-route gives the guest's routes Dom0's IPv4 address to come from, so
# those of IPv6 are for its hook.
make_hook()
{
	mkdir -p "$hooks"
	cat > "$hooks/six.hook" <<-'HOOK'
	if [ "$command" = online ]; then
		first=${ip%% *}
		ip -6 addr add fe80::1/64 dev "$dev" nodad
		ip -6 route add "fd78::${first##*.}" dev "$dev"
	fi
	HOOK
	chmod 755 "$hooks/six.hook"
}

# routed NAME ADDRESS [NETWORK]
routed()
{
	joins "$1" script=vif-route gatewaydev=out0 "ip=$2${3:+ $3}"
}

set_routes()
{
	guest "$1" 'ip route add 192.0.2.1 dev eth0
		ip route add default via 192.0.2.1 &&
		ip -6 route add default via fe80::1 dev eth0'
}

# no_routes ADDRESS: none leads there.
no_routes() { [ -z "$(ip route show "$1")" ]; }

everywhere()
{
	carried dom0 10.78.0.14
	carried g1 192.0.2.1
	carried g1 192.0.2.2
	carried :outside 10.78.0.14
	# What answers datagrams would do so by the other address.
	wait_until 20 answers :outside 10.78.1.1
	at :outside 'wire tcp 10.78.1.1 7007 1 300001'
	progress 'between guests'
	carried g2 10.78.0.14
	carried g1 10.78.0.15
	progress 'IPv6'
	carried g1 fd79::2 1452
	carried :outside fd78::14 1452
	carried g2 fd78::14 1452
	carried dom0 fd78::15 1452
}

run()
{
	with ip ifconfig
	outside
	at :outside 'ip route add default via 192.0.2.1
		ip -6 route add default via fd79::1'
	forwarding 1
	make_hook
	routed g1 10.78.0.14 10.78.1.0/24
	routed g2 10.78.0.15
	guest_up g1 eth0 10.78.0.14/32 fd78::14/128
	guest g1 'ip addr add 10.78.1.1/32 dev lo'
	# This one takes all of the network for its neighbours, for whom Dom0
	# answers.
	guest_up g2 eth0 10.78.0.15/24 fd78::15/128
	set_routes g1
	set_routes g2
	ip route show dev "$(vif_of g1)"
	echoing dom0 :outside g1 g2
	everywhere
	progress 'detached and attached'
	net_detach g1
	no_routes 10.78.0.14
	routed g1 10.78.0.14
	guest_up g1 eth0 10.78.0.14/32 fd78::14/128
	set_routes g1
	carried g2 10.78.0.14
	carried :outside fd78::14 1452
	sums_right
	done_with g1 g2
	guest g1 'ip addr del 10.78.1.1/32 dev lo'
	no_routes 10.78.0.14
	rm -r "$hooks"
	forwarding 0
	no_outside
}
