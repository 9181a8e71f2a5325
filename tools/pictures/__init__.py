# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""The pictures of the documents, drawn as SVG from what was recorded and
published beside them."""
