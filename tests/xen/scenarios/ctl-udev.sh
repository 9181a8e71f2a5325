# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='rmmod and modprobe of pvio-netback by hand: udev brings interfaces back'
kind=own
list=whole
order=62
needs=guest
limit=300

rules=/usr/lib/udev/rules.d

# start_udev: with our rules and no others, which would take their time.
start_udev()
{
	mkdir -p /usr/lib/pvio /etc/udev/rules.d
	cp /rig/packaging/vif-online /usr/lib/pvio/
	mount -t tmpfs tmpfs "$rules"
	mount -t tmpfs tmpfs /etc/udev/rules.d
	cp /rig/packaging/udev.rules "$rules/60-pvio.rules"
	/lib/systemd/systemd-udevd > /run/udevd.out 2>&1 &
	udevd=$!
	wait_until 20 udevadm control --ping
}

stop_udev()
{
	udevadm control --exit
	wait "$udevd" || true
	umount "$rules" /etc/udev/rules.d
	rm -rf /usr/lib/pvio
}

# as_before: whatever has become of it, for the next scenario.
as_before()
{
	set +eu
	ip link del gate0
	ln -sf /bin/busybox /usr/bin/ip
	ip link set xenbr0 mtu 1500
	stop_udev
}

# looks VIF: what its script has given it.
looks()
{
	cat "/sys/class/net/$1/mtu"
	# None, if it is routed.
	basename "$(readlink "/sys/class/net/$1/master" || true)"
	ip -o -4 addr show dev "$1" | sed 's/^[0-9]*//'
	ip route show dev "$1"
}

looks_like() { [ "$(looks "$1" 2> /dev/null)" = "$2" ]; }
seen() { [ -e "/run/pvio/vif-$(< "$guests/g1.id")-$1" ]; }

forgotten() { ! seen 0 && ! seen 1; }

run()
{
	local vif route bridged routed round

	trap 'as_before; kill $(jobs -p) 2> /dev/null || true' EXIT
	start_udev
	ip link set xenbr0 mtu 1400
	ip link add gate0 type dummy
	ip addr add 10.78.0.1/24 dev gate0
	ip link set gate0 up
	# vif-route wants the whole of ip, and an old friend.
	ln -sf /usr/sbin/ip /usr/bin/ip
	command -v ifconfig > /dev/null || ln -s /bin/busybox /usr/bin/ifconfig
	net_attach g1 11
	wait_until 20 seen 0
	xl network-attach g1 script=vif-route gatewaydev=gate0 ip=10.78.0.14
	wait_until 20 seen 1
	guest g1 'wait_for 10 test -e /sys/class/net/eth1 &&
		ip addr add 10.78.0.14/32 dev eth1 && ip link set eth1 up &&
		ip route add 10.78.0.1 dev eth1'
	vif=vif$(< "$guests/g1.id").0
	route=vif$(< "$guests/g1.id").1
	reached 10.77.0.11 g1
	reached 10.78.0.14 g1
	bridged=$(looks "$vif")
	routed=$(looks "$route")
	printf '%s\n' "$bridged" "$routed"
	[ "$(head -n 2 <<< "$bridged" | xargs)" = '1400 xenbr0' ]
	grep 10.78.0.1/32 <<< "$routed"
	grep ^10.78.0.14 <<< "$routed"
	for round in 1 2; do
		progress "round $round"
		rmmod pvio-netback
		[ ! -e "/sys/class/net/$vif" ]
		insmod /rig/modules/pvio-netback.ko
		wait_until 60 looks_like "$vif" "$bridged" || {
			looks "$vif"
			fail "$vif has not what it had"
		}
		wait_until 60 looks_like "$route" "$routed" || {
			looks "$route"
			fail "$route has not what it had"
		}
		reached 10.77.0.11 g1
		reached 10.78.0.14 g1
	done
	net_detach g1 1
	net_detach g1 0
	wait_until 20 forgotten
}
