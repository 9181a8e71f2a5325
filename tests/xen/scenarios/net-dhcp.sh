# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='addresses by DHCP, whose client reads packets before anybody has summed them'
kind=modes
needs=pair
limit=300
# shellcheck source=../dom0/modes
. /rig/dom0/modes

# A client: it takes the address, and tells.
# shellcheck disable=SC2016 # expanded later
client='cat > /tmp/leased <<"SCRIPT"
#!/bin/sh
case $1 in
bound) ip addr flush dev $interface; ip addr add $ip/24 dev $interface ;;
renew) ;;
*) exit ;;
esac
echo "$1 $ip" >> /tmp/lease.$interface
SCRIPT
chmod 755 /tmp/leased'

# asks END: an address, into $leased.
asks()
{
	at "$1" "$client; rm -f /tmp/lease.eth0; ip link set eth0 up
		busybox udhcpc -i eth0 -n -q -t 15 -T 1 -s /tmp/leased" > /run/dhcp.log \
		2>&1 || {
		cat /run/dhcp.log
		return 1
	}
	leased=$(at "$1" 'sed -n "s/bound //p" /tmp/lease.eth0')
	progress "$1 has $leased"
}

# got FIRST: of the server whose addresses begin so.
got() { [[ $leased == "$1"? ]]; }

udhcpd_config()
{
	cat <<-CONFIG
	start 10.85.0.${1}0
	end 10.85.0.${1}9
	interface $2
	lease_file /tmp/udhcpd.leases
	pidfile /tmp/udhcpd.pid
	option subnet 255.255.255.0
	option lease 600
	CONFIG
}

dnsmasq_line()
{
	echo "dnsmasq --keep-in-foreground --port=0 --no-ping --user=root" \
		"--pid-file=/tmp/dnsmasq.pid" \
		"--conf-file=/dev/null --leasefile-ro --interface=$2" \
		"--bind-interfaces --dhcp-authoritative" \
		"--dhcp-range=10.85.0.${1}0,10.85.0.${1}9,600"
}

# serves END KIND FIRST DEVICE
serves()
{
	local command

	command=$(dnsmasq_line "$3" "$4")
	if [ "$2" = udhcpd ]; then
		at "$1" "echo '$(udhcpd_config "$3" "$4")' > /tmp/udhcpd.conf
			: > /tmp/udhcpd.leases"
		command='udhcpd -f /tmp/udhcpd.conf'
	fi
	if [ "$1" = dom0 ]; then
		[ "$2" != udhcpd ] || command="busybox $command"
		$command > "/run/$2.log" 2>&1 &
		server=$!
	else
		guest_job "$1" "exec $command > /tmp/$2.log 2>&1" > /dev/null
	fi
}

# renews: a client goes on, and asks again when it has an address.
renews()
{
	local job

	job=$(guest_job g2 'rm -f /tmp/lease.eth0
		exec busybox udhcpc -i eth0 -f -t 15 -T 1 -s /tmp/leased \
			-p /tmp/udhcpc.pid')
	guest g2 'wait_for 20 grep -q bound /tmp/lease.eth0 &&
		kill -USR1 $(cat /tmp/udhcpc.pid) &&
		wait_for 20 grep -q renew /tmp/lease.eth0
		status=$?; kill $(cat /tmp/udhcpc.pid); exit $status'
	guest_result g2 "$job" 20 || true
}

# between SERVER DEVICE SENDER: to the other guest and to a namespace of Dom0.
between()
{
	local kind

	for kind in udhcpd dnsmasq; do
		serves g1 "$kind" "$1" eth0
		asks g2
		got "10.85.0.$1"
		carried g2 10.85.0.2
		asks :outside
		got "10.85.0.$1"
		carried :outside 10.85.0.2
		renews
		guest g1 "killall $kind"
	done
}

run()
{
	with ip dnsmasq
	ip link add db0 type bridge forward_delay 0
	ip addr add 10.85.0.1/24 dev db0
	ip link set db0 up
	no_outside 2> /dev/null || true
	ip netns add outside
	ip link add out0 type veth peer name eth0 netns outside
	ip link set out0 master db0 up
	joins g1 bridge=db0
	joins g2 bridge=db0
	echoing dom0 g1
	progress 'from Dom0'
	serves dom0 udhcpd 10 db0
	asks g1
	got 10.85.0.10
	carried dom0 "$leased"
	kill "$server"
	serves dom0 dnsmasq 11 db0
	asks g1
	got 10.85.0.11
	carried dom0 "$leased"
	kill "$server"
	progress 'from a guest'
	guest g1 'ip addr flush dev eth0'
	guest_up g1 eth0 10.85.0.2/24
	between 12
	progress 'from a guest that sums'
	guest g1 'ethtool -K eth0 tx off'
	between 13
	sums_right
	done_with g1 g2
	no_outside
	ip link del db0
	rm -f /tmp/lease* /tmp/udhcp*
}
