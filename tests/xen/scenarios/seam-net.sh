# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='what owners and operators expect of an interface'
kind=dom0
needs=vif
limit=600
expects='pvio-net(front|back) vif-[0-9-]+: '

# Each of the offloads off and on again, and the wire still works.
offloads()
{
	guest g1 'for o in tx rx tso gso gro sg; do
			for way in off on; do
				ethtool -K eth0 $o $way || exit 1
			done
		done
		ethtool -K eth0 tx off && ethtool -k eth0 > /tmp/k &&
		grep -q "tx-checksum-ipv4: off" /tmp/k &&
		grep -q "tcp-segmentation-offload: off" /tmp/k &&
		wire tcp 10.77.0.1 7007 1 300000 &&
		ethtool -K eth0 tx on tso on && wire tcp 10.77.0.1 7007 1 300000'
}

tagged()
{
	local errors

	errors=/sys/class/net/$(vif_of g1)/statistics/rx_errors
	ip link add link xenbr0 name xenbr0.7 type vlan id 7
	ip addr add 10.78.0.1/24 dev xenbr0.7
	ip link set xenbr0.7 up
	guest g1 'modprobe 8021q && vconfig add eth0 7 &&
		ip addr add 10.78.0.11/24 dev eth0.7 && ip link set eth0.7 up'
	ping -q -c 2 -s 1472 -M 'do' 10.78.0.11
	ping -q -c 2 -s 8000 10.78.0.11
	guest g1 'wire tcp 10.78.0.1 7007 1 1000001 &&
		wire udp 10.78.0.1 7007 2 1400 1400 60'
	guest g1 'vconfig add eth0.7 9 && ip link set eth0.7.9 up &&
		vconfig rem eth0.7.9; vconfig rem eth0.7'
	ip link del xenbr0.7
	[ "$(< "$errors")" -eq 0 ]
}

tagged_is_fast()
{
	guest g1 'modprobe 8021q && vconfig add eth0 7 && ethtool -k eth0.7 > /tmp/k
		vconfig rem eth0.7
		cat /tmp/k | grep -E "scatter-gather:|segmentation|x-checksum"
		grep -q "^scatter-gather: on" /tmp/k &&
		grep -q "^tcp-segmentation-offload: on" /tmp/k'
}

address()
{
	local vif old

	vif=$(vif_of g1)
	old=$(guest g1 'cat /sys/class/net/eth0/address')
	guest g1 'ip link set eth0 address 02:00:00:00:00:55 &&
		ping -q -c 2 10.77.0.1'
	guest g1 "ip link set eth0 address $old && ping -q -c 2 10.77.0.1"
	old=$(< "/sys/class/net/$vif/address")
	ip link set "$vif" address fe:ff:ff:ff:ff:fe
	ip link set "$vif" address "$old"
	reached 10.77.0.11 g1
}

# Both ends in one kernel.
own_guest()
{
	load_file pvio-netfront
	xl network-attach 0 bridge=xenbr0
	wait_until 10 test -e /sys/class/net/eth0
	ip link set eth0 up
	wait_until 10 grep -qx 1 /sys/class/net/eth0/carrier
	xl network-detach 0 0
	wait_until 10 test ! -e /sys/class/net/eth0
	rmmod pvio_netfront
}

# netpoll sends with interrupts off and must wait for nobody.
netconsole()
{
	local i noise stall
	local parameter=/sys/module/pvio_netback/parameters/rx_stall_timeout_msecs

	stall=$(< "$parameter")
	echo 1000 > "$parameter"
	# Those that exist keep what they were made with.
	net_detach g1
	net_attach g1 11
	modprobe netconsole netconsole=@10.77.0.1/xenbr0,6666@10.77.0.99/
	(while :; do echo '<6>noise' > /dev/kmsg; pause 0.01; done) &
	noise=$!
	for ((i = 0; i < 5; i++)); do
		xl pause g1
		ping -q -f -l 400 -c 400 -w 1 10.77.0.11 > /dev/null || true
		pause 0.5
		xl unpause g1
		pause 0.2
	done
	kill "$noise"
	rmmod netconsole
	echo "$stall" > "$parameter"
	reached 10.77.0.11 g1
}

recover()
{
	xl unpause g1 2> /dev/null
	guest_destroy g1
	ip link del xenbr0.7 2> /dev/null
	ip neigh flush dev xenbr0
	guest_start g1 "$vcpus" "$front"
	net_attach g1 11
}

run()
{
	/run/wire serve 7007 &
	habit 'offloads, each off and on (B8)' offloads
	habit 'tagged packets (B13)' tagged
	habit 'tagged packets have offloads (B13)' tagged_is_fast
	habit 'an address is changed (B15)' address
	habit 'Dom0 as its own guest (B12)' own_guest
	habit 'netconsole on the bridge (B10)' netconsole
	kill %1
	all_kept
}
