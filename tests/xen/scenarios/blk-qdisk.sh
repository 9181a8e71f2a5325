# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a disk that QEMU serves from a qcow2 image: written, trimmed, saved'
kind=own
list=whole
order=40
needs=nothing
limit=240

image=/run/qdisk.qcow2

used() { qemu-img info --output=json "$image" | sed -n 's/.*"actual-size": \([0-9]*\).*/\1/p'; }

start()
{
	qemu-img create -q -f qcow2 "$image" 64M
	guest_start q1 "$1" "$front" \
		"disk = [\"format=qcow2,vdev=xvda,access=rw,discard,target=$image\"]"
	guest q1 'disk_ready xvda'
}

run()
{
	local vcpus before

	for vcpus in 1 2; do
		start "$vcpus"
		guest q1 'verify_range xvda 0 16m 16k 8 && cat /proc/partitions'
		before=$(used)
		guest q1 'blkdiscard /dev/xvda'
		progress "$before bytes, $(used) after the discard"
		guest q1 'mkfs.ext4 -q /dev/xvda && mount -t ext4 /dev/xvda /mnt &&
			write_tree /mnt/t 10 && sync && check_tree /mnt/t'
		if [ "$vcpus" = 2 ]; then
			guest_saved q1
			guest_restored q1
			guest q1 'check_tree /mnt/t'
		fi
		guest q1 'umount /mnt'
		guest_destroy q1
		qemu-img check -q "$image"
		rm "$image"
	done
}
