# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""pvioctl top: what each disk and interface does at this moment."""

import json
import select
import sys
import time

from . import host, problem, rates, screen
from .status import count, describe_advice
from .system import clean

FORMAT = 1
FIRST = '%s%-9s %-9s'
DISK_HEAD = ('rd/s', 'wr/s', 'rdB/s', 'wrB/s', 'p50', 'p99', 'bad/s', 'ntf',
             'gnt')
NET_HEAD = ('tx/s', 'rx/s', 'txB/s', 'rxB/s', 'p99', 'drop/s', 'stall', 'ntf',
            'gnt')
WIDTHS = (7, 7, 8, 8, 7, 7, 6, 5, 5)


def each(value):
    """Notifications or hypercalls for one request or packet."""
    if value is None:
        return '-'
    return '%.2f' % value if value < 9.995 else '%.0f' % value


def disk_cells(row):
    return (screen.amount(row.rate('reads')),
            screen.amount(row.rate('writes')),
            screen.amount(row.rate('bytes_read')),
            screen.amount(row.rate('bytes_written')),
            screen.duration(row.percentile(.5)),
            screen.duration(row.percentile(.99)),
            screen.amount(row.bad()), each(row.notifications()),
            each(row.grant_calls()))


def net_cells(row):
    return (screen.amount(row.rate('tx_packets')),
            screen.amount(row.rate('rx_packets')),
            screen.amount(row.rate('tx_bytes')),
            screen.amount(row.rate('rx_bytes')),
            screen.duration(row.percentile(.99)), screen.amount(row.bad()),
            screen.amount(row.count('rx_stalls')), each(row.notifications()),
            each(row.grant_calls()))


SORTS = {
    'name': lambda row: ((row.device.guest or ''), row.device.called()),
    'rate': lambda row: -(row.rate('requests', 'packets') or 0),
    'bytes': lambda row: -(row.rate('bytes_read', 'bytes_written', 'tx_bytes',
                                    'rx_bytes') or 0),
    'latency': lambda row: -(row.percentile(.99) or 0),
    'drops': lambda row: -(row.bad() or 0),
}


def ordered(rows, sort):
    """What is wrong comes first."""
    return sorted(rows, key=lambda row: (not row.wrong, SORTS[sort](row)))


def kept(rows, args):
    """Those that the options let through."""
    return [row for row in rows
            if (not args.net or row.device.kind == 'vif' or args.disk) and
            (not args.disk or row.device.kind == 'vbd' or args.net) and
            (not args.problems or row.advice)]


def first_cells(row):
    mark = {'problem': '!', 'note': '*'}.get(row.advice and row.advice.level,
                                             ' ')
    owner = row.device.guest or '-' if row.device.end == 'back' else 'here'
    return (mark, clean(owner), clean(row.device.called()))


def tables(rows, sort):
    """(heading, rows of cells, Rows) of each kind that is there."""
    for kind, head, cells in (('vbd', DISK_HEAD, disk_cells),
                              ('vif', NET_HEAD, net_cells)):
        mine = ordered([row for row in rows if row.device.kind == kind], sort)
        if mine:
            yield (('', 'GUEST', 'DISK' if kind == 'vbd' else 'INTERFACE') +
                   head, [first_cells(row) + cells(row) for row in mine],
                   mine)


def format_row(cells):
    mark, owner, name = cells[:3]
    text = FIRST % (mark or ' ', screen.cut(owner, 9), screen.cut(name, 9))
    return text + ''.join(cell.rjust(width)
                          for cell, width in zip(cells[3:], WIDTHS))


def seconds_of(rows):
    return max([row.seconds for row in rows], default=0)


def title(system, rows, clock):
    kinds = [row.device.kind for row in rows]
    guests = {row.device.domain for row in rows if row.device.end == 'back'}
    version = host.modules(system).get('pvio', ('-',))[0]
    return screen.cut('%s  %.3f s  %s  %s  %s  %s  pvio %s' % (
        time.strftime('%H:%M:%S', time.localtime(clock)), seconds_of(rows),
        count(len(guests), 'guest'), count(kinds.count('vbd'), 'disk'),
        count(kinds.count('vif'), 'vif'),
        count(sum(row.wrong for row in rows), 'problem'), version),
                      screen.WIDTH)


def sentence(row):
    return '%s: %s' % (row.device.called(), row.advice.text)


def to_text(system, rows, args, painter):
    yield painter.paint('head', title(system, rows, time.time()))
    shown = kept(rows, args)
    for head, lines, mine in tables(shown, args.sort):
        yield painter.paint('head', format_row(head))
        for cells, row in zip(lines, mine):
            yield painter.paint(row.advice and row.advice.level,
                                format_row(cells))
    for row in ordered(shown, 'name'):
        if row.advice:
            yield from screen.wrap(clean(sentence(row)), '  ')


