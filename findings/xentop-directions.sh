#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# xentop's NETTX is what a guest has received, and NETRX what it has sent.
#
# For the networks of a domain's line libxenstat 4.17.7 adds up what /proc/net/dev has for
# its vifs, which are dom0's ends: "transmit" there is what dom0 has sent to the
# guest.  The columns of disks beside it are the guest's (VBD_RD: what it reads).
# xenstat_network_tbytes() and "xentop -n" have the same direction, and neither
# xentop(1) nor xenstat.h says whose it is.  A guest that floods the network is
# found by NETRX.
#
# Here the hypervisor and xenstore are stand-ins with three domains.  xentop,
# libxenstat, the bridge and the traffic are real.
#
# Seen (KiB):
#   sender: its eth0 sent 100, received 0; NETTX(k) 0, NETRX(k) 100
#   receiver: its eth0 sent 0, received 100; NETTX(k) 100, NETRX(k) 0

set -euo pipefail

version=4.17.7+13-g2445b30a44-0+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

[ "$(id -u)" = 0 ] || { echo 'error: needs root, for a network namespace' >&2; exit 1; }
echo "xentop of xen-utils-4.17 $version"
# What Xen's packages stand on, in whatever version there is.
apt-get -q download "xen-utils-4.17=$version" "libxenmisc4.17=$version" \
	"libxen-dev=$version" libyajl2 libncurses6 libtinfo6 > /dev/null 2> log || {
	cat log >&2
	echo "error: cannot download version $version" >&2
	echo '  try: apt-get update, or a mirror that still has it' >&2
	exit 1
}
for deb in *.deb; do
	dpkg -x "$deb" root
done

# What libxenstat calls of the hypervisor's library and of xenstore's.
cat > standin.c <<'C'
#include <string.h>
#include <xenctrl.h>
#include <xenstore.h>

static int handle;

xc_interface *xc_interface_open(xentoollog_logger *log, xentoollog_logger *dombuild,
				unsigned int flags)
{
	return (xc_interface *)&handle;
}

int xc_interface_close(xc_interface *xch)
{
	return 0;
}

int xc_physinfo(xc_interface *xch, xc_physinfo_t *info)
{
	memset(info, 0, sizeof(*info));
	info->nr_cpus = 1;
	return 0;
}

int xc_version(xc_interface *xch, int cmd, void *arg)
{
	if (arg)
		*(char *)arg = '\0';
	return 0;
}

int xc_domain_getinfolist(xc_interface *xch, uint32_t first, unsigned int max,
			  xc_domaininfo_t *info)
{
	unsigned int nr;

	for (nr = 0; first < 3 && nr < max; nr++) {
		memset(&info[nr], 0, sizeof(info[nr]));
		info[nr].domain = first++;
	}
	return nr;
}

int xc_vcpu_getinfo(xc_interface *xch, uint32_t domid, uint32_t vcpu,
		    xc_vcpuinfo_t *info)
{
	memset(info, 0, sizeof(*info));
	return 0;
}

struct xs_handle *xs_open(unsigned long flags)
{
	return (struct xs_handle *)&handle;
}

void xs_close(struct xs_handle *xsh)
{
}

void *xs_read(struct xs_handle *xsh, xs_transaction_t t, const char *path,
	      unsigned int *len)
{
	if (!strcmp(path, "/local/domain/1/name"))
		return strdup("sender");
	return strdup(strcmp(path, "/local/domain/2/name") ? "Domain-0" : "receiver");
}

char **xs_directory(struct xs_handle *xsh, xs_transaction_t t, const char *path,
		    unsigned int *num)
{
	*num = 0;
	return NULL;
}
C
# standin LIBRARY VERSION: it takes that library's place.
standin()
{
	echo "$2 { *; };" > versions
	gcc -shared -fPIC -I root/usr/include -Wl,-soname,"$1" \
		-Wl,--version-script=versions -o "standin/$1" standin.c
}
mkdir standin
standin libxenctrl.so.4.17 VERS_4.17.0
standin libxenstore.so.4 VERS_4.0

cat > inside <<'INSIDE'
set -euo pipefail
mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /sys/bus
mkdir -p /sys/bus/xen-backend/devices
usr=$PWD/root/usr lib=x86_64-linux-gnu
xentop() {
	LD_LIBRARY_PATH=standin:$usr/lib/$lib:root/lib/$lib "$usr/lib/xen-4.17/bin/xentop" "$@"
}

# guest NAME ID: its eth0 is the other end of vifID.0, which is on the bridge.
guest() {
	ip netns add "$1"
	ip link add "vif$2.0" type veth peer name eth0 address "02:00:00:00:00:0$2" netns "$1"
	ip -n "$1" link set eth0 up
	ip link set "vif$2.0" master br0 up
}
# kib NAME tx|rx: as the guest counts it.
kib() { echo $(($(ip netns exec "$1" cat "/sys/class/net/eth0/statistics/$2_bytes") / 1024)); }
# forwarding: the bridge has taken both ends.
forwarding() { [ "$(cat /sys/class/net/vif?.0/brport/state | uniq -c | tr -d ' ')" = 23 ]; }

ip link add br0 type bridge mcast_snooping 0
ip link set br0 up
guest sender 1
guest receiver 2
for ((i = 0; i < 50; i++)); do
	! forwarding || break
	sleep 0.1
done
# 100 frames of 1024 bytes, which nobody answers: the receiver has no address.
ip -n sender addr add 10.0.0.1/24 dev eth0
ip -n sender neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0
ip netns exec sender bash -c 'for i in {1..100}; do
	printf %0982d 0 > /dev/udp/10.0.0.2/9
done'

xentop -b -i 1 > top
for name in sender receiver; do
	echo "$name: its eth0 sent $(kib $name tx), received $(kib $name rx);" \
		"$(awk -v name=$name '
		$1 == "NAME" { for (i = 1; i <= NF; i++) column[$i] = i }
		$1 == name {
			printf "NETTX(k) %s, NETRX(k) %s",
				$column["NETTX(k)"], $column["NETRX(k)"]
		}' top)"
done
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
sender: its eth0 sent 100, received 0; NETTX(k) 0, NETRX(k) 100
receiver: its eth0 sent 0, received 100; NETTX(k) 100, NETRX(k) 0
WANT
echo 'as described'
