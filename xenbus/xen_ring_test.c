// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of Xen's own rings on a stand-in for the hypercalls and for the
 * kernel's table of grants, as a PV domain and as one whose frames Xen
 * translates.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/xen/hypercall.h>
#include <xen/features.h>
#include <xen/grant_table.h>

#include "channel.h"
#include "device.h"
#include "xen_grant.h"
#include "xen_ring.h"

static int play_table_op(unsigned int cmd, void *ops, unsigned int nr);
static int play_update_va(unsigned long va, pte_t pte, unsigned long flags);
static int play_grant(u16 domid, unsigned long gfn, int readonly);
static void play_end(u32 ref, struct page *page);
static void play_free(struct page *page);
static void *play_vmap(struct page **pages, unsigned int nr,
		       unsigned long flags, pgprot_t prot);
static void play_vunmap(const void *vaddr);
static bool play_feature(void);

#undef __free_page
#undef HYPERVISOR_update_va_mapping
#define HYPERVISOR_grant_table_op	play_table_op
#define HYPERVISOR_update_va_mapping	play_update_va
#define gnttab_grant_foreign_access	play_grant
#define gnttab_end_foreign_access	play_end
#define __free_page			play_free
#define vmap				play_vmap
#define vunmap				play_vunmap
#define xen_feature(feature)		play_feature()
#define usleep_range(min, max)		(play.sleeps++)

#define PEER	7
#define PAGES	PVIO_RING_PAGES_MAX
#define NONE	UINT_MAX
#define REF	50	/* of a ring's first page */
#define HANDLE	100

/**
 * struct play - the stand-in
 * @translated: what domain we are
 * @grants_left: references there are
 * @granted: pages that are granted, by reference from @REF on
 * @domid: to whom the last was
 * @held: reference that the peer has mapped
 * @freed: pages freed at once
 * @bad: which reference cannot be mapped, and with what status
 * @bad_times: how often
 * @status: see @bad
 * @stuck: handle that does not let itself be unmapped
 * @mapped: address of each page that is mapped, by handle from @HANDLE on
 * @calls: entries that were to be mapped
 * @emptied: page table entries made empty since the last mapping
 * @flushed: whether the last of them flushed everywhere
 * @fail_empty: entries are not to be emptied
 * @fail_vmap: no addresses
 * @areas: of addresses, taken and not given back
 * @frames: taken and not given back
 * @sleeps: pauses
 * @lines: log lines
 * @wrong: what no caller may do
 */
static struct play {
	bool translated;
	unsigned int grants_left;
	struct page *granted[PAGES];
	u16 domid;
	u32 held;
	unsigned int freed;
	u32 bad;
	unsigned int bad_times;
	s16 status;
	u32 stuck;
	u64 mapped[PAGES];
	unsigned int calls;
	unsigned int emptied;
	bool flushed;
	bool fail_empty;
	bool fail_vmap;
	int areas;
	int frames;
	unsigned int sleeps;
	unsigned int lines;
	unsigned int wrong;
} play;

#include "xen_ring.c"

#undef vmap
#undef vunmap
#undef __free_page
#define __free_page(page)	__free_pages((page), 0)

void pvio_err(struct pvio_device *pdev, const char *fmt, ...)
{
	play.lines++;
}

static bool play_feature(void)
{
	return play.translated;
}

static int play_grant(u16 domid, unsigned long gfn, int readonly)
{
	unsigned int i;

	play.domid = domid;
	if (readonly || !play.grants_left)
		return -ENOSPC;
	play.grants_left--;
	for (i = 0; i < PAGES; i++) {
		if (play.granted[i])
			continue;
		play.granted[i] = pfn_to_page(gfn);
		return REF + i;
	}
	return -ENOSPC;
}

static void play_end(u32 ref, struct page *page)
{
	if (ref - REF >= PAGES || play.granted[ref - REF] != page) {
		play.wrong++;
		return;
	}
	if (ref == play.held)
		return;
	play.granted[ref - REF] = NULL;
	play.freed++;
	put_page(page);
}

static void play_free(struct page *page)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		play.wrong += play.granted[i] == page;
	play.freed++;
	__free_page(page);
}

