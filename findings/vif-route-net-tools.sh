#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# vif-route wants ifconfig, which nothing installs.
#
# script=vif-route (Xen 4.17.7) brings the vif up with ifconfig and nothing else; the
# other scripts of the package use ip for that.  Debian's xen-utils-common neither
# depends on net-tools nor recommends it, and a minimal host has none.  Then each
# attach fails, xl shows the path of the script and "error detected", and which
# program is missing stands in /var/log/xen/xen-hotplug.log alone.
#
# Seen:
#   xen-utils-common asks for: nothing of net-tools
#   with ifconfig: status 0, connected; 10.0.0.2 dev vif5.0
#   without: status 1, error (vif-route failed; error detected.); no route; log: ifconfig:

set -euo pipefail

version=4.17.7+13-g2445b30a44-0+deb12u1
tools=2.10-0.1+deb12u2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

[ "$(id -u)" = 0 ] || { echo 'error: needs root, for a network namespace' >&2; exit 1; }
echo "xen-utils-common $version, net-tools $tools"
apt-get -q download "xen-utils-common=$version" "net-tools=$tools" > /dev/null 2> log || {
	cat log >&2
	echo "error: cannot download these versions" >&2
	echo '  try: apt-get update, or a mirror that still has them' >&2
	exit 1
}
dpkg -x xen-utils-common_*.deb root
dpkg -x net-tools_*.deb tools

cat > inside <<'INSIDE'
set -eu
mount -t tmpfs tmpfs /var/log
mkdir /var/log/xen
mount -t sysfs sysfs /sys
# This machine may have one; the scripts find ours, or what cannot be run.
printf 'bindir=%s/bin\nsbindir=%s/bin\n' "$PWD" "$PWD" >> \
	root/etc/xen/scripts/hotplugpath.sh
for dir in /sbin /usr/sbin /bin /usr/bin; do
	[ ! -e "$dir/ifconfig" ] || mount --bind hidden "$dir/ifconfig"
done
# Functions are found before programs: a store of files.
export store=$PWD/store
mkdir store bin
xenstore-read() { cat "$store/${1##*/}" 2> /dev/null; }
xenstore-write() {
	while [ $# -gt 1 ]; do
		echo "$2" > "$store/${1##*/}"
		shift 2
	done
}
export -f xenstore-read xenstore-write

# try: its status, what the toolstack sees, and the way to the guest.
try() {
	local status=0 why

	rm -f store/* /var/log/xen/*
	ip link add vif5.0 type veth peer name peer
	echo 10.0.0.2 > store/ip
	vif=vif5.0 XENBUS_PATH=/b type_if=vif netdev=gate0 \
		root/etc/xen/scripts/vif-route online || status=$?
	why=$(sed 's,^.*/vif-route,vif-route,' store/hotplug-error 2> /dev/null || true)
	echo "status $status, $(cat store/hotplug-status)${why:+ ($why)};" \
		"$(ip route show | grep -o '10.0.0.2 dev vif5.0' || echo no route)"
	ip link del vif5.0
}

ip link add gate0 type bridge
ip addr add 10.0.0.1/24 dev gate0
ip link set gate0 up
cp tools/sbin/ifconfig bin/
echo "with ifconfig: $(try)"
rm bin/ifconfig
echo "without: $(try); log: $(grep -o ifconfig: /var/log/xen/xen-hotplug.log)"
INSIDE
: > hidden
{
	echo "xen-utils-common asks for: $(for field in Depends Recommends Suggests; do
		dpkg-deb -f xen-utils-common_*.deb "$field"
	done | grep -o net-tools || echo nothing of net-tools)"
	unshare -n -m --propagation private bash inside
} > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
xen-utils-common asks for: nothing of net-tools
with ifconfig: status 0, connected; 10.0.0.2 dev vif5.0
without: status 1, error (vif-route failed; error detected.); no route; log: ifconfig:
WANT
echo 'as described'
