# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='fio verify, 512 bytes to 1 MiB, queue depth 1 to 64'
kind=matrix
order=60
needs=disks
limit=240

run()
{
	local vbd

	guest g1 'verify_disk xvda' 50
	vbd=vbd-$(< "$guests/g1.id")-51712
	says "$vbd" state Connected
	says "$vbd" waits_for ''
	says "$vbd" disk xvda
	says "$vbd" mode w
	guest_says g1 vbd-51712 state Connected
	guest_says g1 vbd-51712 disk xvda
	guest_says g1 vbd-51712 mode w
}
