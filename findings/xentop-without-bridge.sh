#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# Where dom0 has no Linux bridge, xentop shows no network of any guest.
#
# With vif-openvswitch, vif-route or vif-nat alone NETS is 0 for all of them, "xentop
# -n" has no line, and nothing says why.  libxenstat 4.17.7 looks for a bridge, whose
# figures it would give to dom0, and passes over every interface whose name has
# the bridge's in it, unless with a "p" before it.  Without a bridge that name is
# empty, and all names have it.  A bridge with "vir" in its name, as libvirt's, is
# not looked at.
#
# A bridge that nobody uses is enough ("ip link add spare type bridge").  Where there
# is one a vifname= must not have its name in it: on "lan", "lan1" is not counted.
#
# Here the hypervisor and xenstore are stand-ins with one guest.  So is sysfs for a
# vifname=, since only a backend's vif has device/nodename.
#
# Seen:
#   bridge br0: NETS 1, NETRX(k) 100
#   no bridge: NETS 0, NETRX(k) 0
#   virbr0: NETS 0, NETRX(k) 0
#   virbr0 and spare, which nobody uses: NETS 1, NETRX(k) 100
#   lan, vifname=lan1: NETS 0, NETRX(k) 0
#   lan, vifname=web1: NETS 1, NETRX(k) 100
#   no bridge, vifname=web1: NETS 0, NETRX(k) 0
#   no bridge, vifname=app1: NETS 1, NETRX(k) 100

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

	for (nr = 0; first < 2 && nr < max; nr++) {
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
	return strdup(strcmp(path, "/local/domain/1/name") ? "Domain-0" : "guest");
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
# tell WHAT: what xentop has of the guest, whose vif has received 100 KiB.
tell() {
	LD_LIBRARY_PATH=standin:$usr/lib/$lib:root/lib/$lib \
		"$usr/lib/xen-4.17/bin/xentop" -b -i 1 | awk -v what="$1" '
		$1 == "NAME" { for (i = 1; i <= NF; i++) column[$i] = i }
		$1 == "guest" {
			printf "%s: NETS %s, NETRX(k) %s\n", what,
				$column["NETS"], $column["NETRX(k)"]
		}'
}

ip netns add guest
ip link add vif1.0 type veth peer name eth0 netns guest
ip -n guest link set eth0 up
ip link set vif1.0 up
for ((i = 0; i < 50; i++)); do
	[ "$(cat /sys/class/net/vif1.0/operstate)" != up ] || break
	sleep 0.1
done
# 100 frames of 1024 bytes.
ip -n guest addr add 10.0.0.1/24 dev eth0
ip -n guest neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0
ip netns exec guest bash -c 'for i in {1..100}; do
	printf %0982d 0 > /dev/udp/10.0.0.2/9
done'

ip link add br0 type bridge
ip link set vif1.0 master br0
tell 'bridge br0'
ip link del br0
tell 'no bridge'
ip link add virbr0 type bridge
tell virbr0
ip link add spare type bridge
tell 'virbr0 and spare, which nobody uses'
ip link del spare
ip link del virbr0

# named NAME [BRIDGE]: the vif has that name.
vif=vif1.0
named() {
	ip link set $vif down
	ip link set $vif name "$1"
	vif=$1
	mount -t tmpfs tmpfs /sys/class
	mkdir -p "/sys/class/net/$1/device" ${2:+"/sys/class/net/$2/bridge"}
	echo backend/vif/1/0 > "/sys/class/net/$1/device/nodename"
	tell "${2:-no bridge}, vifname=$1"
	umount /sys/class
}
named lan1 lan
named web1 lan
named web1
named app1
INSIDE
unshare -n -m --propagation private bash inside > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
bridge br0: NETS 1, NETRX(k) 100
no bridge: NETS 0, NETRX(k) 0
virbr0: NETS 0, NETRX(k) 0
virbr0 and spare, which nobody uses: NETS 1, NETRX(k) 100
lan, vifname=lan1: NETS 0, NETRX(k) 0
lan, vifname=web1: NETS 1, NETRX(k) 100
no bridge, vifname=web1: NETS 0, NETRX(k) 0
no bridge, vifname=app1: NETS 1, NETRX(k) 100
WANT
echo 'as described'
