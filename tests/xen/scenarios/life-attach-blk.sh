# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl block-attach and block-detach, twice, then under I/O'
kind=life
order=20
needs=guest
limit=240

run()
{
	local round disk file

	disk=$(make_nullb attach 32)
	file=$(make_file attach 32)
	for round in 1 2; do
		disk_attach g1 "phy:$disk" xvda
		guest g1 "verify_range xvda 0 2m 4k 8"
		disk_detach g1 xvda
	done
	# A disk that is in use is not taken away before it is let go.
	disk_attach g1 "file:$file" xvdb
	disk_attach g1 "phy:$disk" xvda
	guest g1 'mkfs.ext4 -q /dev/xvda && mount -t ext4 /dev/xvda /mnt &&
		  write_tree /mnt/tree 10'
	disk_detach g1 xvdb
	guest g1 'check_tree /mnt/tree && umount /mnt'
	disk_detach g1 xvda
	drop_nullb attach
	rm "$file"
}
