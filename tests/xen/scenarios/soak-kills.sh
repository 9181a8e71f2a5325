# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
#
# Rounds are numbered, and what happens in one follows from seed and number alone:
# tests/xen/kills runs many and keeps count, and one of them again.
about='kill, pause, halt, detach against reload and lies, drawn by a seed'
kind=open
open='no halt and no forced detach has been seen to its end, nor many rounds in a row'
needs=nothing
limit=7200
expects='pvio-(net|blk)(back|front) v[bi][fd]-[0-9-]+: |I/O error, dev xvd'
expects+='|Buffer I/O error on|blk_print_req_error'
# A device's other end may be gone when a driver is loaded; the kernel finds that
# before it asks the driver.
expects+='|pvio-(net|blk)(back|front): probe of .* failed with error -2'
# What a guest that is gone has sent may wait in a socket of Dom0 for a while.
expects+='|page_pool_release_retry.. stalled pool shutdown:? (id [0-9]+, )?[0-9]+ inflight 60 sec'
# The bus's own, about what is written in its place.
expects+='|xenbus: (state reset occurred|talk_to_otherend on device)|: 2 unable to read other end from'

# shellcheck source=../dom0/counters
. /rig/dom0/counters

# What takes longer than this behind the last disturbance hangs: of the machine's own
# seconds, for which dom0/lib has no patience here.
hang=10
soon() { patience=1 wait_until "$hang" "$@"; }

# Each as often as it is named.  The first are over when a program of Dom0 is, the
# others go on in Dom0's kernel, in the guest's and in xenstore.
kills=(destroy destroy halt pause pause net net blk blk more more driver)
meddlings=(netback blkback netfront blkfront guest-net guest-blk back-net back-blk
	nothing)

# Where one end says what is not true of itself.
guest_net_lies=('state 1' 'state 2' 'state 3' 'state 5' 'state 6' 'state 9'
	'state abc' 'tx-ring-ref 12345678 rx-ring-ref 87654321 state 4'
	'event-channel-tx 70000 event-channel-rx 1 state 4'
	'multi-queue-num-queues 4096 request-rx-copy 0 state 3')
guest_blk_lies=('state 1' 'state 2' 'state 3' 'state 5' 'state 6' 'state 9'
	'state abc' 'ring-ref 12345678 state 3' 'ring-page-order 99 state 3'
	'event-channel 70000 protocol none state 4')
back_net_lies=('state 1' 'state 2' 'state 3' 'state 5' 'state 6' 'state abc'
	'online 0 state 5' 'feature-rx-copy 0 state 2'
	'multi-queue-max-queues 0 state 2' 'hotplug-status error state 2')
back_blk_lies=('state 1' 'state 2' 'state 3' 'state 5' 'state 6' 'state abc'
	'online 0 state 5' 'sectors 0 sector-size 1 state 4' 'mode r state 2'
	'physical-device 0:0 state 2' 'max-ring-page-order 99 state 2')

# draw N: the next number below N, into $drawn.
draw()
{
	die=$(((die * 1103515245 + 12345) % 2147483648))
	drawn=$(((die >> 8) % $1))
}

# draw_moment: within two seconds, into $moment.
draw_moment()
{
	draw 20
	moment=$((drawn / 10)).$((drawn % 10))
}

