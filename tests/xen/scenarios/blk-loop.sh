# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a disk in a file (loop): a filesystem, its checksums, fio verify'
kind=matrix
list=own
order=70
needs=disks
limit=240

run()
{
	guest g1 'mkfs.ext4 -q /dev/xvdb && mount -t ext4 /dev/xvdb /mnt &&
		  write_tree /mnt/tree 25 && umount /mnt &&
		  mount -t ext4 /dev/xvdb /mnt && check_tree /mnt/tree &&
		  umount /mnt && e2fsck -fn /dev/xvdb'
	guest g1 'verify_range xvdb 40m 4m 64k 16'
}
