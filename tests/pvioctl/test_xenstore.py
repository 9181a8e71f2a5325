# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The wire to xenstore, against a daemon of the test's own."""

import os
import socket
import struct
import threading
import unittest
import unittest.mock

import machine

from pvioctl import xenstore
from pvioctl.problem import Blind

NODES = {b'domid': b'0', b'/a': b'', b'/a/b': b'1', b'/a/c': b'caf\xc3\xa9'}


def answer(sock):
    """xenstored, as far as it is asked."""
    while True:
        head = sock.recv(16, socket.MSG_WAITALL)
        if len(head) < 16:
            return
        kind, request, _, size = struct.unpack('=IIII', head)
        path = sock.recv(size, socket.MSG_WAITALL).rstrip(b'\0')
        if path == b'/secret':
            kind, body = 16, b'EACCES\0'
        elif path not in NODES:
            kind, body = 16, b'ENOENT\0'
        elif kind == 1:
            body = b''.join(node[len(path) + 1:] + b'\0' for node in NODES
                            if node.startswith(path + b'/'))
        else:
            body = NODES[path]
        message = struct.pack('=IIII', kind, request, 0, len(body)) + body
        # In pieces, as a stream may be.
        for part in message[:5], message[5:17], message[17:]:
            sock.send(part)


class Wire(unittest.TestCase):
    """Messages."""

    def setUp(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(theirs.close)
        threading.Thread(target=answer, args=(theirs,), daemon=True).start()
        self.fd = ours.detach()
        self.addCleanup(os.close, self.fd)
        with unittest.mock.patch.object(xenstore, 'connect',
                                        return_value=self.fd):
            self.store = xenstore.Live()

    def test_read(self):
        self.assertEqual(self.store.read('/a/b'), '1')
        self.assertEqual(self.store.read('/a/c'), 'caf\xe9')
        self.assertEqual(self.store.read('/a'), '')

    def test_list(self):
        self.assertEqual(self.store.list('/a'), ['b', 'c'])
        self.assertEqual(self.store.list('/none'), [])

    def test_not_there_or_not_ours(self):
        self.assertIsNone(self.store.read('/none'))
        self.assertIsNone(self.store.read('/secret'))

    def test_daemon_that_says_nothing(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        with unittest.mock.patch.object(xenstore, 'connect',
                                        return_value=ours.fileno()), \
                unittest.mock.patch.object(xenstore, 'PATIENCE', .05):
            with self.assertRaises(Blind):
                xenstore.Live().read('/a')


class Text(unittest.TestCase):
    """What xenstore-ls -f prints."""

    def test_there_and_back(self):
        for value in 'plain', 'a "b" \\ c', '\x1b[2J\n':
            line = '/x = "%s"' % xenstore.escape(value)
            self.assertEqual(xenstore.Recorded(line).read('/x'), value)

    def test_paths_of_a_domain(self):
        store = xenstore.Recorded('/domid = "3"\n'
                                  '/local/domain/3/device/vif/0 = ""\n')
        self.assertEqual(store.list('device'), ['vif'])
        self.assertEqual(store.read('domid'), '3')
