# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a bridge that knows VLANs; tagged packets of a guest keep its offloads'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes

make_bridge()
{
	local vlan

	ip link add vlbr0 type bridge forward_delay 0 vlan_filtering 1 \
		vlan_default_pvid 0
	ip link set vlbr0 up
	for vlan in 7 8 9; do
		bridge vlan add dev vlbr0 vid "$vlan" self
		ip link add link vlbr0 name "vlbr0.$vlan" type vlan id "$vlan"
		ip addr add "10.81.$vlan.1/24" dev "vlbr0.$vlan"
		ip link set "vlbr0.$vlan" up
	done
}

# tagged GUEST VLAN NUMBER
tagged()
{
	guest "$1" "modprobe 8021q && vconfig add eth0 $2 > /dev/null"
	guest_up "$1" "eth0.$2" "10.81.$2.$3/24"
}

# long_ones rx|tx COMMAND...: bytes a packet that went through g2's vif meanwhile.
long_ones()
{
	local stats before

	stats=/sys/class/net/$(vif_of g2)/statistics/$1
	before="$(< "${stats}_bytes") $(< "${stats}_packets")"
	"${@:2}" > /dev/null
	awk -v before="$before" '{ split(before, b)
		print int(($1 - b[1]) / ($2 - b[2] + 1)) }' \
		<<< "$(< "${stats}_bytes") $(< "${stats}_packets")"
}

put_there() { head -c 4000000 /dev/zero | /run/wire put 10.81.9.12 7008; }

put_here()
{
	guest g2 'head -c 4000000 /dev/zero | wire put 10.81.9.1 7008'
}

# whole_segments: of the suite's, no end cuts a tagged stream into packets.
whole_segments()
{
	local job size

	job=$(guest_job g2 'wire get 7008 > /dev/null')
	guest g2 'wait_for 10 listening 7008'
	size=$(long_ones tx put_there)
	guest_result g2 "$job" 20
	progress "to the guest: $size bytes a packet"
	[ "$back$front" != pviopvio ] || [ "$size" -gt 2000 ]
	/run/wire get 7008 > /dev/null &
	wait_until 10 listening 7008
	size=$(long_ones rx put_here)
	progress "from the guest: $size bytes a packet"
	[ "$back$front" != pviopvio ] || [ "$size" -gt 2000 ]
}

offloads()
{
	local off

	guest g2 'ethtool -k eth0.9 |
		grep -E "scatter-gather:|segmentation|x-checksum"'
	[ "$front" != pvio ] ||
		guest g2 'ethtool -k eth0.9 > /tmp/k
			grep -q "^tx-checksumming: on" /tmp/k &&
			grep -q "^scatter-gather: on" /tmp/k &&
			grep -q "^tcp-segmentation-offload: on" /tmp/k'
	whole_segments
	for off in tso sg tx; do
		progress "without $off"
		guest g2 "ethtool -K eth0 $off off && wire tcp 10.81.9.1 7007 1 300001 &&
			wire udp 10.81.9.1 7007 2 1 1472 30"
		/run/wire tcp 10.81.9.12 7007 3 300001
	done
	guest g2 'ethtool -K eth0 tx on sg on tso on && ethtool -K eth0.9 tso off &&
		wire tcp 10.81.9.1 7007 4 300001'
}

run()
{
	with ip bridge
	make_bridge
	joins g1 bridge=vlbr0
	joins g2 bridge=vlbr0
	bridge vlan add dev "$(vif_of g1)" vid 7 pvid untagged
	bridge vlan add dev "$(vif_of g2)" vid 7
	bridge vlan add dev "$(vif_of g2)" vid 9
	bridge vlan show
	guest_up g1 eth0 10.81.7.11/24
	guest_up g2 eth0
	tagged g2 7 12
	tagged g2 8 12
	tagged g2 9 12
	echoing dom0 g1 g2
	progress 'untagged'
	carried dom0 10.81.7.11
	carried g1 10.81.7.1
	progress 'tagged'
	carried g2 10.81.9.1
	carried dom0 10.81.9.12
	progress 'from one to the other'
	carried g1 10.81.7.12
	carried g2 10.81.7.11
	progress 'others'
	cut_off g2 10.81.8.1
	guest g1 'ip addr add 10.81.9.11/24 dev eth0'
	cut_off g1 10.81.9.1
	offloads
	sums_right
	guest g2 'for v in 7 8 9; do vconfig rem eth0.$v; done'
	done_with g1 g2
	ip link del vlbr0
}
