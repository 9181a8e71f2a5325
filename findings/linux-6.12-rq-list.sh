#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# A kernel of a series has the block layer's list of requests of the next one.
#
# Linux 6.13 made a list of requests (that of a plug, say) a struct with head and
# tail, which was a plain pointer before, and functions of what had been macros.
# Debian 13's kernel 6.12.117 calls itself 6.12 and has the struct: a module that asks
# LINUX_VERSION_CODE for 6.13 does not build for it, one that asks whether
# rq_list_empty is a macro builds for both.
#
# Seen:
#   version 6.12.117
#   struct rq_list mq_list;
#   static inline int rq_list_empty(const struct rq_list *rl)

set -euo pipefail

version=6.12.117-1
abi=6.12.117+deb13
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial"
cd "$work"

# Lists of its own, so that the machine's sources stay as they are.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in debian:trixie debian-security:trixie-security; do
	echo "deb [signed-by=$keys] http://deb.debian.org/${suite%:*} ${suite#*:} main"
done > sources.list
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list"
	-o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists"
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o Acquire::Languages=none -o APT::Sandbox::User=root)

echo "headers of Linux $version"
{ "${apt[@]}" update && "${apt[@]}" download "linux-headers-$abi-common=$version" \
	"linux-headers-$abi-amd64=$version"; } > log 2>&1 || {
	tail -n 3 log >&2
	echo "error: cannot download the headers of version $version" >&2
	echo '  try: a mirror that still has it (snapshot.debian.org)' >&2
	exit 1
}
for deb in *.deb; do
	dpkg -x "$deb" root
done

src=root/usr/src/linux-headers-$abi
{
	awk '/define LINUX_VERSION_(MAJOR|PATCHLEVEL|SUBLEVEL)/ { n[++i] = $3 }
		END { print "version " n[1] "." n[2] "." n[3] }' \
		"$src-amd64/include/generated/uapi/linux/version.h"
	grep -ho 'struct rq_list mq_list;' "$src-common/include/linux/blkdev.h"
	grep -h 'rq_list_empty(' "$src-common/include/linux/blk-mq.h"
} > seen
cat seen

diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
version 6.12.117
struct rq_list mq_list;
static inline int rq_list_empty(const struct rq_list *rl)
WANT
echo 'as described'
