# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Symbols of a kernel image, from the table that it carries for itself.

Distributions strip their images, and Debian's System.map is empty.  Reads what
scripts/kallsyms of Linux 6.1 writes: offsets, base, number, names, markers,
three bytes of sequence for each symbol, tokens, and the tokens' index.
"""

import struct

DIGITS = b''.join(bytes([c, 0]) for c in b'0123456789')
MOST = 1 << 19


def up(value, size=8):
    return (value + size - 1) // size * size


def read_tokens(data, start):
    tokens, at = [], start
    for _ in range(256):
        end = data.index(b'\0', at)
        tokens.append(data[at:end])
        at = end + 1
    return tokens, up(at)


def find_tokens(data):
    """Digits are tokens of their own; the index behind proves the table."""
    at = data.find(DIGITS)
    while at >= 0:
        start = at
        for _ in range(ord('0') + 1):
            start = data.rfind(b'\0', 0, start)
        start += 1
        tokens, index = read_tokens(data, start)
        if (struct.unpack_from('<2H', data, index) ==
                (0, len(tokens[0]) + 1) and max(map(len, tokens)) > 4):
            return start, tokens
        at = data.find(DIGITS, at + 1)
    raise ValueError('no table of tokens')


def grows(marks):
    return all(0 < b - a < 1 << 16 for a, b in zip(marks, marks[1:]))


def find_names(data, tokens_at):
    """Where the names begin, and their number, which is written before."""
    for number in range(256, MOST):
        count = up(number, 256) // 256
        at = tokens_at - up(3 * number) - up(4 * count)
        if data[at:at + 4] != bytes(4):
            continue
        marks = struct.unpack_from(f'<{count}I', data, at)
        if not grows(marks):
            continue
        for place in range((at - marks[-1]) & ~7, at - marks[-1] - 40000, -8):
            if struct.unpack_from('<Q', data, place - 8)[0] == number:
                return place, number
    raise ValueError('no names')


def addresses(data, names_at, number):
    base = struct.unpack_from('<Q', data, names_at - 16)[0]
    at = (names_at - 16 - 4 * number) & ~7
    for offset in struct.unpack_from(f'<{number}i', data, at):
        yield offset if offset >= 0 else base - 1 - offset


def names(data, at, number, tokens):
    for _ in range(number):
        length = data[at]
        at += 1
        if length & 0x80:
            length = length & 0x7f | data[at] << 7
            at += 1
        yield b''.join(tokens[c] for c in data[at:at + length]).decode()
        at += length


def read_functions(path):
    """Addresses and names of the functions in an uncompressed image."""
    with open(path, 'rb') as stream:
        data = stream.read()
    tokens_at, tokens = find_tokens(data)
    names_at, number = find_names(data, tokens_at)
    return {(address, name[1:]) for address, name in
            zip(addresses(data, names_at, number),
                names(data, names_at, number, tokens)) if name[0] in 'tTwW'}