# draw_round ROUND: all that is random in it.
draw_round()
{
	local moment

	die=$(((seed * 7919 + $1 * 104729 + 1) % 2147483648))
	draw 2
	draw ${#kills[@]}
	kill=${kills[drawn]}
	draw ${#meddlings[@]}
	meddling=${meddlings[drawn]}
	draw_moment
	kill_at=$moment
	draw_moment
	meddle_at=$moment
	draw_moment
	pause_for=$moment
	draw 1000
	luck=$drawn
	lie=
	case $meddling in
	*-*)
		local -n lies=${meddling/-/_}_lies
		lie=${lies[luck % ${#lies[@]}]}
		;;
	esac
}

start()
{
	guest_start k1 2 "$front" 'vif = ["bridge=xenbr0,rate=20Mb/s"]' \
		"disk = [\"phy:$one,xvda,w\"]"
	guest k1 'net_up 36 && disk_ready xvda'
	id=$(< "$guests/k1.id")
	start_wire
	start_disk
}

# With a server of its own: what an old one has not read would stay in its
# sockets.
start_wire()
{
	pkill -x wire || true
	/run/wire serve 7007 &
	guest_job k1 'wire tcp 10.77.0.1 7007 1 2000000000 > /tmp/wire 2>&1' \
		> /dev/null
}

# Records below 48 MB, each of them synced before the console tells of it; what is
# written and compared behind.
start_disk()
{
	guest_job k1 "echo \$\$ > /tmp/writer
		write_blocks xvda $synced > /dev/hvc0" > /dev/null
	guest_job k1 'verify_for 3000 xvda 8m --offset=48m --thinktime=50000 \
		--thinktime_blocks=16' > /dev/null
}

# serve_vifs: a driver domain with a bridge of its own.
serve_vifs()
{
	guest_start driver 1 none 'memory = 256' 'driver_domain = 1' \
		'ramdisk = "/run/driver-domain.img"'
	guest driver 'depmod -a; mkdir -p /proc/xen /var/run/xen
		for m in xenfs xen-privcmd xen-gntdev xen-gntalloc bridge \
			pvio-netback; do modprobe $m || exit 1; done
		mount -t xenfs xenfs /proc/xen
		brctl addbr xenbr0 && ip addr add 10.79.0.1/24 dev xenbr0 &&
		ip link set xenbr0 up'
	guest_job driver 'exec xl devd -F > /tmp/devd 2>&1' > /dev/null
	guest_job driver 'exec wire serve 7007' > /dev/null
}

# carried: over the interface that the driver domain serves, each byte compared.
carried()
{
	xl network-attach k1 bridge=xenbr0 backend=driver
	guest k1 'wait_for 10 test -e /sys/class/net/eth1 &&
		ip link set eth1 up && ip addr add 10.79.0.2/24 dev eth1 &&
		wait_for 10 ping -q -c 1 -W 1 10.79.0.1 &&
		wire tcp 10.79.0.1 7007 1 300001'
}

# prepare: what a round needs besides the guest.
prepare()
{
	[ "$kill" = driver ] || return 0
	serve_vifs
	carried
	guest_job k1 'echo $$ > /tmp/second
		exec wire tcp 10.79.0.1 7007 1 2000000000 > /tmp/wire.1 2>&1' \
		> /dev/null
}

do_kill()
{
	pause "$kill_at"
	case $kill in
	destroy) xl destroy k1 ;;
	halt) guest_job k1 'busybox poweroff -f' ;;
	pause)
		xl pause k1
		pause "$pause_for"
		xl unpause k1
		;;
	net) xl network-detach k1 0 ;;
	blk) xl block-detach --force k1 xvda ;;
	more)
		xl block-attach k1 "phy:$two,xvdb,w"
		xl network-attach k1 bridge=xenbr0
		;;
	driver) xl destroy driver ;;
	esac > /run/kill.out 2>&1 || true
}

# reload_backend MODULE: what uses it is unbound first, and bound again.
reload_backend()
{
	local device

	for device in /sys/bus/xen-backend/devices/v[bi]*; do
		[ "$(readlink -f "$device/driver/module")" = "/sys/module/$1" ] ||
			continue
		echo "${device##*/}" > "$device/driver/unbind" || true
	done 2> /dev/null
	soon rmmod "$1"
	load_file "${1//_/-}"
}

# ends: the guest itself, this round.
ends() { [ "$kill" = destroy ] || [ "$kill" = halt ]; }

# in_guest COMMAND: it may be gone before it answers.
in_guest()
{
	guest k1 "$1" 40 > /run/front.out 2>&1 || ends || {
		cat /run/front.out
		return 1
	}
}

reload_frontend()
{
	in_guest "unbind $1; wait_for $hang rmmod $1 && modprobe $1"
}

