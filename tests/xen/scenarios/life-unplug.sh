# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl block-detach --force of a disk under load: errors, no hang'
kind=front
order=30
needs=guest
limit=240
expects='blk_print_req_error: .* suppressed|I/O error, dev xvda|Buffer I/O error on dev xvda'

# Ends in an error when the disk goes, and not before.
load='! fio --thread --name=load --filename=/dev/xvda --ioengine=libaio \
	--direct=1 --rw=randrw --bs=16k --iodepth=32 --size=24m --time_based \
	--runtime=60 > /tmp/load 2>&1; ended=$?
	grep -o "error=.*" /tmp/load | sort | uniq -c; exit $ended'

run()
{
	local disk round job

	disk=$(make_nullb unplug 32)
	for round in 1 2 3; do
		disk_attach g1 "phy:$disk" xvda
		job=$(guest_job g1 "$load")
		pause "0.$((round * 3))"
		xl block-detach --force g1 xvda
		echo "round $round"
		guest_result g1 "$job" 30
		guest g1 'wait_for 10 test ! -e /sys/class/block/xvda'
	done
	disk_attach g1 "phy:$disk" xvda
	guest g1 'verify_range xvda 0 4m 16k 16'
	disk_detach g1 xvda
	drop_nullb unplug
}
