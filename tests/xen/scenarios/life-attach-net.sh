# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl network-attach and network-detach, twice, then two at once'
kind=life
order=40
needs=guest
limit=240

run()
{
	local round

	for round in 1 2; do
		net_attach g1 21
		reached 10.77.0.21 g1
		net_detach g1
	done
	net_attach g1 21
	xl network-attach g1 bridge=xenbr0
	guest g1 'net_up 22 eth1'
	reached 10.77.0.21 g1
	net_detach g1 0
	guest g1 'ping -q -c 2 -I eth1 10.77.0.1'
	net_detach g1 1
}
