# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='one request at a time is waited for in the hypervisor'
kind=front
order=20
needs=guest
limit=240

parameter=/sys/module/pvio_blkfront/parameters/halt_us

# halts: of the guest, all queues.
halts()
{
	guest g1 'cat /sys/kernel/debug/pvio/blkfront/xvda/stats' | sum_halts
}

# served: the same in the backend.
served()
{
	cat /sys/kernel/debug/pvio/blkback/*/stats | sum_halts
}

sum_halts()
{
	awk '$1 == "halts" { for (i = 2; i <= NF; i++) n += $i }
		END { print n + 0 }'
}

# allow MICROSECONDS: at the suite's ends.
allow()
{
	guest g1 "echo $1 > $parameter"
	[ "$back" != pvio ] ||
		echo "$1" > /sys/module/pvio_blkback/parameters/halt_us
}

# load: written and verified, one request at a time.
load()
{
	guest g1 'fio --thread --name=halt --filename=/dev/xvda --direct=1 \
		--ioengine=psync --rw=randwrite --bs=4k --size=8m \
		--verify=crc32c --verify_fatal=1 --minimal' > /run/fio.halt ||
		{ cat /run/fio.halt; return 1; }
}

run()
{
	local disk before

	disk=$(make_nullb halt 32)
	disk_attach g1 "phy:$disk" xvda
	# An emulated machine is slow.
	allow 10000
	load
	echo "$(halts) of 4096 waited for in the guest"
	[ "$(halts)" -ge 512 ]
	[ "$back" != pvio ] || echo "$(served) in the backend"
	[ "$back" != pvio ] || [ "$(served)" -gt 0 ]
	allow 0
	before=$(halts)
	load
	[ "$(halts)" -eq "$before" ]
	allow 100
	disk_detach g1 xvda
	drop_nullb halt
}