static void *play_vmap(struct page **pages, unsigned int nr,
		       unsigned long flags, pgprot_t prot)
{
	void *vaddr = play.fail_vmap ? NULL : vmap(pages, nr, flags, prot);

	play.areas += !!vaddr;
	return vaddr;
}

static void play_vunmap(const void *vaddr)
{
	play.areas--;
	vunmap(vaddr);
}

static int play_update_va(unsigned long va, pte_t pte, unsigned long flags)
{
	if (play.fail_empty)
		return -EINVAL;
	play.wrong += pte.pte || !is_vmalloc_addr((void *)va);
	play.emptied++;
	play.flushed = flags == (UVMF_TLB_FLUSH | UVMF_ALL);
	return 0;
}

int pvio_xen_pages_get(unsigned int nr, struct page **pages)
{
	play.frames += nr;
	while (nr--) {
		pages[nr] = alloc_page(GFP_KERNEL);
		play.wrong += !pages[nr];
	}
	return 0;
}

void pvio_xen_pages_put(unsigned int nr, struct page **pages)
{
	play.frames -= nr;
	while (nr--)
		__free_page(pages[nr]);
}

/* Where no PV domain runs, later kernels give Xen what they take for physical. */
static u64 virtual_addr(u64 host_addr)
{
	return host_addr < PAGE_OFFSET ? host_addr + PAGE_OFFSET : host_addr;
}

static s16 map_entry(struct gnttab_map_grant_ref *op)
{
	u32 at = op->ref - REF;

	play.calls++;
	if (op->ref == play.bad && play.bad_times) {
		play.bad_times--;
		return play.status;
	}
	if (at >= PAGES || op->dom != PEER || play.mapped[at]) {
		play.wrong++;
		return GNTST_general_error;
	}
	play.mapped[at] = virtual_addr(op->host_addr);
	op->handle = HANDLE + at;
	return GNTST_okay;
}

static s16 unmap_entry(struct gnttab_unmap_grant_ref *op)
{
	u32 at = op->handle - HANDLE;

	if (at >= PAGES || play.mapped[at] != virtual_addr(op->host_addr)) {
		play.wrong++;
		return GNTST_bad_handle;
	}
	if (op->handle == play.stuck)
		return GNTST_general_error;
	play.mapped[at] = 0;
	return GNTST_okay;
}

static int play_table_op(unsigned int cmd, void *ops, unsigned int nr)
{
	struct gnttab_unmap_grant_ref *unmap = ops;
	struct gnttab_map_grant_ref *map = ops;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (cmd == GNTTABOP_map_grant_ref)
			map[i].status = map_entry(&map[i]);
		else
			unmap[i].status = unmap_entry(&unmap[i]);
	}
	return 0;
}

/**
 * struct bench - one end of a ring
 * @pdev: the device
 * @s: its ring
 */
struct bench {
	struct pvio_device pdev;
	struct pvio_shared s;
};

static void reset_play(bool translated)
{
	memset(&play, 0, sizeof(play));
	play.translated = translated;
	play.grants_left = PAGES;
	play.held = NONE;
	play.bad = NONE;
	play.stuck = NONE;
}

static int init_bench(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	b->pdev.peer_id = PEER;
	reset_play(false);
	return 0;
}

static void size_ring(struct bench *b, unsigned int nr)
{
	unsigned int i;

	memset(&b->s, 0, sizeof(b->s));
	b->s.nr_pages = nr;
	b->s.bytes = nr * XEN_PAGE_SIZE;
	for (i = 0; i < nr; i++)
		b->s.refs[i] = REF + i;
}

static int grant(struct bench *b, unsigned int nr)
{
	size_ring(b, nr);
	return pvio_xen_ring_grant(&b->pdev, &b->s);
}

static int map(struct bench *b, unsigned int nr)
{
	size_ring(b, nr);
	return pvio_xen_ring_map(&b->pdev, &b->s);
}

static unsigned int count_granted(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PAGES; i++)
		n += !!play.granted[i];
	return n;
}

static unsigned int count_mapped(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PAGES; i++)
		n += !!play.mapped[i];
	return n;
}

