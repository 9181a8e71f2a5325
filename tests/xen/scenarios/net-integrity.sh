# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='random data over TCP and UDP arrives unchanged, both ways'
kind=matrix
order=20
needs=vif

# A file with a checksum, one way at a time.
file_to_guest()
{
	local job sum

	sum=$(md5sum < /run/random.data)
	job=$(guest_job g1 'timeout 60 wire get 7000 | md5sum')
	guest g1 'wait_for 10 listening 7000'
	timeout 60 /run/wire put 10.77.0.11 7000 < /run/random.data
	[ "$(guest_result g1 "$job" 20)" = "$sum" ]
}

file_from_guest()
{
	local sum

	timeout 60 /run/wire get 7000 > /run/received.data &
	wait_until 10 listening 7000
	sum=$(guest g1 'head -c 1000001 /dev/urandom > /tmp/data
		md5sum < /tmp/data; timeout 60 wire put 10.77.0.1 7000 < /tmp/data
		rm /tmp/data')
	wait $!
	[ "$(md5sum < /run/received.data)" = "$sum" ]
	rm /run/received.data
}

run()
{
	local job

	head -c 1000001 /dev/urandom > /run/random.data
	file_to_guest
	file_from_guest
	rm /run/random.data
	# An echo server on the other end, every byte compared here.
	/run/wire serve 7007 &
	guest g1 'wire udp 10.77.0.1 7007 1 1400 1400 120 &&
		  wire tcp 10.77.0.1 7007 2 1000003'
	kill $!
	job=$(guest_job g1 'timeout 15 wire serve 7007 || true')
	guest g1 'wait_for 10 listening 7007'
	/run/wire udp 10.77.0.11 7007 3 1400 1400 120
	/run/wire tcp 10.77.0.11 7007 4 1000003
	guest g1 'killall wire || true'
	guest_result g1 "$job" 20
}
