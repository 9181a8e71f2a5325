# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""An interface's own counters (ethtool -S), without a program for each.

The structures are those of linux/ethtool.h.
"""

import array
import fcntl
import socket
import struct

SIOCETHTOOL = 0x8946
GDRVINFO, GSTRINGS, GSTATS = 0x3, 0x1b, 0x1d
DRVINFO_SIZE, NR_STATS_AT = 196, 180
STATS_SET = 1
NAME = 32
# More queues may appear between two calls, and the kernel does not ask.
ROOM = 4096


def call(sock, name, data):
    """One call; what the kernel has to say is written into data."""
    address, _ = data.buffer_info()
    request = struct.pack('16sP16x', name.encode()[:15], address)
    fcntl.ioctl(sock, SIOCETHTOOL, request)


def ask(name):
    """Counters by name; raises OSError."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        info = array.array('B', struct.pack('=I', GDRVINFO) +
                           bytes(DRVINFO_SIZE - 4))
        call(sock, name, info)
        number, = struct.unpack_from('=I', info, NR_STATS_AT)
        strings = array.array('B', struct.pack('=III', GSTRINGS, STATS_SET, 0)
                              + bytes((number + ROOM) * NAME))
        call(sock, name, strings)
        values = array.array('B', struct.pack('=II', GSTATS, 0) +
                             bytes((number + ROOM) * 8))
        call(sock, name, values)
    named, = struct.unpack_from('=I', strings, 8)
    counted, = struct.unpack_from('=I', values, 4)
    raw = strings.tobytes()
    names = [raw[12 + i * NAME:12 + (i + 1) * NAME].split(b'\0')[0].decode()
             for i in range(min(named, counted))]
    return dict(zip(names, struct.unpack_from('=%dQ' % len(names), values,
                                              8)))


def parse(text):
    """The same of what the program prints."""
    counters = {}
    for line in text.splitlines():
        name, colon, value = line.strip().rpartition(':')
        if colon and value.strip().isdigit():
            counters[name] = int(value)
    return counters


def counters(system, name):
    """Counters of an interface, none where there are none."""
    if system.recorded:
        return parse(system.run('ethtool', '-S', name)[1])
    try:
        return ask(name)
    except OSError:
        return {}
