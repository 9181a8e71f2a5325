# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""Elements of SVG as text."""

from xml.sax.saxutils import escape, quoteattr


def number(value):
    """Two digits at most, so that a picture is the same everywhere."""
    text = '%.2f' % value
    return text.rstrip('0').rstrip('.')


def attributes(values):
    words = []
    for name, value in values.items():
        if value is None:
            continue
        text = value if isinstance(value, str) else number(value)
        words.append(' %s=%s' % (name.rstrip('_').replace('_', '-'),
                                 quoteattr(text)))
    return ''.join(words)


def element(name, inside='', **values):
    if not inside:
        return '<%s%s/>' % (name, attributes(values))
    return '<%s%s>%s</%s>' % (name, attributes(values), inside, name)


def text(words, **values):
    return element('text', escape(words), **values)


def rect(x, y, width, height, **values):
    return element('rect', x=x, y=y, width=width, height=height, **values)


def line(x1, y1, x2, y2, **values):
    return element('line', x1=x1, y1=y1, x2=x2, y2=y2, **values)


def group(parts, **values):
    return element('g', '\n' + '\n'.join(parts) + '\n', **values)


def picture(width, height, title, parts):
    """The whole file."""
    head = element('title', escape(title), id='title')
    inside = '\n' + '\n'.join([head] + parts) + '\n'
    return element('svg', inside, xmlns='http://www.w3.org/2000/svg',
                   viewBox='0 0 %s %s' % (number(width), number(height)),
                   width=width, height=height, role='img',
                   aria_labelledby='title') + '\n'
