# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
#
# Sourced by what puts a root together for the rig or the benchmark; of the kernel
# $release.

# copy_modules ROOT NAME...: the named modules and all they depend on.
copy_modules()
{
	local root=$1 name file
	shift

	for name in "$@"; do
		# shellcheck disable=SC2154 # the caller's
		modprobe -S "$release" --show-depends "$name"
	done | awk '$1 == "insmod" { print $2 }' | sort -u |
	while read -r file; do
		install -D -m 644 "$file" "$root$file"
		# Unpacking takes long under emulation.
		[[ $file != *.xz ]] || xz -df "$root$file"
	done
	cp "/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} \
		"$root/lib/modules/$release/"
}

# add_program ROOT FILE: a program in place of busybox' link, and libraries.
add_program()
{
	cp --remove-destination "$2" "$1/bin/"
	add_libraries "$@"
}

add_libraries()
{
	local root=$1 library

	ldd "$2" | awk '$2 == "=>" { print $3 } /^\t\/lib64/ { print $1 }' |
	while read -r library; do
		[ -e "$root/lib/${library##*/}" ] ||
			cp -L "$library" "$root/lib/"
	done
}

# pack ROOT FILE: the uncompressed archive unpacks fastest under emulation.
pack()
{
	(cd "$1" && find . -print0 | cpio -o0H newc --quiet) > "$2.new"
	mv "$2.new" "$2"
}
