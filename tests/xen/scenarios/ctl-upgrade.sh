# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade in Dom0 under two guests that write, read and talk'
kind=counted
order=10
needs=nothing
limit=3600
expects='pvio_netback: |Invalid ELF|module: x86/modules'

# shellcheck source=../dom0/upgrade
. /rig/dom0/upgrade
declare -A look records answers

start()
{
	guest_start "$1" 2 "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$3,xvda,w\"]"
	guest "$1" "net_up $2 && disk_ready xvda"
}

# work NAME NUMBER: all at once; what it says of that ends up in /tmp.
work()
{
	guest_job "$1" 'verify_for 100000 xvda 8m --offset=120m --rate_iops=20
		touch /tmp/ended' > /dev/null
	recording "$1"
	talking "$1"
	asked "$1" "10.77.0.$2"
}

# dress NAME: what somebody may have set on its interface.
dress()
{
	local vif

	vif=$(vif_of "$1")
	ip link set "$vif" mtu 1400
	ip addr add 192.0.2.7/32 dev "$vif"
	bridge vlan add dev "$vif" vid 7
}

# looks NAME: what can be seen of that.
looks()
{
	local vif

	vif=$(vif_of "$1")
	[ -e "/sys/class/net/xenbr0/brif/$vif" ] || echo 'not in its bridge'
	cat "/sys/class/net/$vif/mtu"
	ip -o -4 addr show dev "$vif" | sed 's/^[0-9]*//'
	bridge vlan show dev "$vif"
}

vif_of() { echo "vif$(< "$guests/$1.id").0"; }

upgraded() { ctl upgrade --again --from "$wares" > /run/ctl.out 2>&1; }

# not_upgraded: the new module is none; the old ones are there again.
not_upgraded()
{
	local good=/rig/modules/pvio-netback.ko

	head -c 4096 "$good" > "$wares/pvio-netback.ko"
	! upgraded || fail 'a broken module was loaded'
	grep 'the old modules run again' /run/ctl.out
	cp "$good" "$wares/"
}

# round NUMBER COMMAND
round()
{
	local name disk vif disks=0 vifs=0

	for name in u1 u2; do
		goes_on "$name" records stream
		records[$name]=$(recorded "$name")
		answers[$name]=$(heard "$name")
	done
	"$2" || { cat /run/ctl.out; return 1; }
	cat /run/ctl.out
	for name in u1 u2; do
		goes_on "$name" records stream
		disk=$(still "$name" "${records[$name]}")
		vif=$(silent "$name" "${answers[$name]}")
		disks+=" $disk" vifs+=" $vif"
		[ "$(looks "$name")" = "${look[$name]}" ] || {
			looks "$name"
			fail "$name has not the interface it had"
		}
	done
	disk=$(xargs -n 1 <<< "$disks" | sort -n | tail -n 1)
	vif=$(xargs -n 1 <<< "$vifs" | sort -n | tail -n 1)
	progress "round $1 of $rounds, $2: disks stood still for $disk s," \
		"interfaces were silent for $vif s"
	grep -E 'for [0-9.]+ s' /run/ctl.out | sed 's/^/   /' >&3
	within_bound 'disks stood still for' "$disk"
	within_bound 'interfaces were silent for' "$vif"
}

run()
{
	local i name one two

	mkdir -p "$wares" /usr/lib/pvio
	cp /rig/modules/pvio{,-netback,-blkback}.ko "$wares/"
	cp /rig/packaging/vif-online /usr/lib/pvio/
	one=$(make_nullb one 128)
	two=$(make_nullb two 128)
	/run/wire serve 7007 &
	start u1 51 "$one"
	start u2 52 "$two"
	work u1 51
	work u2 52
	dress u2
	for name in u1 u2; do
		look[$name]=$(looks "$name")
	done
	ctl upgrade --keep --from "$wares"
	ctl upgrade --from "$wares" | grep 'runs already'
	for ((i = 1; i <= rounds; i++)); do
		if [ $((i % 10)) = 2 ]; then
			round "$i" not_upgraded
		else
			round "$i" upgraded
		fi
	done
	for name in u1 u2; do
		guest "$name" 'killall fio wire dd 2> /dev/null || true'
		all_recorded "$name"
		guest_destroy "$name"
	done
	pkill -x wire || true
	pkill -x ping || true
	drop_nullb one
	drop_nullb two
}
