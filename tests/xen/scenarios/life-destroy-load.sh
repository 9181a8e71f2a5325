# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl destroy under full network and disk load, again and again'
kind=load
needs=nothing
limit=1000

rounds=${rounds:-3}

run()
{
	local disk round

	disk=$(make_nullb load 32)
	for ((round = 1; round <= rounds; round++)); do
		# A server of its own: what an old one has not read of a guest
		# that is gone would stay in its sockets.
		/run/wire serve 7007 &
		guest_start l1 $((1 + round % vcpus)) "$front" 'vif = ["bridge=xenbr0"]' \
			"disk = [\"phy:$disk,xvda,w\"]"
		guest l1 'net_up 15 && disk_ready xvda'
		guest_job l1 'wire tcp 10.77.0.1 7007 1 2000000000' > /dev/null
		guest_job l1 'fio --thread --name=load --filename=/dev/xvda \
			--ioengine=libaio --direct=1 --rw=randrw --bs=16k \
			--iodepth=32 --size=30m --time_based --runtime=60' \
			> /dev/null
		pause "0.$((round * 37 % 10 + 3))"
		ping -q -f -w 1 10.77.0.15 > /dev/null || true
		guest_destroy l1
		pkill -x wire
		progress "round $round of $rounds"
	done
	drop_nullb load
}
