# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='xl pause and unpause under network and disk load'
kind=life
order=50
needs=vif
limit=290

run()
{
	local disk net io

	disk=$(make_nullb pause 32)
	disk_attach g1 "phy:$disk" xvda
	/run/wire serve 7007 &
	net=$(guest_job g1 'wire tcp 10.77.0.1 7007 20 20000000')
	io=$(guest_job g1 'verify_range xvda 0 24m 64k 32')
	for _ in 1 2 3; do
		xl pause g1
		pause 0.7
		xl unpause g1
		pause 0.3
	done
	guest_result g1 "$net" 120
	guest_result g1 "$io" 120
	kill $!
	reached 10.77.0.11 g1
	disk_detach g1 xvda
	drop_nullb pause
}
