# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl reboot: the guest comes back with network, disk and its data'
kind=life
order=80
needs=nothing
limit=240

run()
{
	local disk

	disk=$(make_nullb reboot 32)
	guest_start r1 "$vcpus" "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$disk,xvda,w\"]"
	guest r1 'disk_ready xvda && mkfs.ext4 -q /dev/xvda &&
		  mount -t ext4 /dev/xvda /mnt && write_tree /mnt/tree 10'
	xl reboot r1
	wait_until 120 restarted r1
	guest_ready r1
	guest r1 'net_up 14 && ping -q -c 1 10.77.0.1'
	guest r1 'disk_ready xvda && mount -t ext4 /dev/xvda /mnt &&
		  check_tree /mnt/tree && umount /mnt'
	guest_destroy r1
	drop_nullb reboot
}

# restarted NAME: it runs under a new number.
restarted()
{
	local id

	id=$(xl domid "$1") && [ "$id" != "$(cat "$guests/$1.id")" ]
}
