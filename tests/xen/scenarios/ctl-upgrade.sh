# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade under two guests that write, read and talk'
kind=long
order=70
needs=nothing
limit=3600
expects='pvio_netback: |Invalid ELF|module: x86/modules'

rounds=${rounds:-20}
wares=/run/upgrade

# start NAME NUMBER DISK: a guest that does all at once; what it says of its work
# ends up in /tmp.
start()
{
	guest_start "$1" 2 "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$3,xvda,w\"]"
	guest "$1" "net_up $2 && disk_ready xvda"
	guest_job "$1" "verify_for 3000 xvda 8m --offset=16m" > /dev/null
	guest_job "$1" 'mkdir -p /mnt/r && write_records /dev/xvda 0 > /tmp/records' \
		> /dev/null
	guest_job "$1" 'wire tcp 10.77.0.1 7007 1 2000000000 > /tmp/wire 2>&1
		touch /tmp/ended' > /dev/null
}

# goes_on NAME: nothing ended, and all of it made progress since.
goes_on()
{
	guest "$1" 'test ! -e /tmp/ended && pidof fio > /dev/null || {
			cat /tmp/wire /tmp/fio.long; exit 1; }
		n=$(wc -l < /tmp/records)
		sent=$(cat /sys/class/net/eth0/statistics/tx_bytes)
		more() { test $(wc -l < /tmp/records) -gt $((n + 5)) &&
			test $(cat /sys/class/net/eth0/statistics/tx_bytes) \
				-gt $((sent + 200000)); }
		wait_for 10 more' 60
}

# where NAME: its interface is in the bridge.
where()
{
	[ -e "/sys/class/net/xenbr0/brif/vif$(< "$guests/$1.id").0" ]
}

# upgraded: and no longer than it takes here, where to start a process takes
# a tenth of a second and a hotplug script takes ten.
upgraded()
{
	ctl upgrade --again --from "$wares" > /run/ctl.out 2>&1 || {
		cat /run/ctl.out
		return 1
	}
	cat /run/ctl.out
	awk '/still for/ && $(NF - 1) >= 20 || /away for/ && $(NF - 1) >= 120 {
		print "too long"; exit 1 }' /run/ctl.out
}

# not_upgraded: the new module is none; the old ones are there again.
not_upgraded()
{
	local good=/rig/modules/pvio-netback.ko

	head -c 4096 "$good" > "$wares/pvio-netback.ko"
	! upgraded || fail 'a broken module was loaded'
	grep 'the old modules run again' /run/ctl.out
	cp "$good" "$wares/"
}

run()
{
	local i name one two

	mkdir -p "$wares" /usr/lib/pvio
	cp /rig/modules/pvio{,-netback,-blkback}.ko "$wares/"
	cp /rig/packaging/vif-online /usr/lib/pvio/
	one=$(make_nullb one 64)
	two=$(make_nullb two 64)
	/run/wire serve 7007 &
	start u1 51 "$one"
	start u2 52 "$two"
	ctl upgrade --keep --from "$wares"
	ctl upgrade --from "$wares" | grep 'runs already'
	for ((i = 1; i <= rounds; i++)); do
		progress "round $i of $rounds"
		if [ $((i % 3)) = 2 ]; then
			not_upgraded
		else
			upgraded
			progress "$(grep -h ' for ' /run/ctl.out | xargs)"
		fi
		for name in u1 u2; do
			where "$name"
			goes_on "$name"
		done
	done
	for name in u1 u2; do
		guest "$name" 'killall fio wire dd 2> /dev/null || true'
		guest_destroy "$name"
	done
	pkill -x wire || true
	drop_nullb one
	drop_nullb two
}
