// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Tests of how a queue's references grow and shrink, on a stand-in for the
 * kernel's table: lists linked through the entries, as the real ones are.
 */
#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <xen/grant_table.h>

#include "door.h"
#include "grants.h"
#include "resource.h"
#include "xen_grant.h"

static int play_alloc(u16 nr, grant_ref_t *head);
static void play_free_list(grant_ref_t head);
static void play_free(grant_ref_t ref);
static int play_claim(grant_ref_t *head);
static void play_release(grant_ref_t *head, grant_ref_t ref);
static int play_try_end(grant_ref_t ref);

#define gnttab_alloc_grant_references	play_alloc
#define gnttab_free_grant_references	play_free_list
#define gnttab_free_grant_reference	play_free
#define gnttab_claim_grant_reference	play_claim
#define gnttab_release_grant_reference	play_release
#define gnttab_try_end_foreign_access	play_try_end
#undef EXPORT_SYMBOL_GPL
#define EXPORT_SYMBOL_GPL(symbol)

#include "grants.c"
#include "xen_grant.c"

#define REFS	16
#define END	U32_MAX

/**
 * struct play - the table
 * @next: the entry behind this one in whatever list it is
 * @free: the table's own list
 * @nr_free: how many are there
 * @snatch: an entry that comes free is taken by somebody else at once
 * @mapped: the peer maps every page
 */
static struct play {
	u32 next[REFS];
	u32 free;
	unsigned int nr_free;
	bool snatch;
	bool mapped;
} play;

DEFINE_STATIC_KEY_FALSE(pvio_door_replaced);

static const struct pvio_door xen_door = {
	.grefs_open = pvio_xen_grefs_open,
	.grefs_close = pvio_xen_grefs_close,
	.grefs_grow = pvio_xen_grefs_grow,
	.grefs_shrink = pvio_xen_grefs_shrink,
	.ungrant_idle = pvio_xen_ungrant_idle,
};

/* This module's own, so that a provider in the core does not matter. */
const struct pvio_door *pvio_door(void)
{
	return &xen_door;
}

void pvio_err(struct pvio_device *pdev, const char *fmt, ...)
{
}

static int play_claim(grant_ref_t *head)
{
	u32 ref = *head;

	if (ref == END)
		return -ENOSPC;
	*head = play.next[ref];
	return ref;
}

static void play_release(grant_ref_t *head, grant_ref_t ref)
{
	play.next[ref] = *head;
	*head = ref;
}

static void play_free(grant_ref_t ref)
{
	if (play.snatch)
		return;
	play_release(&play.free, ref);
	play.nr_free++;
}

static void play_free_list(grant_ref_t head)
{
	while (head != END)
		play_free(play_claim(&head));
}

/* As the real one, which must not be asked for none. */
static int play_alloc(u16 nr, grant_ref_t *head)
{
	if (!nr || nr > play.nr_free)
		return -ENOSPC;
	*head = END;
	play.nr_free -= nr;
	while (nr--)
		play_release(head, play_claim(&play.free));
	return 0;
}

static int play_try_end(grant_ref_t ref)
{
	if (!play.mapped)
		play_free(ref);
	return !play.mapped;
}

/**
 * struct bench - a queue's references and the account of them
 * @pdev: the device
 * @refs: the references
 * @before: outstanding in the core's account
 */
struct bench {
	struct pvio_device pdev;
	struct pvio_grefs refs;
	s64 before;
};

static int init_bench(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	u32 ref;

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	memset(&play, 0, sizeof(play));
	play.free = END;
	for (ref = 0; ref < REFS; ref++)
		play_free(ref);
	b->before = pvio_outstanding(PVIO_RES_GREF);
	return 0;
}

/* The list, the object and the account agree, and nobody else has any. */
static void expect_owned(struct kunit *test, unsigned int nr)
{
	struct bench *b = test->priv;
	unsigned int n = 0;
	u32 ref;

	for (ref = b->refs.head; ref != END && n <= REFS; n++)
		ref = play.next[ref];
	KUNIT_EXPECT_EQ(test, n, nr);
	KUNIT_EXPECT_EQ(test, b->refs.nr, nr);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_GREF), b->before + nr);
	if (!play.snatch)
		KUNIT_EXPECT_EQ(test, play.nr_free, REFS - nr);
}

static void list_grows_and_shrinks(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_grefs_open(&b->pdev, &b->refs, 0), 0);
	expect_owned(test, 0);
	KUNIT_EXPECT_EQ(test, pvio_grefs_shrink(&b->refs, 3), 0);
	KUNIT_EXPECT_EQ(test, pvio_grefs_grow(&b->refs, 10), 0);
	expect_owned(test, 10);
	KUNIT_EXPECT_EQ(test, pvio_grefs_shrink(&b->refs, 4), 4);
	expect_owned(test, 6);
	KUNIT_EXPECT_EQ(test, pvio_grefs_shrink(&b->refs, 40), 6);
	expect_owned(test, 0);
	KUNIT_EXPECT_EQ(test, pvio_grefs_grow(&b->refs, REFS), 0);
	expect_owned(test, REFS);
	pvio_grefs_close(&b->refs);
	KUNIT_EXPECT_EQ(test, play.nr_free, REFS);
	KUNIT_EXPECT_EQ(test, pvio_outstanding(PVIO_RES_GREF), b->before);
}

static void full_table_changes_nothing(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_grefs_open(&b->pdev, &b->refs, 5), 0);
	KUNIT_EXPECT_EQ(test, pvio_grefs_grow(&b->refs, REFS - 4), -ENOSPC);
	expect_owned(test, 5);
	KUNIT_EXPECT_EQ(test, pvio_grefs_grow(&b->refs, REFS - 5), 0);
	expect_owned(test, REFS);
	KUNIT_EXPECT_EQ(test, pvio_grefs_grow(&b->refs, 1), -ENOSPC);
	expect_owned(test, REFS);
	pvio_grefs_close(&b->refs);
	KUNIT_EXPECT_EQ(test, play.nr_free, REFS);
}

/* A queue that has the whole table may still end its grants quietly. */
static void idle_end_needs_no_spare(struct kunit *test)
{
	struct bench *b = test->priv;
	int ref;

	KUNIT_ASSERT_EQ(test, pvio_grefs_open(&b->pdev, &b->refs, REFS), 0);
	ref = play_claim(&b->refs.head);
	play.mapped = true;
	pvio_created(PVIO_RES_GRANT, 1);
	KUNIT_EXPECT_FALSE(test, pvio_ungrant_idle(&b->refs, ref));
	play.mapped = false;
	KUNIT_EXPECT_TRUE(test, pvio_ungrant_idle(&b->refs, ref));
	expect_owned(test, REFS);
	ref = play_claim(&b->refs.head);
	play.snatch = true;
	pvio_created(PVIO_RES_GRANT, 1);
	KUNIT_EXPECT_TRUE(test, pvio_ungrant_idle(&b->refs, ref));
	expect_owned(test, REFS - 1);
	pvio_grefs_close(&b->refs);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(list_grows_and_shrinks),
	KUNIT_CASE(full_table_changes_nothing),
	KUNIT_CASE(idle_end_needs_no_spare),
	{}
};

static struct kunit_suite suite = {
	.name = "pvio_xen_grefs",
	.init = init_bench,
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("Tests of growing and shrinking reference lists");
MODULE_LICENSE("GPL");
