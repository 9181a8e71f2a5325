// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of Xen's own grants, and of the batches above them, on a stand-in for
 * the hypercall.  It does what Xen does with an entry, and can stop half way,
 * leave a status as it was, or put any number there.  The kernel's functions
 * in between do with their own notes what the real ones do.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/xen/hypercall.h>
#include <xen/grant_table.h>

#include "door_ops.h"
#include "grants.h"
#include "resource.h"
#include "xen_grant.h"

static int play_hypercall(unsigned int cmd, void *ops, unsigned int nr);
static int play_map_refs(struct gnttab_map_grant_ref *ops,
			 struct gnttab_map_grant_ref *kops,
			 struct page **pages, unsigned int nr);
static int play_unmap_refs(struct gntab_unmap_queue_data *job);
static int play_alloc_pages(int nr, struct page **pages);
static void play_free_pages(int nr, struct page **pages);

#define HYPERVISOR_grant_table_op	play_hypercall
#define gnttab_map_refs			play_map_refs
#define gnttab_unmap_refs_sync		play_unmap_refs
#define gnttab_alloc_pages		play_alloc_pages
#define gnttab_free_pages		play_free_pages
#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(symbol)

#include "grants.c"
#include "xen_grant.c"

#define PEER	7
#define BATCH	8
#define FRAMES	16	/* pages to map onto */
#define ALL	1000	/* the call fails behind its last entry */
#define AS_IT_WAS	0x7fff

/**
 * struct frame - a page to map onto, as Xen and as the kernel see it
 * @page: the page; NULL: none
 * @mapped: Xen has a peer's page there
 * @handle: its handle
 * @noted: the kernel knows
 */
struct frame {
	struct page *page;
	bool mapped;
	u32 handle;
	bool noted;
};

/**
 * struct play - the stand-in
 * @frames: pages to map onto
 * @fail_at: entry before which a call stops; ALL: none
 * @fail_with: what it returns then
 * @fail_undo: unmapping fails as well, from the first entry on
 * @status: for each entry of a call: 0: do it; else the status it gets
 * @next_handle: counts up
 * @wrong: what no caller may do: map over a mapping, unmap what is not mapped
 * @lines: log lines
 */
static struct play {
	struct frame frames[FRAMES];
	unsigned int fail_at;
	int fail_with;
	bool fail_undo;
	s16 status[PVIO_MAP_BATCH];
	u32 next_handle;
	unsigned int wrong;
	unsigned int lines;
} play;

DEFINE_STATIC_KEY_FALSE(pvio_door_replaced);

static const struct pvio_door xen_door = {
	.pages_get = pvio_xen_pages_get,
	.pages_put = pvio_xen_pages_put,
	.map = pvio_xen_map,
	.unmap = pvio_xen_unmap,
};

/* This module's own, so that a provider in the core does not matter. */
const struct pvio_door *pvio_door(void)
{
	return &xen_door;
}

void pvio_err(struct pvio_device *pdev, const char *fmt, ...)
{
	play.lines++;
}

/* Where no PV domain runs, later kernels give Xen what they take for physical. */
static struct frame *frame_at(u64 addr)
{
	unsigned int i;

	if (addr < PAGE_OFFSET)
		addr += PAGE_OFFSET;
	for (i = 0; i < FRAMES; i++)
		if (play.frames[i].page &&
		    page_addr(play.frames[i].page) == addr)
			return &play.frames[i];
	return NULL;
}

static void map_entry(struct gnttab_map_grant_ref *op)
{
	struct frame *f = frame_at(op->host_addr);

	if (!f || f->mapped || op->dom != PEER) {
		play.wrong++;
		return;
	}
	f->mapped = true;
	f->handle = play.next_handle++;
	op->handle = f->handle;
	op->status = GNTST_okay;
}

static void unmap_entry(struct gnttab_unmap_grant_ref *op)
{
	struct frame *f = frame_at(op->host_addr);

	if (!f || !f->mapped || f->handle != op->handle) {
		play.wrong++;
		op->status = GNTST_bad_handle;
		return;
	}
	f->mapped = false;
	op->status = GNTST_okay;
}

static void do_entry(unsigned int cmd, void *ops, unsigned int i)
{
	if (cmd == GNTTABOP_map_grant_ref)
		map_entry((struct gnttab_map_grant_ref *)ops + i);
	else if (cmd == GNTTABOP_unmap_grant_ref)
		unmap_entry((struct gnttab_unmap_grant_ref *)ops + i);
	else
		((struct gnttab_copy *)ops + i)->status = GNTST_okay;
}