# tell_lies DIRECTORY WORD...: names and values, as Dom0 writes them.
tell_lies()
{
	local dir=$1
	shift

	while [ $# -gt 1 ]; do
		xenstore-write "$dir/$1" "$2" || ends
		shift 2
	done
}

# guest_lies DIRECTORY WORD...: and as the guest does.
guest_lies()
{
	local dir=$1 words=''
	shift

	while [ $# -gt 1 ]; do
		words+=" $dir/$1 $2"
		shift 2
	done
	in_guest "xenstore write --$words"
}

meddle()
{
	pause "$meddle_at"
	# shellcheck disable=SC2086 # words of a lie
	case $meddling in
	*back) reload_backend "pvio_$meddling" ;;
	*front) reload_frontend "pvio_$meddling" ;;
	guest-net) guest_lies device/vif/0 $lie ;;
	guest-blk) guest_lies device/vbd/51712 $lie ;;
	back-net) tell_lies "/local/domain/0/backend/vif/$id/0" $lie ;;
	back-blk) tell_lies "/local/domain/0/backend/vbd/$id/51712" $lie ;;
	esac
}

# A vif that was made anew has to be put into the bridge again.
bridge_all()
{
	local vif

	for vif in /sys/class/net/vif"$id".*; do
		case $vif in *.0|*.1) ip link set "${vif##*/}" up master xenbr0 ;; esac
	done
}

no_device() { [ ! -e "/sys/bus/xen-backend/devices/$1" ]; }

# forget TYPE ID: what Dom0 has written where nothing was any more.
forget() { xenstore-rm "/local/domain/0/backend/$1/$2" 2> /dev/null || true; }

# What was lied about is of no use any more, and what was taken is given back.
renew_net()
{
	xl network-detach k1 0 > /run/xl.out 2>&1 || true
	forget vif "$id/0"
	soon no_device "vif-$id-0"
	guest k1 "wait_for $hang test ! -e /sys/class/net/eth0"
	xl network-attach k1 bridge=xenbr0 rate=20Mb/s
}

renew_disk()
{
	xl block-detach --force k1 xvda > /run/xl.out 2>&1 || true
	forget vbd "$id/51712"
	soon no_device "vbd-$id-51712"
	guest k1 "wait_for $hang test ! -e /sys/class/block/xvda"
	xl block-attach k1 "phy:$one,xvda,w"
}

# leaves DETACH...: xl takes a device that both ends can give back. Where it had to
# use force behind its ten seconds it succeeds all the same, and says so to who asks.
leaves()
{
	xl -vvv "$@" > /run/xl.out 2>&1 || {
		cat /run/xl.out
		return 1
	}
	! grep 'Timeout reached' /run/xl.out
}

# undo: what was more is taken away, but must have worked; what was taken, and what
# lies were told of, comes anew.
undo()
{
	case $kill in
	more)
		guest k1 "wait_for $hang test -e /sys/class/net/eth1 &&
			disk_ready xvdb && verify_range xvdb 0 64k 4k 8"
		leaves network-detach k1 1
		leaves block-detach k1 xvdb
		;;
	driver) driver_again ;;
	esac
	case $kill-$meddling in net-*|*-guest-net|*-back-net) renew_net ;; esac
	case $kill-$meddling in blk-*|*-guest-blk|*-back-blk) renew_disk ;; esac
}

# driver_again: another one serves, under another number.
driver_again()
{
	soon guest_gone driver
	guest k1 'kill $(cat /tmp/second); ! grep changed /tmp/wire.1'
	xl network-detach k1 1
	guest k1 "wait_for $hang test ! -e /sys/class/net/eth1"
	serve_vifs
	carried
	leaves network-detach k1 1
	guest_destroy driver
}

