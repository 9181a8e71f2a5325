// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Polled requests: nobody is told of their answers, so whoever waits has to
 * find them, whatever becomes of the queue meanwhile.
 */
#include <linux/blk-mq.h>
#include <linux/preempt.h>

#include "compat/blk.h"
#include "tests/loopback/blk/bench.h"

#define BYTES	8192
#define AT	64

static int poll_init(struct kunit *test)
{
	struct blk_single *b;

	blk_single_init(test, AT, BYTES);
	b = test->priv;
	blk_param_set(test, "pvio_blkback/parameters/max_queues", "16");
	blk_param_set(test, "pvio_blkfront/parameters/poll_queues", "1");
	b->duo.queues = num_online_cpus() + 1;
	return 0;
}

static void poll_exit(struct kunit *test)
{
	blk_param_set(test, "pvio_blkfront/parameters/poll_queues", "0");
	blk_param_set(test, "pvio_blkback/parameters/max_queues", "0");
	blk_single_exit(test);
}

static void start(struct kunit *test)
{
	struct blk_single *b = test->priv;

	blk_duo_start(test, &b->duo, true);
}

static void send(struct kunit *test, blk_opf_t op)
{
	struct blk_single *b = test->priv;

	blk_io_send(&b->io, b->duo.bdev.bdev, op | REQ_POLLED);
}

/* Sent while the backend's disk holds everything back, so it is not lost. */
static void send_and_hold(struct kunit *test, blk_opf_t op)
{
	struct blk_single *b = test->priv;

	blk_disk_hold(&b->duo.disk);
	send(test, op);
	KUNIT_ASSERT_TRUE(test, blk_disk_wait_held(&b->duo.disk, 1));
}

static void expect_round_trip(struct kunit *test, u32 seed)
{
	struct blk_single *b = test->priv;

	blk_io_fill(b->io.data, BYTES, AT, seed);
	send(test, REQ_OP_WRITE);
	KUNIT_EXPECT_EQ(test, blk_io_poll(&b->io), BLK_STS_OK);
	memset(b->io.data, 0, BYTES);
	send(test, REQ_OP_READ);
	KUNIT_EXPECT_EQ(test, blk_io_poll(&b->io), BLK_STS_OK);
	KUNIT_EXPECT_TRUE(test, blk_io_is_filled(b->io.data, BYTES, AT, seed));
}

/* The frontend is there, and may read at once what the backend offers. */
static void change_backend(struct kunit *test, unsigned int queues)
{
	struct blk_single *b = test->priv;
	char text[12];

	pvio_loop_unplug(&b->duo.pair.back);
	snprintf(text, sizeof(text), "%u", queues);
	blk_param_set(test, "pvio_blkback/parameters/max_queues", text);
	b->duo.queues = queues;
	blk_duo_plug_back(test, &b->duo);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
}

static void waiters_find_their_answers(struct kunit *test)
{
	struct blk_single *b = test->priv;
	u32 seed;

	start(test);
	KUNIT_EXPECT_EQ(test, num_online_cpus() + 1,
			pvio_loop_number(b->duo.pair.front.own,
					 "multi-queue-num-queues"));
	for (seed = 1; seed < 10; seed++)
		expect_round_trip(test, seed);
	/* Those with events are there as before. */
	blk_duo_expect_serves(test, &b->duo);
}

static void late_answers_are_found(struct kunit *test)
{
	struct blk_single *b = test->priv;

	b->duo.disk.later = true;
	start(test);
	expect_round_trip(test, 1);
}

/*
 * Without a queue for it a polled request is one like any other, or refused by the
 * kernel; never is it sent and forgotten.
 */
static void backend_without_queues_to_spare(struct kunit *test)
{
	struct blk_single *b = test->priv;

	b->duo.queues = 1;
	start(test);
	send(test, REQ_OP_READ);
	KUNIT_EXPECT_EQ(test, blk_io_poll(&b->io), BLK_IO_NO_POLL);
	blk_duo_expect_serves(test, &b->duo);
	KUNIT_EXPECT_FALSE(test,
			   pvio_blk_polls(bdev_get_queue(b->duo.bdev.bdev)));
}

static void smaller_backend_takes_over(struct kunit *test)
{
	start(test);
	expect_round_trip(test, 1);
	change_backend(test, 1);
	expect_round_trip(test, 2);
	change_backend(test, num_online_cpus() + 1);
	expect_round_trip(test, 3);
}

static void resumed_guest_finds_its_answers(struct kunit *test)
{
	struct blk_single *b = test->priv;

	start(test);
	b->duo.disk.later = true;
	send(test, REQ_OP_READ);
	pvio_loop_resume(&b->duo.pair.front);
	KUNIT_EXPECT_EQ(test, blk_io_poll(&b->io), BLK_STS_OK);
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	expect_round_trip(test, 1);
}

static void pulled_disk_ends_the_wait(struct kunit *test)
{
	struct blk_single *b = test->priv;

	start(test);
	send_and_hold(test, REQ_OP_READ);
	pvio_loop_store_clear(b->duo.pair.front.own);
	blk_disk_release(&b->duo.disk);
	pvio_loop_settle();
	pvio_loop_unplug(&b->duo.pair.front);
	KUNIT_EXPECT_NE(test, blk_io_poll(&b->io), BLK_IO_LATE);
}

