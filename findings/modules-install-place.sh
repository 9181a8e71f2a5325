#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# The same 'make modules_install' puts a module of one's own elsewhere, and under
# another name, from one Debian release to the next.
#
# With the headers of 6.1 (Debian 12) it goes to extra/NAME.ko.  With those of 6.12
# (Debian 13) it goes to updates/NAME.ko.xz: another default of INSTALL_MOD_DIR, and
# modules are compressed as the distribution's own are.  A script that looks for
# extra/*.ko, to sign or to remove what it installed, finds nothing and says
# nothing; and updates/ is where DKMS' modules are, which extra/ loses against.
# INSTALL_MOD_DIR=extra CONFIG_MODULE_COMPRESS_ALL= CONFIG_MODULE_COMPRESS_XZ=
# makes both alike.
#
# Seen:
#   6.1.176-1: extra/one.ko
#   6.12.117-1: updates/one.ko.xz
#   6.12.117-1, told: extra/one.ko

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial"
cd "$work"

# Lists of its own, so that the machine's sources stay as they are.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in debian:bookworm debian-security:bookworm-security debian:trixie \
	debian-security:trixie-security; do
	echo "deb [signed-by=$keys] http://deb.debian.org/${suite%:*} ${suite#*:} main"
done > sources.list
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list"
	-o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists"
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o Acquire::Languages=none -o APT::Sandbox::User=root)
"${apt[@]}" update > log 2>&1

# install VERSION ABI KBUILD [WORD...]: where one module goes.
install()
{
	local version=$1 abi=$2 kbuild=$3 src label
	shift 3

	label=$version${1:+, told}
	src=$work/root/usr/src/linux-headers-$abi
	if [ ! -d "$src-amd64" ]; then
		"${apt[@]}" download "linux-headers-$abi-common=$version" \
			"linux-headers-$abi-amd64=$version" \
			"linux-kbuild-$kbuild=$version" > log 2>&1 || {
			tail -n 3 log >&2
			echo "error: cannot download the headers of $version" >&2
			echo '  try: a mirror that still has it (snapshot.debian.org)' >&2
			exit 1
		}
		for deb in *.deb; do
			dpkg -x "$deb" root
		done
		rm -- *.deb
		echo "include $src-common/Makefile" > "$src-amd64/Makefile"
	fi
	rm -rf module place
	mkdir module place
	gcc -c -x c -o module/one.ko - <<< 'int one;'
	# The list of modules is one of objects by now.
	case $kbuild in
	6.1) echo "$work/module/one.ko" ;;
	*) echo "$work/module/one.o" ;;
	esac > module/modules.order
	make -s -C "$src-amd64" M="$work/module" INSTALL_MOD_PATH="$work/place" \
		CONFIG_MODULE_SIG_ALL= "$@" modules_install > log 2>&1 || {
		tail -n 5 log >&2
		exit 1
	}
	echo "$label: $(cd place/lib/modules/*/ && find extra updates -type f 2> /dev/null)"
}

{
	install 6.1.176-1 6.1.0-50 6.1
	install 6.12.117-1 6.12.117+deb13 6.12.117+deb13
	install 6.12.117-1 6.12.117+deb13 6.12.117+deb13 INSTALL_MOD_DIR=extra \
		CONFIG_MODULE_COMPRESS_ALL= CONFIG_MODULE_COMPRESS_XZ=
} > seen
cat seen

diff - seen << 'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
6.1.176-1: extra/one.ko
6.12.117-1: updates/one.ko.xz
6.12.117-1, told: extra/one.ko
WANT
echo 'as described'
