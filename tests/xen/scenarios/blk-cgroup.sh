# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='what a disk does is charged to the cgroup of its threads'
kind=own
needs=guest
limit=240

group=/run/cgroup/vbd

# written DEVICE: bytes that the group has written to it.
written()
{
	sed -n "s/^$1 .*wbytes=\([0-9]*\).*/\1/p" "$group/io.stat"
}

run()
{
	local disk id thread number

	disk=$(make_nullb cgroup 32)
	disk_attach g1 "phy:$disk" xvda
	mkdir -p /run/cgroup
	mount -t cgroup2 cgroup2 /run/cgroup
	echo +io > /run/cgroup/cgroup.subtree_control
	mkdir "$group"
	id=$(xl domid g1)
	for thread in $(pgrep "^$id\.xvda"); do
		echo "$thread" > "$group/cgroup.procs"
	done
	guest g1 'verify_range xvda 0 4m 16k 16'
	number=$(stat -L -c '%t %T' "$disk" |
		while read -r major minor; do echo "$((16#$major)):$((16#$minor))"; done)
	echo "$(written "$number") bytes written to $number"
	[ "$(written "$number")" -ge 4194304 ]
	disk_detach g1 xvda
	rmdir "$group"
	umount /run/cgroup
	drop_nullb cgroup
}
