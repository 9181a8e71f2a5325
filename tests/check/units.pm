# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# The C of a module as units: a unit is x.c with x.h.  Relies on the kernel's
# coding style and on what the suite does not do: no K&R functions, no function
# that returns a pointer to one, no type without a tag.

package units;

use strict;
use warnings;
use File::Basename;

# strip TEXT: without comments, strings and continued lines, line for line.
sub strip {
	my ($text) = @_;

	$text =~ s{("(?:\\.|[^"\\\n])*"|\x27(?:\\.|[^\x27\\\n])*\x27)
		|(/\*.*?\*/|//[^\n]*)}
		{defined $1 ? '""' : ' ' . ($2 =~ tr/\n//cdr)}gsex;
	return $text;
}

# tokens TEXT LINE: [word, line] each, LINE being the first one's.
sub tokens {
	my ($text, $line) = @_;
	my @tokens;

	while ($text =~ /\G(?:(\n)|([A-Za-z_]\w*|->|\d\w*|\S)|[^\S\n]+)/g) {
		$line++ if defined $1;
		push @tokens, [$2, $line] if defined $2;
	}
	return @tokens;
}

# split_macros TEXT: the text without its preprocessor lines, and those lines'
# macros as [name, body, line].
sub split_macros {
	my ($text) = @_;
	my ($line, @macros) = (0);
	my $rest = '';

	while ($text =~ /\G((?:[^\n]*\\\n)*[^\n]*(?:\n|\z))/g) {
		my $whole = $1;

		last if $whole eq '';
		if ($whole =~ /^\s*#\s*define\s+(\w+)(.*)/s) {
			my ($name, $body) = ($1, $2);

			$body =~ s/\\\n/\n/g;
			push @macros, [$name, $body, $line + 1];
		}
		$rest .= $whole =~ /^\s*#/ ? $whole =~ tr/\n//cdr : $whole;
		$line += $whole =~ tr/\n//;
	}
	return ($rest, @macros);
}

# name_of HEAD...: what a declaration declares as a function, or undef.
sub name_of {
	my @words = map { $_->[0] } @_;
	my ($depth, $before, $name) = (0, 0, undef);

	for my $i (0 .. $#words) {
		if ($words[$i] eq '(') {
			my $word = $i ? $words[$i - 1] : '';

			if (!$depth && $word =~ /^[a-z]\w*$/ &&
			    $word !~ /^__/ && $before > 1) {
				return $word;
			}
			$depth++;
		} elsif ($words[$i] eq ')') {
			$depth--;
		} elsif ($words[$i] eq '=' && !$depth) {
			return undef;
		} elsif (!$depth && $words[$i] !~ /^__(?!init$|exit$|be|le)/) {
			$before++;
		}
	}
	return undef;
}

# declare UNIT ITEM HEAD BODY: one thing of a file's outermost level.
sub declare {
	my ($file, $head, $body) = @_;
	my @words = map { $_->[0] } @$head;
	my %is = map { $_ => 1 } @words;
	my $name = name_of(@$head);

	if (defined $name) {
		push @{$file->{functions}}, {
			name => $name, line => $head->[0][1],
			static => $is{static} || 0, inline => $is{inline} || 0,
			head => $head, body => $body,
		};
		return;
	}
	for my $i (0 .. $#words - 1) {
		last if $words[$i] eq '=' || $words[$i] eq '(';
		push @{$file->{types}}, [$words[$i + 1], $head->[$i][1]]
			if $words[$i] =~ /^(struct|enum|union)$/ && $body &&
			   $i + 2 == @words;
	}
	return if $is{typedef} || grep { $_ eq '(' } @words;
	my ($before) = join(' ', @words) =~ /^([^=\[]*)/;
	my @before = $before =~ /([A-Za-z_]\w*)/g;
	push @{$file->{variables}}, {
		name => $before[-1], line => $head->[0][1],
		static => $is{static} || 0, extern => $is{extern} || 0,
	} if @before > 1 && !($before[-2] =~ /^(struct|enum|union)$/);
}

# read_file PATH: what the file declares and defines, and the words of all that
# is in no function's body.
sub read_file {
	my ($path) = @_;
	my $file = {
		path => $path, functions => [], types => [], variables => [],
		words => [],
	};

	open my $in, '<', $path or die "$path: $!\n";
	my ($text, @macros) = split_macros(strip(do { local $/; <$in> }));
	my (@head, @body);
	my ($braces, $parens, $open) = (0, 0, 0);

	for my $token (tokens($text, 1)) {
		my $word = $token->[0];

		if (!$braces && !$parens && $word eq ';') {
			declare($file, [@head], $open ? [@body] : undef)
				if @head;
			push @{$file->{words}}, @head;
			push @{$file->{words}}, @body
				if grep { $_->[0] eq '=' } @head;
			(@head, @body) = ();
			$open = 0;
			next;
		}
		if ($word eq '{' && !$parens) {
			$open = 1;
			next if !$braces++;
		} elsif ($word eq '}' && !$parens) {
			$braces--;
			if (!$braces) {
				if (defined name_of(@head)) {
					declare($file, [@head], [@body]);
					(@head, @body) = ();
					$open = 0;
				}
				next;
			}
		} elsif (!$braces) {
			$parens++ if $word eq '(';
			$parens-- if $word eq ')';
		}
		if ($braces) {
			push @body, $token;
		} else {
			push @head, $token;
		}
	}
	die "$path: braces do not match\n" if $braces || $parens;
	for my $macro (@macros) {
		push @{$file->{macros}}, {
			name => $macro->[0], line => $macro->[2],
			body => [tokens($macro->[1], $macro->[2])],
		};
	}
	return $file;
}

# unit PATH: its name.
sub unit {
	my ($path) = @_;

	return basename($path) =~ s/\.[ch]$//r;
}

1;
