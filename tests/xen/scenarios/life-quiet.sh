# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a guest that sends nothing announces itself when it is restored'
kind=save
list=whole
order=20
needs=nothing
limit=300

rounds=${rounds:-4}

connected()
{
	[ "$(xenstore-read "/local/domain/0/backend/vif/$1/0/state")" = 4 ]
}

heard() { [ "$(< "/sys/class/net/vif$1.0/statistics/rx_packets")" -gt 0 ]; }

# announced: nobody sends to it, and yet the bridge knows where it is.
announced()
{
	local id mac

	id=$(< "$guests/q1.id")
	wait_until 20 connected "$id"
	wait_until 4 heard "$id" || return
	mac=$(xenstore-read "/local/domain/$id/device/vif/0/mac")
	echo "$(< "/sys/class/net/vif$id.0/statistics/rx_packets") packets came"
	bridge fdb show dev "vif$id.0" | grep -i "^$mac"
}

run()
{
	local round silent=0

	guest_start q1 "$vcpus" "$front" 'vif = ["bridge=xenbr0"]'
	guest q1 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
		ip link set eth0 up; ip addr add 10.77.0.31/24 dev eth0'
	reached 10.77.0.31 q1
	for ((round = 1; round <= rounds; round++)); do
		guest_saved q1
		ip neigh flush dev xenbr0
		guest_restored q1
		announced || silent=$((silent + 1))
		progress "round $round of $rounds, $silent silent"
		reached 10.77.0.31 q1
	done
	guest_destroy q1
	[ "$silent" -eq 0 ]
}
