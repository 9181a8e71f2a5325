#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# abi.pl SOURCE...: see abi.

use strict;
use warnings;

my ($bad, $nr) = (0, 0);
my $string = qr/"(?:\\.|[^"\\])*"/;
# What prints, with the arguments in front of its text.
my $printer = qr/\b((?:pvio|pr|dev|netdev)_(?:err|warn|info|notice)|
		    pvio_device_(?:refuse|fault))\s*\(/x;
# What others print as the reason.
my $reason = qr/\b(?:break_ring|break_down|refuse)\s*\([^";{]*|
		\breason\s=\s/x;

sub complain {
	my ($where, $rule, $text) = @_;
	print "$where: $rule: $text\n";
	$bad = 1;
}

# text_of PATH: without comments, in one line.
sub text_of {
	my ($path) = @_;

	open my $in, '<', $path or return '';
	my $text = do { local $/; <$in> };
	$text =~ s{/\*.*?\*/|//[^\n]*}{}gs if $path =~ /\.[ch]$/;
	$text =~ s/\s+/ /g;
	return $text;
}

# names_of TEXT: of files, counters and tracepoints.
sub names_of {
	my ($text) = @_;
	my @names;

	push @names, $1 =~ /"([^"]+)"/g
		while $text =~ /names\[[^=]*\] = \{(.*?)\};/g;
	push @names, map { /^ ?\w*\(?[^"]*"(\w+)"/ ? $1 : () }
		split /(?<=\)),/, $1
		while $text =~ /struct pvio_attr \w+\[\] = \{(.*?)\};/g;
	push @names, $text =~ /\b__ATTR\((?!_name)(\w+),/g;
	push @names, $text =~ /\bCORE\((?!_name)(\w+)\)/g;
	push @names, $text =~ /\bdebugfs_create_(?:file|dir)\("(\w+)"/g;
	push @names, $text =~ /\b(?:COUNTER|LATENCY)\("(\w+)"/g;
	push @names, $text =~ /\bTRACE_EVENT\((\w+),/g;
	push @names, $text =~ /\bDEFINE_EVENT\(\w+, ?(\w+),/g;
	return @names;
}

# messages_of TEXT: as the document writes them; '' for what has no text.
sub messages_of {
	my ($text) = @_;
	my @messages;

	while ($text =~ /$printer((?:$string|[^";{])*)/g) {
		my ($name, $rest) = ($1, $2);

		next if $rest =~ /^(struct|const struct) /;
		my ($says) = $rest =~ /^[^"]*?($string(?: $string)*)/;
		$says //= '';
		$says =~ s/" "//g;
		$says =~ s/^"|"$//g;
		$says =~ s/\\n$//;
		$says =~ s/\\"/"/g;
		next if $says eq '%s';
		$says =~ s/%#?(?:p[Mg]|l{0,2}[duxc]|s)/.../g;
		# Numbers of a device, or of a name, are one thing.
		$says =~ s/\.\.\.[:.]\.\.\.(?!\.)/.../g;
		push @messages, $says;
	}
	return @messages;
}

# reasons_of TEXT: the ends of other messages; a parser's functions return them.
sub reasons_of {
	my ($path, $text) = @_;
	my @reasons = $text =~ /$reason($string)/g;

	push @reasons, $text =~ /\breturn ($string);/g if $path =~ m{^ring/};
	s/^"|"$//g for @reasons;
	return @reasons;
}

# page_of PATH: the manual page of the module that it is in.
sub page_of {
	my ($directory) = $_[0] =~ m{^(\w+)/} or return '';
	my $module = $directory eq 'xenbus' ? 'pvio' : "pvio-$directory";

	return "Documentation/man/$module.rst";
}

my $abi = text_of('Documentation/abi.rst');
my $messages = text_of('Documentation/admin/messages.rst');
my (%said, %parameters);

for my $path (@ARGV) {
	my $text = text_of($path);

	for my $name (names_of($text)) {
		$nr++;
		complain($path, 'abi', "$name is not in Documentation/abi.rst")
			if $abi !~ /\b\Q$name\E\b/;
	}
	for my $parameter ($text =~ /\bMODULE_PARM_DESC\((?!_name)(\w+),/g) {
		my $page = page_of($path);

		$nr++;
		$parameters{$page}{$parameter} = 1;
		complain($path, 'parameters', "$parameter is not in $page")
			if text_of($page) !~ /``$parameter`` \(default: /;
	}
	for my $message (messages_of($text), reasons_of($path, $text)) {
		$nr++;
		$said{$message} = 1;
		complain($path, 'messages', $message eq '' ?
			 'one without a text' : "\"$message\" is not in them")
			if index($messages, "``$message``") < 0;
	}
}
while ($messages =~ / \* - ``(.*?)``/g) {
	complain('Documentation/admin/messages.rst', 'messages',
		 "\"$1\" is printed nowhere") if !$said{$1};
}
for my $page (glob 'Documentation/man/pvio*.rst') {
	my @described = text_of($page) =~ /``(\w+)`` \(default: /g;

	complain($page, 'parameters', "$_ is none")
		for grep { !$parameters{$page}{$_} } @described;
}
print "   $nr names and messages\n";
exit $bad;
