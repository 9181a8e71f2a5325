#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# With vif-nat a guest's address must end in 1 to 128, and nothing is translated.
#
# script=vif-nat (Xen 4.17.7) gives the vif of a guest with ip=A.B.C.D the address
# A.B.C.(D + 127), as its router.  For D above 128 that is no address: "ip addr add"
# fails, and so does the attach, with a message that has no word about D.  A guest
# with 128 has the broadcast address of a /24 for its router, and gets it.  No rule
# of a firewall is written in any case: the guest is routed with its own address,
# until somebody else masquerades it.
#
# Seen:
#   ip=10.0.0.2: status 0, connected; vif 10.0.0.129; rules: none
#   ip=10.0.0.128: status 0, connected; vif 10.0.0.255; rules: none
#   ip=10.0.0.129: status 1, error (ip addr add 10.0.0.256 dev vif5.0 failed); vif nothing; rules: none

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
iptables() { echo "iptables $*" >> "$store/rules"; }
nft() { echo "nft $*" >> "$store/rules"; }
export -f xenstore-read xenstore-write iptables nft

for ip in 10.0.0.2 10.0.0.128 10.0.0.129; do
	rm -f store/*
	ip link add vif5.0 type veth peer name peer
	echo 5 > store/frontend-id
	echo 0 > store/handle
	echo "$ip" > store/ip
	status=0
	vif=vif5.0 XENBUS_PATH=/b type_if=vif root/etc/xen/scripts/vif-nat online ||
		status=$?
	why=$(cat store/hotplug-error 2> /dev/null || true)
	has=$(ip -4 -o addr show dev vif5.0 | sed 's/.* inet \([0-9.]*\).*/\1/')
	echo "ip=$ip: status $status, $(cat store/hotplug-status)${why:+ ($why)};" \
		"vif ${has:-nothing}; rules: $(cat store/rules 2> /dev/null || echo none)"
	ip link del vif5.0
done
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
ip=10.0.0.2: status 0, connected; vif 10.0.0.129; rules: none
ip=10.0.0.128: status 0, connected; vif 10.0.0.255; rules: none
ip=10.0.0.129: status 1, error (ip addr add 10.0.0.256 dev vif5.0 failed); vif nothing; rules: none
WANT
echo 'as described'
