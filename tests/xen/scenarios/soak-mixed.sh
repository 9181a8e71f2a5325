# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='10 minutes of fio verify with hot-plug, resize, pause, little memory'
kind=soak
order=20
needs=guest
limit=1500

seconds=600
file=/run/mixed.disk

# resize MEGABYTES: of the disk that is in use; the guest sees it at once.
resize()
{
	truncate -s "$1M" "$file"
	losetup -c "$loop"
	guest g1 "wait_for 3 grep -qx $(($1 * 2048)) /sys/class/block/xvda/size"
}

second_disk()
{
	disk_attach g1 "phy:$1" xvdb
	guest g1 'verify_range xvdb 0 4m 16k 16'
	disk_detach g1 xvdb
}

hold_still()
{
	xl pause g1
	pause 1.3
	xl unpause g1
}

# All but 64 MB of what is free, for a moment; then what can shrink is shrunk.
squeeze_memory()
{
	local free

	free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
	mount -t tmpfs -o size=100% squeeze /mnt
	head -c $((free > 128 ? free - 64 : 64))M /dev/zero > /mnt/squeeze
	pause 1
	umount /mnt
	echo 3 > /proc/sys/vm/drop_caches
}

run()
{
	local disk job begin=$SECONDS round=0

	truncate -s 96M "$file"
	loop=$(losetup --show -f "$file")
	disk=$(make_nullb mixed 32)
	disk_attach g1 "phy:$loop" xvda
	job=$(guest_job g1 "verify_for $seconds xvda 48m")
	while [ $((SECONDS - begin)) -lt "$seconds" ]; do
		round=$((round + 1))
		second_disk "$disk"
		resize $((96 + round % 3 * 16))
		hold_still
		squeeze_memory
		progress "round $round, $((SECONDS - begin)) of $seconds s"
	done
	guest_result g1 "$job" 120
	disk_detach g1 xvda
	losetup -d "$loop"
	rm "$file"
	drop_nullb mixed
}
