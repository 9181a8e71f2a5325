# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='two guests talk to each other through the bridge'
kind=matrix
list=own
order=50
needs='vif peer'
limit=240

run()
{
	local job

	guest g2 'ping -q -c 2 10.77.0.11'
	job=$(guest_job g2 'timeout 90 wire serve 7007 || true')
	guest g2 'wait_for 10 listening 7007'
	guest g1 'wire udp 10.77.0.12 7007 11 1 1472 100 &&
		  wire tcp 10.77.0.12 7007 12 2000003 &&
		  wire tcp fd77::12 7007 13 1000001'
	guest g2 'killall wire || true'
	guest_result g2 "$job" 60
	job=$(guest_job g1 'timeout 60 iperf3 -s -1')
	guest g1 'wait_for 10 listening 5201'
	guest g2 'timeout 60 iperf3 -c 10.77.0.11 -n 16M' |
		grep -E 'sender|receiver'
	guest_result g1 "$job" 60 > /dev/null
}
