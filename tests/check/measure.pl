#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# measure.pl FILE...: length, parameters and nesting of every C function, and
# the length of every file, against the limits below; and how many functions are
# cut too fine.  Relies on the kernel's coding style: the braces of a function
# stand in the first column.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use units;

my %limit = (
	file => 700, longest => 80, parameters => 6, nesting => 3,
	median => 14, p95 => 50,
	fine => 4.5,	# percent
);
my ($bad, $fine, @lengths) = (0, 0);

sub complain {
	my ($file, $line, $rule, $text) = @_;
	print "$file:$line: shape: $rule: $text\n";
	$bad = 1;
}

# Parameters between the outermost parentheses of a function's head.
sub parameters {
	my ($head) = @_;
	my ($depth, $commas) = (0, 0);

	my ($list) = $head =~ /^[^(]*\((.*)\)/s or return 0;
	return 0 if $list =~ /^\s*(void)?\s*$/;
	for my $char (split //, $list) {
		$depth++ if $char eq '(';
		$depth-- if $char eq ')';
		$commas++ if $char eq ',' && $depth == 0;
	}
	return $commas + 1;
}

# Distribution and nesting are about what ships: a test may well be long and
# flat, or go through all combinations of four things.
sub ships {
	my ($file) = @_;

	return $file !~ m{^tests/} && $file !~ /_test\.[ch]$/;
}

sub finish {
	my ($file, $fn, $end) = @_;
	my $length = $end - $fn->{line} + 1;

	push @lengths, $length if ships($file);
	complain($file, $fn->{line}, 'length',
		 "$fn->{name} has $length lines, limit $limit{longest}")
		if $length > $limit{longest};
	complain($file, $fn->{line}, 'parameters',
		 "$fn->{name} has $fn->{parameters}, limit $limit{parameters}")
		if $fn->{parameters} > $limit{parameters};
}

# The head of a function: the lines above its brace up to a blank line, the
# end of something else, or the preprocessor.
sub head {
	my ($lines, $brace) = @_;
	my $first = $brace;

	$first-- while $first > 0 &&
		$lines->[$first - 1] !~ m!^\s*$ | [;}]\s*$ | ^\# | \*/\s*$ | ^//!x;
	my $text = join ' ', @$lines[$first .. $brace - 1];
	$text =~ s/\b__\w+\s*\([^()]*\)//g;	# __printf(2, 3) and its like
	my ($name) = $text =~ /(\w+)\s*\(/ or return undef;
	$first++ while $lines->[$first] !~ /\b$name\s*\(/;
	return {
		name => $name, line => $first + 1,
		parameters => parameters($text),
	};
}

sub measure {
	my ($file) = @_;
	my $fn;

	open my $in, '<', $file or die "$file: $!\n";
	chomp(my @lines = <$in>);
	complain($file, scalar @lines, 'file',
		 @lines . " lines, limit $limit{file}")
		if @lines > $limit{file};
	for my $i (0 .. $#lines) {
		if ($lines[$i] =~ /^\{/) {
			$fn = head(\@lines, $i);
		} elsif ($fn && $lines[$i] =~ /^\}/) {
			finish($file, $fn, $i + 1);
			$fn = undef;
		} elsif ($fn && ships($file) &&
			 $lines[$i] =~ /^(\t+)(if|for|while|do|switch|\w*for_each\w*)\b/) {
			complain($file, $i + 1, 'nesting',
				 "$fn->{name} nests deeper than $limit{nesting}")
				if length($1) > $limit{nesting};
		}
	}
}

# uses FILE: how often each word is there, and how often it is called.
sub uses {
	my ($file) = @_;
	my (%there, %called);

	for my $words ($file->{words}, map { $_->{body} // [] }
		       @{$file->{functions}}, @{$file->{macros}}) {
		for my $i (0 .. $#$words) {
			my $word = $words->[$i][0];

			$there{$word}++;
			$called{$word}++ if $i < $#$words &&
				$words->[$i + 1][0] eq '(';
		}
	}
	return (\%there, \%called);
}

# Statics of three lines or less that are called in one place, and so have a
# name for a reader to look up and no more.  A callback is not called.
sub count_fine {
	my ($path) = @_;
	my $file = units::read_file($path);
	my ($there, $called) = uses($file);

	my %defined;

	$defined{$_->{name}}++ for grep { $_->{body} } @{$file->{functions}};
	for my $function (@{$file->{functions}}) {
		my ($name, $body) = @$function{qw(name body)};

		# One for each arm of an #ifdef is no cut.
		next if !$body || $defined{$name} > 1 || !$function->{static} || $function->{inline};
		next if ($there->{$name} // 0) != 1 || !$called->{$name};
		next if @$body && $body->[-1][1] - $body->[0][1] > 2;
		$fine++;
		print "$path:$function->{line}: $name\n" if $ENV{PVIO_FINE};
	}
}

measure($_) for @ARGV;
count_fine($_) for grep { ships($_) && !m{/trace\.h$} } @ARGV;
@lengths = sort { $a <=> $b } @lengths;
if (@lengths) {
	my $median = $lengths[$#lengths / 2];
	my $p95 = $lengths[$#lengths * 0.95];

	printf "   %d functions: median %d, p95 %d, longest %d lines, %d fine\n",
		scalar @lengths, $median, $p95, $lengths[-1], $fine;
	complain('(all)', 0, 'fine',
		 "$fine short statics with one caller, limit $limit{fine} " .
		 'percent; PVIO_FINE=1 lists them')
		if $fine > @lengths * $limit{fine} / 100;
	complain('(all)', 0, 'median', "$median, limit $limit{median}")
		if $median > $limit{median};
	complain('(all)', 0, 'p95', "$p95, limit $limit{p95}")
		if $p95 > $limit{p95};
}
exit $bad;