/* The peer's number of this moment, which a restore may have changed. */
static void grants_each_page_to_the_peer(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int nr;

	for (nr = 1; nr <= PAGES; nr++) {
		reset_play(false);
		b->pdev.peer_id = nr;
		KUNIT_ASSERT_EQ(test, grant(b, nr), 0);
		KUNIT_EXPECT_EQ(test, play.domid, nr);
		KUNIT_EXPECT_EQ(test, count_granted(), nr);
		KUNIT_EXPECT_NULL(test, memchr_inv(b->s.vaddr, 0, b->s.bytes));
		pvio_xen_ring_revoke(&b->pdev, &b->s);
		KUNIT_EXPECT_EQ(test, play.freed, nr);
	}
	KUNIT_EXPECT_EQ(test, play.wrong, 0);
}

/* Every page goes, each once. */
static void runs_out_of_references(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int left;

	for (left = 0; left < PAGES; left++) {
		reset_play(false);
		play.grants_left = left;
		KUNIT_EXPECT_EQ(test, grant(b, PAGES), -ENOSPC);
		KUNIT_EXPECT_EQ(test, play.freed, PAGES);
		KUNIT_EXPECT_EQ(test, count_granted(), 0);
		KUNIT_EXPECT_EQ(test, play.wrong, 0);
	}
	KUNIT_EXPECT_EQ(test, play.lines, 0);
}

static void page_stays_with_who_maps_it(struct kunit *test)
{
	struct bench *b = test->priv;
	struct page *page;

	play.held = REF + 2;
	KUNIT_ASSERT_EQ(test, grant(b, 4), 0);
	page = play.granted[2];
	pvio_xen_ring_revoke(&b->pdev, &b->s);
	KUNIT_EXPECT_EQ(test, play.freed, 3);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	KUNIT_EXPECT_EQ(test, count_granted(), 1);
	play.held = NONE;
	play_end(REF + 2, page);
	KUNIT_EXPECT_EQ(test, play.wrong, 0);
}

/* Nothing is left of what was tried: addresses, frames, mappings. */
static void expect_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, count_mapped(), 0);
	KUNIT_EXPECT_EQ(test, play.areas, 0);
	KUNIT_EXPECT_EQ(test, play.frames, 0);
	KUNIT_EXPECT_EQ(test, play.lines, 0);
	KUNIT_EXPECT_EQ(test, play.wrong, 0);
}

/* Address by address, each of them empty before. */
static void maps_to_addresses_in_a_row(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int nr, i;

	for (nr = 1; nr <= PAGES; nr++) {
		reset_play(false);
		KUNIT_ASSERT_EQ(test, map(b, nr), 0);
		KUNIT_EXPECT_EQ(test, play.emptied, nr);
		KUNIT_EXPECT_TRUE(test, play.flushed);
		for (i = 0; i < nr; i++)
			KUNIT_EXPECT_EQ(test, play.mapped[i],
					(unsigned long)b->s.vaddr +
					i * XEN_PAGE_SIZE);
		pvio_xen_ring_unmap(&b->pdev, &b->s);
		expect_nothing(test);
	}
}

static void maps_frames_to_addresses_in_a_row(struct kunit *test)
{
	struct bench *b = test->priv;
	unsigned int nr, i;

	for (nr = 1; nr <= PAGES; nr++) {
		reset_play(true);
		KUNIT_ASSERT_EQ(test, map(b, nr), 0);
		for (i = 0; i < nr; i++) {
			char *at = b->s.vaddr + i * XEN_PAGE_SIZE;

			*at = i;
			at = page_address(vmalloc_to_page(at));
			KUNIT_EXPECT_EQ(test, *at, i);
			KUNIT_EXPECT_EQ(test, play.mapped[i],
					(unsigned long)at);
		}
		KUNIT_EXPECT_EQ(test, play.emptied, 0);
		pvio_xen_ring_unmap(&b->pdev, &b->s);
		expect_nothing(test);
	}
}

