# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='frontends with the least, the most, and a backend they do not trust'
kind=life
list=whole
order=10
needs=nothing
limit=240

# Of either family's frontend: parameters, and what the other end must be told:
# queues, log2 of the ring's pages, persistent grants.
least='max_queues=1 max_ring_page_order=0 max_indirect_segments=11
	feature_persistent=0'
least_keys='1 0 0'
most='max_queues=2 max_ring_page_order=4 max_indirect_segments=32'
most_keys='2 4 1'
wary='max_queues=2 max_ring_page_order=1 trusted=0'
wary_keys='2 1 '

# key NAME DEFAULT: what the frontend of the disk has written.
key()
{
	xenstore-read "/local/domain/$(< "$guests/k1.id")/device/vbd/51712/$1" \
		2> /dev/null || echo "$2"
}

# told: the three, each 0 or 1 where older frontends do not mention it.
told()
{
	echo "$(key multi-queue-num-queues 1) $(key ring-page-order 0)" \
		"$(key feature-persistent 0)"
}

# try NAME SETTINGS KEYS: a guest with a disk, and what it says.
try()
{
	local settings=$2 keys=$3 module=xen_blkfront word
	local guest_arguments=$guest_arguments

	[ "$front" = intree ] || module=pvio_blkfront
	for word in $settings; do
		guest_arguments+=" $module.$word"
	done
	guest_start k1 2 "$front" 'memory = 384' "disk = [\"phy:$disk,xvda,w\"]"
	guest k1 'disk_ready xvda'
	echo "$1: $(told)"
	[[ $(told) = "$keys"* ]]
	guest k1 'verify_range xvda 0 4m 4k 32 && verify_range xvda 4m 12m 1m 4'
	guest_destroy k1
	progress "$1"
}

run()
{
	local disk

	disk=$(make_nullb settings 32)
	try least "$least" "$least_keys"
	try most "$most" "$most_keys"
	try wary "$wary" "$wary_keys"
	drop_nullb settings
}
