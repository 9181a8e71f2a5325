#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# A vif's rate= in a guest's configuration is accepted though nothing is left of
# it, or more than 32 bits hold.
#
# libxlutil 4.17.7 (what xl reads its configuration with) turns "RATE@INTERVAL"
# into whole bytes an interval, rounded down, with no word when that makes none:
# "1Kb/s@1ms" is stored as 0 bytes each 1000 us, and so is "100B/s@1ms"; "1B/s"
# is 0 bytes each 50000 us.  xl writes "0,1000" to xenstore, and what that means,
# no limit or no packet, is left to the backend.  The other way round
# "20Gb/s@1s" is 2500000000 bytes an interval, which an unsigned int of 32 bits
# still holds, and "4Gb/s@4000s" is 2000000000000, which it does not.
#
# Seen:
#   1Mb/s 6250,50000
#   1Kb/s@1ms 0,1000
#   100B/s@1ms 0,1000
#   1B/s 0,50000
#   20Gb/s@1s 2500000000,1000000
#   4Gb/s@4000s 2000000000000,4000000000

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

cat > rate.c <<'C'
#include <stdio.h>
#include <string.h>
#include <libxl.h>
#include <libxlutil.h>

int main(int argc, char **argv)
{
	XLU_Config *cfg = xlu_cfg_init(stderr, "rate");
	libxl_device_nic nic;

	for (int i = 1; i < argc; i++) {
		memset(&nic, 0, sizeof(nic));
		if (xlu_vif_parse_rate(cfg, argv[i], &nic))
			return 1;
		printf("%s %llu,%u\n", argv[i],
		       (unsigned long long)nic.rate_bytes_per_interval,
		       nic.rate_interval_usecs);
	}
	return 0;
}
C
lib=$work/root/usr/lib/x86_64-linux-gnu
gcc -I root/usr/include -o rate rate.c -L "$lib" \
	-l:libxlutil.so.4.17 -l:libxenlight.so.4.17 \
	-Wl,-rpath-link,"$lib:$work/root/lib/x86_64-linux-gnu"
LD_LIBRARY_PATH=$lib:$work/root/lib/x86_64-linux-gnu ./rate 1Mb/s 1Kb/s@1ms \
	100B/s@1ms 1B/s 20Gb/s@1s 4Gb/s@4000s > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
1Mb/s 6250,50000
1Kb/s@1ms 0,1000
100B/s@1ms 0,1000
1B/s 0,50000
20Gb/s@1s 2500000000,1000000
4Gb/s@4000s 2000000000000,4000000000
WANT
echo 'as described'