static void try_bad_reference(struct kunit *test, bool translated,
			      unsigned int at)
{
	struct bench *b = test->priv;

	reset_play(translated);
	play.bad = REF + at;
	play.bad_times = 1;
	play.status = GNTST_bad_gntref;
	KUNIT_EXPECT_EQ(test, map(b, PAGES), -EFAULT);
	KUNIT_EXPECT_EQ(test, play.calls, at + 1);
	expect_nothing(test);
}

static void one_bad_reference_unmaps_the_others(struct kunit *test)
{
	unsigned int at;

	for (at = 0; at < PAGES; at++) {
		try_bad_reference(test, false, at);
		try_bad_reference(test, true, at);
	}
}

/* The engine tries again a second later; nobody waits for the peer here. */
static void page_is_being_swapped_in(struct kunit *test)
{
	struct bench *b = test->priv;

	play.bad = REF + 1;
	play.bad_times = 2;
	play.status = GNTST_eagain;
	KUNIT_ASSERT_EQ(test, map(b, 2), 0);
	KUNIT_EXPECT_EQ(test, play.sleeps, 2);
	pvio_xen_ring_unmap(&b->pdev, &b->s);
	expect_nothing(test);
	play.bad_times = NONE;
	KUNIT_EXPECT_EQ(test, map(b, 2), -EAGAIN);
	KUNIT_EXPECT_LE(test, play.sleeps, 6);
	expect_nothing(test);
}

static void no_handles_left(struct kunit *test)
{
	struct bench *b = test->priv;

	play.bad = REF;
	play.bad_times = 1;
	play.status = GNTST_no_device_space;
	KUNIT_EXPECT_EQ(test, map(b, 1), -ENOSPC);
	expect_nothing(test);
	play.bad_times = 1;
	play.status = GNTST_no_space;
	KUNIT_EXPECT_EQ(test, map(b, 1), -ENOSPC);
	expect_nothing(test);
}

static void no_addresses(struct kunit *test)
{
	struct bench *b = test->priv;
	int translated;

	for (translated = 0; translated < 2; translated++) {
		reset_play(translated);
		play.fail_vmap = true;
		KUNIT_EXPECT_EQ(test, map(b, 4), -ENOMEM);
		expect_nothing(test);
	}
	reset_play(false);
	play.fail_empty = true;
	KUNIT_EXPECT_EQ(test, map(b, 4), -ENOMEM);
	KUNIT_EXPECT_EQ(test, play.calls, 0);
	expect_nothing(test);
}

/* One line, and neither address nor frame is ever used again. */
static void expect_lost(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, count_mapped(), 1);
	KUNIT_EXPECT_EQ(test, play.areas, play.translated ? 0 : 1);
	KUNIT_EXPECT_EQ(test, play.frames, play.translated ? 4 : 0);
	KUNIT_EXPECT_EQ(test, play.lines, 1);
	KUNIT_EXPECT_EQ(test, play.wrong, 0);
}

static void what_stays_mapped_is_not_used_again(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, map(b, 4), 0);
	play.stuck = HANDLE + 1;
	pvio_xen_ring_unmap(&b->pdev, &b->s);
	expect_lost(test);
	/* Only this test knows that nothing is mapped in truth. */
	vunmap(b->s.vaddr);
	reset_play(true);
	play.stuck = HANDLE + 1;
	play.bad = REF + 3;
	play.bad_times = 1;
	play.status = GNTST_bad_gntref;
	KUNIT_EXPECT_EQ(test, map(b, 4), -EFAULT);
	expect_lost(test);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(grants_each_page_to_the_peer),
	KUNIT_CASE(runs_out_of_references),
	KUNIT_CASE(page_stays_with_who_maps_it),
	KUNIT_CASE(maps_to_addresses_in_a_row),
	KUNIT_CASE(maps_frames_to_addresses_in_a_row),
	KUNIT_CASE(one_bad_reference_unmaps_the_others),
	KUNIT_CASE(page_is_being_swapped_in),
	KUNIT_CASE(no_handles_left),
	KUNIT_CASE(no_addresses),
	KUNIT_CASE(what_stays_mapped_is_not_used_again),
	{}
};

static struct kunit_suite suite = {
	.name = "pvio_xen_ring",
	.init = init_bench,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of Xen's own rings");
MODULE_LICENSE("GPL");
