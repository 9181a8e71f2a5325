// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The tracepoints themselves.
 */
#include "queue.h"
#include "vif.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
