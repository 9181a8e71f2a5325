# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
about='destroy, detach, attach, create against reload of each of the modules'
kind=open
open='has not passed as a whole yet'
needs=nothing
limit=600
expects='pvio-(net|blk)(back|front) v[bi][fd]-[0-9-]+: |I/O error, dev xvd'
expects+='|Buffer I/O error on|blk_print_req_error'
# A driver may meet a device whose directory is gone already.
expects+='|pvio-(net|blk)(back|front): probe of .* failed with error -2'

rounds=${rounds:-20}

# reload_backend MODULE: what uses it is unbound first, and bound again.
reload_backend()
{
	local device

	for device in /sys/bus/xen-backend/devices/v[bi]*; do
		[ "$(readlink -f "$device/driver/module")" = "/sys/module/$1" ] ||
			continue
		echo "${device##*/}" > "$device/driver/unbind" || true
	done 2> /dev/null
	wait_until 20 rmmod "$1"
	load_file "${1//_/-}"
}

# disturb ROUND: what happens to the guest meanwhile.
disturb()
{
	case $(($1 % 4)) in
	0) xl destroy c1 ;;
	1) xl network-detach c1 0 ;;
	2) xl block-detach --force c1 xvda ;;
	3) xl block-attach c1 "phy:$two,xvdb,w"; xl network-attach c1 bridge=xenbr0 ;;
	esac > /run/xl.out 2>&1 || true
}

# reload ROUND: one of the four.
reload()
{
	case $(($1 / 4 % 4)) in
	0) reload_backend pvio_netback ;;
	1) reload_backend pvio_blkback ;;
	2) reload_frontend pvio_netfront ;;
	3) reload_frontend pvio_blkfront ;;
	esac
}

reload_frontend()
{
	timeout 30 /run/agent run "$(< "$guests/c1.id")" 25 \
		"unbind $1; rmmod $1; modprobe $1" > /run/front.out 2>&1 || true
}

start()
{
	guest_start c1 2 "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$one,xvda,w\"]"
	guest c1 'net_up 36 && disk_ready xvda'
	guest_job c1 'wire tcp 10.77.0.1 7007 1 2000000000' > /dev/null
	guest_job c1 'verify_for 1000 xvda 8m' > /dev/null
}

# goes_on: a vif that was made anew has to be put into the bridge again.
goes_on()
{
	local vif

	for vif in /sys/class/net/vif"$(< "$guests/c1.id")".*; do
		ip link set "${vif##*/}" up master xenbr0
	done
	guest c1 'wait_for 20 grep -qx 1 /sys/class/net/eth0/carrier &&
		ping -q -c 2 10.77.0.1 && pidof fio && pidof wire && sleep 2 &&
		dd if=/dev/xvda of=/dev/null bs=64k count=16 iflag=direct'
	guest c1 'wait_for 20 test -e /sys/class/net/eth1 && disk_ready xvdb'
}

run()
{
	local one two round other

	one=$(make_nullb one 32)
	two=$(make_nullb two 32)
	for ((round = 0; round < rounds; round++)); do
		/run/wire serve 7007 &
		start
		pause "0.$((round * 37 % 10))"
		disturb "$round" &
		other=$!
		reload "$round"
		wait "$other"
		# New devices have come, and a backend: the old ones go on.
		case $((round % 16)) in 3|7) goes_on ;; esac
		guest_gone c1 || guest_destroy c1
		pkill -x wire || true
		progress "round $((round + 1)) of $rounds"
	done
	drop_nullb one
	drop_nullb two
}
