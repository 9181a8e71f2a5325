# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='ping and TCP both ways'
kind=matrix
order=10
needs=vif

to_guest()
{
	local job

	job=$(guest_job g1 'timeout 60 iperf3 -s -1')
	guest g1 'wait_for 10 listening 5201'
	timeout 60 iperf3 -c 10.77.0.11 -n 16M | grep -E 'sender|receiver'
	guest_result g1 "$job" 60 > /dev/null
}

from_guest()
{
	timeout 60 iperf3 -s -1 > /dev/null &
	wait_until 10 listening 5201
	guest g1 'timeout 60 iperf3 -c 10.77.0.1 -n 16M' |
		grep -E 'sender|receiver'
	wait $!
}

ends_tell()
{
	local vif

	vif=vif-$(< "$guests/g1.id")-0
	says "$vif" state Connected
	says "$vif" peer_state Connected
	says "$vif" peer "$(< "$guests/g1.id")"
	says "$vif" waits_for ''
	says "$vif" bridge xenbr0
	guest_says g1 vif-0 state Connected
	guest_says g1 vif-0 netdev eth0
	guest_says g1 vif-0 waits_for ''
}

run()
{
	reached 10.77.0.11 g1
	ends_tell
	ping -q -c 5 -i 0.1 10.77.0.11
	guest g1 'ping -q -c 2 10.77.0.1'
	to_guest
	from_guest
}