def describe(row):
    device = row.device
    return {
        'device': device.name, 'name': device.local, 'kind': device.kind,
        'end': device.end, 'guest': device.guest, 'domain': device.domain,
        'driver': device.driver, 'state': device.state,
        'seconds': round(row.seconds, 6), 'added': row.added,
        'per_second': {name: round(value / row.seconds, 3)
                       for name, value in row.added.items() if row.seconds},
        'latency': {kind: rates.percentiles(histogram)
                    for kind, histogram in row.latencies.items()},
        'notifications_per_unit': row.notifications(),
        'grant_calls_per_unit': row.grant_calls(),
        'advice': describe_advice(row.advice)}


def to_json(rows, args):
    """One line."""
    chosen = ordered(kept(rows, args), args.sort)
    return json.dumps({'format': FORMAT, 'time': round(time.time(), 3),
                       'seconds': round(seconds_of(rows), 6),
                       'devices': [describe(row) for row in chosen]},
                      sort_keys=True)


def batch(watch, args, out):
    """So many tables, one below the other."""
    left = args.count
    rows = watch.rows(args.words)
    while left is None or left > 0:
        watch.system.sleep(args.delay)
        rows = watch.rows(args.words)
        if args.json:
            out.write(to_json(rows, args) + '\n')
        else:
            for line in to_text(watch.system, rows, args,
                                screen.Painter(False)):
                out.write(line + '\n')
            out.write('\n')
        out.flush()
        left = left and left - 1
    return rows


class Keys:
    """Single keys of a terminal."""

    def __enter__(self):
        import termios
        import tty
        self.saved = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin)
        return self

    def __exit__(self, *_):
        import termios
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self.saved)

    def wait(self, seconds):
        """The key that was hit within so many seconds, or None."""
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return sys.stdin.read(1) if ready else None


def act(key, args):
    """False: end."""
    if key == 's':
        names = list(SORTS)
        args.sort = names[(names.index(args.sort) + 1) % len(names)]
    elif key == 'p':
        args.problems = not args.problems
    return key != 'q'


def draw_plain(system, rows, args, painter):
    sys.stdout.write('\033[H\033[J')
    for line in to_text(system, rows, args, painter):
        sys.stdout.write(line + '\n')
    sys.stdout.write('q: end  s: sorted by %s  p: problems only\n'
                     % args.sort)
    sys.stdout.flush()


def rich_page(system, rows, args):
    """The same with python3-rich."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text
    styles = {'problem': 'bold red', 'note': 'yellow'}
    parts = [Text(title(system, rows, time.time()), style='bold')]
    shown = kept(rows, args)
    for head, lines, mine in tables(shown, args.sort):
        table = Table(box=None, pad_edge=False, expand=False)
        for at, name in enumerate(head):
            table.add_column(name, justify='left' if at < 3 else 'right')
        for cells, row in zip(lines, mine):
            table.add_row(*[Text(cell) for cell in cells], style=styles.get(
                row.advice and row.advice.level))
        parts.append(table)
    parts += [Text(clean(sentence(row)), style=styles[row.advice.level])
              for row in ordered(shown, 'name') if row.advice]
    parts.append(Text('q: end  s: sorted by %s  p: problems only'
                      % args.sort))
    return Group(*parts)


def screens(watch, args, draw):
    """Until the key q, or so many; the first look is not one, it has no rates."""
    rows, key, left = [], None, args.count
    with Keys() as keys:
        while act(key, args) and left != -1:
            # A key draws anew what was there; a new look wants its time.
            if key is None:
                rows = watch.rows(args.words)
                left = left if left is None else left - 1
            draw(rows)
            key = keys.wait(args.delay)
    return rows


def interactive(watch, args):
    try:
        from rich.live import Live
    except ImportError:
        painter = screen.Painter(screen.colourful(sys.stdout))
        return screens(watch, args, lambda rows: draw_plain(
            watch.system, rows, args, painter))
    with Live(screen=True, auto_refresh=False) as live:
        return screens(watch, args, lambda rows: live.update(
            rich_page(watch.system, rows, args), refresh=True))


def run(system, store, args, out):
    watch = rates.Watch(system, store)
    terminal = sys.stdin.isatty() and out.isatty()
    if args.batch or args.json or not terminal:
        if args.count is None and not args.batch:
            args.count = 1
        rows = batch(watch, args, out)
    else:
        rows = interactive(watch, args)
    return problem.WRONG if any(row.wrong for row in rows) else problem.OK
