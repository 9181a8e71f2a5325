# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade in a network driver domain under a guest that talks'
kind=counted
order=30
needs=nothing
limit=3600
# The privileged calls of a domain that has no other to look after.
expects='pvio_netback: |Invalid ELF|module: x86/modules'
expects+='|xen_privcmd: No target domain found'

# shellcheck source=../dom0/upgrade
. /rig/dom0/upgrade

new=/tmp/new
upgrade="pvioctl upgrade --again --from $new"

# serve: a driver domain with a bridge of its own.
serve()
{
	guest_start serving 2 none 'driver_domain = 1' "$(< /run/serving.lines)"
	guest serving 'depmod -a; mkdir -p /proc/xen /var/run/xen
		for m in xenfs xen-privcmd xen-gntdev xen-gntalloc bridge \
			pvio-netback; do modprobe $m || exit 1; done
		mount -t xenfs xenfs /proc/xen
		brctl addbr xenbr0 && /bin/ip addr add 10.77.0.1/24 dev xenbr0 &&
		/bin/ip link set xenbr0 up'
	guest_job serving 'exec xl devd -F > /tmp/devd 2>&1' > /dev/null
	guest_job serving 'exec wire serve 7007' > /dev/null
}

looks()
{
	guest serving "basename \$(readlink /sys/class/net/$vif/master)
		cat /sys/class/net/$vif/mtu
		/bin/bridge vlan show dev $vif"
}

upgraded() { guest serving "$upgrade" 200; }

# not_upgraded: the new module is none; the old ones are there again.
not_upgraded()
{
	guest serving "mv $new/pvio-netback.ko /tmp/good &&
		head -c 4096 /tmp/good > $new/pvio-netback.ko
		! $upgrade > /tmp/ctl 2>&1 || exit 1
		cat /tmp/ctl; mv /tmp/good $new/pvio-netback.ko
		grep -q 'the old modules run again' /tmp/ctl" 200
}

# round NUMBER COMMAND
round()
{
	local answers silence

	goes_on u1 stream
	answers=$(its_heard u1)
	"$2" > /run/ctl.out || { cat /run/ctl.out; return 1; }
	cat /run/ctl.out
	goes_on u1 stream
	[ "$(looks)" = "$look" ] || { looks; fail 'it is not as it was'; }
	silence=$(its_silent u1 "$answers")
	progress "round $1 of $rounds, $2: the interface was silent for $silence s"
	within_bound 'the interface was silent for' "$silence"
}

run()
{
	local i vif look

	with_tool serving /run/driver.img > /run/serving.lines
	serve
	guest_start u1 2 "$front" 'vif = ["bridge=xenbr0,backend=serving"]'
	guest u1 'net_up 51'
	vif=vif$(< "$guests/u1.id").0
	guest serving "mkdir $new && cp /lib/modules/*/updates/pvio.ko \
			/lib/modules/*/updates/pvio-netback.ko $new/ &&
		/bin/ip link set $vif mtu 1400 &&
		/bin/bridge vlan add dev $vif vid 7 &&
		pvioctl upgrade --keep --from $new" 120
	look=$(looks)
	talking u1
	asking u1 10.77.0.1
	for ((i = 1; i <= rounds; i++)); do
		if [ $((i % 10)) = 2 ]; then
			round "$i" not_upgraded
		else
			round "$i" upgraded
		fi
	done
	guest_destroy u1
	guest serving 'cat /tmp/devd'
	guest_destroy serving
	rm /run/serving.img /run/serving.lines
}