static void put_status(unsigned int cmd, void *ops, unsigned int i, s16 status)
{
	if (status == AS_IT_WAS)
		return;
	if (cmd == GNTTABOP_map_grant_ref)
		((struct gnttab_map_grant_ref *)ops + i)->status = status;
	else if (cmd == GNTTABOP_unmap_grant_ref)
		((struct gnttab_unmap_grant_ref *)ops + i)->status = status;
	else
		((struct gnttab_copy *)ops + i)->status = status;
}

/* A plan is for one call: what follows goes well. */
static int play_hypercall(unsigned int cmd, void *ops, unsigned int nr)
{
	unsigned int i, stop = play.fail_at;

	if (play.fail_undo && cmd == GNTTABOP_unmap_grant_ref)
		return -EFAULT;
	play.fail_at = ALL;
	for (i = 0; i < nr && i < stop; i++) {
		if (play.status[i])
			put_status(cmd, ops, i, play.status[i]);
		else
			do_entry(cmd, ops, i);
	}
	memset(play.status, 0, sizeof(play.status));
	return stop == ALL ? 0 : play.fail_with;
}

static int play_map_refs(struct gnttab_map_grant_ref *ops,
			 struct gnttab_map_grant_ref *kops,
			 struct page **pages, unsigned int nr)
{
	int ret = play_hypercall(GNTTABOP_map_grant_ref, ops, nr);
	unsigned int i;

	if (ret)
		return ret;
	for (i = 0; i < nr; i++) {
		struct frame *f = frame_at(page_addr(pages[i]));

		if (ops[i].status != GNTST_okay)
			continue;
		play.wrong += f->noted;
		f->noted = true;
	}
	return 0;
}

static int play_unmap_refs(struct gntab_unmap_queue_data *job)
{
	int ret = play_hypercall(GNTTABOP_unmap_grant_ref, job->unmap_ops,
				 job->count);
	unsigned int i;

	if (ret)
		return ret;
	for (i = 0; i < job->count; i++) {
		struct frame *f = frame_at(page_addr(job->pages[i]));

		play.wrong += !f->noted;
		f->noted = false;
	}
	return 0;
}

static int play_alloc_pages(int nr, struct page **pages)
{
	unsigned int i;

	for (i = 0; i < FRAMES && nr; i++) {
		if (play.frames[i].page)
			continue;
		play.frames[i].page = alloc_page(GFP_KERNEL);
		if (!play.frames[i].page)
			return -ENOMEM;
		pages[--nr] = play.frames[i].page;
	}
	return nr ? -ENOMEM : 0;
}

static void free_frame(struct frame *f)
{
	__free_page(f->page);
	memset(f, 0, sizeof(*f));
}

static void play_free_pages(int nr, struct page **pages)
{
	while (nr--) {
		struct frame *f = frame_at(page_addr(pages[nr]));

		play.wrong += f->mapped || f->noted;
		free_frame(f);
	}
}

static unsigned int count_frames(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < FRAMES; i++)
		n += !!play.frames[i].page;
	return n;
}

static unsigned int count_mapped(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < FRAMES; i++)
		n += play.frames[i].mapped;
	return n;
}

/**
 * struct bench - one mapper and its account
 * @pdev: the device
 * @mapper: of @BATCH pages, so that each is used again at once
 * @maps: one batch
 * @pages_before: outstanding in the core's account
 * @maps_before: the same
 */
struct bench {
	struct pvio_device pdev;
	struct pvio_mapper mapper;
	struct pvio_map maps[BATCH];
	s64 pages_before;
	s64 maps_before;
};

static int init_bench(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	memset(&play, 0, sizeof(play));
	play.fail_at = ALL;
	play.next_handle = 100;
	b->pdev.peer_id = PEER;
	b->pages_before = pvio_outstanding(PVIO_RES_PAGE);
	b->maps_before = pvio_outstanding(PVIO_RES_MAP);
	KUNIT_ASSERT_EQ(test, pvio_mapper_open(&b->pdev, &b->mapper, BATCH),
			0);
	return 0;
}

