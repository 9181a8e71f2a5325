# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a guest that connects with references and ports that are none, on and on'
kind=lies
needs=vif
limit=200
expects='pvio-(net|blk)back v[bi][fd]-[0-9]+-[0-9]+: '
# What a guest's bus says from Linux 7.2 on of a device that begins anew.
expects+='|xenbus: state reset occurred'

vif=device/vif/0
vbd=device/vbd/51712
turns=24
# What a device may say in five seconds, and a word on what it did not.
burst=11

# The guest's kernel has no driver while these are written.
bad_vif="tx-ring-ref 12345678 rx-ring-ref 87654321 event-channel-tx 70000
	event-channel-rx 1 request-rx-copy 1 multi-queue-num-queues 1 state 4"
bad_vbd='ring-ref 12345678 event-channel 70000 protocol x86_64-abi state 3'

backend_state() { [ "$(xenstore-read "$1/state")" = "$2" ]; }

# lines: all there are about the two devices, whoever wrote them.
lines() { dmesg | grep -cE "v[bi][fd]-$id-(0|51712): " || true; }

# refused: how often the backends failed to connect, what they did not say
# included.
refused()
{
	dmesg | awk -v id="$id" '
		$0 !~ "v[bi][fd]-" id "-" { next }
		/not connected/ { n++ }
		match($0, /[0-9]+ lines about it were left out/) {
			split(substr($0, RSTART), word, " ")
			n += word[1] / 2
		}
		END { print int(n) }'
}

# The backend begins with a frontend that is connected, it seems, and about to
# say that it is not: it must be there when that begins anew.
load_meanwhile()
{
	guest g1 "tell $vbd state 1"
	wait_until 10 backend_state "$back_vbd" 2
	rmmod pvio_blkback
	guest g1 "tell $vbd ${bad_vbd% *} 4"
	load_file pvio-blkback
	wait_until 10 backend_state "$back_vbd" 2
	guest g1 "tell $vbd state 1"
	pause 1
	backend_state "$back_vbd" 2
}

# In the guest, so that no turn waits for Dom0 to ask.
connect_in_vain()
{
	local device

	for device in "$vif $bad_vif" "$vbd $bad_vbd"; do
		guest_job g1 "i=0
			while [ \$i -lt $turns ]; do
				xenstore write ${device%% *}/state 1
				usleep 200000
				tell ${device//$'\n'/ }
				usleep 200000
				xenstore write ${device%% *}/state 6
				usleep 200000
				i=\$((i + 1))
			done"
	done > /run/jobs
	while read -r job; do
		guest_result g1 "$job" 100
	done < /run/jobs
}

# bounded SECONDS: neither the backends nor the kernel's xenbus said more than
# the backends may, the latter nothing at all.
bounded()
{
	local allowed=$((2 * burst * ($1 / 5 + 1)))

	progress "$(lines) lines about $(refused) refusals in $1 s ($allowed allowed)"
	[ "$(refused)" -ge $((turns / 2)) ]
	[ "$(lines)" -le "$allowed" ]
	! dmesg | grep -E 'mapping in shared page|allocating event channel'
}

run()
{
	local disk id back_vbd job start

	id=$(< "$guests/g1.id")
	back_vbd=/local/domain/0/backend/vbd/$id/51712
	disk=$(make_nullb refs 32)
	disk_attach g1 "phy:$disk" xvda
	guest g1 "unload_frontends $front"
	progress 'while the backend is being loaded'
	load_meanwhile
	progress 'on and on'
	start=$SECONDS
	connect_in_vain
	bounded $((SECONDS - start))
	guest g1 "take_back $vif; take_back $vbd"
	guest g1 "load_frontends $front"
	guest g1 'net_up 11 && disk_ready xvda'
	reached 10.77.0.11 g1
	guest g1 'verify_range xvda 0 1m 16k 8'
	disk_detach g1 xvda
	drop_nullb refs
}
