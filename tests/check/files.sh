# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# Which files a check looks at.  Every check takes the tree to look at as its
# first argument, so that selftest can hand it a small bad one.

. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

# files: all files of the tree in the current directory, tracked or new, one a
# line; never build products.
files()
{
	if [ -e .git ]; then
		git ls-files -co --exclude-standard
	else
		find . -path ./build -prune -o -type f -printf '%P\n'
	fi | LC_ALL=C sort | while IFS= read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

# sources: the C files among them.
sources()
{
	files | grep '\.[ch]$' || true
}

# kernel_sources: C that is compiled into a module.
kernel_sources()
{
	sources | grep -v '^tests/\(user\|model\)/' || true
}

# shipped: C that is in a module of its own, tests apart.
shipped()
{
	sources | grep -E '^(ring|xenbus|xdp|netback|netfront|blkback|blkfront)/' |
		grep -v '_test\.[ch]$' || true
}

# scripts: the shell scripts among the files, by suffix or first line.
scripts()
{
	files | while IFS= read -r file; do
		case $file in
		*.sh) printf '%s\n' "$file" ;;
		*) if head -n 1 "$file" | tr -d '\0' |
			grep -Eq '^#!.*\b(ba|da|)sh\b'; then
			printf '%s\n' "$file"
		fi ;;
		esac
	done
}

# some LIST WHAT: a check that looked at nothing has not passed.
some()
{
	[ -n "$1" ] || die "no $2 found in $PWD"
}
