# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl and xentop tell what is there and count what passes'
kind=own
order=60
needs='vif disks'
limit=200

# Within 2 percent of these: written to xvda in requests of 64 KiB, half as many read
# from it, and sent to the guest and back, or only there, to an address that it has
# not: so that it shows which way a column counts.
requests=160
reads=80
packets=500
unanswered=250
# With the headers of ICMP, IP and Ethernet.
payload=1000
frame=$((payload + 42))

# near WHAT IS WANTED
near()
{
	echo "$1: $2 of $3"
	awk -v is="$2" -v want="$3" 'BEGIN {
		exit !(is >= want * 0.98 && is <= want * 1.02) }'
}

# told JSON: known devices, known values, nothing wrong.
told()
{
	python3 - "$1" <<-'PYTHON'
	import json, sys
	with open(sys.argv[1]) as file:
	    value = json.load(file)
	found = {device['name']: device for device in value['devices']
	         if device['guest'] == 'g1'}
	vif = next(d for d in found.values() if d['kind'] == 'vif')
	assert value['host']['role'] == 'dom0', value['host']
	assert vif['driver'] == 'pvio-netback', vif
	assert vif['bridge'] == 'xenbr0' and vif['queues'] == 2, vif
	assert vif['negotiated']['gso_v4'] == '1', vif
	for name, behind in ('xvda', '/dev/'), ('xvdb', '/run/shared.disk'):
	    disk = found[name]
	    assert disk['driver'] == 'pvio-blkback', disk
	    assert disk['state'] == disk['peer_state'] == 'Connected', disk
	    assert disk['backing'].startswith(behind), disk
	    assert disk['negotiated']['mode'] == 'w', disk
	    assert disk['queues'] == 2 and disk['advice'] is None, disk
	print(len(found), 'devices')
	PYTHON
}

# tables FILE: how many there are.
tables() { grep -c 'problem' "$1" || true; }
has_tables() { [ "$(tables "$1")" -ge "$2" ]; }

# sum FILE DEVICE COLUMN: of all tables, rates times seconds.
sum()
{
	awk -v device="$2" -v column="$3" '
	function plain(text) {
		if (text ~ /k$/) return text * 1e3
		if (text ~ /M$/) return text * 1e6
		return text + 0
	}
	/problem/ { seconds = $2 }
	$2 == device { total += plain($column) * seconds }
	END { printf "%.0f\n", total }' "$1"
}

# xentop_of: NETTX(k) NETRX(k) VBD_WR VBD_WSECT VBD_RD VBD_RSECT of g1.
xentop_of()
{
	xentop -b -i 1 | awk '$1 == "g1" {
		print $(NF - 8), $(NF - 7), $(NF - 3), $(NF - 1), $(NF - 4),
			$(NF - 2) }'
}

traffic()
{
	local job mac

	job=$(guest_job g1 "dd if=/dev/zero of=/dev/xvda bs=64k \
		count=$requests oflag=direct &&
		dd if=/dev/xvda of=/dev/null bs=64k count=$reads iflag=direct")
	ping -q -f -c "$packets" -s "$payload" 10.77.0.11 | grep received
	mac=$(xenstore-read "/local/domain/0/backend/vif/$(< "$guests/g1.id")/0/mac")
	ip neigh replace 10.77.0.98 lladdr "$mac" dev xenbr0 nud permanent
	ping -q -f -W 1 -c "$unanswered" -s "$payload" 10.77.0.98 | grep received ||
		true
	ip neigh del 10.77.0.98 dev xenbr0
	guest_result g1 "$job"
}

# by_xentop BEFORE...
by_xentop()
{
	local tx rx writes sectors read read_sectors

	read -r tx rx writes sectors read read_sectors < <(xentop_of)
	near 'xentop NETTX(k)' $((tx - $1)) $(((packets + unanswered) * frame / 1024))
	near 'xentop NETRX(k)' $((rx - $2)) $((packets * frame / 1024))
	near 'xentop VBD_WR' $((writes - $3)) "$requests"
	near 'xentop VBD_WSECT' $((sectors - $4)) $((requests * 128))
	near 'xentop VBD_RD' $((read - $5)) "$reads"
	near 'xentop VBD_RSECT' $((read_sectors - $6)) $((reads * 128))
}

run()
{
	local out=/run/ctl.top top before vif

	vif=vif$(< "$guests/g1.id").0
	reached 10.77.0.11 g1
	ctl status -j g1 > /run/ctl.json
	told /run/ctl.json
	ctl top -b -d 1 > "$out" &
	top=$!
	before=$(xentop_of)
	wait_until 30 has_tables "$out" 1
	traffic
	wait_until 30 has_tables "$out" $(($(tables "$out") + 2))
	kill "$top"
	cat "$out"
	near 'wr/s' "$(sum "$out" xvda 4)" "$requests"
	near 'rd/s' "$(sum "$out" xvda 3)" "$reads"
	near 'rdB/s' "$(sum "$out" xvda 5)" $((reads * 65536))
	near 'wrB/s' "$(sum "$out" xvda 6)" $((requests * 65536))
	near 'tx/s' "$(sum "$out" "$vif" 3)" "$packets"
	near 'rx/s' "$(sum "$out" "$vif" 4)" $((packets + unanswered))
	near 'txB/s' "$(sum "$out" "$vif" 5)" $((packets * frame))
	near 'rxB/s' "$(sum "$out" "$vif" 6)" $(((packets + unanswered) * frame))
	# shellcheck disable=SC2086 # six numbers
	by_xentop $before
	ctl latency g1/xvda 1
	[ "$(< /sys/module/pvio_blkback/parameters/latency)" = N ]
}
