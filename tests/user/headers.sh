# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# Xen's interface headers for programs in user space.

# xen_headers: the include/xen of the kernel headers to build against.  Debian
# keeps what all flavours share in a package of its own.
xen_headers()
{
	local kdir dir

	kdir=$(realpath "$("$PVIO_ROOT/scripts/kernel-dir")")
	for dir in "$kdir" "$kdir/source" "${kdir%-*}-common" \
		/usr/src/linux-headers-*-common; do
		[ -f "$dir/include/xen/interface/io/netif.h" ] || continue
		printf '%s\n' "$dir/include/xen"
		return
	done
	die "no xen/interface headers found for $kdir" \
		'apt-get install linux-headers-amd64'
}

# link_headers DIR: only the interface, so that nothing else of the kernel gets
# in.
link_headers()
{
	local xen

	xen=$(xen_headers)
	rm -rf "$1/include/xen/interface"
	mkdir -p "$1/include/xen/interface"
	ln -s "$xen/interface/io" "$1/include/xen/interface/io"
	ln -s "$xen/interface/grant_table.h" "$1/include/xen/interface/"
	ln -s "$xen/interface/event_channel.h" "$1/include/xen/interface/"
	note "xen/interface headers: $xen"
}
