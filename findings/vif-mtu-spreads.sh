#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# One vif with mtu=1400 makes all that come later to its bridge have 1400, even when it
# is gone, and what is longer does not get to their guests.
#
# A bridge whose own MTU nobody has set takes the lowest of its ports' (Linux,
# br_mtu_auto_adjust).  vif-bridge of Xen 4.17.7 gives a vif without mtu= that of
# the bridge, so the small one is handed on from guest to guest.  The guest's end
# does not follow (no frontend of Linux reads the key), and takes packets of
# 1500 bytes for possible; the bridge drops them and tells nobody.
#
# "ip link set br0 mtu 1500" keeps the bridge from it when it has another MTU by then.
# Before, while it has 1500, it is as if nobody had asked: an MTU that is there
# already does not get as far as the bridge, which has to remember that it was
# set.  It takes 1499 and then 1500.
#
# Seen:
#   vif1.0: br0 1500, vif1.0 1500
#   vif2.0 mtu=1400: br0 1400, vif1.0 1500, vif2.0 1400
#   vif3.0: br0 1400, vif1.0 1500, vif2.0 1400, vif3.0 1400
#   without vif2.0: br0 1400, vif1.0 1500, vif3.0 1400
#   vif4.0: br0 1400, vif1.0 1500, vif3.0 1400, vif4.0 1400
#   1 to 4, 1400 bytes: 1 received
#   1 to 4, 1500 bytes: 0 received
#   br0 set, vif5.0: br0 1500, vif1.0 1500, vif3.0 1400, vif4.0 1400, vif5.0 1500
#   set to 1500 before, vif1.0 mtu=1400: br0 1400, vif1.0 1400
#   set to 1499 and 1500 before, vif1.0 mtu=1400: br0 1500, vif1.0 1400

set -euo pipefail

version=4.17.7+13-g2445b30a44-0+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

[ "$(id -u)" = 0 ] || { echo 'error: needs root, for a network namespace' >&2; exit 1; }
echo "scripts of xen-utils-common $version"
apt-get -q download "xen-utils-common=$version" > /dev/null 2> log || {
	cat log >&2
	echo "error: cannot download version $version" >&2
	echo '  try: apt-get update, or a mirror that still has it' >&2
	exit 1
}
dpkg -x ./*.deb root

cat > inside <<'INSIDE'
set -eu
mount -t tmpfs tmpfs /var/log
mkdir /var/log/xen
mount -t tmpfs tmpfs /run
# The scripts ask it whether a bridge has a port.
mount -t sysfs sysfs /sys
# Functions are found before programs: a store of files.
export store=$PWD/store
xenstore-read() { cat "$store$1" 2> /dev/null; }
xenstore-write() {
	while [ $# -gt 1 ]; do
		mkdir -p "$store${1%/*}"
		echo "$2" > "$store$1"
		shift 2
	done
}
export -f xenstore-read xenstore-write
script() { vif=vif$1.0 XENBUS_PATH=/b/$1 type_if=vif root/etc/xen/scripts/vif-bridge "$2"; }

# online N [MTU]: a vif with a guest behind it, whose end has 1500.
online() {
	ip netns add "guest$1"
	ip link add "vif$1.0" type veth peer name eth0 netns "guest$1"
	ip -n "guest$1" addr add "10.0.0.$1/24" dev eth0
	ip -n "guest$1" link set eth0 up
	xenstore-write "/b/$1/bridge" br0
	[ -z "${2:-}" ] || xenstore-write "/b/$1/mtu" "$2"
	script "$1" online
}
offline() {
	script "$1" offline
	ip link del "vif$1.0"
}
tell() {
	local device text=''

	for device in br0 vif1.0 vif2.0 vif3.0 vif4.0 vif5.0; do
		[ ! -e "/sys/class/net/$device" ] ||
			text+=", $device $(cat "/sys/class/net/$device/mtu")"
	done
	echo "$1: ${text#, }"
}
# sent FROM TO LENGTH: whole packets.
sent() {
	echo "$1 to $2, $3 bytes: $(ip netns exec "guest$1" ping -q -c 1 -w 2 -M do \
		-s $(($3 - 28)) "10.0.0.$2" | grep -o '[01] received')"
}

ip link add br0 type bridge
ip link set br0 up
online 1
tell vif1.0
online 2 1400
tell 'vif2.0 mtu=1400'
online 3
tell vif3.0
offline 2
tell 'without vif2.0'
online 4
tell vif4.0
sent 1 4 1400
sent 1 4 1500
ip link set br0 mtu 1500
online 5
tell 'br0 set, vif5.0'
for vif in 1 3 4 5; do
	offline $vif
	ip netns del guest$vif
done

for mtus in 1500 '1499 1500'; do
	ip link del br0
	ip link add br0 type bridge
	for mtu in $mtus; do
		ip link set br0 mtu "$mtu"
	done
	online 1 1400
	tell "set to ${mtus/ / and } before, vif1.0 mtu=1400"
	offline 1
	ip netns del guest1
done
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
vif1.0: br0 1500, vif1.0 1500
vif2.0 mtu=1400: br0 1400, vif1.0 1500, vif2.0 1400
vif3.0: br0 1400, vif1.0 1500, vif2.0 1400, vif3.0 1400
without vif2.0: br0 1400, vif1.0 1500, vif3.0 1400
vif4.0: br0 1400, vif1.0 1500, vif3.0 1400, vif4.0 1400
1 to 4, 1400 bytes: 1 received
1 to 4, 1500 bytes: 0 received
br0 set, vif5.0: br0 1500, vif1.0 1500, vif3.0 1400, vif4.0 1400, vif5.0 1500
set to 1500 before, vif1.0 mtu=1400: br0 1400, vif1.0 1400
set to 1499 and 1500 before, vif1.0 mtu=1400: br0 1500, vif1.0 1400
WANT
echo 'as described'
