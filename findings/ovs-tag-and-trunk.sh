#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# An Open vSwitch port with a tag and trunks is one of the tag alone: the VLANs that it
# is said to carry are dropped.
#
# xl's vif-openvswitch takes bridge=NAME.7:9:10, a tag and VLANs, and asks for
# "add-port NAME vif tag=7 trunk=9,10".  That looks like a native VLAN beside tagged
# ones, and Open vSwitch 3.1 says nothing.  Without vlan_mode a port with a tag is an
# access port, and trunks are not looked at.  It takes vlan_mode=native-untagged,
# for which the script has no word.
#
# Seen:
#   tag 7 trunks [9, 10] vlan_mode []
#   VLAN 9: dropping VLAN 9 tagged packet received on port vif1.0 configured as VLAN 7 access port
#   no tag: not dropped
#   native-untagged, VLAN 9: not dropped

set -euo pipefail

version=3.1.0-2+deb12u1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "Open vSwitch $version"
apt-get -q download "openvswitch-common=$version" "openvswitch-switch=$version" \
	libxdp1 libunbound8 libevent-2.1-7 > /dev/null 2> log || {
	cat log >&2
	echo "error: cannot download version $version" >&2
	echo '  try: apt-get update, or a mirror that still has it' >&2
	exit 1
}
for deb in *.deb; do
	dpkg -x "$deb" root
done
export PATH=$work/root/usr/bin:$work/root/usr/sbin:$PATH
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
export OVS_RUNDIR=$work OVS_LOGDIR=$work OVS_DBDIR=$work

# A switch of no packets: the dummy datapath only says what it would do.
ovsdb-tool create db root/usr/share/openvswitch/vswitch.ovsschema
ovsdb-server db --remote="punix:$work/db.sock" --detach --pidfile --log-file 2> /dev/null
trap 'ovs-appctl -t ovs-vswitchd exit; ovs-appctl -t ovsdb-server exit; rm -rf "$work"' EXIT
ovs-vsctl --no-wait init
ovs-vswitchd --enable-dummy=override --disable-system --detach --pidfile --log-file \
	"unix:$work/db.sock" 2> /dev/null

# fate VLAN TEXT: what becomes of a packet.
fate()
{
	ovs-appctl -t ovs-vswitchd ofproto/trace ovsbr0 \
		"in_port=$(ovs-vsctl get interface vif1.0 ofport)$1" > trace
	echo "$2: $(sed -n 's/^ *>>* \(dropping.*\) <.*/\1/p' trace | grep . ||
		{ ! grep -q 'actions: drop' trace && echo 'not dropped'; })"
}

addresses=,dl_src=00:16:3e:00:00:01,dl_dst=ff:ff:ff:ff:ff:ff
{
	ovs-vsctl add-br ovsbr0
	ovs-vsctl add-port ovsbr0 other
	# As the script does it.
	ovs-vsctl -- --if-exists del-port vif1.0 \
		-- add-port ovsbr0 vif1.0 tag=7 trunk=9,10
	echo "tag $(ovs-vsctl get port vif1.0 tag)" \
		"trunks $(ovs-vsctl get port vif1.0 trunks)" \
		"vlan_mode $(ovs-vsctl get port vif1.0 vlan_mode)"
	fate ",dl_vlan=9$addresses" 'VLAN 9'
	fate "$addresses" 'no tag'
	ovs-vsctl set port vif1.0 vlan_mode=native-untagged
	fate ",dl_vlan=9$addresses" 'native-untagged, VLAN 9'
} > seen
cat seen
diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
tag 7 trunks [9, 10] vlan_mode []
VLAN 9: dropping VLAN 9 tagged packet received on port vif1.0 configured as VLAN 7 access port
no tag: not dropped
native-untagged, VLAN 9: not dropped
WANT
echo 'as described'
