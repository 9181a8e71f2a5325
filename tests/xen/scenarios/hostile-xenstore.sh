# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a guest that writes what is not true into its part of xenstore'
kind=store
order=10
needs='vif peer'
limit=300
# Lines of the backends, and of the guest about its own lies.
expects='pvio-(net|blk)back v[bi][fd]-[0-9]+-[0-9]+: |pvio-(net|blk)front v[a-z0-9-]*: domain 0: (mac ff|not connected)'
# The bus of a guest from Linux 7.2 on takes Initialising for a device made anew,
# here one of a backend that is none.
expects+='|xenbus: (state reset occurred|talk_to_otherend on device)'
expects+='|: 2 unable to read other end from|probe with driver [a-z-]* failed with error -2'

vif=device/vif/0
vbd=device/vbd/51712

# backend_state DEVICE STATE
backend_state()
{
	local dir=/local/domain/0/backend/${1#device/}

	[ "$(xenstore-read "${dir%/*}/$id/${dir##*/}/state")" = "$2" ]
}

works()
{
	reached 10.77.0.11 g1
	guest g1 'dd if=/dev/xvda of=/dev/null bs=64k count=16 iflag=direct'
}

lines() { dmesg | grep -cE "$expects" || true; }

# What a connected backend has no reason to read, or must not.
names_of_others()
{
	local other=/local/domain/$peer/device

	guest g1 "tell $vif backend $other/vif/0 backend-id $peer \
		frontend $other/vif/0 frontend-id $peer handle 77 online 0 \
		hotplug-status error mac ff:ff:ff:ff:ff:ff tx-ring-ref 1 \
		rx-ring-ref 4294967295 event-channel-tx 1 event-channel-rx 2 \
		multi-queue-num-queues 4096 request-rx-copy 0"
	guest g1 "tell $vbd backend $other/vif/0 backend-id $peer \
		frontend $other/vif/0 frontend-id $peer physical-device 7:0 \
		mode w params /dev/mem ring-ref 1 ring-page-order 99 \
		event-channel 1 protocol none"
	works
	[ "$(lines)" -eq 0 ]
}

# directory_refuses PATH: the guest may not write there.
directory_refuses()
{
	if guest g1 "xenstore write $1 5"; then
		fail "the guest could write $1"
	fi
}

no_states()
{
	local state states=(9 abc -1)

	# As which that bus reads the last one.
	guest g1 'test "$(uname -r | cut -d . -f 1)" -ge 7' ||
		states+=(4294967297)
	for state in "${states[@]}"; do
		guest g1 "tell $vif state $state; tell $vbd state $state"
		works
		backend_state $vif 4
		backend_state $vbd 4
	done
	[ "$(lines)" -ge 2 ]
	guest g1 "tell $vif state 4; tell $vbd state 4"
	works
}

# closed: are both, having been told once more? A frontend of the
# suite may have begun anew meanwhile.
closed()
{
	guest g1 "tell $vif state 6; tell $vbd state 6"
	backend_state $vif 6 && backend_state $vbd 6
}

states_out_of_turn()
{
	local state

	for state in 3 2 8 7 4 1 5; do
		guest g1 "tell $vif state $state; tell $vbd state $state"
		pause 0.2
	done
	wait_until 10 closed
}

# The guest's kernel has no driver now: rings and channels that are none.
connect_with_lies()
{
	guest g1 "unload_frontends $front"
	guest g1 "tell $vif state 1; tell $vbd state 1"
	wait_until 10 backend_state $vif 2
	wait_until 10 backend_state $vbd 2
	guest g1 "tell $vif tx-ring-ref 12345678 rx-ring-ref 87654321 \
		event-channel-tx 70000 event-channel-rx 1 request-rx-copy 1 \
		multi-queue-num-queues 1 state 4"
	guest g1 "tell $vbd ring-ref 12345678 ring-page-order 0 \
		event-channel 70000 protocol x86_64-abi state 3"
	wait_until 10 backend_state $vif 5
	wait_until 10 backend_state $vbd 5
	wait_until 10 closed
}

# The kernel's own blkfront does not announce itself again.
reconnect()
{
	guest g1 "take_back $vif; take_back $vbd"
	[ "$front" = pvio ] || disk_detach g1 xvda
	guest g1 "load_frontends $front"
	[ "$front" = pvio ] || disk_attach g1 "phy:$disk" xvda
	guest g1 'net_up 11 && disk_ready xvda'
	works
	guest g1 'verify_range xvda 0 1m 16k 8'
}

# unhurt FILE: what ping sent has come back, but for what is on its way.
unhurt()
{
	tail -n 3 "$1"
	awk '/packets transmitted/ { lost = $1 - $4; seen = $1 }
	     END { exit !(seen > 10 && lost <= 1) }' "$1"
}

run()
{
	local disk id peer witness

	id=$(< "$guests/g1.id")
	peer=$(< "$guests/g2.id")
	disk=$(make_nullb lies 32)
	disk_attach g1 "phy:$disk" xvda
	ping -q -i 0.2 10.77.0.12 > /run/witness &
	witness=$!
	progress 'names of others'
	names_of_others
	directory_refuses "/local/domain/0/backend/vif/$id/0/state"
	directory_refuses "/local/domain/$peer/$vif/state"
	progress 'states that are none, or out of turn'
	no_states
	states_out_of_turn
	progress 'rings and channels that are none'
	connect_with_lies
	reconnect
	kill -INT "$witness"
	wait "$witness" || true
	unhurt /run/witness
	dmesg | grep -E "$expects"
	[ "$(lines)" -le 40 ]
	disk_detach g1 xvda
	drop_nullb lies
}
