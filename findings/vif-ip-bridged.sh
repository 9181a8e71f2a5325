#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# On Debian ip= does not keep the guest of a bridged vif to its address, though the
# script says that it does.
#
# The head of vif-bridge (Xen 4.17.7) says that it "adds iptables rules for its ip
# addresses (if any)", and so does that of vif-openvswitch.  In Debian's package
# the first command of handle_iptable, which all of them call, is "return 0" (it
# names Debian bug 894013).  The vif comes up all the same, and the guest may use
# any address.  What would have been done is to accept packets from that address
# and to a DHCP server, which restricts nobody either unless everything else that
# is forwarded is dropped and bridges ask iptables at all (br_netfilter).
#
# Seen:
#   ip=10.0.0.2: status 0, connected; iptables: nothing
#   without that line: status 0, connected; iptables: -s 10.0.0.2, -p udp --sport 68 --dport 67

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
cp -r root/etc/xen/scripts without
sed -i '/^handle_iptable()/,/^}/{/^  return 0$/d}' without/vif-common.sh

cat > inside <<'INSIDE'
set -eu
mount -t tmpfs tmpfs /var/log
mkdir /var/log/xen
mount -t sysfs sysfs /sys
# Functions are found before programs: a store of files, rules in a list.
export store=$PWD/store
mkdir store
xenstore-read() { cat "$store/${1##*/}" 2> /dev/null; }
xenstore-write() {
	while [ $# -gt 1 ]; do
		echo "$2" > "$store/${1##*/}"
		shift 2
	done
}
iptables() { echo "$*" >> "$store/rules"; }
export -f xenstore-read xenstore-write iptables

# rules: what is accepted from the vif.
rules() {
	sed -n 's/.*-I FORWARD .*--physdev-in vif5.0 \(.*\) -j ACCEPT/\1/p' store/rules \
		2> /dev/null | paste -s -d , | sed 's/,/, /g' | grep . || echo nothing
}

# try SCRIPTS: its status, what the toolstack sees, and those.
try() {
	local status=0

	ip link add vif5.0 type veth peer name peer
	echo br0 > store/bridge
	echo 10.0.0.2 > store/ip
	rm -f store/hotplug-status store/rules
	vif=vif5.0 XENBUS_PATH=/b type_if=vif "$1/vif-bridge" online || status=$?
	echo "status $status, $(cat store/hotplug-status); iptables: $(rules)"
	ip link del vif5.0
}

ip link add br0 type bridge
ip link set br0 up
echo "ip=10.0.0.2: $(try root/etc/xen/scripts)"
echo "without that line: $(try without)"
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
ip=10.0.0.2: status 0, connected; iptables: nothing
without that line: status 0, connected; iptables: -s 10.0.0.2, -p udp --sport 68 --dport 67
WANT
echo 'as described'
