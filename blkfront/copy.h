/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Copying between a request's pages and the pages of a pool.
 */
#ifndef PVIO_BLKFRONT_COPY_H
#define PVIO_BLKFRONT_COPY_H

#include <linux/types.h>

struct pvio_bf_io;

/**
 * pvio_bf_copy_data() - copy between a request's pages and the pool's
 * @io: the request; @io->copied
 * @out: true: towards the backend
 * Context: any.
 */
void pvio_bf_copy_data(struct pvio_bf_io *io, bool out);

#endif /* PVIO_BLKFRONT_COPY_H */
