# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade from in-tree backends under two guests at work'
kind=counted
list=whole
order=30
# What another guest had from pvio would become the in-tree backends', and hold them.
needs=alone
limit=1800
expects='pvio_netback: |Invalid ELF|module: x86/modules'

# shellcheck source=../dom0/upgrade-two
. /rig/dom0/upgrade-two

upgraded() { ctl upgrade --from "$wares" > /run/ctl.out 2>&1; }

# serves NAME: these drivers and no others.
serves()
{
	case $1 in
	pvio) ! grep -E '^xen_(net|blk)back ' /proc/modules ;;
	intree) ! grep '^pvio' /proc/modules ;;
	esac || fail "there is more than $1"
}

# refused: in-tree frontends would stay as they are.
refused()
{
	guest_start u3 1 intree 'vif = ["bridge=xenbr0"]'
	! upgraded || fail 'in-tree frontends were taken along'
	cat /run/ctl.out
	grep "vif$(< "$guests/u3.id").0 of u3" /run/ctl.out
	guest_destroy u3
	serves intree
}

run()
{
	local rounds=2

	load_backends intree
	begin_two
	refused
	round 1 not_upgraded
	serves intree
	round 2 upgraded
	serves pvio
	echo pvio > /run/backends
	ctl upgrade --from "$wares" | grep 'runs already'
	end_two
}
