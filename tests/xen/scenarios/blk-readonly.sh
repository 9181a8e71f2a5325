# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a disk attached read-only can be read and refuses writes'
kind=matrix
list=own
order=90
needs=disks

refuses()
{
	if guest g1 "$1"; then
		fail "this was possible: $1"
	fi
}

run()
{
	local file sum

	file=$(make_file readonly 2)
	head -c 2M /dev/urandom > "$file"
	sum=$(md5sum < "$file")
	disk_attach g1 "file:$file" xvdc r
	guest g1 "test \"\$(blockdev --getro /dev/xvdc)\" = 1 &&
		  md5sum < /dev/xvdc | grep -q '^${sum%% *} '"
	refuses 'dd if=/dev/zero of=/dev/xvdc bs=4k count=4 conv=fsync'
	refuses 'blockdev --setrw /dev/xvdc &&
		dd if=/dev/zero of=/dev/xvdc bs=4k count=4 conv=fsync'
	disk_detach g1 xvdc
	[ "$(md5sum < "$file")" = "$sum" ]
	rm "$file"
}
