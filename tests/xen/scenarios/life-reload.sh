# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='the frontend modules are unloaded and loaded again in a running guest'
kind=life
order=60
needs=vif
limit=240

run()
{
	local disk

	disk=$(make_nullb reload 32)
	disk_attach g1 "phy:$disk" xvda
	guest g1 'dd if=/dev/urandom of=/dev/xvda bs=1M count=4 conv=fsync'
	# The kernel's own blkfront does not announce itself again when it is
	# loaded again: its disk is taken away and given back.
	[ "$front" = pvio ] || disk_detach g1 xvda
	guest g1 "unload_frontends $front"
	guest g1 'test ! -e /sys/class/net/eth0 && test ! -e /dev/xvda'
	guest g1 "load_frontends $front"
	[ "$front" = pvio ] || disk_attach g1 "phy:$disk" xvda
	guest g1 'net_up 11 && disk_ready xvda'
	reached 10.77.0.11 g1
	guest g1 'head -c 4194304 /dev/xvda | md5sum' > /run/sum
	head -c 4194304 "$disk" | md5sum | diff - /run/sum
	guest g1 'verify_range xvda 0 4m 16k 16'
	disk_detach g1 xvda
	drop_nullb reload
}
