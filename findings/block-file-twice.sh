#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# A second guest gets an image file for writing that the first one writes to.
#
# Before it hands a disk out for writing, the script block (Xen 4.17.7) looks whether
# a guest has it already; so it says itself, and a block device is refused.  For a
# file it looks for the loop device in what losetup -a prints, by the number of the
# file's device as stat has it, in hexadecimal digits; losetup of util-linux prints
# it in decimal ones.  On a disk (8:1 is 801 here and 2049 there) the two are never
# alike, and both guests get loop devices of their own on one file.
#
# Seen:
#   a block device for guest 5: status 0, connected
#   the same for guest 6: status 1, busy
#   a file for guest 5: status 0, connected
#   the same for guest 6: status 0, connected
#   loop devices on that file: 2

set -euo pipefail

version=4.17.7+13-g2445b30a44-0+deb12u1
util=2.38.1-5+deb12u3
work=$(mktemp -d)
ours=()
clean()
{
	local device

	for device in $(losetup -n -O NAME -j "$work/image") "${ours[@]}"; do
		losetup -d "$device"
	done
	rm -rf "$work"
}
trap clean EXIT
cd "$work"

[ "$(id -u)" = 0 ] || { echo 'error: needs root, for loop devices' >&2; exit 1; }
echo "scripts of xen-utils-common $version, losetup of mount $util"
apt-get -q download "xen-utils-common=$version" "mount=$util" > /dev/null 2> log || {
	cat log >&2
	echo "error: cannot download these versions" >&2
	echo '  try: apt-get update, or a mirror that still has them' >&2
	exit 1
}
dpkg -x xen-utils-common_*.deb root
dpkg -x mount_*.deb root
truncate -s 1M image disk
ours=("$(losetup -f --show disk)")

cat > inside <<'INSIDE'
set -eu
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mkdir /var/log/xen
# Functions are found before programs: a store of files, and that losetup.
export work=$PWD
xenstore-read() { cat "$work/store/$1" 2> /dev/null; }
xenstore-list() { ls "$work/store/$1" 2> /dev/null; }
xenstore-write() {
	while [ $# -gt 1 ]; do
		mkdir -p "$work/store/${1%/*}"
		echo "$2" > "$work/store/$1"
		shift 2
	done
}
losetup() { "$work/root/sbin/losetup" "$@"; }
export -f xenstore-read xenstore-list xenstore-write losetup

# attach GUEST DISK: its status, and what the toolstack sees.
attach() {
	local path=backend/vbd/$1/51712 status=0

	xenstore-write "$path/params" "$2" "$path/mode" w "$path/state" 2 \
		"$path/type" phy "$path/frontend-id" "$1" \
		"/local/domain/$1/vm" "/vm/$1"
	XENBUS_PATH=$path XENBUS_TYPE=vbd XENBUS_BASE_PATH=backend \
		root/etc/xen/scripts/block add || status=$?
	echo "status $status, $(xenstore-read "$path/hotplug-status")"
}

echo "a block device for guest 5: $(attach 5 "$1")"
echo "the same for guest 6: $(attach 6 "$1")"
rm -r store
echo "a file for guest 5: $(attach 5 "$PWD/image")"
echo "the same for guest 6: $(attach 6 "$PWD/image")"
echo "loop devices on that file: $(losetup -n -O NAME -j image | wc -l)"
INSIDE
unshare -m --propagation private bash inside "${ours[0]}" > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
a block device for guest 5: status 0, connected
the same for guest 6: status 1, busy
a file for guest 5: status 0, connected
the same for guest 6: status 0, connected
loop devices on that file: 2
WANT
echo 'as described'
