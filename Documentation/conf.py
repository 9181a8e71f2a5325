# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""For sphinx-build(1): these documents as HTML."""

import pathlib
import re

_dkms = pathlib.Path(__file__).parent.with_name('dkms.conf').read_text()

project = 'pvio'
author = 'pvio authors'
copyright = '2026 pvio authors'
release = re.search(r'^PACKAGE_VERSION="(.*)"', _dkms, re.M).group(1)
version = release
html_title = f'pvio {release}'
html_theme = 'alabaster'
html_theme_options = {'page_width': '66em', 'sidebar_width': '16em'}
html_show_sourcelink = False
