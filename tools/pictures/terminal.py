# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What a command has printed, as a terminal that shows it again.

Where nothing moves, on paper or for a reader who wants it so, the last screen is
shown.
"""

from . import svg

COLUMNS = 84
# Of the font, in pixels: the advance of DejaVu Sans Mono is 0.602 of its size.
SIZE = 13
ADVANCE = 0.602 * SIZE
LEADING = 18
EDGE = 16
BAR = 32
# Seconds for which the last screen stays.
REST = 6

STYLE = '''
text{font:%dpx "DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;
fill:#d5d8de;white-space:pre}
.bar{fill:#8b919c}
.head{fill:#8ab4f8;font-weight:bold}
.good{fill:#81c995;font-weight:bold}
.bad{fill:#f28b82;font-weight:bold}
.note{fill:#fdd663}
.faint{fill:#8b919c}
''' % SIZE


class Frame:
    """From a time on: the first line on the screen, and how many there are."""

    def __init__(self, time, first, shown):
        self.time = time
        self.first = first
        self.shown = shown


def scrolling(times, rows):
    """Frames in which line after line comes, each at its time."""
    frames = []
    for count, time in enumerate(times, 1):
        if frames and frames[-1].time >= time:
            frames.pop()
        frames.append(Frame(time, max(0, count - rows), count))
    return frames


def span(kind, words):
    return svg.element('tspan', svg.escape(words), class_=kind)


def spans(line, paint):
    """A line as parts of one kind each."""
    return ''.join(span(kind, words) for kind, words in paint(line) if words)


def draw_line(at, line, paint):
    line = line.expandtabs().rstrip()
    if len(line) > COLUMNS:
        line = line[:COLUMNS - 1] + '\u2026'
    if not line:
        return None
    return svg.element('text', spans(line, paint), x=EDGE,
                       y=at * LEADING + SIZE, textLength=len(line) * ADVANCE)


def keyframes(name, frames, total, where):
    """CSS that moves something from frame to frame."""
    steps, last = [], None
    for frame in frames:
        place = where(frame)
        if place != last:
            steps.append('%s%%{transform:translateY(%spx)}' % (
                svg.number(frame.time * 100 / total),
                svg.number(place * LEADING)))
        last = place
    steps.append('100%%{transform:translateY(%spx)}'
                 % svg.number(last * LEADING))
    return '@keyframes %s{%s}\n.%s{animation:%s %ss step-end infinite}' % (
        name, '\n'.join(steps), name, name, svg.number(total))


def animation(frames):
    if len(frames) == 1:
        return ''
    total = frames[-1].time + REST
    return '\n'.join([
        keyframes('roll', frames, total, lambda frame: -frame.first),
        # What is still to come lies under a cover.
        keyframes('cover', frames, total,
                  lambda frame: frame.shown - frame.first),
        '@media (prefers-reduced-motion:reduce){.roll,.cover{animation:none}}'])


def window(width, height, title):
    dots = [svg.element('circle', cx=EDGE + 6 + 18 * at, cy=BAR / 2, r=5.5,
                        fill=colour)
            for at, colour in enumerate(('#f28b82', '#fdd663', '#81c995'))]
    return [svg.rect(0, 0, width, height, rx=8, fill='#1d2027')] + dots + [
        svg.element('text', svg.escape(title), x=width / 2, y=BAR / 2 + 4.5,
                    class_='bar', text_anchor='middle')]


def draw(title, lines, frames, rows, paint):
    """The picture; paint(line) yields (kind, words) of a line."""
    width = 2 * EDGE + COLUMNS * ADVANCE
    inside = rows * LEADING
    height = BAR + inside + EDGE
    last = frames[-1]
    drawn = [draw_line(at, line, paint) for at, line in enumerate(lines)]
    # Not every program knows white-space.
    moved = svg.group([line for line in drawn if line], class_='roll',
                      transform='translate(0,%s)'
                      % svg.number(-last.first * LEADING),
                      **{'xml:space': 'preserve'})
    cover = svg.rect(0, 0, width, inside + LEADING, class_='cover',
                     fill='#1d2027', transform='translate(0,%s)' % svg.number(
                         (last.shown - last.first) * LEADING))
    style = svg.element('style', STYLE + animation(frames) + '\n')
    clip = svg.element('clipPath', svg.rect(0, 0, width, inside), id='screen')
    screen = svg.group([svg.group([moved, cover], clip_path='url(#screen)')],
                       transform='translate(0,%d)' % BAR)
    return svg.picture(width, height, title,
                       [style, clip] + window(width, height, title) + [screen])
