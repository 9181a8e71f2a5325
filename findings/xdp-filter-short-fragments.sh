#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# xdp-filter, loaded and told to filter nothing, loses datagrams of some sizes.
#
# A fragment behind the first has no header of UDP's or TCP's, and xdp-filter 1.3.1 looks
# for one all the same: where fewer than 8 bytes are left (20 of TCP's) the packet is
# aborted.  A datagram whose last fragment is that short never arrives; one byte more, or
# less than a fragment, and it does.  With --features ipv4 no ports are looked for, and
# nothing is lost.
#
# Seen:
#   tcp,udp,ipv6,ipv4,ethernet: arrive 1472 1480 9000; do not 1473 1479
#   ipv6,ipv4: arrive 1472 1473 1479 1480 9000; do not

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

cat > echo.py <<'PYTHON'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('192.0.2.2', 7007))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data, sender)
PYTHON
cat > ask.py <<'PYTHON'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
there = {True: [], False: []}
for size in (1472, 1473, 1479, 1480, 9000):
    s.sendto(b'x' * size, ('192.0.2.2', 7007))
    try:
        there[len(s.recv(65535)) == size].append(str(size))
    except OSError:
        there[False].append(str(size))
print('arrive ' + ' '.join(there[True]) +
      '; do not ' + ' '.join(there[False]).strip())
PYTHON

# What it mounts, pins and names is gone with its own namespaces.
cat > inside <<'INSIDE'
set -eu
mount -t tmpfs run /run
mount -t bpf bpf /sys/fs/bpf
export LD_LIBRARY_PATH=$PWD/root/usr/lib/x86_64-linux-gnu:$PWD/root/lib/x86_64-linux-gnu
export LIBXDP_OBJECT_PATH=$PWD/root/usr/lib/x86_64-linux-gnu/bpf
export LIBBPF_BPF_OBJECT_PATH=$LIBXDP_OBJECT_PATH
filter=$PWD/root/usr/sbin/xdp-filter
ip netns add other
ip link add x0 type veth peer name x1 netns other
ip addr add 192.0.2.1/24 dev x0
ip link set x0 up
ip -n other addr add 192.0.2.2/24 dev x1
ip -n other link set x1 up
ip netns exec other python3 echo.py &
trap "kill $!" EXIT
sleep 2
for features in all ipv4; do
	"$filter" load -m native -f "$features" x0 >&2
	name=$("$filter" status | sed -n 's/.*x0 (native mode) *\(.*\),allow.*/\1/p')
	echo "$name: $(python3 ask.py)"
	"$filter" unload x0 >&2
done
INSIDE
unshare --mount --net bash inside > seen || {
	echo 'error: xdp-filter did not do what is described, see above' >&2
	exit 1
}
sed -i 's/ *$//' seen
cat seen

diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
tcp,udp,ipv6,ipv4,ethernet: arrive 1472 1480 9000; do not 1473 1479
ipv6,ipv4: arrive 1472 1473 1479 1480 9000; do not
WANT
echo 'as described'
