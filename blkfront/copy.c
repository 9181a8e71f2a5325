// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Copying data of a request, at the sender's or at the answer's cost: one pass,
 * a page at a time where it is in whole pages.
 */
#include "copy.h"

#include <linux/blk-mq.h>
#include <linux/highmem.h>
#include <linux/mm.h>

#include "pool.h"
#include "request.h"
#include "ring/blkif.h"

/**
 * struct cursor - a place in the pages of the pool
 * @buf: which page
 * @at: byte in it
 */
struct cursor {
	struct pvio_bf_buf *buf;
	unsigned int at;
};

static void copy_piece(struct cursor *c, struct bio_vec *bv, bool out)
{
	char *mem = bvec_kmap_local(bv);
	unsigned int n, done;
	char *pool;

	for (done = 0; done < bv->bv_len && c->buf; done += n) {
		n = min_t(unsigned int, bv->bv_len - done,
			  PVIO_BLK_PAGE - c->at);
		pool = (char *)page_address(c->buf->page) + c->at;
		if (out)
			memcpy(pool, mem + done, n);
		else
			memcpy(mem + done, pool, n);
		c->at += n;
		if (c->at == PVIO_BLK_PAGE)
			*c = (struct cursor){ .buf = c->buf->next };
	}
	kunmap_local(mem);
}

/* What most data is made of: a page of memory, a page of the pool. */
static void copy_whole(struct cursor *c, struct bio_vec *bv, bool out)
{
	void *mem = bvec_kmap_local(bv);
	void *pool = page_address(c->buf->page);

	if (out)
		copy_page(pool, mem);
	else
		copy_page(mem, pool);
	kunmap_local(mem);
	c->buf = c->buf->next;
}

void pvio_bf_copy_data(struct pvio_bf_io *io, bool out)
{
	struct cursor c = { .buf = io->data.head };
	struct req_iterator iter;
	struct bio_vec bv;

	rq_for_each_segment(bv, blk_mq_rq_from_pdu(io), iter) {
		if (unlikely(!c.buf))
			break;
		if (likely(!c.at && bv.bv_len == PVIO_BLK_PAGE))
			copy_whole(&c, &bv, out);
		else
			copy_piece(&c, &bv, out);
		if (!out)
			flush_dcache_page(bv.bv_page);
	}
}
