#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# A CD's mode in a guest's configuration is not read: "w" is stored as read-only
# without a word.
#
# libxlutil 4.17.7 takes the same access field for every disk, and refuses what it
# does not know ("w!", which xend knew, and "W").  Behind ":cdrom" it is parsed
# and dropped: the device is read-only, so xl writes mode "r" for the backend
# although the configuration says "w".  Without any mode a disk is writable and a
# CD is not.
#
# Seen (writable, CD):
#   phy:/dev/a,xvda,w 1 0
#   phy:/dev/a,xvda 1 0
#   phy:/dev/a,xvda,r 0 0
#   phy:/dev/a,hdc:cdrom,w 0 1
#   phy:/dev/a,hdc:cdrom 0 1

set -euo pipefail

version=4.17.7+13-g2445b30a44-0+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "packages of Xen $version"
apt-get -q download "libxen-dev=$version" "libxenmisc4.17=$version" \
	"libxencall1=$version" "libxendevicemodel1=$version" \
	"libxenevtchn1=$version" "libxenforeignmemory1=$version" \
	"libxengnttab1=$version" "libxenhypfs1=$version" \
	"libxenstore4=$version" "libxentoolcore1=$version" \
	"libxentoollog1=$version" > /dev/null 2> log ||
	{ cat log >&2; echo "error: cannot download Xen's libraries of version $version" >&2
	  echo '  try: apt-get update' >&2; exit 1; }
# What Xen's libraries stand on, in whatever version there is.
apt-get -q download libyajl2 libuuid1 libnl-3-200 libnl-route-3-200 > /dev/null 2>> log
for deb in *.deb; do
	dpkg -x "$deb" root
done

cat > disk.c <<'C'
#include <stdio.h>
#include <libxl.h>
#include <libxlutil.h>

int main(int argc, char **argv)
{
	XLU_Config *cfg = xlu_cfg_init(stderr, "disk");
	libxl_device_disk disk;

	for (int i = 1; i < argc; i++) {
		const char *spec[] = { argv[i] };

		libxl_device_disk_init(&disk);
		if (xlu_disk_parse(cfg, 1, spec, &disk))
			return 1;
		printf("%s %d %d\n", argv[i], disk.readwrite, disk.is_cdrom);
	}
	return 0;
}
C
lib=$work/root/usr/lib/x86_64-linux-gnu
gcc -I root/usr/include -o disk disk.c -L "$lib" \
	-l:libxlutil.so.4.17 -l:libxenlight.so.4.17 \
	-Wl,-rpath-link,"$lib:$work/root/lib/x86_64-linux-gnu"
LD_LIBRARY_PATH=$lib:$work/root/lib/x86_64-linux-gnu ./disk \
	phy:/dev/a,xvda,w phy:/dev/a,xvda phy:/dev/a,xvda,r \
	phy:/dev/a,hdc:cdrom,w phy:/dev/a,hdc:cdrom > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
phy:/dev/a,xvda,w 1 0
phy:/dev/a,xvda 1 0
phy:/dev/a,xvda,r 0 0
phy:/dev/a,hdc:cdrom,w 0 1
phy:/dev/a,hdc:cdrom 0 1
WANT
echo 'as described'
