#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# Addresses in ip= that the documentation allows, and a guest does not start with.
#
# xl takes any text for a vif's ip= and leaves it to the script.  Of Xen 4.17.7's,
# vif-route gives each route the host's IPv4 address to come from, so that one of
# IPv6 is an error of ip(8), and of the script.  vif-nat makes the host's end by
# adding 127 to the last number: above 128 that is no address any more.
# And it takes a vif for configured when there is a route whose device's name begins
# like its own: for vif5.1 that of vif5.10 will do.  It then ends with success, has
# configured nothing and does not tell the toolstack, which waits until its time
# is up.
#
# Seen (exit status, hotplug-status, routes of the vif):
#   vif-route 10.0.0.2: 0, connected, 10.0.0.2
#   vif-route 10.0.0.2 fd00::2: 1, error, 10.0.0.2
#   vif-nat 10.0.0.128/24: 0, connected, 10.0.0.128
#   vif-nat 10.0.0.129/24: 1, error, none
#   vif-nat 10.0.0.3/24 beside vif5.10: 0, none, none

set -euo pipefail

version=4.17.7+13-g2445b30a44-0+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

[ "$(id -u)" = 0 ] || { echo 'error: needs root, for a network namespace' >&2; exit 1; }
echo "scripts of xen-utils-common $version"
# net-tools: vif-route's ifconfig.
apt-get -q download "xen-utils-common=$version" net-tools > /dev/null 2> log || {
	cat log >&2
	echo "error: cannot download version $version" >&2
	echo '  try: apt-get update, or a mirror that still has it' >&2
	exit 1
}
for deb in *.deb; do
	dpkg -x "$deb" root
done

cat > inside <<'INSIDE'
mount -t tmpfs tmpfs /var/log
mkdir /var/log/xen
# Functions are found before programs: a store of files.
export store=$PWD/store
mkdir store
ifconfig() { "$store/../root/sbin/ifconfig" "$@"; }
xenstore-read() { cat "$store/${1##*/}" 2> /dev/null; }
xenstore-write() {
	while [ $# -gt 1 ]; do
		echo "$2" > "$store/${1##*/}"
		shift 2
	done
}
export -f ifconfig xenstore-read xenstore-write
echo 5 > store/frontend-id
echo 0 > store/handle

ip link add up0 type veth peer name up1
ip addr add 192.0.2.1/24 dev up0
ip link set up0 up

# try SCRIPT ADDRESSES [TEXT]: for a vif5.1 that was not there before.
try() {
	local status=0

	ip link add vif5.1 type veth peer name peer
	echo "$2" > store/ip
	rm -f store/hotplug-status
	vif=vif5.1 XENBUS_PATH=/b type_if=vif netdev=up0 \
		"root/etc/xen/scripts/$1" online || status=$?
	echo "$1 $2${3:-}: $status, $(cat store/hotplug-status 2> /dev/null ||
		echo none), $(ip route show dev vif5.1 | awk '{ print $1 }' | grep . ||
		echo none)"
	ip link del vif5.1
}

try vif-route 10.0.0.2
try vif-route '10.0.0.2 fd00::2'
try vif-nat 10.0.0.128/24
try vif-nat 10.0.0.129/24
ip link add vif5.10 type veth peer name peer10
ip addr add 10.0.9.1/24 dev vif5.10
ip link set vif5.10 up
try vif-nat 10.0.0.3/24 ' beside vif5.10'
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
vif-route 10.0.0.2: 0, connected, 10.0.0.2
vif-route 10.0.0.2 fd00::2: 1, error, 10.0.0.2
vif-nat 10.0.0.128/24: 0, connected, 10.0.0.128
vif-nat 10.0.0.129/24: 1, error, none
vif-nat 10.0.0.3/24 beside vif5.10: 0, none, none
WANT
echo 'as described'
