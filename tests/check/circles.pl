#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# circles.pl FILE...: of the units of each directory, calls between them form
# no circle, and what x.h declares x.c defines.  A unit is x.c with x.h.  What
# a header defines (an inline function) is the caller's own; taking a function's
# address is no call.  --edges prints the calls.

use strict;
use warnings;
use FindBin;
use File::Basename;
use lib $FindBin::Bin;
use units;

my $edges = @ARGV && $ARGV[0] eq '--edges' ? shift : '';
my ($bad, $units, $calls) = (0, 0, 0);

sub complain {
	my ($where, $rule, $text) = @_;
	print "$where: $rule: $text\n";
	$bad = 1;
}

# calls_of FILE: [name, line] of each call in it.
sub calls_of {
	my ($file) = @_;
	my @calls;

	for my $code (@{$file->{functions}}, @{$file->{macros}}) {
		my $body = $code->{body} or next;

		for my $i (0 .. $#$body - 1) {
			push @calls, $body->[$i]
				if $body->[$i + 1][0] eq '(' &&
				   $body->[$i][0] =~ /^[a-z_]\w*$/ &&
				   !($i && $body->[$i - 1][0] =~ /^(->|\.)$/);
		}
	}
	return @calls;
}

# places FILES: where each name that is not static is defined.
sub places {
	my %place;

	for my $file (grep { $_->{path} =~ /\.c$/ } @_) {
		for my $thing (@{$file->{functions}}, @{$file->{variables}}) {
			next if $thing->{static} || $thing->{extern};
			next if exists $thing->{body} && !$thing->{body};
			$place{$thing->{name}} = units::unit($file->{path});
		}
	}
	return \%place;
}

# made_by_macro NAME UNIT FILES: does a macro of its source define it?
sub made_by_macro {
	my ($name, $unit, @files) = @_;

	return grep {
		my $file = $_;

		$file->{path} =~ m{/\Q$unit\E\.c$} &&
			grep { $_->[0] eq $name } @{$file->{words}};
	} @files;
}

# What a header declares is in the source of the same name.
sub check_headers {
	my ($place, @files) = @_;

	for my $file (grep { $_->{path} =~ /\.h$/ } @files) {
		my $unit = units::unit($file->{path});

		for my $thing (@{$file->{functions}}, @{$file->{variables}}) {
			next if $thing->{static} || $thing->{body};
			my $at = $place->{$thing->{name}};

			complain("$file->{path}:$thing->{line}", 'declares',
				 "$thing->{name}, which is in " .
				 (defined $at ? "$at.c" : 'no file beside it'))
				if defined $at ? $at ne $unit :
					!made_by_macro($thing->{name}, $unit,
						       @files);
		}
	}
}

# reach FROM TO GRAPH: is there a way?
sub reach {
	my ($from, $to, $graph) = @_;
	my (%seen, @todo) = ();

	@todo = ($from);
	while (defined(my $at = shift @todo)) {
		for my $next (keys %{$graph->{$at}}) {
			return 1 if $next eq $to;
			push @todo, $next if !$seen{$next}++;
		}
	}
	return 0;
}

sub check_circles {
	my ($place, @files) = @_;
	my %graph;

	for my $file (@files) {
		my $from = units::unit($file->{path});

		for my $call (calls_of($file)) {
			my $to = $place->{$call->[0]};

			next if !defined $to || $to eq $from;
			$graph{$from}{$to}{$call->[0]} //=
				"$file->{path}:$call->[1]";
			$calls++;
		}
	}
	for my $from (sort keys %graph) {
		for my $to (sort keys %{$graph{$from}}) {
			my $names = $graph{$from}{$to};
			my $circle = reach($to, $from, \%graph);

			for my $name (sort keys %$names) {
				print "$names->{$name}: $from -> $to: $name\n"
					if $edges;
				complain($names->{$name}, 'circle',
					 "$from -> $to: $name()") if $circle;
			}
		}
	}
}

my %dirs;
push @{$dirs{dirname($_)}}, units::read_file($_) for grep { !m{/trace\.h$} } @ARGV;
for my $dir (sort keys %dirs) {
	my @files = @{$dirs{$dir}};
	my $place = places(@files);

	$units += keys %{{map { units::unit($_->{path}) => 1 } @files}};
	check_headers($place, @files);
	check_circles($place, @files);
}
print "   $units units, $calls calls between them\n";
exit $bad;
