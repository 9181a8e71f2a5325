# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='the programs of xdp-tools at either end: filter, look, drop, send back, hand to other CPUs'
kind=modes
needs=pair
limit=900
# shellcheck source=../dom0/modes
. /rig/dom0/modes

# begin END COMMAND SIGN: one of the programs, for as long as nobody ends it, and until
# SIGN says that it is at work.  What it says is in /tmp/bench, and may be late.
begin()
{
	at "$1" "$2 > /tmp/bench 2>&1 & echo \$! > /tmp/bench.pid"
	wait_until 20 at "$1" "$3"
}

# bench END DEVICE WORD...: xdp-bench, with these words.
bench()
{
	begin "$1" "xdp-bench ${*:3} -m native -i 1 $2" "ip link show $2 | grep -q xdp"
}

# finish END: and what it has said.
finish()
{
	at "$1" 'kill -INT $(cat /tmp/bench.pid)'
	wait_until 9 at "$1" '[ ! -e /proc/$(cat /tmp/bench.pid) ]' ||
		fail "$1: it does not end: $(at "$1" 'cat /tmp/bench')"
	at "$1" 'cat /tmp/bench'
}

# counted END DEVICE PATTERN: packets of which that has become, in all queues.
counted()
{
	at "$1" "ethtool -S $2" |
		awk -F: -v name="$3" '$1 ~ name "$" { sum += $2 } END { print sum + 0 }'
}

# in_packets FROM ADDRESS: what needs no fragments, of which xdp-filter loses some
# (findings/xdp-filter-short-fragments.sh).
in_packets()
{
	at "$1" "wire udp $2 7007 $RANDOM 1 1472 40 && wire tcp $2 7007 $RANDOM 1000001"
}

# filtered END DEVICE FROM ADDRESS SOURCE: what has that source, and nothing else.
filtered()
{
	progress "$1: a filter"
	at "$1" "xdp-filter load -m native $2 && xdp-filter ip -m src 192.0.2.7"
	in_packets "$3" "$4"
	at "$1" "xdp-filter ip -m src $5"
	cut_off "$3" "$4"
	at "$1" 'xdp-filter status' | tee /dev/fd/2 | grep -E "$5 +src +[1-9]"
	at "$1" "xdp-filter ip -r -m src $5"
	in_packets "$3" "$4"
	looked_at "$@"
	at "$1" "xdp-filter unload $2"
	carried "$3" "$4"
}

# looked_at END DEVICE FROM ADDRESS: before and behind the filter.
looked_at()
{
	begin "$1" "xdpdump -i $2 --rx-capture entry,exit -w /tmp/xdp.pcap" \
		'grep -q "capture mode" /tmp/bench'
	at "$3" "ping -q -c 5 -i 0.3 -s 1000 $4"
	finish "$1" | tee /dev/fd/2 | grep -E '[1-9][0-9]* packets captured'
}

# dropped END DEVICE FROM ADDRESS
dropped()
{
	progress "$1: all is dropped"
	bench "$1" "$2" drop
	cut_off "$3" "$4"
	finish "$1"
	[ "$(counted "$1" "$2" rx_xdp_drop)" -ge 2 ]
	carried "$3" "$4"
}

# sent_back END DEVICE FROM ADDRESS
sent_back()
{
	progress "$1: all is sent back"
	bench "$1" "$2" tx
	cut_off "$3" "$4"
	finish "$1"
	[ "$(counted "$1" "$2" rx_xdp_tx)" -ge 2 ]
	carried "$3" "$4"
}

# handed_over END DEVICE FROM ADDRESS: to the last CPU and its stack.
handed_over()
{
	local before after

	progress "$1: all is handed to another CPU"
	before=$(counted "$1" "$2" 'rx_xdp_(redirect|generic)')
	bench "$1" "$2" redirect-cpu -c $((vcpus - 1))
	carried "$3" "$4"
	finish "$1"
	after=$(counted "$1" "$2" 'rx_xdp_(redirect|generic)')
	[ "$after" -ge $((before + 100)) ]
	carried "$3" "$4"
}

# all_of END DEVICE FROM ADDRESS SOURCE
all_of()
{
	filtered "$@"
	dropped "$@"
	sent_back "$@"
	handed_over "$@"
}

run()
{
	with xdp-filter xdp-bench xdpdump
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	ip link add xt0 type bridge forward_delay 0
	ip addr add 10.88.0.1/24 dev xt0
	ip link set xt0 up
	# xdp-filter takes no name with a dot (findings/xdp-filter-vif-names.sh).
	joins g1 bridge=xt0 vifname=xtg1
	guest_up g1 eth0 10.88.0.11/24
	echoing dom0 g1
	at g1 'mount -t bpf bpf /sys/fs/bpf'
	carried dom0 10.88.0.11
	[ "$front" = intree ] || all_of g1 eth0 dom0 10.88.0.11 10.88.0.1
	[ "$back" = intree ] || all_of dom0 xtg1 g1 10.88.0.1 10.88.0.11
	at g1 'umount /sys/fs/bpf'
	done_with g1
	ip link del xt0
}
