# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='what owners and operators expect of a disk'
kind=dom0
needs=guest
limit=600
expects='I/O error, dev (xvd|nullb)|Buffer I/O error on|Read-error on swap|null_blk'
expects+='|pvio-blk(front|back) vbd-[0-9-]+: '

key_of_error() { echo "/local/domain/$(xl domid "$1")/error/device/vbd/$2/error"; }

# An ordinary detach of a disk that is in use is refused, with the reason where
# toolstacks look; it goes when it is let go.
refused()
{
	xl block-detach g1 xvda > /run/xl.out 2>&1 && return 1
	xenstore-read "$(key_of_error g1 51712)"
	guest g1 'test -b /dev/xvda'
}

# leaves: of its own accord; xl, which has given up waiting, then clears away.
leaves()
{
	guest g1 'wait_for 15 test ! -e /sys/class/block/xvda'
	xl block-detach g1 xvda
}

in_use()
{
	local disk job

	disk=$(make_nullb held 64)
	disk_attach g1 "phy:$disk" xvda
	guest g1 'mkfs.ext4 -q /dev/xvda && mount -t ext4 /dev/xvda /mnt &&
		write_tree /mnt/tree 10'
	refused
	guest g1 'dd if=/dev/zero of=/mnt/more bs=64k count=64 conv=fsync &&
		check_tree /mnt/tree && umount /mnt'
	leaves
	guest g1 'dmesg | grep -E "I/O error|Buffer I/O"' && return 1
	drop_nullb held
}

as_swap()
{
	local disk

	disk=$(make_nullb swap 32)
	disk_attach g1 "phy:$disk" xvda
	guest g1 'mkswap /dev/xvda && swapon /dev/xvda'
	refused
	guest g1 'swapoff /dev/xvda'
	leaves
	drop_nullb swap
}

opened()
{
	local disk job

	disk=$(make_nullb opened 32)
	disk_attach g1 "phy:$disk" xvda
	job=$(guest_job g1 'exec sleep 1000 < /dev/xvda')
	guest g1 'wait_for 5 pidof sleep'
	refused
	guest g1 'killall sleep'
	guest_result g1 "$job" > /dev/null || true
	leaves
	drop_nullb opened
}

# modprobe returns when the devices that were there are usable.
usable()
{
	local disk

	disk=$(make_nullb usable 32)
	guest_start q1 "$vcpus" none 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$disk,xvda,w\"]"
	guest q1 'modprobe pvio-blkfront && test -b /dev/xvda &&
		dd if=/dev/xvda of=/dev/null bs=4k count=1'
	guest q1 'modprobe pvio-netfront && test -e /sys/class/net/eth0 &&
		ip link set eth0 up && grep -qx 1 /sys/class/net/eth0/carrier'
	guest_destroy q1
	drop_nullb usable
}

no_guest_disk() { guest g1 "wait_for 10 test ! -e /sys/class/block/$1"; }

# A read-only device is no writable disk; it is one when it can be.
read_only()
{
	local disk

	disk=$(make_nullb mode 32)
	blockdev --setro "$disk"
	xl block-attach g1 "phy:$disk,xvdc,w" > /run/xl.out 2>&1 || cat /run/xl.out
	guest g1 'test ! -b /dev/xvdc || test "$(blockdev --getro /dev/xvdc)" = 0'
	xl block-detach g1 xvdc > /run/xl.out 2>&1 || cat /run/xl.out
	no_guest_disk xvdc
	blockdev --setrw "$disk"
	disk_attach g1 "phy:$disk" xvdc
	guest g1 'verify_range xvdc 0 1m 4k 4'
	disk_detach g1 xvdc
	drop_nullb mode
}

# What pulls the device of a disk in use.
pulled()
{
	local disk job dir=/sys/kernel/config/nullb/pull

	disk=$(make_nullb pull 32)
	disk_attach g1 "phy:$disk" xvdb
	job=$(guest_job g1 'dd if=/dev/zero of=/dev/xvdb bs=64k oflag=direct; true')
	pause 0.5
	echo 0 > "$dir/power"
	guest_result g1 "$job" 30
	disk_detach g1 xvdb
	echo 1 > "$dir/power"
	disk_attach g1 "phy:$(nullb_node pull)" xvdb
	guest g1 'verify_range xvdb 0 2m 4k 4'
	disk_detach g1 xvdb
	drop_nullb pull
}

# Dom0 as its own guest, the disk that it gets passed on.
passed_on()
{
	local disk

	disk=$(make_nullb self 64)
	insmod "$rig/modules/pvio-blkfront.ko" feature_persistent="$1"
	xl block-attach 0 "phy:$disk,xvda,w"
	wait_until 10 test -b /dev/xvda
	mkfs.ext4 -q /dev/xvda
	mount /dev/xvda /mnt
	dd if=/dev/urandom of=/mnt/f bs=1M count=20 conv=fsync
	umount /mnt
	disk_attach g1 phy:/dev/xvda xvdb
	guest g1 'verify_range xvdb 0 4m 4k 16 && verify_range xvdb 8m 8m 256k 4'
	disk_detach g1 xvdb
	xl block-detach 0 xvda
	wait_until 10 test ! -e /dev/xvda
	rmmod pvio_blkfront
	drop_nullb self
}

persistent() { passed_on 1; }
not_persistent() { passed_on 0; }

# The names that the configuration says, whatever order they come in.
named()
{
	local disk number name names='xvda2 xvda1 sdb1 hdc1 xvdz xvdaa'

	for name in $names; do
		disk=$(make_nullb "n$name" 8)
		xl block-attach g1 "phy:$disk,$name,w"
	done
	guest g1 'for d in xvda1 xvda2 xvdb1 xvdc1 xvdz xvdaa; do
			disk_ready $d && verify_range $d 0 256k 4k 4 || exit 1
		done; mkswap /dev/xvda1 && swapon /dev/xvda1 && swapoff /dev/xvda1 &&
		mkfs.ext4 -q /dev/xvda2 && mount -t ext4 /dev/xvda2 /mnt &&
		umount /mnt'
	for name in $names; do
		xl block-detach g1 "$name"
		number=${name/#[sh]d/xvd}
		no_guest_disk "$number"
		drop_nullb "n$name"
	done
}

recover()
{
	local name

	xl block-detach 0 xvda > /dev/null 2>&1
	for name in q1 g1; do
		guest_gone "$name" || guest_destroy "$name"
	done
	umount /mnt 2> /dev/null
	! grep -q pvio_blkfront /proc/modules || rmmod pvio_blkfront
	for name in /sys/kernel/config/nullb/*/; do
		rmdir "$name"
	done
	guest_start g1 "$vcpus" "$front"
}

run()
{
	habit 'a mounted disk stays (B1)' in_use
	variant 'a disk that is swap stays (B1)' as_swap
	variant 'an open disk stays (B1)' opened
	habit 'modprobe waits (B6)' usable
	habit 'read-only is not writable' read_only
	habit 'a device is pulled out (B17)' pulled
	habit 'a disk is passed on (B12)' persistent
	variant 'passed on without persistent grants (B12)' not_persistent
	habit 'names (B23)' named
	all_kept
}