/* Whoever sent it went away: the block layer's time-out finds the answer. */
static void answer_that_nobody_waits_for(struct kunit *test)
{
	struct blk_single *b = test->priv;

	start(test);
	blk_queue_rq_timeout(bdev_get_queue(b->duo.bdev.bdev), HZ);
	send(test, REQ_OP_READ);
	KUNIT_EXPECT_EQ(test, blk_io_await(&b->io), BLK_STS_OK);
}

/*
 * One bio of a task's own cache.  Who is told by an interrupt does not poll, and where
 * the kernel takes a bio out of the cache that is not polled for any more it must not
 * be freed in one.
 */
struct cached {
	struct completion done;
	bool wrong;
};

static blk_opf_t not_in_interrupts(void)
{
	const blk_opf_t both = REQ_POLLED | REQ_ALLOC_CACHE;
	struct bio bio = { .bi_opf = both };

	bio_clear_polled(&bio);
	return both & ~bio.bi_opf;
}

static void end_cached(struct bio *bio)
{
	struct cached *c = bio->bi_private;

	c->wrong = in_interrupt() && (bio->bi_opf & not_in_interrupts());
	bio->bi_opf &= ~REQ_ALLOC_CACHE;
	complete(&c->done);
}

static struct bio *send_cached(struct kunit *test, struct cached *c)
{
	struct blk_single *b = test->priv;
	struct bio *bio;

	init_completion(&c->done);
	c->wrong = false;
	bio = bio_alloc(b->duo.bdev.bdev, 1, REQ_OP_READ | REQ_POLLED,
			GFP_KERNEL);
	bio->bi_opf |= REQ_ALLOC_CACHE;
	bio->bi_iter.bi_sector = AT;
	bio->bi_private = c;
	bio->bi_end_io = end_cached;
	__bio_add_page(bio, virt_to_page(b->io.data), 512,
		       offset_in_page(b->io.data));
	submit_bio(bio);
	return bio;
}

/* The queue that it would be polled for is not there any more. */
static void polled_bio_on_a_queue_with_events(struct kunit *test)
{
	/* It may be answered when the test has failed. */
	static struct cached c;
	unsigned int i;
	struct bio *bio;

	start(test);
	change_backend(test, 1);
	for (i = 0; i < 10; i++) {
		bio = send_cached(test, &c);
		KUNIT_ASSERT_GT(test, wait_for_completion_timeout(&c.done,
								  5 * HZ), 0);
		KUNIT_EXPECT_FALSE(test, c.wrong);
		bio_put(bio);
	}
}

static struct blk_disk *held_disk;

static void release_held(struct work_struct *work)
{
	blk_disk_release(held_disk);
}

static DECLARE_DELAYED_WORK(release_work, release_held);

/* One that was sent to a polled queue, and is answered on another. */
static void polled_bio_is_sent_again(struct kunit *test)
{
	struct blk_single *b = test->priv;
	/* It may be answered when the test has failed. */
	static struct cached c;
	struct bio *bio;

	start(test);
	blk_disk_hold(&b->duo.disk);
	bio = send_cached(test, &c);
	KUNIT_ASSERT_TRUE(test, blk_disk_wait_held(&b->duo.disk, 1));
	pvio_loop_put(b->duo.pair.back.own, "multi-queue-max-queues", "1");
	held_disk = &b->duo.disk;
	schedule_delayed_work(&release_work, HZ / 5);
	pvio_loop_resume(&b->duo.pair.front);
	flush_delayed_work(&release_work);
	KUNIT_ASSERT_GT(test, wait_for_completion_timeout(&c.done, 5 * HZ), 0);
	KUNIT_EXPECT_FALSE(test, c.wrong);
	bio_put(bio);
}

/* Who polls takes no answers whose event comes: Xen would hold that back. */
static void poller_leaves_events_their_answers(struct kunit *test)
{
	struct blk_single *b = test->priv;
	unsigned long idle;
	u32 seed;

	start(test);
	change_backend(test, 1);
	b->duo.disk.later = true;
	idle = pvio_loop_idle_events();
	for (seed = 1; seed < 50; seed++)
		expect_round_trip(test, seed);
	KUNIT_EXPECT_LE(test, pvio_loop_idle_events() - idle, 5);
}

static struct kunit_case poll_cases[] = {
	KUNIT_CASE(polled_bio_on_a_queue_with_events),
	KUNIT_CASE(polled_bio_is_sent_again),
	KUNIT_CASE(poller_leaves_events_their_answers),
	KUNIT_CASE(waiters_find_their_answers),
	KUNIT_CASE(late_answers_are_found),
	KUNIT_CASE(backend_without_queues_to_spare),
	KUNIT_CASE(smaller_backend_takes_over),
	KUNIT_CASE(resumed_guest_finds_its_answers),
	KUNIT_CASE(pulled_disk_ends_the_wait),
	KUNIT_CASE(answer_that_nobody_waits_for),
	{}
};

static struct kunit_suite poll_suite = {
	.name = "pvio_blk_pair_poll",
	.init = poll_init,
	.exit = poll_exit,
	.test_cases = poll_cases,
};

kunit_test_suite(poll_suite);
