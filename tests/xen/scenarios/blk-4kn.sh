# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a disk with sectors of 4 KiB: a file system on it, then it grows, shrinks'
kind=life
order=30
needs=guest
limit=240

# resize MEGABYTES: the guest is told; in-tree backends look only when there is
# something to do.
resize()
{
	truncate -s "$1M" "$file"
	losetup -c "$disk"
	guest g1 "reads() { dd if=/dev/xvda of=/dev/null bs=4k count=1 iflag=direct; }
		sized() { reads; test \$(cat /sys/block/xvda/size) = $(($1 * 2048)); }
		wait_for 10 sized"
}

run()
{
	local file disk

	file=$(make_file sectors 64)
	disk=$(losetup -f --show -b 4096 "$file")
	disk_attach g1 "phy:$disk" xvda
	guest g1 'grep -x 4096 /sys/block/xvda/queue/logical_block_size &&
		grep -x 131072 /sys/block/xvda/size'
	guest g1 'mkfs.ext4 -q /dev/xvda && mount -t ext4 /dev/xvda /mnt &&
		write_tree /mnt/tree 15 && umount /mnt &&
		mount -t ext4 /dev/xvda /mnt && check_tree /mnt/tree && umount /mnt'
	# Nobody else has mounted it: Dom0 sees the same files.
	mount -o ro "$disk" /mnt
	(cd /mnt/tree && md5sum -c --quiet sums)
	umount /mnt
	# Less than a sector is refused, and harms nothing.
	guest g1 '! fio --thread --name=small --filename=/dev/xvda --direct=1 \
		--rw=write --bs=512 --size=4k > /dev/null 2>&1'
	guest g1 'verify_range xvda 4m 8m 4k 16'
	resize 96
	guest g1 'verify_range xvda 80m 8m 64k 8'
	resize 48
	disk_detach g1 xvda
	losetup -d "$disk"
	rm "$file"
}
