# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a hotplug script that puts the vif into the bridge and does not say so'
kind=back
order=20
needs=vif
expects='its script did not write "connected" to hotplug-status'
expects+='|perhaps its hotplug script did not report'

waits_for_script()
{
	grep -xs 'hotplug script' \
		"/sys/bus/xen-backend/devices/vif-$(< "$guests/g1.id")-1/pvio/waits_for"
}

run()
{
	cat > /run/vif-own <<-'SCRIPT'
	#!/bin/sh
	[ "$1" != online ] || ip link set "$vif" up master xenbr0
	exit 0
	SCRIPT
	chmod 755 /run/vif-own
	wait_until 60 waits_for_script &
	xl network-attach g1 script=/run/vif-own
	[ "$back" != pvio ] || wait $!
	# Linux answers for an address on any of its interfaces.
	guest g1 'ip link set eth0 down; net_up 40 eth1'
	reached 10.77.0.40 g1
	# Who waits says so: our backend, or beside another our frontend.
	if [ "$back" = pvio ]; then
		dmesg | grep -E "$expects"
	else
		guest g1 "dmesg | grep -E '$expects'"
	fi
	guest g1 'ip link set eth0 up'
	net_detach g1 1
	reached 10.77.0.11 g1
}
