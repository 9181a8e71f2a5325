# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='what the kernel has for tests of network drivers, at both ends of an interface'
kind=selftests
needs=nothing
limit=7000

tests='stats queues napi_id napi_threaded hds shaper hw/csum hw/irq hw/tso hw/uso
	hw/pp_alloc_fail hw/xdp_metadata hw/xsk_reconfig hw/nic_timestamp xdp ping'
# What a backend leaves to the guest: rings, channels, hashes, joining packets.
guests_alone='ring_reconfig hw/rss_api hw/rss_drv hw/rss_ctx hw/rss_input_xfrm
	hw/rss_flow_label hw/ntuple hw/gro_hw gro'

# What does not pass: where, cases as patterns, what they say, and why.  No reason is
# that it is not so today alone: what passes must not be here, either.
expected()
{
	cat <<-'TABLE'
	both csum.*_tx_*             fail between domains a checksum stays blank, and none is to be seen
	both irq.check_irqs_reported fail netlink is told of no interrupts
	both irq.*                   skip the same
	both napi_threaded.*         fail ethtool 6.14 does not tell channels as JSON
	vif  queues.addremove_queues fail channels are for the guest to choose
	eth0 queues.addremove_queues fail the second queue stays connected, and is counted
	vif  stats.procfs_downup_*   fail channels are for the guest to choose
	both stats.check_pause       skip no such thing on this wire
	both stats.check_fec*        skip no such thing on this wire
	both hds.*                   skip headers are not split
	both shaper.*                skip no shapers of netlink's
	both tso.*                   skip no counters of large packets in netlink
	both uso.*                   skip UDP is not cut up
	both ping.test_xdp_offload   skip no program runs in hardware
	both xdp.*_mb_to_sb          skip a program of one buffer is taken with any MTU
	both pp_alloc_fail.*         skip failed allocations are not in netlink
	both xdp_metadata.*          skip programs are not told hashes
	both xsk_reconfig.*          skip sockets are not given a ring's own pages
	both nic_timestamp.*         skip no clock in hardware
	eth0 ring_reconfig.*_stall   skip no backlog comes about
	eth0 rss_api.*_ctx*          fail one table, no contexts
	eth0 rss_api.test_rss_ctx_*  fail one table, no contexts
	eth0 rss_api.*_fields_set*   fail Xen's hash has no ports of UDP, and no address alone
	eth0 rss_drv.*               skip two queues are too few
	eth0 rss_ctx.test_rss_resize ok
	eth0 rss_ctx.test_hitless_*  ok
	eth0 rss_ctx.*               skip two queues are too few; no filters; one table
	eth0 rss_input_xfrm.*        skip no symmetric hash
	eth0 rss_flow_label.*_6only  fail ethtool 6.14 knows no flow labels
	eth0 rss_flow_label.*        skip the same
	eth0 ntuple.*                skip no filters
	eth0 gro_hw.*                skip packets are not joined in hardware
	eth0 gro.test*.hw_*          skip the same
	eth0 gro.test*.lro_*         skip the same
	eth0 gro.*_capacity.sw_1q    ok
	eth0 gro.*_capacity.*        skip eight queues are wanted, or filters
	TABLE
}

top=/run/selftests
dir=linux/tools/testing/selftests/drivers/net
logs=/run/pvio/tests/selftests
there=10.77.0.21

# ends: what is looked at in Dom0 and in the guest, joined by nothing else.  Commands
# for the other end take another interface.
ends()
{
	local vif

	cat /run/domu.img /run/selftests.img > /run/tests.img
	guest_start k1 2 "$front" 'ramdisk = "/run/tests.img"' 'memory = 640' \
		'vif = ["bridge=xenbr0", "bridge=xenbr0"]'
	rm /run/tests.img
	vif=$(vif_of k1)
	ip link set "$vif" nomaster
	# Some take it down, and it is to have its addresses when it is up again.
	echo 1 > "/proc/sys/net/ipv6/conf/$vif/keep_addr_on_down"
	ip addr add 10.79.0.1/24 dev "$vif"
	ip -6 addr add fd79::1/64 dev "$vif" nodad
	guest k1 "net_up 21 eth1 && depmod && modprobe pppoe &&
		echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad &&
		echo 1 > /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down &&
		ip link set eth0 up && ip addr add 10.79.0.2/24 dev eth0 &&
		ip -6 addr add fd79::2/64 dev eth0"
	reached $there k1
	guest_job k1 'exec elsewhere serve 10.77.0.21' > /dev/null
	PATH=$top/bin:$PATH LD_LIBRARY_PATH=$top/lib "$top/bin/elsewhere" serve 10.77.0.1 &
	wait_until 20 "$top/bin/ssh" $there true
}

