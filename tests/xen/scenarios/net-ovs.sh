# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='vifs on an Open vSwitch (vif-openvswitch), one tagged by it, one with a trunk'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes
# shellcheck source=../dom0/switch
. /rig/dom0/switch

# tagged GUEST VLAN NUMBER
tagged()
{
	guest "$1" "modprobe 8021q && vconfig add eth0 $2 > /dev/null"
	guest_up "$1" "eth0.$2" "10.80.$2.$3/24"
}

# untag: the interfaces of its VLANs go before its own does.
untag() { guest g2 'for v in 7 8 9; do vconfig rem eth0.$v; done'; }

# ports: those of guests.
ports() { ovs-vsctl list-ports ovsbr0 | grep -c '^vif' || true; }

# tag and trunk in one name: the port is one of the tag, and drops the others.
both()
{
	local vif

	vif=$(vif_of g1 1)
	xl network-attach g1 script=vif-openvswitch bridge=ovsbr0.7:9 mtu=1400
	progress "bridge=ovsbr0.7:9 makes tag $(ovs-vsctl get port "$vif" tag)," \
		"trunks $(ovs-vsctl get port "$vif" trunks)," \
		"vlan_mode $(ovs-vsctl get port "$vif" vlan_mode)"
	progress "mtu=1400 makes $(< "/sys/class/net/$vif/mtu")"
	guest_up g1 eth1
	guest g1 'modprobe 8021q && vconfig add eth1 9 > /dev/null'
	guest_up g1 eth1.9 10.80.9.21/24
	cut_off g1 10.80.9.1
	guest g1 'vconfig rem eth1.9'
	ovs-vsctl set port "$vif" vlan_mode=native-untagged
	guest g1 'modprobe 8021q && vconfig add eth1 9 > /dev/null'
	guest_up g1 eth1.9 10.80.9.21/24
	carried g1 10.80.9.1
	guest g1 'vconfig rem eth1.9'
	net_detach g1 1
}

run()
{
	with ip ovs-vsctl ovs-vswitchd ovsdb-server ovsdb-tool
	start_switch
	joins g1 script=vif-openvswitch bridge=ovsbr0.7
	joins g2 script=vif-openvswitch bridge=ovsbr0:7:9
	ovs-vsctl show
	[ "$(ports)" = 2 ]
	[ "$(ovs-vsctl get interface "$(vif_of g1)" external-ids:xen-vm-name)" = g1 ]
	guest_up g1 eth0 10.80.7.11/24
	guest_up g2 eth0
	tagged g2 7 12
	tagged g2 8 12
	tagged g2 9 12
	echoing dom0 g1 g2
	progress 'a tag'
	carried dom0 10.80.7.11
	carried g1 10.80.7.1
	progress 'a trunk'
	carried g2 10.80.9.1
	carried dom0 10.80.9.12
	progress 'from tag to trunk'
	carried g1 10.80.7.12
	carried g2 10.80.7.11
	progress 'others'
	cut_off g2 10.80.8.1
	guest g1 'ip addr add 10.80.9.11/24 dev eth0'
	cut_off g1 10.80.9.1
	guest g1 'ip addr del 10.80.9.11/24 dev eth0'
	progress 'another tag'
	ovs-vsctl set port "$(vif_of g1)" tag=9
	guest g1 'ip addr add 10.80.9.11/24 dev eth0'
	carried g1 10.80.9.12
	guest g1 'ip addr del 10.80.9.11/24 dev eth0'
	both
	sums_right
	untag
	done_with g1 g2
	[ "$(ports)" = 0 ]
	stop_switch
}
