# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a paused guest does not hold up who sends to it'
kind=dom0
order=30
needs=vif

# longest ADDRESS: milliseconds that the longest of many datagrams took to send.
longest()
{
	local i began took worst=0 data

	printf -v data '%1400s' ''
	exec {to}> "/dev/udp/$1/9"
	for ((i = 0; i < 2000; i++)); do
		began=${EPOCHREALTIME/./}
		printf '%s' "$data" >&"$to"
		took=$(((${EPOCHREALTIME/./} - began) / 1000))
		[ "$took" -le "$worst" ] || worst=$took
	done
	exec {to}>&-
	echo "$worst"
}

run()
{
	local id mac worst

	id=$(cat "$guests/g1.id")
	mac=$(xenstore-read "/local/domain/$id/device/vif/0/mac")
	ip neigh replace 10.77.0.11 lladdr "$mac" dev xenbr0 nud permanent
	xl pause g1
	worst=$(longest 10.77.0.11)
	xl unpause g1
	ip neigh del 10.77.0.11 dev xenbr0
	echo "longest send: $worst ms"
	[ "$worst" -lt 900 ]
	reached 10.77.0.11 g1
}