static int map_some(struct bench *b, unsigned int nr)
{
	unsigned int i;

	/* Not what was in them before. */
	memset(b->maps, 0xff, sizeof(b->maps));
	for (i = 0; i < BATCH; i++) {
		b->maps[i].gref = 50 + i;
		b->maps[i].readonly = false;
	}
	for (i = nr; i < BATCH; i++)
		b->maps[i].page = NULL;
	return pvio_map_pages(&b->mapper, b->maps, nr);
}

static int map_all(struct bench *b)
{
	return map_some(b, BATCH);
}

static unsigned int count_usable(const struct bench *b)
{
	unsigned int i, n = 0;

	for (i = 0; i < BATCH; i++)
		n += !!b->maps[i].page;
	return n;
}

/*
 * What is handed out is mapped, known to the kernel, and has the handle that
 * Xen gave; nothing else is mapped but what is @lost.
 */
static void expect_sound(struct kunit *test, unsigned int lost)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		struct frame *f;

		if (!b->maps[i].page)
			continue;
		f = frame_at(page_addr(b->maps[i].page));
		KUNIT_ASSERT_NOT_NULL(test, f);
		KUNIT_EXPECT_TRUE(test, f->mapped);
		KUNIT_EXPECT_TRUE(test, f->noted);
		KUNIT_EXPECT_EQ(test, f->handle, b->maps[i].handle);
	}
	KUNIT_EXPECT_EQ(test, count_mapped(), count_usable(b) + lost);
	KUNIT_EXPECT_EQ(test, play.wrong, 0);
}

/* Everything can be mapped and unmapped again with the pages there are. */
static void expect_works(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_EQ(test, map_all(b), 0);
	KUNIT_EXPECT_EQ(test, count_usable(b), BATCH);
	expect_sound(test, 0);
	pvio_unmap_pages(&b->mapper, b->maps, BATCH);
	KUNIT_EXPECT_EQ(test, count_frames(), BATCH);
	expect_sound(test, 0);
}

/* The end of every case: all pages are back but @lost, in every account. */
static void close_bench(struct kunit *test, unsigned int lost)
{
	struct bench *b = test->priv;
	unsigned int i;

	pvio_mapper_close(&b->mapper);
	KUNIT_EXPECT_EQ(test, count_frames(), lost);
	KUNIT_EXPECT_EQ(test, play.wrong, 0);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_PAGE),
			b->pages_before + lost);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_MAP),
			b->maps_before + lost);
	/* Only this test knows that they are not mapped in truth. */
	pvio_destroyed(PVIO_RES_PAGE, pvio_outstanding(PVIO_RES_PAGE) -
		       b->pages_before);
	pvio_destroyed(PVIO_RES_MAP, pvio_outstanding(PVIO_RES_MAP) -
		       b->maps_before);
	for (i = 0; i < FRAMES; i++)
		if (play.frames[i].page)
			free_frame(&play.frames[i]);
}

/* XSA-361: entries done before the call failed; XSA-318: positive numbers. */
static void m02_map_call_fails_half_way(struct kunit *test)
{
	static const int results[] = { -EFAULT, -EINVAL, 3 };
	struct bench *b = test->priv;
	unsigned int at, i;

	for (i = 0; i < ARRAY_SIZE(results) * (BATCH + 1); i++) {
		at = i % (BATCH + 1);
		play.fail_at = at;
		play.fail_with = results[i / (BATCH + 1)];
		KUNIT_EXPECT_EQ(test, map_all(b), -EFAULT);
		KUNIT_EXPECT_EQ(test, count_usable(b), 0);
		expect_sound(test, 0);
		pvio_unmap_pages(&b->mapper, b->maps, BATCH);
		expect_works(test);
	}
	KUNIT_EXPECT_EQ(test, play.lines, 0);
	close_bench(test, 0);
}

/* What is still mapped then is never mapped onto again, nor freed. */
static void m02_mapped_entries_cannot_be_unmapped(struct kunit *test)
{
	struct bench *b = test->priv;

	play.fail_at = 3;
	play.fail_with = -EFAULT;
	play.fail_undo = true;
	KUNIT_EXPECT_EQ(test, map_all(b), -EFAULT);
	KUNIT_EXPECT_EQ(test, count_usable(b), 0);
	expect_sound(test, 3);
	KUNIT_EXPECT_EQ(test, play.lines, 1);
	play.fail_undo = false;
	KUNIT_EXPECT_EQ(test, map_all(b), -ENOMEM);
	expect_sound(test, 3);
	KUNIT_EXPECT_EQ(test, map_some(b, BATCH - 3), 0);
	KUNIT_EXPECT_EQ(test, count_usable(b), BATCH - 3);
	expect_sound(test, 3);
	pvio_unmap_pages(&b->mapper, b->maps, BATCH);
	expect_sound(test, 3);
	close_bench(test, 3);
}

