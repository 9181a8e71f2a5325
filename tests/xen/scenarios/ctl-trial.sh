# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='one guest on trial, beside in-tree backends that serve another'
kind=own
list=whole
order=65
# What another guest had from pvio would become the in-tree backends', and hold them.
needs=alone
limit=300

# driver DEVICE: which has it, on the bus of backends.
driver() { basename "$(readlink "/sys/bus/xen-backend/devices/$1/driver")"; }

# served NAME VIF VBD: by these drivers, and it works.
served()
{
	local id

	id=$(< "$guests/$1.id")
	[ "$(driver "vif-$id-0")" = "$2" ] || fail "$1: vif: $(driver "vif-$id-0")"
	[ "$(driver "vbd-$id-51712")" = "$3" ] ||
		fail "$1: vbd: $(driver "vbd-$id-51712")"
}

# works NAME NUMBER
works()
{
	guest "$1" "disk_ready xvda && verify_range xvda 0 1m 16k 8"
	reached "10.77.0.$2" "$1"
}

# As the rig's, with 'pvioctl trial' before what makes devices, when $trying.
trying=
xl()
{
	case $trying$1 in
	1create|1network-attach)
		LD_PRELOAD=/run/patience.so ctl trial xl "$@" ;;
	*) LD_PRELOAD=/run/patience.so command xl "$@" ;;
	esac
}

# start NAME DISK FRONT
start()
{
	guest_start "$1" 1 "$3" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$2,xvda,w\"]"
}

refused()
{
	! ctl trial "$@" > /run/ctl.out 2>&1 || fail "taken: $*"
	cat /run/ctl.out
}

run()
{
	local usual trial kind

	unload_backends
	refused xl list
	load_backends intree
	insmod /rig/modules/pvio.ko beside=Y
	insmod /rig/modules/pvio-netback.ko
	insmod /rig/modules/pvio-blkback.ko
	usual=$(make_nullb usual 32)
	trial=$(make_nullb trial 32)
	start u1 "$usual" intree
	progress 'u1 runs as usual'
	served u1 vif vbd
	guest u1 'net_up 51'
	for kind in intree pvio; do
		trying=1
		start u2 "$trial" "$kind"
		served u2 pvio-netback pvio-blkback
		[ "$(< /sys/bus/xen-backend/drivers_autoprobe)" = 1 ]
		served u1 vif vbd
		guest u2 'net_up 52'
		works u2 52
		works u1 51
		progress "u2 is on trial, with frontends of $kind"
		# One more device for each, one of them as usual.
		xl network-attach u2 bridge=xenbr0
		[ "$(driver "vif-$(< "$guests/u2.id")-1")" = pvio-netback ]
		trying=
		xl network-attach u1 bridge=xenbr0
		[ "$(driver "vif-$(< "$guests/u1.id")-1")" = vif ]
		xl network-detach u1 1
		guest_destroy u2
	done
	# The next time it is one like any other.
	start u2 "$trial" pvio
	served u2 vif vbd
	refused /run/nothing-there
	[ "$(< /sys/bus/xen-backend/drivers_autoprobe)" = 1 ]
	guest_destroy u2
	works u1 51
	# Without pvio all goes on.
	rmmod pvio-netback pvio-blkback pvio
	works u1 51
	guest_destroy u1
	drop_nullb usual
	drop_nullb trial
	load_backends pvio
}
