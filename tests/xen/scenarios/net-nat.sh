# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='vifs behind address translation (vif-nat)'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes

# translate ADDRESS: what goes out is Dom0's; what comes in for a port is for that
# guest.
translate()
{
	nft -f - <<-NFT
	table ip translated {
		chain leaving {
			type nat hook postrouting priority srcnat;
			oifname out0 masquerade
		}
		chain coming {
			type nat hook prerouting priority dstnat;
			iifname out0 tcp dport 7008 dnat to $1:7007
			iifname out0 udp dport 7008 dnat to $1:7007
		}
	}
	NFT
}

no_translation()
{
	local module modules

	nft delete table ip translated
	modules='nft_masq nft_chain_nat nft_nat nf_nat nf_tables nf_conntrack'
	for module in $modules; do
		modprobe -r "$module" 2> /dev/null || true
	done
}

# natted NAME ADDRESS: its address, and Dom0's beside it.
natted()
{
	guest_up "$1" eth0 "$2/32"
	guest "$1" "ip route add ${2%.*}.$((${2##*.} + 127)) dev eth0 &&
		ip route add default via ${2%.*}.$((${2##*.} + 127))"
}

run()
{
	local id first

	with ip ifconfig nft
	outside
	forwarding 1
	# Without ip= the address is made of the guest's number.
	joins g1 script=vif-nat
	id=$(< "$guests/g1.id")
	first=10.$((id / 256)).$((id % 256)).1
	joins g2 script=vif-nat ip=10.79.3.5/24
	natted g1 "$first"
	natted g2 10.79.3.5
	translate "$first"
	ip addr show dev "$(vif_of g1)"
	ip addr show dev "$(vif_of g2)"
	echoing dom0 :outside g1 g2
	carried g1 "${first%.1}.128"
	carried dom0 "$first"
	progress 'out'
	# It has no route to them, so it has seen nothing of their addresses.
	carried g1 192.0.2.2
	carried g2 192.0.2.2
	progress 'in'
	# Nobody in Dom0 answers at that port.
	at :outside 'wire udp 192.0.2.1 7008 3 1 1472 40 &&
		wire udp 192.0.2.1 7008 4 1473 9000 8 &&
		wire tcp 192.0.2.1 7008 5 1000001'
	progress 'between guests'
	carried g1 10.79.3.5
	carried g2 "$first"
	sums_right
	done_with g1 g2
	no_translation
	forwarding 0
	no_outside
}
