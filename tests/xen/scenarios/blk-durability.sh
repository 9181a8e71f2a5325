# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='what was fsynced is there after xl destroy'
kind=matrix
order=110
needs='disks peer'
against=end
limit=240

console=/run/pvio/console/guest-g1.log

# Number and checksum of each file whose fsync the guest saw end, off its
# console from $begin on.
synced()
{
	tail -c +$((begin + 1)) "$console" | tr -d '\r' |
		sed -n 's/^synced \([0-9]* [0-9a-f]\{32\}\)$/\1/p'
}

enough_synced() { [ "$(synced | wc -l)" -ge 15 ]; }

# The other guest takes the disk over.
run()
{
	local begin

	begin=$(stat -c %s "$console")
	guest g1 'mkfs.ext4 -q /dev/xvda && mount -t ext4 /dev/xvda /mnt'
	guest_job g1 'sync_files /mnt > /dev/hvc0'
	wait_until 90 enough_synced
	guest_destroy g1
	synced > /run/synced
	echo "$(wc -l < /run/synced) files were fsynced"
	disk_attach g2 "phy:$(nullb_node shared)" xvda
	awk '{ print $2 "  /mnt/" $1 }' /run/synced | tail -n 30 > /run/sums
	guest g2 "mount -t ext4 /dev/xvda /mnt && echo '$(< /run/sums)' | md5sum -c"
	guest g2 'umount /mnt && e2fsck -fn /dev/xvda'
	disk_detach g2 xvda
}
