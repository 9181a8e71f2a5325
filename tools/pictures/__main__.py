# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""python3 -m pictures: draw all of them anew.

python3 -m pictures record LOG: what 'make demo' has printed, without what was
before Xen and the places of this machine, for pictures/demo.txt.
"""

import sys

from . import album


def main():
    if sys.argv[1:2] == ['record'] and len(sys.argv) == 3:
        with open(sys.argv[2]) as file:
            sys.stdout.write(album.record(file.read()))
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        for path in album.draw_all():
            print('   ' + path)


main()
