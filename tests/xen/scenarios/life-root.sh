# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a guest finds its root on xvda with pvio, without it, and after it was removed'
kind=own
list=whole
needs=nothing
limit=240
against=empty
# The damaged module.
expects='module: x86/modules: |Invalid ELF|pvio_blkfront: |pvio-blkfront: '

# make_root_disk: the guest of all other scenarios, on a disk instead of in memory.
make_root_disk()
{
	local dir=/run/root-files

	mkdir "$dir"
	(cd "$dir" && busybox cpio -id < /run/domu.img 2> /dev/null)
	truncate -s 96M /run/root.disk
	mke2fs -q -t ext4 -d "$dir" /run/root.disk
	rm -r "$dir"
}

# boot KIND DISK NET: with that initrd, these serve disk and interface, and what
# the guests before it wrote is there.
boot()
{
	local serves net

	# Always with the same address, which the neighbours remember.
	guest_start r1 2 none "ramdisk = \"/run/pvio/images/initrd-$1\"" \
		'memory = 320' 'vif = ["mac=00:16:3e:77:00:14,bridge=xenbr0"]' \
		'disk = ["file:/run/root.disk,xvda,w"]' \
		"extra = \"console=hvc0 loglevel=5 root=/dev/xvda rw init=/init front=none $guest_arguments\""
	# What udev calls it depends on its version.
	net=$(guest r1 'ls /sys/class/net | grep -vx lo')
	serves=$(guest r1 "for device in block/xvda class/net/$net; do
		basename \"\$(readlink -f /sys/\$device/device/driver/module)\"
	done" | xargs)
	[ "$serves" = "$2_blkfront $3_netfront" ] || fail "$1: served by $serves"
	guest r1 "net_up 14 $net"
	reached 10.77.0.14 r1
	guest r1 "cat /boots 2> /dev/null; echo $1 >> /boots"
	xl shutdown -w r1 > /dev/null
	wait_until 20 guest_gone r1
	progress "$1: $serves"
}

run()
{
	make_root_disk
	boot with pvio pvio
	boot broken xen pvio
	boot without xen xen
	boot after xen xen
	e2fsck -fn /run/root.disk
	debugfs -R 'cat /boots' /run/root.disk | xargs |
		grep -x 'with broken without after'
}
