# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='ping, TCP and UDP over IPv6, both ways'
kind=matrix
list=own
order=40
needs=vif

run()
{
	local job

	ping -6 -q -c 3 -i 0.1 fd77::11
	guest g1 'ping6 -q -c 2 fd77::1'
	job=$(guest_job g1 'timeout 60 wire serve 7007 || true')
	guest g1 'wait_for 10 listening 7007'
	/run/wire udp fd77::11 7007 7 1 1452 100
	/run/wire udp fd77::11 7007 8 1453 65000 8
	/run/wire tcp fd77::11 7007 9 1000001
	guest g1 'killall wire || true'
	guest_result g1 "$job" 20
	/run/wire serve 7007 &
	guest g1 'wire tcp fd77::1 7007 10 1000001'
	kill $!
}
