# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='Dom0 reads and maps what a guest grants, while that takes it back'
kind=hold
list=whole
needs=vif
limit=200
# The second is the kernel's own, one for each page.
expects='pvio-netfront vif-[0-9]+: domain 0: |WARNING: g\.e\. 0x[0-9a-f]+ still in use!'

# What the kernel's list of such pages takes and lets go, it tells at once.
follow_list()
{
	guest g1 "echo 'file grant-table.c $1' \
			> /sys/kernel/debug/dynamic_debug/control
		echo $2 > /sys/module/grant_table/parameters/free_per_iteration"
}

# told TEXT: how often the guest's kernel has said that.
told() { guest g1 "dmesg | grep -c '$1' || true"; }

reload()
{
	guest g1 "unload_frontends $front"
	guest g1 "load_frontends $front"
	guest g1 'net_up 11'
	reached 10.77.0.11 g1
}

# Ends with the device closed or not, as it happens.
race()
{
	/run/wire serve 7007 &
	guest_job g1 'wire tcp 10.77.0.1 7007 1 2000000000' > /dev/null
	/run/hold "$1" race 3 2> /run/hold.err
	guest g1 'killall wire || true'
	kill %1
	guest g1 "dmesg | grep 'pvio-netfront vif' || true"
	[ "$(told 'pvio-netfront vif')" -le 10 ]
	reload
}

all_freed() { [ "$(told 'freeing g.e.')" = "$(told 'deferring g.e.')" ]; }

keep()
{
	local parked

	exec {hold}> >(/run/hold "$1" keep 100 > /run/kept 2> /run/hold.err)
	wait_until 10 test -s /run/kept
	[ "$(< /run/kept)" -eq 100 ]
	reload
	parked=$(told 'deferring g.e.')
	progress "$parked pages are parked"
	[ "$parked" -ge 100 ]
	[ "$(told 'pvio-netfront vif')" -le 20 ]
	! all_freed || fail 'nothing is parked'
	exec {hold}>&-
	wait_until 20 all_freed
	reached 10.77.0.11 g1
}

run()
{
	local id

	id=$(< "$guests/g1.id")
	follow_list +p 0
	race "$id"
	keep "$id"
	follow_list -p 10
}
