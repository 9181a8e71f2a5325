// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block backend and a frontend that does anything.
 */
#include <linux/module.h>

#include "tests/loopback/blk/blkback_bench.h"
#include "tests/loopback/fuzz.h"
#include "xenbus/channel.h"

#define PLAN_32		1	/* layout of requests */
#define PLAN_TWO	2	/* queues */
#define PLAN_PAGES	4	/* of a ring */
#define PLAN_PERSISTENT	8
#define PLAN_WRAP	16	/* indices that are about to */

#define SECTORS		64	/* most requests are among the first of the disk */

static const char *const names[] = {
	"ring-ref", "ring-ref0", "ring-ref1", "ring-page-order",
	"event-channel", "multi-queue-num-queues", "protocol",
	"feature-persistent", "queue-0/ring-ref", "queue-1/ring-ref",
	"queue-1/event-channel", "queue-9/ring-ref",
};

static const char *const values[] = {
	"", "0", "1", "2", "-1", "4294967296", "0x10", "one", " 1",
	"x86_32-abi", "x86_64-abi", "arm-abi",
};

static const struct fuzz_words words = {
	.names = names, .nr_names = ARRAY_SIZE(names),
	.values = values, .nr_values = ARRAY_SIZE(values),
};

static const struct loop_end *front_of(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	return &b->duo.pair.front;
}

static void open(struct kunit *test, u8 plan)
{
	blk_guest_plan_anew(plan & PLAN_32 ? PVIO_BLK_ABI_32 :
					     PVIO_BLK_ABI_64);
	blk_guest_plan.queues = plan & PLAN_TWO ? 2 : 1;
	blk_guest_plan.order = plan & PLAN_PAGES ? 1 : 0;
	blk_guest_plan.persistent = plan & PLAN_PERSISTENT;
	blk_guest_plan.first = plan & PLAN_WRAP ? -20 : 0;
	blk_back_begin_planned(test);
}

static const struct loop_pair *pair_of(struct kunit *test)
{
	return &((struct blk_back_bench *)test->priv)->duo.pair;
}

static void close(struct kunit *test)
{
	struct blk_back_bench *b = test->priv;

	fuzz_unwrite(front_of(test)->own, &words);
	blk_duo_stop(&b->duo);
}

static unsigned int queue_of(const struct fuzz_step *step)
{
	return step->a % blk_guest_plan.queues;
}

static u64 sector_of(const struct fuzz_step *step)
{
	return step->c & 0x700 ? step->c % SECTORS : step->c;
}

static void put_direct(const struct fuzz_step *step)
{
	struct blkif_request req;

	req = blk_guest_direct(step->a >> 4, sector_of(step), step->b % 13);
	blk_guest_put(queue_of(step), &req);
}

static void put_indirect(const struct fuzz_step *step)
{
	struct blkif_request req;

	req = blk_guest_indirect(step->a >> 4 & 1, sector_of(step),
				 step->b % 520);
	blk_guest_put(queue_of(step), &req);
}

static void put_discard(const struct fuzz_step *step)
{
	struct blkif_request req;

	req = blk_guest_discard(sector_of(step), step->b, step->a >> 4);
	blk_guest_put(queue_of(step), &req);
}

/* One that is right but for four octets of it. */
static void put_odd(const struct fuzz_step *step)
{
	struct blkif_request req;
	unsigned int at = step->b % (sizeof(req) / 4) * 4;

	req = step->a & 2 ? blk_guest_indirect(step->a >> 4 & 1, 8, 20) :
			    blk_guest_direct(step->a >> 4, 8, 5);
	memcpy((u8 *)&req + at, &step->c, sizeof(step->c));
	blk_guest_put(queue_of(step), &req);
}

static void change_table(const struct fuzz_step *step)
{
	fuzz_word(blk_guest_table(), step);
}

static void change_word(const struct fuzz_step *step)
{
	fuzz_word(blk_guest_shared(queue_of(step)), step);
}

static void move_index(const struct fuzz_step *step)
{
	struct pvio_ring_shared *ring = blk_guest_shared(queue_of(step));

	WRITE_ONCE(ring->req_prod, ring->req_prod + (s16)step->b / 64);
	pvio_event_notify(blk_guest_event(queue_of(step)));
}

static void push(const struct fuzz_step *step)
{
	blk_guest_push(queue_of(step));
}

static void (*const ring_verbs[])(const struct fuzz_step *) = {
	put_direct, put_direct, put_indirect, put_discard, put_odd, put_odd,
	change_table, change_word, move_index, push, push, push,
};

static void do_on_ring(const void *arg)
{
	const struct fuzz_step *step = arg;

	ring_verbs[step->verb](step);
}

static void regrant(struct kunit *test, const struct fuzz_step *step)
{
	unsigned int a = step->a % GUEST_PAGES, b = step->b % GUEST_PAGES;

	if (a != b)
		blk_guest_regrant(a, b);
}

static void write_key(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_write(front_of(test)->own, &words, step);
}

static void say(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_say(front_of(test), step);
}

static void wait(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_wait(step);
}

static void (*const verbs[])(struct kunit *, const struct fuzz_step *) = {
	regrant, write_key, say, wait,
};

static void do_step(struct kunit *test, const struct fuzz_step *step)
{
	if (step->verb < ARRAY_SIZE(ring_verbs))
		blk_guest_work(do_on_ring, step);
	else
		verbs[(step->verb - ARRAY_SIZE(ring_verbs)) %
		      ARRAY_SIZE(verbs)](test, step);
}

static const struct fuzz_target blkback = {
	.name = "pvio-blkback",
	.verbs = ARRAY_SIZE(ring_verbs) + ARRAY_SIZE(verbs),
	.open = open,
	.pair = pair_of,
	.step = do_step,
	.close = close,
	.heal = blk_back_expect_heals,
};

static void any_frontend(struct kunit *test)
{
	fuzz_run(test, &blkback);
}

static void fuzz_exit(struct kunit *test)
{
	fuzz_tell(test);
	blk_back_exit(test);
}

static struct kunit_case blkback_fuzz_cases[] = {
	KUNIT_CASE_PARAM(any_frontend, fuzz_pieces),
	{}
};

static struct kunit_suite blkback_fuzz_suite = {
	.name = "pvio_blkback_fuzz",
	.init = blk_back_init,
	.exit = fuzz_exit,
	.test_cases = blkback_fuzz_cases,
};

kunit_test_suite(blkback_fuzz_suite);

MODULE_DESCRIPTION("pvio-blkback and a frontend that does anything");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
