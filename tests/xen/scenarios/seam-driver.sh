# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='a network driver domain comes back with a new number to a saved guest'
kind=save
order=30
needs=nothing
limit=300
# The privileged calls of a domain that has no other to look after.
expects='xen_privcmd: No target domain found'

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
}

answered() { guest u1 'wait_for 20 ping -q -c 1 -W 1 10.79.0.1'; }

# carried: data both ways, each byte compared.
carried()
{
	answered
	guest u1 'wire tcp 10.79.0.1 7007 1 1000001'
}

run()
{
	local first

	cat /run/domu.img /run/driver.img > /run/driver-domain.img
	serve_vifs
	guest_job driver 'exec wire serve 7007' > /dev/null
	first=$(< "$guests/driver.id")
	guest_start u1 "$vcpus" "$front" 'vif = ["bridge=xenbr0,backend=driver"]'
	guest u1 'wait_for 10 test -e /sys/class/net/eth0 &&
		ip link set eth0 up && ip addr add 10.79.0.2/24 dev eth0'
	carried
	guest_saved u1
	guest_destroy driver
	serve_vifs
	guest_job driver 'exec wire serve 7007' > /dev/null
	[ "$(< "$guests/driver.id")" != "$first" ]
	guest_restored u1
	carried
	guest_destroy u1
	guest driver 'cat /tmp/devd'
	guest_destroy driver
	rm /run/driver-domain.img
}
