# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='destroy, detach, attach, create against reload of each of the modules'
kind=own
list=whole
needs=nothing
limit=1800
expects='pvio-(net|blk)(back|front) v[bi][fd]-[0-9-]+: |I/O error, dev xvd'
expects+='|Buffer I/O error on|blk_print_req_error'
# A device's other end may be gone when a driver is loaded; the kernel finds that
# before it asks the driver.
expects+='|pvio-(net|blk)(back|front): probe of .* failed with error -2'
# What a guest that is gone has sent may wait in a socket of Dom0 for a while.
expects+='|page_pool_release_retry.. stalled pool shutdown:? (id [0-9]+, )?[0-9]+ inflight 60 sec'

# A guest of the debug kernel must find the time for other things.  Pauses, and no
# rate: fio would make up for what it missed while its disk was away.
pace=${guest_memory:+--thinktime=400000 --thinktime_blocks=4}
rate=${guest_memory:+,rate=4Mb/s}
after_you=${guest_memory:+renice -n 19 -p \$\$ > /dev/null;}

# Four are every disturbance and every module once, sixteen each against each.
# They are numbered from $first on, so that several machines may share many.
rounds=${rounds:-4}
first=${first:-0}

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

# The guest may be gone before it answers; a device that leaves holds the module.
reload_frontend()
{
	/run/agent run "$(< "$guests/c1.id")" 90 \
		"unbind $1; wait_for 30 rmmod $1 && modprobe $1" \
		> /run/front.out 2>&1 || [ "$disturbed" = destroy ] || {
		cat /run/front.out
		return 1
	}
}

# disturb: what happens to the guest meanwhile.
disturb()
{
	case $disturbed in
	destroy) xl destroy c1 ;;
	net) xl network-detach c1 0 ;;
	blk) xl block-detach --force c1 xvda ;;
	more)
		xl block-attach c1 "phy:$two,xvdb,w"
		xl network-attach c1 bridge=xenbr0
		;;
	esac > /run/xl.out 2>&1 || true
}

reload()
{
	case $reloaded in
	*back) reload_backend "$reloaded" ;;
	*front) reload_frontend "$reloaded" ;;
	esac
}

start()
{
	guest_start c1 2 "$front" "vif = [\"bridge=xenbr0$rate\"]" \
		"disk = [\"phy:$one,xvda,w\"]"
	guest c1 'net_up 36 && disk_ready xvda'
	start_wire
	start_fio
}

# With a server of its own: what an old one has not read would stay in its
# sockets.
start_wire()
{
	pkill -x wire || true
	/run/wire serve 7007 &
	guest_job c1 "$after_you
		wire tcp 10.77.0.1 7007 1 2000000000 > /tmp/wire 2>&1" > /dev/null
}

start_fio()
{
	guest_job c1 "$after_you verify_for 3000 xvda 8m $pace" > /dev/null
}

# A vif that was made anew has to be put into the bridge again.
bridge_all()
{
	local vif

	for vif in /sys/class/net/vif"$(< "$guests/c1.id")".*; do
		ip link set "${vif##*/}" up master xenbr0
	done
}

# What was taken is given back, what was given is taken; before, it must work.
undo()
{
	case $disturbed in
	net) xl network-attach c1 bridge=xenbr0 ${rate:+"${rate#,}"} ;;
	blk) xl block-attach c1 "phy:$one,xvda,w" ;;
	more)
		guest c1 'wait_for 20 test -e /sys/class/net/eth1 &&
			disk_ready xvdb && verify_range xvdb 0 64k 4k 8'
		xl network-detach c1 1
		xl block-detach c1 xvdb
		;;
	esac
}

# What ran on a device that went has ended; all else runs on.  What fio says then
# means nothing: a disk that is gone has no bytes, and fio compares those that it
# did not get.
settle()
{
	local net=on blk=on

	case $disturbed-$reloaded in net-*|*-pvio_netfront) net=anew ;; esac
	case $disturbed-$reloaded in blk-*|*-pvio_blkfront) blk=anew ;; esac
	undo
	bridge_all
	[ "$blk" = on ] || guest c1 'disk_ready xvda &&
		wait_for 30 sh -c "! pidof fio"'
	[ "$net" = on ] || guest c1 'killall wire
		! grep changed /tmp/wire && net_up 36'
	[ "$blk" = on ] || start_fio
	[ "$net" = on ] || start_wire
	guest c1 'wait_for 20 grep -qx 1 /sys/class/net/eth0/carrier &&
		wait_for 20 ping -q -c 1 -W 1 10.77.0.1 &&
		{ wait_for 5 pidof fio || { cat /tmp/fio.long; false; }; } &&
		{ wait_for 5 pidof wire || { cat /tmp/wire; false; }; } &&
		dd if=/dev/xvda of=/dev/null bs=64k count=16 iflag=direct'
}

one_round()
{
	local disturbed reloaded other

	disturbed=$(pick "$1" destroy net blk more)
	reloaded=$(pick $(($1 + $1 / 4)) pvio_netback pvio_blkback \
		pvio_netfront pvio_blkfront)
	progress "round $1: $disturbed, $reloaded"
	if guest_gone c1; then
		start
	fi
	disturb &
	other=$!
	# Some reloads meet the beginning, some the end of it.
	pause "$(($1 * 37 % 20 / 10)).$(($1 * 37 % 10))"
	reload
	wait "$other"
	if [ "$disturbed" = destroy ]; then
		wait_until 20 guest_gone c1
	else
		settle
	fi
}

# pick N WORD...: the N-th, counted from 0, and again from the first.
pick()
{
	local n=$1
	shift

	n=$((n % $# + 1))
	echo "${!n}"
}

run()
{
	local one two round

	one=$(make_nullb one 32)
	two=$(make_nullb two 32)
	for ((round = first; round < first + rounds; round++)); do
		one_round "$round"
	done
	guest_gone c1 || guest_destroy c1
	pkill -x wire || true
	drop_nullb one
	drop_nullb two
}
