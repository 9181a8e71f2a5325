# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl shutdown with a mounted disk: clean, and nothing is left'
kind=life
order=70
needs=nothing
limit=240

run()
{
	local disk

	disk=$(make_nullb shutdown 32)
	guest_start s1 "$vcpus" "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$disk,xvda,w\"]"
	guest s1 'net_up 13 && ping -q -c 1 10.77.0.1'
	guest s1 'disk_ready xvda && mkfs.ext4 -q /dev/xvda &&
		  mount -t ext4 /dev/xvda /mnt && write_tree /mnt/tree 10'
	xl shutdown s1
	wait_until 90 guest_gone s1
	e2fsck -fn "$disk"
	mkdir -p /run/mounted
	mount -o ro "$disk" /run/mounted
	(cd /run/mounted/tree && md5sum -c --quiet sums)
	umount /run/mounted
	drop_nullb shutdown
}