/* The kernel has its notes of all of them then, even of those unmapped. */
static void m02_unmap_call_fails_half_way(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_EQ(test, map_all(b), 0);
	play.fail_at = 5;
	play.fail_with = -EFAULT;
	pvio_unmap_pages(&b->mapper, b->maps, BATCH);
	KUNIT_EXPECT_EQ(test, count_usable(b), 0);
	expect_sound(test, 3);
	KUNIT_EXPECT_EQ(test, play.lines, 1);
	KUNIT_EXPECT_EQ(test, map_all(b), -ENOMEM);
	expect_sound(test, 3);
	close_bench(test, BATCH);
}

static void describe_copies(struct bench *b, struct gnttab_copy *ops)
{
	struct pvio_piece piece = { .gref = 9, .len = 64 };
	unsigned int i;

	memset(ops, 0, BATCH * sizeof(*ops));
	for (i = 0; i < BATCH; i++) {
		if (i % 2)
			pvio_copy_in(&ops[i], &b->pdev, piece, ZERO_PAGE(0),
				     0);
		else
			pvio_copy_to(&ops[i], &b->pdev, piece, ZERO_PAGE(0),
				     0);
	}
}

static void m02_copy_call_fails_half_way(struct kunit *test)
{
	struct bench *b = test->priv;
	struct gnttab_copy ops[BATCH];
	unsigned int at, i;

	for (at = 0; at <= BATCH; at++) {
		describe_copies(b, ops);
		play.fail_at = at;
		play.fail_with = -EFAULT;
		pvio_copy_batch(ops, BATCH, false);
		for (i = 0; i < BATCH; i++)
			KUNIT_EXPECT_EQ(test, ops[i].status == GNTST_okay,
					i < at);
	}
	close_bench(test, 0);
}

static const s16 odd_statuses[] = {
	AS_IT_WAS, 1, 2, S8_MAX, S16_MAX - 1, -1, -127, -128, S16_MIN,
	GNTST_bad_gntref, GNTST_no_device_space, GNTST_address_too_big,
};

static void m07_map_statuses_that_are_no_success(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(odd_statuses); i++) {
		at = i % BATCH;
		play.status[at] = odd_statuses[i];
		KUNIT_EXPECT_EQ(test, map_all(b), -EFAULT);
		KUNIT_EXPECT_NULL(test, b->maps[at].page);
		KUNIT_EXPECT_EQ(test, b->maps[at].handle,
				INVALID_GRANT_HANDLE);
		KUNIT_EXPECT_EQ(test, count_usable(b), BATCH - 1);
		expect_sound(test, 0);
		pvio_unmap_pages(&b->mapper, b->maps, BATCH);
		expect_works(test);
	}
	close_bench(test, 0);
}

static void m07_map_call_that_did_nothing(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		play.status[i] = AS_IT_WAS;
	KUNIT_EXPECT_EQ(test, map_all(b), -EFAULT);
	KUNIT_EXPECT_EQ(test, count_usable(b), 0);
	for (i = 0; i < BATCH; i++)
		KUNIT_EXPECT_EQ(test, b->maps[i].handle, INVALID_GRANT_HANDLE);
	expect_sound(test, 0);
	expect_works(test);
	close_bench(test, 0);
}

/* One page each time until there are none: none is used again. */
static void m07_unmap_statuses_that_are_no_success(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		KUNIT_EXPECT_EQ(test, map_some(b, BATCH - i), 0);
		play.status[0] = odd_statuses[i];
		pvio_unmap_pages(&b->mapper, b->maps, BATCH - i);
		expect_sound(test, i + 1);
		KUNIT_EXPECT_EQ(test, play.lines, i + 1);
	}
	close_bench(test, BATCH);
}

static void m07_copy_statuses_that_are_no_success(struct kunit *test)
{
	struct bench *b = test->priv;
	struct gnttab_copy ops[BATCH];
	unsigned int i, j, at;

	for (i = 0; i < ARRAY_SIZE(odd_statuses); i++) {
		at = i % BATCH;
		describe_copies(b, ops);
		play.status[at] = odd_statuses[i];
		pvio_copy_batch(ops, BATCH, false);
		for (j = 0; j < BATCH; j++)
			KUNIT_EXPECT_EQ(test, ops[j].status == GNTST_okay,
					j != at);
	}
	close_bench(test, 0);
}