# test_at END NAME: what it says.
test_at()
{
	local own=2 other=1 address=10.77.0.1 netif=eth0 where=/ run

	if [ "$1" = vif ]; then
		own=1 other=2 address=$there netif=$(vif_of k1) where=$top/
	fi
	run="cd $where$dir/$(dirname "$2") && NO_COLOR=1 NETIF=$netif REMOTE_TYPE=ssh \
		REMOTE_ARGS=$address LOCAL_V4=10.79.0.$own LOCAL_V6=fd79::$own \
		REMOTE_V4=10.79.0.$other REMOTE_V6=fd79::$other \
		timeout -k 5 900 python3 ${2#*/}.py 2>&1"
	case $1 in
	vif) PATH=$top/bin:$PATH LD_LIBRARY_PATH=$top/lib sh -c "$run" ;;
	eth0) "$top/bin/ssh" $there "$run" ;;
	esac
}

# verdicts NAME FILE: a line for each case, its name, what it says, and why; one for
# the whole that has not as many as it says.
verdicts()
{
	awk -v name="${1#*/}" '
		/^1\.\.[0-9]/ { want = substr($0, 4) }
		/^(not )?ok / {
			said = $1 == "ok" ? "ok" : "fail"
			at = $1 == "ok" ? 3 : 4
			if (match($0, /# (SKIP|XFAIL).*/)) {
				if (said == "ok")
					said = "skip"
				why = substr($0, RSTART + 2)
			}
			print $at, said, why
			why = ""
			got++
		}
		END { if (!got || got != want)
			print name, "fail", got + 0 " of " want + 0 " cases" }' "$2"
}

# awaited END CASE: what the table says of it.
awaited()
{
	local end pattern said

	while read -r end pattern said _; do
		# shellcheck disable=SC2053 # a pattern
		if [[ both$1 == *$end* && $2 == $pattern ]]; then
			echo "$said"
			return
		fi
	done < <(expected)
	echo ok
}

# judge END NAME: what differs from the table, and a line for all.
judge()
{
	local case said why want count=() bad=0

	while read -r case said why; do
		want=$(awaited "$1" "$case")
		count+=("$said")
		echo "$1 $case $said $why" >> "$logs/all"
		[ "$said" != "$want" ] || continue
		bad=$((bad + 1))
		progress "$1 $case: $said, not $want ${why:+($why)}"
	done < <(verdicts "$2" "$logs/$1-${2#*/}")
	progress "$1 $2: $(printf '%s\n' "${count[@]}" | sort | uniq -c | xargs)"
	differ=$((differ + bad))
}

# so_far TEST: who watches is to know that it goes on.
so_far()
{
	awk -v test="$1" '/^(not )?ok / && ++n % 10 == 0 {
		print "   " test ": " n " so far"
		fflush() }' >&3
}

# chosen END: the tests for it, or those of them that were asked for
# (PVIO_DOM0_ARGS=selftests=NAME:NAME).
chosen()
{
	local name some

	some=$(told selftests)
	[ "$1" = vif ] || tests+=" $guests_alone"
	for name in $tests; do
		[[ -n $some && ":$some:" != *":$name:"* ]] || echo "$name"
	done
}

run()
{
	local end name differ=0

	[ -e /run/pvio/images/selftests.img ] || fail 'there is no selftests.img'
	mkdir -p "$top" "$logs"
	cp /run/pvio/images/selftests.img /run/
	(cd "$top" && cpio -i --quiet < /run/selftests.img)
	ends
	rm /run/selftests.img
	for end in eth0 vif; do
		for name in $(chosen "$end"); do
			test_at "$end" "$name" 2>&1 |
				tee "$logs/$end-${name#*/}" | so_far "$end $name" || true
			judge "$end" "$name"
		done
	done
	guest_destroy k1
	rm -rf "$top"
	[ "$differ" -eq 0 ] || fail "$differ cases are not as the table says"
}
