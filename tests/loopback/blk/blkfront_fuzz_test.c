// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The block frontend and a backend that does anything.  Whatever it does, each
 * request ends once.
 */
#include <linux/mm.h>
#include <linux/module.h>

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/fuzz.h"
#include "tests/loopback/play/blkback.h"

#define PLAN_INDIRECT	1	/* not */
#define PLAN_PERSISTENT	2	/* not */
#define PLAN_DISCARD	4
#define PLAN_READONLY	8
/* With all of these what is held stays so, and the frontend waits to the end. */
#define PLAN_LEAVE	0xf0

#define IOS		8
#define IO_BYTES	(64 * 1024)

static const char *const names[] = {
	"sectors", "sector-size", "physical-sector-size", "info",
	"feature-flush-cache", "feature-barrier", "feature-persistent",
	"feature-max-indirect-segments", "feature-discard",
	"discard-granularity", "discard-alignment", "discard-secure",
	"max-ring-page-order", "multi-queue-max-queues", "online",
};

static const char *const values[] = {
	"", "0", "1", "512", "4096", "-1", "18446744073709551616", "0x10",
	"one", " 1", "4294967296",
};

static const struct fuzz_words words = {
	.names = names, .nr_names = ARRAY_SIZE(names),
	.values = values, .nr_values = ARRAY_SIZE(values),
};

/**
 * struct bench - what a case has
 * @base: what was held before
 * @duo: the device whose backend is played
 * @io: requests
 * @out: those that have not been awaited
 * @leaves: the backend leaves with what it holds
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_io io[IOS];
	bool out[IOS];
	bool leaves;
};

static struct bench *bench_of(struct kunit *test)
{
	return test->priv;
}

static int fuzz_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	blk_baseline_note(&b->base);
	blk_duo_make(test, &b->duo, 512);
	for (i = 0; i < IOS; i++) {
		b->io[i].data = alloc_pages_exact(IO_BYTES,
						  GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, b->io[i].data);
	}
	return blk_peer_start(&b->duo.pair);
}

static void open(struct kunit *test, u8 plan)
{
	if (plan & PLAN_INDIRECT)
		blk_peer_plan_key("feature-max-indirect-segments", NULL);
	if (plan & PLAN_PERSISTENT)
		blk_peer_plan_key("feature-persistent", NULL);
	if (plan & PLAN_DISCARD)
		blk_peer_plan_key("feature-discard", "1");
	if (plan & PLAN_READONLY)
		blk_peer_plan_key("info", "4");
	bench_of(test)->leaves = (plan & PLAN_LEAVE) == PLAN_LEAVE;
	blk_duo_start(test, &bench_of(test)->duo, !(plan & PLAN_READONLY));
}

static void await(struct kunit *test, unsigned int i)
{
	struct bench *b = bench_of(test);

	if (b->out[i])
		KUNIT_ASSERT_NE(test, blk_io_await(&b->io[i]), BLK_IO_LATE);
	b->out[i] = false;
}

static const struct loop_pair *pair_of(struct kunit *test)
{
	return &bench_of(test)->duo.pair;
}

/* With the frontend's driver all that it has not been answered ends. */
static void close(struct kunit *test)
{
	struct bench *b = bench_of(test);
	unsigned int i;

	if (!b->leaves)
		blk_peer_release();
	blk_duo_stop(&b->duo);
	for (i = 0; i < IOS; i++)
		await(test, i);
	fuzz_unwrite(b->duo.pair.back.own, &words);
	memset(&blk_peer_plan, 0, sizeof(blk_peer_plan));
}

static void heal(struct kunit *test)
{
	open(test, 0);
	KUNIT_EXPECT_TRUE(test,
			  blk_io_round_trip(bench_of(test)->duo.bdev.bdev, 64,
					    128 * 1024, BLK_IO_ODD));
	close(test);
}

static void answer(struct kunit *test, const struct fuzz_step *step)
{
	blk_peer_answer(step->c, step->a % 8, (s16)step->b % 4);
}

static void touch_ring(void *page, const void *step)
{
	fuzz_word(page, step);
}

static void change_word(struct kunit *test, const struct fuzz_step *step)
{
	blk_peer_touch(touch_ring, step);
}

static void move_index(struct kunit *test, const struct fuzz_step *step)
{
	blk_peer_move_index((s16)step->b / 64);
}

static void send(struct kunit *test, const struct fuzz_step *step)
{
	static const blk_opf_t ops[] = {
		REQ_OP_READ, REQ_OP_WRITE, REQ_OP_WRITE | REQ_FUA | REQ_SYNC,
		REQ_OP_WRITE | REQ_PREFLUSH,
	};
	struct bench *b = bench_of(test);
	unsigned int i = step->a % IOS;
	struct blk_io *io = &b->io[i];

	if (b->out[i] && !atomic_read(&io->ended))
		return;
	await(test, i);
	io->bytes = 512 * (1 + step->b % (IO_BYTES / 512));
	io->sector = step->c % PEER_SECTORS;
	if (io->sector + io->bytes / 512 > PEER_SECTORS)
		return;
	b->out[i] = true;
	blk_io_send(io, b->duo.bdev.bdev, ops[(step->a >> 4) % ARRAY_SIZE(ops)]);
}

static void hold(struct kunit *test, const struct fuzz_step *step)
{
	if (step->a & 1)
		blk_peer_plan.hold = true;
	else
		blk_peer_release();
}

static void refuse(struct kunit *test, const struct fuzz_step *step)
{
	blk_peer_plan.status[step->a % 8] = -(step->b % 3);
}

static void write_key(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_write(bench_of(test)->duo.pair.back.own, &words, step);
}

static void say(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_say(&bench_of(test)->duo.pair.back, step);
}

static void resume(struct kunit *test, const struct fuzz_step *step)
{
	pvio_loop_resume(&bench_of(test)->duo.pair.front);
}

static void wait(struct kunit *test, const struct fuzz_step *step)
{
	fuzz_wait(step);
}

static void (*const verbs[])(struct kunit *, const struct fuzz_step *) = {
	answer, answer, change_word, move_index, send, send, send, send, hold,
	hold, refuse, write_key, say, resume, wait,
};

static void do_step(struct kunit *test, const struct fuzz_step *step)
{
	verbs[step->verb % ARRAY_SIZE(verbs)](test, step);
}

static const struct fuzz_target blkfront = {
	.name = "pvio-blkfront",
	.verbs = ARRAY_SIZE(verbs),
	.open = open,
	.pair = pair_of,
	.step = do_step,
	.close = close,
	.heal = heal,
};

static void any_backend(struct kunit *test)
{
	fuzz_run(test, &blkfront);
}

static void fuzz_exit(struct kunit *test)
{
	struct bench *b = bench_of(test);
	unsigned int i;

	fuzz_tell(test);
	blk_duo_drop(&b->duo);
	blk_peer_stop();
	for (i = 0; i < IOS; i++) {
		await(test, i);
		free_pages_exact(b->io[i].data, IO_BYTES);
	}
	blk_baseline_expect(test, &b->base);
}

static struct kunit_case blkfront_fuzz_cases[] = {
	KUNIT_CASE_PARAM(any_backend, fuzz_pieces),
	{}
};

static struct kunit_suite blkfront_fuzz_suite = {
	.name = "pvio_blkfront_fuzz",
	.init = fuzz_init,
	.exit = fuzz_exit,
	.test_cases = blkfront_fuzz_cases,
};

kunit_test_suite(blkfront_fuzz_suite);

MODULE_DESCRIPTION("pvio-blkfront and a backend that does anything");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
