#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# kmem_cache_alloc_bulk() has come to say whether, and no longer how many.
#
# Up to 6.12 it returns the number of objects; with 7.3 true.  "n = alloc_bulk(...)",
# as drivers of disks and of networks have it, compiles with both without a warning,
# and is one from 7.3 on: of a batch of requests all but the first are lost, on each
# call.  Nothing says so where the cache is merged with others of its size, as it is
# with Debian's configuration: unloading the module looks for no object then.
#
# Seen:
#   6.12.117 int
#   7.3.4 bool
#   32 objects are 32, later 1, and the compiler says 0 lines

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial"
cd "$work"

# Lists of its own, so that the machine's sources stay as they are.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in debian:trixie debian-security:trixie-security debian:trixie-backports; do
	echo "deb [signed-by=$keys] http://deb.debian.org/${suite%:*} ${suite#*:} main"
done > sources.list
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list"
	-o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists"
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o Acquire::Languages=none -o APT::Sandbox::User=root)
abis=(6.12.117+deb13 7.3.4+deb13)
versions=(6.12.117-1 7.3.4-1~bpo13+1)

echo 'headers of two kernels of Debian 13'
names=()
for i in 0 1; do
	names+=("linux-headers-${abis[i]}-common=${versions[i]}")
done
{ "${apt[@]}" update && "${apt[@]}" download "${names[@]}"; } > log 2>&1 || {
	tail -n 3 log >&2
	echo "error: cannot download the headers of ${abis[*]}" >&2
	echo '  try: a mirror that still has them (snapshot.debian.org)' >&2
	exit 1
}
for deb in *.deb; do
	dpkg -x "$deb" root
done

# returns ABI: the type, by what is declared there.
returns()
{
	sed -n 's/^\(int\|bool\) kmem_cache_alloc_bulk[a-z_]*(.*/\1/p' \
		"root/usr/src/linux-headers-$1-common/include/linux/slab.h" | head -n 1
}

# A caller of each, whose allocation works.
caller()
{
	cat > "$1.c" <<-CALLER
		#include <stdbool.h>
		static $1 all_of_them(unsigned int nr) { return nr; }
		int main(void) { unsigned int nr = all_of_them(32); return nr; }
	CALLER
	gcc -Wall -Wextra "$1.c" -o "$1" 2>> warnings
	"./$1" || echo $?
}

for abi in "${abis[@]}"; do
	echo "${abi%+*} $(returns "$abi")"
done > seen
: > warnings
echo "32 objects are $(caller "$(returns "${abis[0]}")"), later" \
	"$(caller "$(returns "${abis[1]}")"), and the compiler says" \
	"$(wc -l < warnings) lines" >> seen
cat seen

diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
6.12.117 int
7.3.4 bool
32 objects are 32, later 1, and the compiler says 0 lines
WANT
echo 'as described'