# settle: what ran on a device that went has ended, all else runs on.  What fio
# says then means nothing: a disk that is gone has no bytes, and fio compares those
# that it did not get.
settle()
{
	local net=on blk=on

	case $kill-$meddling in net-*|*net|*-netfront) net=anew ;; esac
	case $kill-$meddling in blk-*|*blk|*-blkfront) blk=anew ;; esac
	undo
	bridge_all
	if [ "$blk" = anew ]; then
		guest k1 "disk_ready xvda
			ended() { ! pidof fio && ! kill -0 \$(cat /tmp/writer); }
			wait_for $hang ended"
		look_at_records
		start_disk
	fi
	if [ "$net" = anew ]; then
		guest k1 'killall wire; ! grep changed /tmp/wire && net_up 36'
		start_wire
	fi
	works
}

works()
{
	guest k1 "wait_for $hang grep -qx 1 /sys/class/net/eth0/carrier &&
		wait_for $hang ping -q -c 1 -W 1 10.77.0.1 &&
		{ wait_for 5 pidof fio || { cat /tmp/fio.long; false; }; } &&
		{ wait_for 5 pidof wire || { cat /tmp/wire; false; }; } &&
		dd if=/dev/xvda of=/dev/null bs=64k count=16 iflag=direct"
	soon record_behind "$synced"
}

# look_at_records: the last that the console has told of, from $begin on.  One that
# other text has come between is missed; the next one is not.
console=/run/pvio/console/guest-k1.log
look_at_records()
{
	local last

	last=$(tail -c +$((begin + 1)) "$console" | tr -d '\r' |
		sed -n 's/^record \([0-9]*\)$/\1/p' | sort -n | tail -n 1)
	[ "${last:-0}" -le "$synced" ] || synced=$last
}

# record_behind NUMBER
record_behind()
{
	look_at_records
	[ "$synced" -gt "$1" ]
}

# check_records FIRST LAST: they are on the disk, as they were written.
check_records()
{
	[ "$2" -ge "$1" ] || return 0
	dd if="$one" bs=4096 skip=$(($1 - 1)) count=$(($2 - $1 + 1)) iflag=direct \
		2> /dev/null | sed 's/^0*//' > /run/found
	seq "$1" "$2" | cmp - /run/found ||
		fail "records from $1 to $2 were synced, and are lost"
}

# held: what the suite has of this machine.
held() { count_pvio | grep -v ' 0$' || true; }

nothing_left() { [ "$(held)" = "$at_first" ]; }

gone()
{
	soon guest_gone k1
	forget vif "$id"
	forget vbd "$id"
	soon no_device "vif-$id-0"
	soon no_device "vbd-$id-51712"
	pkill -x wire || true
	soon nothing_left || {
		held
		return 1
	}
}

one_round()
{
	local kill meddling kill_at meddle_at pause_for luck lie die drawn other
	local before=$synced exactly now begun

	draw_round "$1"
	progress "round $1 of seed $seed: $kill at $kill_at s, $meddling${lie:+ ($lie)} at $meddle_at s"
	echo "<6>round $1 of seed $seed" > /dev/kmsg
	begin=$(stat -c %s "$console" 2> /dev/null || echo 0)
	! guest_gone k1 || start
	prepare
	look_at_clock
	begun=$exactly
	do_kill &
	other=$!
	meddle
	wait "$other"
	if ends; then
		gone
	else
		settle
	fi
	look_at_records
	check_records $((before + 1)) "$synced"
	look_at_clock
	echo "$1 ok $((exactly - begun)) $synced $kill $meddling" >> /run/pvio/kills
}

run()
{
	local one two id round rounds first seed begin=0 synced=0 at_first

	# Not what a late machine makes of a test: it is told at once.
	trap 'echo "failed in line $LINENO: $BASH_COMMAND"; exit 3' ERR
	rounds=$(told rounds) first=$(told first) seed=$(told seed)
	first=${first:-0} seed=${seed:-1} rounds=${rounds:-20}
	at_first=$(held)
	cat /run/domu.img /run/driver.img > /run/driver-domain.img
	one=$(make_nullb one 64)
	two=$(make_nullb two 32)
	for ((round = first; round < first + rounds; round++)); do
		one_round "$round"
	done
	guest_gone k1 || guest_destroy k1
	check_records 1 "$synced"
	progress "$synced records"
	pkill -x wire || true
	rm /run/driver-domain.img
	drop_nullb one
	drop_nullb two
}
