# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='pvioctl upgrade in a guest that talks, and not while its disk is open'
kind=counted
list=whole
order=20
needs=nothing
limit=3600
expects='pvio_netfront: |Invalid ELF|module: x86/modules'

# shellcheck source=../dom0/upgrade
. /rig/dom0/upgrade

# In the guest, modules as they are installed and as pvioctl takes them.
new='/tmp/new'
upgrade="pvioctl upgrade --again --from $new"

# looks: what somebody has set on the interface, and finds again.  Whether another has
# an IPv6 address is being asked for a second.
looks()
{
	guest u1 'cat /sys/class/net/eth0/mtu
		/bin/ip -o addr show dev eth0 scope global | cut -d " " -f 2- |
			sed "s/ tentative//"
		/bin/ip route show dev eth0'
}

refused()
{
	guest u1 "! $upgrade > /tmp/ctl 2>&1 || exit 1
		cat /tmp/ctl; grep -q '$1' /tmp/ctl" 120
}

upgraded() { guest u1 "$upgrade" 120; }

# not_upgraded: the new module is none; the old ones are there again.
not_upgraded()
{
	guest u1 "mv $new/pvio-netfront.ko /tmp/good &&
		head -c 4096 /tmp/good > $new/pvio-netfront.ko"
	refused 'the old modules run again'
	guest u1 "mv /tmp/good $new/pvio-netfront.ko"
}

# round NUMBER COMMAND
round()
{
	local answers disk vif

	goes_on u1 stream
	answers=$(heard u1)
	"$2" > /run/ctl.out || { cat /run/ctl.out; return 1; }
	cat /run/ctl.out
	goes_on u1 stream
	[ "$(looks)" = "$look" ] || { looks; fail 'it is not as it was'; }
	guest u1 "disk_ready xvda && md5sum < /dev/xvda" 60 |
		diff - /run/sum
	disk=$(sed -n 's/^disks stood still for \(.*\) s/\1/p' /run/ctl.out)
	vif=$(silent u1 "$answers")
	progress "round $1 of $rounds, $2: disks were away for $disk s," \
		"the interface was silent for $vif s"
	within_bound 'disks were away for' "$disk"
	within_bound 'the interface was silent for' "$vif"
}

run()
{
	local i disk look

	with_tool u1 > /run/u1.lines
	disk=$(make_nullb one 8)
	dd if=/dev/urandom of="$disk" bs=1M count=8 oflag=direct
	md5sum < "$disk" > /run/sum
	/run/wire serve 7007 &
	guest_start u1 2 "$front" 'vif = ["bridge=xenbr0"]' \
		"disk = [\"phy:$disk,xvda,w\"]" "$(< /run/u1.lines)"
	guest u1 "net_up 51 && disk_ready xvda &&
		mkdir $new && cp /lib/modules/*/updates/*.ko $new/ &&
		/bin/ip link set eth0 mtu 1400 &&
		/bin/ip addr add 192.0.2.9/32 dev eth0 &&
		/bin/ip route add 198.51.100.0/24 via 10.77.0.1 dev eth0"
	look=$(looks)
	talking u1
	asked u1 10.77.0.51
	guest u1 "pvioctl upgrade --keep --from $new" 120
	progress 'with an open disk'
	guest u1 'sleep 100000 < /dev/xvda > /dev/null 2>&1 &
		echo $! > /tmp/holder'
	refused 'disks of this guest are open'
	guest u1 'kill $(cat /tmp/holder)'
	for ((i = 1; i <= rounds; i++)); do
		# A backend hears a frontend half a dozen times in three seconds,
		# as often as a round needs it (LOOK_MS in xenbus/device.c), and
		# comes half a second later when that is used up.
		pause 2
		if [ $((i % 10)) = 2 ]; then
			round "$i" not_upgraded
		else
			round "$i" upgraded
		fi
	done
	guest_destroy u1
	pkill -x wire || true
	pkill -x ping || true
	rm /run/u1.img /run/u1.lines
	drop_nullb one
}
