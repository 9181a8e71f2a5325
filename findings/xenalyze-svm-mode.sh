#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# The option that xenalyze cannot do without on an AMD host is an error in the
# next release, and nothing can be said that suits both.
#
# xenalyze 4.17 takes any exit of a guest for one of VMX, unless --svm-mode says
# otherwise.  From 4.19 on Xen writes records of another type for SVM, and
# xenalyze refuses the option, with exit status 64 and nothing on its output; it
# still says that it uses VMX.  A trace has to be read by the xenalyze of the Xen
# that wrote it, with options that depend on it.
#
# Seen (version, options, exit status, what it says first):
#   4.17 --svm-mode: 0, Using SVM hardware-assisted virtualization.
#   4.17: 0, Using VMX hardware-assisted virtualization.
#   4.20 --svm-mode: 64, unrecognized option '--svm-mode'
#   4.20: 0, Using VMX hardware-assisted virtualization.

set -euo pipefail

declare -A version=(
	[4.17]=4.17.7+13-g2445b30a44-0+deb12u1
	[4.20]=4.20.4+63-g7abfd2bce2-0+deb13u1
)
declare -A suite=([4.17]=bookworm-security [4.20]=trixie)
declare -A archive=([4.17]=debian-security [4.20]=debian)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

# get RELEASE: its xenalyze, by lists of its own.
get()
{
	local dir=$work/$1 apt

	mkdir -p "$dir/lists/partial"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
		"http://deb.debian.org/${archive[$1]} ${suite[$1]} main" \
		> "$dir/sources.list"
	apt=(apt-get -q -o "Dir::Etc::sourcelist=$dir/sources.list"
		-o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$dir/lists"
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
		-o Acquire::Languages=none -o APT::Sandbox::User=root)
	echo "xen-utils-common ${version[$1]}"
	{ "${apt[@]}" update && (cd "$dir" && "${apt[@]}" download \
		"xen-utils-common=${version[$1]}"); } > "$dir/log" 2>&1 || {
		tail -n 3 "$dir/log" >&2
		echo "error: cannot download version ${version[$1]}" >&2
		echo '  try: a mirror that still has it (snapshot.debian.org)' >&2
		exit 1
	}
	dpkg -x "$dir"/*.deb "$dir/root"
}

# try RELEASE [OPTION]: on a trace of one record, the first CPU's window.
try()
{
	local status=0

	"$work/$1/root/usr/bin/xenalyze" "${@:2}" --summary trace > said 2>&1 ||
		status=$?
	echo "$*: $status, $(head -n 1 said | sed 's/.*xenalyze: //')"
}

printf '\003\360\001\040\0\0\0\0\0\0\0\0' > trace
get 4.17
get 4.20
{
	try 4.17 --svm-mode
	try 4.17
	try 4.20 --svm-mode
	try 4.20
} > seen
cat seen

diff - seen <<'WANT' || { echo 'error: it is not so any more' >&2; exit 1; }
4.17 --svm-mode: 0, Using SVM hardware-assisted virtualization.
4.17: 0, Using VMX hardware-assisted virtualization.
4.20 --svm-mode: 64, unrecognized option '--svm-mode'
4.20: 0, Using VMX hardware-assisted virtualization.
WANT
echo 'as described'
