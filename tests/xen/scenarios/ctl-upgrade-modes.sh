# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade under vifs of Open vSwitch and routed ones: silence of each'
kind=modes-counted
needs=nothing
limit=1800

# shellcheck source=../dom0/modes
. /rig/dom0/modes
# shellcheck source=../dom0/switch
. /rig/dom0/switch
# shellcheck source=../dom0/upgrade
. /rig/dom0/upgrade

switched=10.80.7.11
routed=10.78.0.14

# looks: of both interfaces, what their scripts and somebody else have set.
looks()
{
	local vif

	vif=$(vif_of u1 0)
	ovs-vsctl get port "$vif" tag
	ovs-vsctl get interface "$vif" external-ids:xen-vm-name mtu admin_state \
		error
	vif=$(vif_of u1 1)
	cat "/sys/class/net/$vif/mtu"
	ip -o addr show dev "$vif" scope global | cut -d ' ' -f 2-
	ip route show dev "$vif"
}

looks_as_before() { [ "$(looks)" = "$look" ]; }

# round NUMBER
round()
{
	local name address before=() i=0 pause

	for name in switched routed; do
		before+=("$(heard "$name")")
	done
	goes_on u1 stream
	ctl upgrade --again --from "$wares"
	goes_on u1 stream
	wait_until 20 looks_as_before || { looks; fail 'it is not as it was'; }
	for name in switched routed; do
		address=${!name}
		wait_until 10 answers dom0 "$address"
		pause=$(silent "$name" "${before[$((i++))]}")
		progress "round $1 of $rounds: $name, silent for $pause s"
		within_bound "$name was silent for" "$pause"
	done
}

run()
{
	local i look tool=/run/pvio/images/modes.img

	with ip ifconfig ovs-vsctl ovs-vswitchd ovsdb-server ovsdb-tool
	lay_out
	start_switch
	outside
	/run/wire serve 7007 &
	cat /run/domu.img "$tool" > /run/u1.img
	guest_start u1 2 "$front" 'ramdisk = "/run/u1.img"' 'memory = 320' \
		'vif = ["script=vif-openvswitch,bridge=ovsbr0.7",
			"script=vif-route,gatewaydev=out0,ip=10.78.0.14"]'
	guest_up u1 eth0 "$switched/24"
	guest_up u1 eth1 "$routed/32"
	guest u1 'ip route add 192.0.2.1 dev eth1'
	ip addr add 192.0.2.99/32 dev "$(vif_of u1 1)"
	talking u1 10.80.7.1
	asked switched "$switched"
	asked routed "$routed"
	wait_until 20 answers dom0 "$routed"
	look=$(looks)
	echo "$look"
	ctl upgrade --keep --from "$wares"
	for ((i = 1; i <= rounds; i++)); do
		round "$i"
	done
	pkill -x ping || true
	guest_destroy u1
	pkill -x wire || true
	stop_switch
	no_outside
	rm /run/u1.img
}
