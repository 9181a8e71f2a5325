# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl destroy of a guest with 24 disks, all of them in use'
kind=dom0
list=whole
needs=nothing
limit=200

disks=24
letters=abcdefghijklmnopqrstuvwx
# Seconds until nothing is left: no guest, no device, nothing held open.
allowed=15

disk_list()
{
	local i

	for ((i = 0; i < disks; i++)); do
		printf '"script=/run/block-quick,vdev=xvd%s,access=rw,target=/dev/dm-%u",' \
			"${letters:i:1}" $((100 + i))
	done
}

load='
	for d in /sys/class/block/xvd*; do
		args="$args --name=${d##*/} --filename=/dev/${d##*/}"
	done
	exec fio --thread --ioengine=libaio --direct=1 --rw=randrw --bs=16k \
		--iodepth=8 --size=4m --time_based --runtime=1000 --minimal \
		$args'

# By its number: the name of one that is dying is gone before it is.
no_domain() { ! xl list | awk -v id="$id" '$2 == id { n++ } END { exit !n }'; }
no_directory() { ! xenstore-list "/local/domain/0/backend/vbd/$id"; }
no_device() { ! ls -d "/sys/bus/xen-backend/devices/vbd-$id-"*; }
no_user() { ! dmsetup info -c --noheadings -o open | grep -v '^ *0'; }

# gone SECONDS: all of it, and when which part was.
gone()
{
	local part now exactly

	for part in no_device no_user no_directory no_domain; do
		look_at_clock
		patience=1 wait_until $((allowed - (exactly - begin) / 1000)) "$part" || {
			echo "not so after $allowed s: $part"
			return 1
		}
		look_at_clock
		progress "$part after $((exactly - begin)) ms at most"
	done
}

run()
{
	local id begin now exactly

	cut_nullb parts "$disks" 8192
	make_quick_script
	guest_start d1 2 "$front" 'memory = 512' "disk = [$(disk_list)]"
	id=$(< "$guests/d1.id")
	guest d1 "all() { test \"\$(ls -d /sys/class/block/xvd* | wc -l)\" = $disks; }
		wait_for 60 all" 100
	progress 'load'
	guest_job d1 "$load" > /dev/null
	pause 4
	look_at_clock
	begin=$exactly
	xl destroy d1 &
	gone
	wait "$!"
	drop_parts parts "$disks"
}
