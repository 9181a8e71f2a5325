# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='VXLAN between guests, WireGuard from a guest to Dom0 and to another'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes

# overlay GUEST OWN OTHER
overlay()
{
	at "$1" "modprobe vxlan && ip link add vx0 type vxlan id 42 dstport 4789 \
		local 10.84.0.$2 remote 10.84.0.$3 dev eth0"
	guest_up "$1" vx0 "10.84.42.$2/24" "fd84:42::$2/64"
}

# secret END NUMBER: a key and the interface; prints what others need to know.
secret()
{
	at "$1" "modprobe wireguard && ip link add wg0 type wireguard &&
		umask 077 && wg genkey > /tmp/wg.key &&
		wg set wg0 private-key /tmp/wg.key listen-port 51820 &&
		ip addr add 10.84.51.$2/24 dev wg0 && ip link set wg0 up &&
		wg pubkey < /tmp/wg.key; rm /tmp/wg.key"
}

# knows END KEY NUMBER
knows()
{
	at "$1" "wg set wg0 peer $2 allowed-ips 10.84.51.$3/32 \
		endpoint 10.84.0.$3:51820"
}

run()
{
	local here first second

	with ip wg
	ip link add tb0 type bridge forward_delay 0
	ip addr add 10.84.0.1/24 dev tb0
	ip link set tb0 up
	joins g1 bridge=tb0
	joins g2 bridge=tb0
	guest_up g1 eth0 10.84.0.11/24
	guest_up g2 eth0 10.84.0.12/24
	echoing dom0 g1 g2
	progress 'VXLAN'
	overlay g1 11 12
	overlay g2 12 11
	carried g1 10.84.42.12 1422
	carried g2 10.84.42.11 1422
	carried g1 fd84:42::12 1402
	progress 'WireGuard'
	here=$(secret dom0 1)
	first=$(secret g1 11)
	second=$(secret g2 12)
	knows dom0 "$first" 11
	knows g1 "$here" 1
	knows g1 "$second" 12
	knows g2 "$first" 11
	carried dom0 10.84.51.11 1392
	carried g1 10.84.51.1 1392
	carried g1 10.84.51.12 1392
	carried g2 10.84.51.11 1392
	wg show
	sums_right
	at g1 'ip link del vx0 && ip link del wg0'
	at g2 'ip link del vx0 && ip link del wg0'
	done_with g1 g2
	ip link del wg0
	modprobe -r wireguard
	ip link del tb0
}
