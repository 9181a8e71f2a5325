#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# W=1 checks the comments of a module, or not, by the kernel it is built for; and where it
# does, nothing that the headers depend on brings what the check is written in.
#
# Of 6.12 kbuild runs kernel-doc over each source of a module, too, and its failure is the
# object's: perl with Pod::Usage, which perl-base has not, and neither linux-headers nor
# make has perl come, as in a container or a chroot for builds (dkms has, by dpkg-dev).
# Of 7.3 W=1 leaves a module's comments alone, so one that is clean there may not be clean
# with an earlier kernel.
#
# Seen:
#   6.12.117 a module's comments: checked, by perl with Pod::Usage
#   with linux-headers and make comes perl: no; Pod::Usage in perl-base: no
#   7.3.4 a module's comments: not checked

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial"
cd "$work"
: > status

# Lists of its own, and a machine that has nothing yet.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in debian:trixie debian-security:trixie-security debian:trixie-backports; do
	echo "deb [signed-by=$keys] http://deb.debian.org/${suite%:*} ${suite#*:} main"
done > sources.list
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list"
	-o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists"
	-o "Dir::State::status=$work/status"
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o Acquire::Languages=none -o APT::Sandbox::User=root)
abis=(6.12.117+deb13 7.3.4+deb13)
versions=(6.12.117-1 7.3.4-1~bpo13+1)

echo 'kbuild of two kernels of Debian 13, and perl-base'
names=(perl-base)
for i in 0 1; do
	names+=("linux-kbuild-${abis[i]}=${versions[i]}")
done
{ "${apt[@]}" update && "${apt[@]}" download "${names[@]}"; } > log 2>&1 || {
	tail -n 3 log >&2
	echo "error: cannot download kbuild of ${abis[*]}" >&2
	echo '  try: a mirror that still has them (snapshot.debian.org)' >&2
	exit 1
}
for deb in linux-*.deb; do
	dpkg -x "$deb" root
done

# build ABI: the part of kbuild that compiles.
build()
{
	cat "root/usr/lib/linux-kbuild-$1/scripts/Makefile.build"
}

# comments ABI: the command that W=1 adds, and whether only within the kernel's tree.
comments()
{
	build "$1" | awk '
		/^ifeq \(\$\(KBUILD_EXTMOD\),\)/ { at = NR }
		/cmd_checkdoc *=/ { print (at && NR - at <= 3) ? "not checked" : "checked" }'
}

# perl_comes: with the headers and make?
perl_comes()
{
	"${apt[@]}" -s --no-install-recommends install \
		"linux-headers-${abis[0]}-amd64" make > list
	grep -q '^Inst perl ' list && echo yes || echo no
}

# has_module: does perl-base?
has_module()
{
	dpkg -c perl-base_*.deb > list
	grep -q 'Pod/Usage\.pm$' list && echo yes || echo no
}

{
	echo "6.12.117 a module's comments: $(comments "${abis[0]}"), by perl with" \
		"$(sed -n 's/^use \(Pod::Usage\).*/\1/p' \
			"root/usr/lib/linux-kbuild-${abis[0]}/scripts/kernel-doc")"
	echo "with linux-headers and make comes perl: $(perl_comes);" \
		"Pod::Usage in perl-base: $(has_module)"
	echo "7.3.4 a module's comments: $(comments "${abis[1]}")"
} > seen
cat seen

diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
6.12.117 a module's comments: checked, by perl with Pod::Usage
with linux-headers and make comes perl: no; Pod::Usage in perl-base: no
7.3.4 a module's comments: not checked
WANT
echo 'as described'
