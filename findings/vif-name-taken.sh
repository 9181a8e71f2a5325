#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# A vif whose vifname= is taken cannot be set up, and undoing it takes the network of
# the guest that has the name.
#
# vif-bridge of Xen 4.17.7 checks before it renames: an interface of that name is
# an error, and nothing is touched.  "vif-bridge offline", which undoes a vif, has no
# such check: it finds vifname in the store, takes that
# for the name of its own vif, and sets the interface down, which belongs to the
# other guest.  The new one's, vif5.0, stays as it is.
#
# With vifname= the script tells the guest's end its MTU in the wrong place, too: domain
# and device are cut out of the interface's name.
#
# Seen:
#   write /local/domain/lan1/device/vif/lan1/mtu 1500
#   lan1 after another's online: exit 1, UP
#   lan1 after another's offline: exit 0, DOWN
#   vif5.0: UP

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
mount -t tmpfs tmpfs /var/log
mkdir /var/log/xen
store=$PWD/store
# Functions are found before programs: a store of files.
xenstore-read() { cat "$store$1" 2> /dev/null; }
xenstore-write() {
	while [ $# -gt 1 ]; do
		case $1 in */mtu) echo "write $1 $2" >> "$store.log" ;; esac
		shift 2
	done
}
export store
export -f xenstore-read xenstore-write

# A bridge is not needed for any of this, an interface of its name is.
ip link add br0 type dummy 2> /dev/null || ip link add br0 type veth peer name brp
# vif DOMAIN: one that is to be called lan1, and is up.
vif() {
	ip link add "vif$1.0" type veth peer name "peer$1"
	ip link set "peer$1" up
	ip link set "vif$1.0" up
	mkdir -p "$store/b/$1"
	echo br0 > "$store/b/$1/bridge"
	echo lan1 > "$store/b/$1/vifname"
}
# script DOMAIN online|offline: its status.
script() {
	vif=vif$1.0 XENBUS_PATH=/b/$1 type_if=vif \
		root/etc/xen/scripts/vif-bridge "$2" && status=0 || status=$?
}
state() { ip -o link show "$1" | grep -q '[<,]UP[,>]' && echo UP || echo DOWN; }

vif 4
script 4 online
cat "$store.log"
ip link set lan1 up
vif 5
script 5 online
echo "lan1 after another's online: exit $status, $(state lan1)"
script 5 offline
echo "lan1 after another's offline: exit $status, $(state lan1)"
echo "vif5.0: $(state vif5.0)"
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
write /local/domain/lan1/device/vif/lan1/mtu 1500
lan1 after another's online: exit 1, UP
lan1 after another's offline: exit 0, DOWN
vif5.0: UP
WANT
echo 'as described'