/**
 * struct other_use - what else the flag of foreign pages is used for
 * @private: the page has a private word
 * @mapping: it belongs to a file
 * @swap: it is backed by swap
 */
struct other_use {
	bool private;
	bool mapping;
	bool swap;
};

static const struct other_use other_uses[] = {
	{ .private = false },
	{ .private = true, .mapping = true },
	{ .private = true, .swap = true },
};

static void mark_page(struct page *page, const struct other_use *use)
{
	SetPageForeign(page);
	page->private = 0x1234567800000000ULL + PEER;
	if (use->private)
		SetPagePrivate(page);
	if (use->mapping)
		page->mapping = (struct address_space *)page;
	if (use->swap)
		__folio_set_swapbacked(page_folio(page));
}

static void unmark_page(struct page *page)
{
	ClearPageForeign(page);
	ClearPagePrivate(page);
	__folio_clear_swapbacked(page_folio(page));
	page->mapping = NULL;
	page->private = 0;
}

static void copy_from(struct kunit *test, struct page *page,
		      struct gnttab_copy *op)
{
	static const struct pvio_piece to = { .gref = 5, .len = 100 };
	struct bench *b = test->priv;

	pvio_copy_to(op, &b->pdev, to, page, 0);
}

/* A swapped or a checked page of a file carries the same flag. */
static void flag_of_another_meaning_is_not_believed(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	struct gnttab_copy op;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (i = 0; i < ARRAY_SIZE(other_uses); i++) {
		mark_page(page, &other_uses[i]);
		copy_from(test, page, &op);
		KUNIT_EXPECT_EQ(test, op.flags, GNTCOPY_dest_gref);
		KUNIT_EXPECT_EQ(test, op.source.domid, DOMID_SELF);
		KUNIT_EXPECT_EQ(test, op.source.u.gmfn,
				pvio_door_local_gfn(page));
		KUNIT_EXPECT_TRUE(test, pvio_page_grantable(page));
		unmark_page(page);
	}
	__free_page(page);
	close_bench(test, 0);
}

static void foreign_page_is_named_by_its_grant(struct kunit *test)
{
	static const struct other_use mapped = { .private = true };
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	struct xen_page_foreign *foreign;
	struct gnttab_copy op;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_TRUE(test, pvio_page_grantable(page));
	mark_page(page, &mapped);
	foreign = xen_page_foreign(page);
	foreign->domid = 9;
	foreign->gref = 4711;
	copy_from(test, page, &op);
	KUNIT_EXPECT_EQ(test, op.flags,
			GNTCOPY_dest_gref | GNTCOPY_source_gref);
	KUNIT_EXPECT_EQ(test, op.source.domid, 9);
	KUNIT_EXPECT_EQ(test, op.source.u.ref, 4711);
	KUNIT_EXPECT_FALSE(test, pvio_page_grantable(page));
	unmark_page(page);
	__free_page(page);
	close_bench(test, 0);
}

static void slab_memory_is_not_granted(struct kunit *test)
{
	void *mem = kmalloc(512, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mem);
	KUNIT_EXPECT_FALSE(test, pvio_page_grantable(virt_to_page(mem)));
	kfree(mem);
	close_bench(test, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(flag_of_another_meaning_is_not_believed),
	KUNIT_CASE(foreign_page_is_named_by_its_grant),
	KUNIT_CASE(slab_memory_is_not_granted),
	KUNIT_CASE(m02_map_call_fails_half_way),
	KUNIT_CASE(m02_mapped_entries_cannot_be_unmapped),
	KUNIT_CASE(m02_unmap_call_fails_half_way),
	KUNIT_CASE(m02_copy_call_fails_half_way),
	KUNIT_CASE(m07_map_statuses_that_are_no_success),
	KUNIT_CASE(m07_map_call_that_did_nothing),
	KUNIT_CASE(m07_unmap_statuses_that_are_no_success),
	KUNIT_CASE(m07_copy_statuses_that_are_no_success),
	{}
};

static struct kunit_suite suite = {
	.name = "pvio_xen_grant",
	.init = init_bench,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of Xen's own grants");
MODULE_LICENSE("GPL");
