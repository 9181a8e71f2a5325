#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# map.pl DOCUMENT... < FILES: see map.

use strict;
use warnings;

my @documents = @ARGV;
my ($bad, $names) = (0, 0);
my (%files, %tops, %suites, %scenarios, %words);

# Of something like a path the whole of it.
my $path_like = qr@(?<![\w/.~}*-])(\w[\w-]*/(?:[\w.*?/\\-]|\[\w+\]|\{[\w,]+\})*)@;
# The kernel's own documents, which the suite's refer to.
my $kernels = qr{^Documentation/process/};

sub complain {
	my ($where, $rule, $text) = @_;
	print "$where: $rule: $text\n";
	$bad = 1;
}

# expand NAME: one for each of the words in braces.
sub expand {
	my ($name) = @_;

	return $name if $name !~ /^(.*?)\{([\w,]+)\}(.*)$/;
	my ($before, $words, $after) = ($1, $2, $3);
	return map { expand("$before$_$after") } split /,/, $words;
}

# any NAME AMONG: is there one, where NAME has *, ? or [ch] in it?
sub any {
	my ($name, $among) = @_;

	return 1 if exists $among->{$name};
	my $pattern = quotemeta $name;
	$pattern =~ s/\\\*/[^\/]*/g;
	$pattern =~ s/\\\?/./g;
	$pattern =~ s/\\\[(\w+)\\\]/[$1]/g;
	return grep { /^$pattern$/ } keys %$among;
}

# check_path WHERE PATH: a file of the tree, a directory, a unit of two files,
# or a pattern of some.
sub check_path {
	my ($where, $path) = @_;

	$path =~ s/\\\*/*/g;
	$path =~ s{[./]+$}{};
	return if !$tops{$path =~ s{/.*}{}r} || $path =~ $kernels;
	for my $one (expand($path)) {
		$names++;
		complain($where, 'names', "$one, which is not there")
			if !any($one, \%files) && !any("$one.h", \%files);
	}
}

# A suite's case; or a member of a struct.
sub check_case {
	my ($where, $suite, $case) = @_;

	return if !$suites{$suite} && $words{"struct $suite"};
	$names++;
	complain($where, 'names', "$suite.$case, which is not there")
		if !$suites{$suite} || !any($case, $suites{$suite});
}

sub text_of {
	my ($path) = @_;

	open my $in, '<', $path or die "$path: $!\n";
	return do { local $/; <$in> };
}

# check_functions WHERE LINE TEXT: those that stand behind a source in a table
# are in it.
sub check_functions {
	my ($where, $line, $text) = @_;

	while ($line =~ /``(\w+)\(\)``/g) {
		$names++;
		complain($where, 'names', "$1(), which is not there")
			if $text !~ /\b$1\(/;
	}
}

# check_document PATH: all of it, and in lines of double backquotes the names
# of tests.
sub check_document {
	my ($path) = @_;
	my $source = '';

	open my $in, '<', $path or die "$path: $!\n";
	while (my $line = <$in>) {
		my $where = "$path:$.";

		$source = '' if $line !~ /^ /;
		$source = text_of($1)
			if $line =~ /^``([\w\/]+\.c)``/ && -f $1;
		check_functions($where, $line, $source) if $source;
		check_path($where, $1) while $line =~ /$path_like/g;
		while ($line =~ /``([^`]+)``/g) {
			my $word = $1;

			complain($where, 'names', "$1, which is not there")
				if $word =~ /^(pvio_\w*[a-z0-9])(\(\))?$/ &&
				   !$words{$1};
			check_case($where, $1, $2)
				if $word =~ /^(pvio_\w+)\.([\w*?]+)$/;
			complain($where, 'names',
				 "the scenario $word, which is not there")
				if $word =~ /^(seam|life|hostile|soak)-[\w-]+$/ &&
				   %scenarios && !$scenarios{$word};
		}
	}
}

# check_behind PATH TEXT: functions behind the name of a source, as in
# ``dir/x.c``: ``a()``, ``b()``, are in it.  On the map that is a table's first column.
sub check_behind {
	my ($path, $text) = @_;

	while ($text =~ /``([\w\/]+\.[ch])``:((?:[,\s]+(?:and\s+)?``\w+\(\)``)+)/g) {
		my ($source, $list) = ($1, $2);

		next if !-f $source;
		my $there = text_of($source);
		while ($list =~ /``(\w+)\(\)``/g) {
			$names++;
			complain($path, 'names', "$1(), which is not in $source")
				if $there !~ /\b$1\(/;
		}
	}
}

# names_test TEXT: is a case in it, or a scenario that there is?  Of both
# check_document() has seen whether they exist, but for those of other kinds.
sub names_test {
	my ($text) = @_;

	return 1 if $text =~ /``pvio_\w+\.[\w*?]+``/;
	return grep { $scenarios{$_} } $text =~ /``([a-z]+-[\w-]+)``/g;
}

# check_rows PATH TEXT: each row of a table of advisories has, in its last column,
# a test or says by what construction it needs none, and stands there once.
sub check_rows {
	my ($path, $text) = @_;
	my %seen;

	while ($text =~ /^   \* - (.*\n(?:(?:     .*)?\n)*)/mg) {
		my @cells = split /^     - /m, $1;
		my $number = $cells[0] =~ s/\s+/ /gr =~ s/ $//r;

		next if $cells[-1] =~ /^Test$/;
		$names++;
		complain($path, 'rows', "$number stands there twice")
			if $seen{$number}++;
		complain($path, 'rows', "$number has no test")
			if !names_test($cells[-1]) &&
			   $cells[-1] !~ /\bby construction: \S/;
	}
}

# What ships is on the map, each once at least.
sub check_map {
	my $map = '';

	for my $path (grep { m{^Documentation/design/} } @documents) {
		$map .= text_of($path);
	}
	for my $path (sort keys %files) {
		next if $path !~ m{^(ring|xenbus|xdp|netback|netfront|blkback|blkfront)/\w+\.c$} ||
			$path =~ /_test\.c$/;
		$names++;
		complain($path, 'map', 'is not on it')
			if $map !~ m{(?<![\w/])\Q$path\E(?!\w)};
	}
}

# read_source PATH: its words, and its suites, which share its cases here.
sub read_source {
	my ($path) = @_;

	my $text = text_of($path);

	$words{$_} = 1 for $text =~ /\b(?:struct )?pvio_\w+/g;
	$words{$_} = 1 for $text =~ /\bpvio_\w+/g;
	my @cases = $text =~ /\bKUNIT_CASE\w*\s*\(\s*(\w+)/g;
	while ($text =~ /\bstruct kunit_suite \w+ = \{.*?\.name = "(\w+)"/gs) {
		$suites{$1}{$_} = 1 for @cases;
	}
}

while (my $path = <STDIN>) {
	chomp $path;
	$files{$path} = 1;
	$scenarios{$1} = 1 if $path =~ m{^tests/xen/scenarios/([\w-]+)\.sh$};
	$files{$path} = 1 while $path =~ s{/[^/]+$}{};
	$tops{$path} = 1 if !-f $path;
}
read_source($_) for grep { !/\.(rst|md)$/ && -f $_ } keys %files;
for my $path (@documents) {
	check_document($path);
	check_behind($path, text_of($path)) if $path !~ m{/design/};
	check_rows($path, text_of($path)) if $path =~ m{/advisories\.rst$};
}
check_map();
print "   $names names in " . @documents . " documents\n";
exit $bad;
