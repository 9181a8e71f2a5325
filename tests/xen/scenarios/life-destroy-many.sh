# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
about='xl destroy of a guest with 24 disks, all of them in use'
kind=dom0
needs=nothing
limit=200

disks=24
letters=abcdefghijklmnopqrstuvwx
# Seconds until nothing is left: no guest, no device, nothing held open.
allowed=15

# Enough of a device for each disk, all parts of one.
make_parts()
{
	local i whole

	whole=$(make_nullb parts $((disks * 4 + 1)))
	for ((i = 0; i < disks; i++)); do
		make_dm "$((100 + i))" "0 8192 linear $whole $((i * 8192))"
	done
}

drop_parts()
{
	local i

	for ((i = 0; i < disks; i++)); do
		drop_dm "$((100 + i))"
	done
	drop_nullb parts
}

# The toolstack's own script takes more than a second for a disk under emulation,
# at its end as well, and xl waits for all of them before it destroys the guest.
make_script()
{
	cat > /run/block-parts <<-'SCRIPT'
	#!/bin/sh
	[ "$1" = add ] || exit 0
	device=$(xenstore-read "$XENBUS_PATH/params")
	xenstore-write "$XENBUS_PATH/physical-device" "$(stat -L -c %t:%T "$device")" \
		"$XENBUS_PATH/hotplug-status" connected
	SCRIPT
	chmod 755 /run/block-parts
}

disk_list()
{
	local i

	for ((i = 0; i < disks; i++)); do
		printf '"script=/run/block-parts,vdev=xvd%s,access=rw,target=/dev/dm-%u",' \
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
		wait_until $((allowed - (exactly - begin) / 1000)) "$part" || {
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

	make_parts
	make_script
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
	drop_parts
}
