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
	guest g1 'verify_disk xvda' 50
}
