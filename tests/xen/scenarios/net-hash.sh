# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='ethtool says in the guest how many queues there are and which packets come by, and multicast that nobody listens to stays out'
kind=front
needs=nothing
limit=200

# key NAME: what the guest's frontend has written.
key()
{
	xenstore-read "/local/domain/$(< "$guests/h1.id")/device/vif/0/$1" \
		2> /dev/null || echo none
}

# received QUEUE: packets.
received() { guest h1 "ethtool -S eth0 | sed -n 's/ *queue_$1_rx_packets: //p'"; }

# filtered: packets that the backend kept.
filtered()
{
	ethtool -S "vif$(< "$guests/h1.id").0" |
		awk -F: '/_filtered:/ { n += $2 } END { print n + 0 }'
}

# flows: to a port where nobody listens, each from another one.
flows()
{
	local i

	for ((i = 0; i < 24; i++)); do
		(: > /dev/tcp/10.77.0.14/9) 2> /dev/null || true
	done
}

# rise: how many packets came by each queue meanwhile.
rise()
{
	local first second

	first=$(received 0)
	second=$(received 1)
	flows
	echo "$(($(received 0) - first)) $(($(received 1) - second))"
}

# all_by QUEUE: nearly all of them; the bridge may have something to say.
all_by()
{
	local by

	read -r -a by < <(rise)
	progress "queue $1 only: ${by[*]}"
	[ "${by[$1]}" -ge 24 ] && [ "${by[1 - $1]}" -le 2 ]
}

# by_both: what is hashed is the ports, too.
by_both()
{
	local by

	read -r -a by < <(rise)
	progress "both queues: ${by[*]}"
	[ "${by[0]}" -ge 3 ] && [ "${by[1]}" -ge 3 ]
}

# table QUEUE: the guest shows that all entries are that one.
table()
{
	guest h1 "ethtool -x eth0 | awk -v q=$1 '/^ *[0-9]+:/ {
		for (i = 2; i <= NF; i++) { n++; bad += \$i != q } }
		END { exit bad || n != 128 }'"
}

changes() { guest h1 'cat /sys/class/net/eth0/carrier_changes'; }

# tunes: nothing of that costs the link; a table of one's own would forbid -L.
tunes()
{
	local before

	before=$(changes)
	guest h1 'ethtool -L eth0 combined 1' && table 0 && all_by 0
	guest h1 'ethtool -l eth0 | sed "1,/Current/d" | grep -q "^Combined:.*1$"'
	guest h1 'ethtool -L eth0 combined 2' && by_both
	guest h1 '! ethtool -L eth0 combined 3'
	guest h1 'ethtool -G eth0 rx 256 &&
		ethtool -g eth0 | sed "1,/Current/d" | grep -q "^RX:.*256$"'
	guest h1 '! ethtool -G eth0 rx 16'
	guest h1 'ethtool -C eth0 rx-usecs 200 && ethtool -c eth0 |
		grep -q "^rx-usecs:.*200$"' && by_both
	guest h1 'ethtool -C eth0 rx-usecs 0 adaptive-rx on' && by_both
	guest h1 'ethtool -C eth0 adaptive-rx off'
	[ "$(changes)" = "$before" ]
}

hashes()
{
	guest h1 'ethtool -X eth0 equal 1' && table 0 && all_by 0
	guest h1 'ethtool -X eth0 weight 0 1' && table 1 && all_by 1
	guest h1 'ethtool -X eth0 equal 2' && by_both
	guest h1 'ethtool -x eth0 | grep -q "toeplitz: on"'
	guest h1 'ethtool -N eth0 rx-flow-hash tcp4 sd &&
		! ethtool -n eth0 rx-flow-hash tcp4 | grep -q L4'
	read -r -a by < <(rise)
	progress "addresses only: ${by[*]}"
	[ "${by[0]}" -le 2 ] || [ "${by[1]}" -le 2 ]
	guest h1 'ethtool -N eth0 rx-flow-hash tcp4 sdfn &&
		ethtool -n eth0 rx-flow-hash tcp4 | grep -q "L4 bytes 2"'
	by_both
	guest h1 'ethtool -X eth0 weight 0 1' && all_by 1
}

asked() { [ "$(key request-multicast-control)" = "$1" ]; }

multicast()
{
	local before

	wait_until 10 asked 1
	# It has just joined what it is asked for by.
	guest h1 'ip -6 addr add fd77::abcd/64 dev eth0'
	ping -6 -q -c 1 -w 10 fd77::abcd
	if [ "$back" = pvio ]; then
		before=$(filtered)
		ping -q -c 3 -i 0.1 -w 1 -I xenbr0 239.1.2.3 || true
		[ "$(filtered)" -ge $((before + 1)) ]
	fi
	guest h1 'ifconfig eth0 promisc'
	wait_until 10 asked 0
	if [ "$back" = pvio ]; then
		before=$(filtered)
		ping -q -c 3 -i 0.1 -w 1 -I xenbr0 239.1.2.3 || true
		[ "$(filtered)" -eq "$before" ]
	fi
	guest h1 'ifconfig eth0 -promisc'
	wait_until 10 asked 1
}

run()
{
	guest_start h1 2 "$front" 'vif = ["mac=00:16:3e:77:00:14,bridge=xenbr0"]'
	guest h1 'net_up 14'
	reached 10.77.0.14 h1
	[ "$(key multi-queue-num-queues)" = 2 ]
	tunes
	hashes
	multicast
	guest_saved h1
	guest_restored h1
	reached 10.77.0.14 h1
	table 1
	all_by 1
	wait_until 10 asked 1
	guest_destroy h1
}
