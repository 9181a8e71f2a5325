#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# No XDP program of xdp-filter can be attached to an interface that is named as Xen's
# backends name theirs.
#
# xdp-filter pins its program in a directory of bpffs that it calls like the interface,
# and the kernel keeps names with a dot there for itself: vif1.0 ends with "Operation not
# permitted", which sounds like a want of rights or of a driver's support.  An interface
# that xl was told another name for (vifname=) can be filtered.
#
# Seen:
#   vif1-0: attached
#   vif1.0: Operation not permitted

set -euo pipefail

version=1.3.1-1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial"
cd "$work"

[ "$(id -u)" = 0 ] || {
	echo 'error: namespaces and XDP want root' >&2
	exit 1
}
# Lists of its own, so that the machine's sources stay as they are.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keys] http://deb.debian.org/debian bookworm main" > sources.list
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list"
	-o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists"
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o Acquire::Languages=none -o APT::Sandbox::User=root)

echo "xdp-tools $version, and libraries of its own"
{ "${apt[@]}" update && "${apt[@]}" download "xdp-tools=$version" \
	"libxdp1=$version" libbpf1 libpcap0.8 libelf1 zlib1g; } > log 2>&1 || {
	tail -n 3 log >&2
	echo "error: cannot download xdp-tools of version $version" >&2
	echo '  try: a mirror that still has it (snapshot.debian.org)' >&2
	exit 1
}
for deb in *.deb; do
	dpkg -x "$deb" root
done

# What it mounts, pins and names is gone with its own namespaces.
cat > inside <<'INSIDE'
set -u
mount -t tmpfs run /run
mount -t bpf bpf /sys/fs/bpf
export LD_LIBRARY_PATH=$PWD/root/usr/lib/x86_64-linux-gnu:$PWD/root/lib/x86_64-linux-gnu
export LIBXDP_OBJECT_PATH=$PWD/root/usr/lib/x86_64-linux-gnu/bpf
export LIBBPF_BPF_OBJECT_PATH=$LIBXDP_OBJECT_PATH
for name in vif1-0 vif1.0; do
	ip link add "$name" type veth peer name peer
	root/usr/sbin/xdp-filter load -m native "$name" > said 2>&1 &&
		echo attached > said
	echo "$name: $(grep -o 'Operation not permitted\|attached' said | sort -u)"
	ip link del "$name"
done
INSIDE
unshare --mount --net bash inside > seen
cat seen

diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
vif1-0: attached
vif1.0: Operation not permitted
WANT
echo 'as described'
