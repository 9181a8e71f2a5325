# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# Shared by every script of the suite: progress lines, errors that say what
# to do next, and the result files from which the final summary is counted.
#
# Results live under build/results/.  A stage first writes the names of all
# its tests with plan(), then one line per finished test with result().  A
# planned test without a result counts as failed, so a stage that dies half
# way can never look green.

PVIO_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PVIO_BUILD=${PVIO_BUILD:-$PVIO_ROOT/build}
PVIO_CACHE=${PVIO_CACHE:-${XDG_CACHE_HOME:-~/.cache}/pvio}
PVIO_RESULTS=$PVIO_BUILD/results
# What was compiled before from the same text need not be again.
if [ -d /usr/lib/ccache ]; then
	export CCACHE_DIR=$PVIO_CACHE/ccache CCACHE_MAXSIZE=500M
	PATH=/usr/lib/ccache:$PATH
fi

# project_git ARGUMENT...: in the sources, which may be another's than who builds them.
project_git()
{
	git -C "$PVIO_ROOT" -c safe.directory="$(realpath "$PVIO_ROOT")" "$@"
}

say()  { printf '%s\n' "== $*"; }
note() { printf '   %s\n' "$*"; }

# die MESSAGE [HINT]: one line on what went wrong, one on what helps.
die()
{
	printf 'error: %s\n' "$1" >&2
	if [ $# -gt 1 ]; then
		printf '  try: %s\n' "$2" >&2
	fi
	exit 1
}

# plan STAGE NAME...: forget old results of STAGE, announce the tests to come.
plan()
{
	local stage=$1
	shift
	mkdir -p "$PVIO_RESULTS"
	printf '%s\n' "$@" > "$PVIO_RESULTS/$stage.plan"
	: > "$PVIO_RESULTS/$stage.tsv"
}

# result STAGE NAME ok|FAIL SECONDS: record one test and print it with how
# many of its stage are left.
result()
{
	local stage=$1 name=$2 verdict=$3 seconds=$4 left
	printf '%s\t%s\t%s\n' "$name" "$verdict" "$seconds" \
		>> "$PVIO_RESULTS/$stage.tsv"
	left=$(remaining "$stage" | grep -c . || true)
	printf '%-4s %s: %s (%s s, %s left)\n' \
		"$verdict" "$stage" "$name" "$seconds" "$left"
}

# remaining STAGE: planned tests that have no result yet, one a line.
remaining()
{
	cut -f1 "$PVIO_RESULTS/$1.tsv" |
		grep -vxFf - "$PVIO_RESULTS/$1.plan" || true
}

# summary STAGE...: print every failure by name, and what was run twice, then
# 'N passed, N failed'.  Returns non-zero unless all stages are complete and
# without failure.
summary()
{
	local stage passed=0 failed=0 p f missing
	for stage in "$@"; do
		if [ ! -s "$PVIO_RESULTS/$stage.plan" ]; then
			printf 'FAIL %s: the stage did not start\n' "$stage"
			failed=$((failed + 1))
			continue
		fi
		p=$(cut -f2 "$PVIO_RESULTS/$stage.tsv" | grep -cx ok || true)
		f=$(cut -f2 "$PVIO_RESULTS/$stage.tsv" | grep -cvx ok || true)
		missing=$(remaining "$stage")
		awk -F'\t' -v s="$stage" '$2 != "ok" { print "FAIL " s ": " $1 }' \
			"$PVIO_RESULTS/$stage.tsv"
		[ ! -s "$PVIO_RESULTS/$stage.again" ] ||
			sed "s/^/late at first, run once more: $stage: /" \
				"$PVIO_RESULTS/$stage.again"
		if [ -n "$missing" ]; then
			printf '%s\n' "$missing" |
				sed "s/^/FAIL $stage: no result: /"
			f=$((f + $(printf '%s\n' "$missing" | grep -c .)))
		fi
		passed=$((passed + p))
		failed=$((failed + f))
	done
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
