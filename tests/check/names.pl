#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# names.pl FILE...: what each directory's files call things.  What a module
# shows other files begins with its prefix; no module has two statics of one
# name; and a static whose address is taken, which a trace shows alone, carries
# its unit, in a driver behind the driver.

use strict;
use warnings;
use FindBin;
use File::Basename;
use lib $FindBin::Bin;
use units;

my %short = (
	netback => 'nb_', netfront => 'nf_', xdp => 'xdp_', blkback => 'bb_',
	blkfront => 'bf_', xenbus => '',
);
# What they make of a name NAME.
my %makes = (
	DEFINE_SHOW_ATTRIBUTE => ['%s_show'], DEFINE_SEQ_ATTRIBUTE => ['%s_sops'],
	DEVICE_ATTR_RO => ['%s_show'], DEVICE_ATTR_WO => ['%s_store'],
	DEVICE_ATTR_RW => ['%s_show', '%s_store'],
);
my ($bad, $names) = (0, 0);

sub complain {
	my ($file, $line, $rule, $text) = @_;
	print "$file->{path}:$line: $rule: $text\n";
	$bad = 1;
}

sub check_prefix {
	my ($prefix, $file) = @_;
	my @things = map { [$_->{name}, $_->{line}] }
		grep { !($_->{static} && $file->{path} =~ /\.c$/) }
		@{$file->{functions}}, @{$file->{variables}};

	# A struct of one file is called what it is.
	push @things, @{$file->{types}} if $file->{path} =~ /\.h$/;
	for my $thing (@things) {
		my ($name, $line) = @$thing;

		$names++;
		complain($file, $line, 'prefix', "$name is not ${prefix}...")
			if "${name}_" !~ /^\Q$prefix\E/;
	}
}

# addressed FILE: the words that stand where a value does and are not called.
sub addressed {
	my ($file) = @_;
	my %seen;

	for my $words ($file->{words}, map { [@{$_->{head} // []}, @{$_->{body}}] }
		       grep { $_->{body} } @{$file->{functions}},
		       @{$file->{macros}}) {
		my %local;

		for my $i (0 .. $#$words) {
			my ($word, $line) = @{$words->[$i]};
			my $next = $i < $#$words ? $words->[$i + 1][0] : '';
			my $last = $i ? $words->[$i - 1][0] : '';

			# A parameter or variable, declared behind its type.
			$local{$word} = 1
				if $last =~ /^(\w+|\*)$/ && $last ne 'return' &&
				   $next =~ /^[;=,)]$/;
			$seen{$word} //= $line
				if !$local{$word} && $last =~ /^([=,(&?:{]|return)$/ &&
				   $next =~ /^[,);}:?]$/;
			next unless $makes{$word} && $next eq '(';
			$seen{sprintf $_, $words->[$i + 2][0]} //= $line
				for @{$makes{$word}};
		}
	}
	return \%seen;
}

sub check_addressed {
	my ($short, $file) = @_;
	my $unit = units::unit($file->{path});
	my $seen = addressed($file);

	for my $function (@{$file->{functions}}) {
		my $name = $function->{name};

		next if !$function->{static} || !$function->{body};
		complain($file, $function->{line}, 'callback',
			 "$name is not ${short}${unit}_...")
			if $seen->{$name} && $name !~ /^${short}${unit}_/;
	}
}

sub check_twice {
	my %first;

	for my $file (grep { $_->{path} =~ /\.c$/ } @_) {
		for my $function (@{$file->{functions}}) {
			next if !$function->{static} || !$function->{body};
			my $name = $function->{name};
			my $first = $first{$name} //= $file->{path};

			complain($file, $function->{line}, 'twice',
				 "$name is in $first, too")
				if $first ne $file->{path};
		}
	}
}

my %dirs;
push @{$dirs{dirname($_)}}, units::read_file($_)
	for grep { !m{/trace\.h$} } @ARGV;
for my $dir (sort keys %dirs) {
	my @files = @{$dirs{$dir}};
	my $short = $short{basename($dir)};

	check_twice(@files);
	next if !defined $short;
	check_prefix("pvio_$short", $_) for @files;
	check_addressed($short, $_) for grep { $_->{path} =~ /\.c$/ } @files;
}
print "   $names names that other files see\n";
exit $bad;
