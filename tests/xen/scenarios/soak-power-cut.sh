# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='50 times xl destroy while records are fsynced: none is missing'
kind=soak
order=10
needs=nothing
limit=2400

rounds=50
console=/run/pvio/console/guest-cut.log
begin=0		# of this round on the console
synced=0	# records whose fsync the guest saw end

# Records that the console tells of, from $begin on.
told()
{
	tail -c +$((begin + 1)) "$console" | tr -d '\r' |
		sed -n 's/^record \([0-9]*\)$/\1/p'
}

# note_synced: they must be in order, none left out, or they tell nothing.
note_synced()
{
	local number

	for number in $(told); do
		if [ "$number" -ne $((synced + 1)) ]; then
			echo "record $number was told after $synced"
			return 1
		fi
		synced=$number
	done
}

several_told() { [ "$(told | wc -l)" -ge 2 ]; }

cut_power()
{
	begin=$(stat -c %s "$console")
	guest_job cut "write_records /mnt/records $synced > /dev/hvc0" \
		> /dev/null
	wait_until 30 several_told
	pause "$((RANDOM % 3)).$RANDOM"
	guest_destroy cut
	note_synced
}

run()
{
	local disk round

	disk=$(make_nullb cut 64)
	for ((round = 1; round <= rounds; round++)); do
		guest_start cut "$vcpus" "$front" "disk = [\"phy:$disk,xvda,w\"]"
		guest cut 'disk_ready xvda'
		[ "$round" -gt 1 ] || guest cut 'mkfs.ext4 -q /dev/xvda'
		guest cut "mount -t ext4 /dev/xvda /mnt &&
			check_records /mnt/records $synced"
		cut_power
		progress "round $round of $rounds, $synced records are there"
	done
	guest_start cut "$vcpus" "$front" "disk = [\"phy:$disk,xvda,w\"]"
	guest cut "disk_ready xvda && mount -t ext4 /dev/xvda /mnt &&
		check_records /mnt/records $synced && umount /mnt &&
		e2fsck -fn /dev/xvda"
	guest_destroy cut
	drop_nullb cut
}
