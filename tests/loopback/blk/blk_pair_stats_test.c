// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Statistics of both block drivers, read from debugfs as an operator does:
 * every request counted once, at both ends, and readers that do not mind when
 * the device goes.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/trace_events.h>

#include "tests/loopback/blk/bench.h"
#include "tests/loopback/blk/load.h"

#define ROOM	8192
#define TRACES	65536

static const char front_stats[] = "blkfront/xvda/stats";
static const char front_latency[] = "blkfront/xvda/latency";

/**
 * struct bench - what the tests of this file use
 * @base: what was held before
 * @duo: the device
 * @load: a load on @duo
 * @back_stats: the backend's file
 * @back_latency: another one
 * @page: for requests
 * @text: what was read of a file
 */
struct bench {
	struct blk_baseline base;
	struct blk_duo duo;
	struct blk_load load;
	char back_stats[64];
	char back_latency[64];
	u8 *page;
	char *text;
};

static int stats_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	/* What may be granted as it is: not of the slab allocator. */
	b->page = (u8 *)get_zeroed_page(GFP_KERNEL);
	b->text = kunit_kzalloc(test, ROOM, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, b->page && b->text);
	blk_baseline_note(&b->base);
	blk_duo_make(test, &b->duo, 512);
	snprintf(b->back_stats, sizeof(b->back_stats), "blkback/%s/stats",
		 dev_name(b->duo.pair.back.dev));
	snprintf(b->back_latency, sizeof(b->back_latency),
		 "blkback/%s/latency", dev_name(b->duo.pair.back.dev));
	return 0;
}

static void stats_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	pvio_loop_unplug(&b->duo.pair.front);
	blk_load_stop(&b->load);
	blk_duo_drop(&b->duo);
	free_page((unsigned long)b->page);
	blk_baseline_expect(test, &b->base);
}

/* A counter, over all queues. */
static u64 count_of(struct kunit *test, const char *file, const char *name)
{
	struct bench *b = test->priv;
	char line[40];
	char *at;

	KUNIT_ASSERT_EQ(test, pvio_loop_debugfs(file, b->text, ROOM), 0);
	snprintf(line, sizeof(line), "\n%s ", name);
	at = strstr(b->text, line);
	KUNIT_ASSERT_NOT_NULL_MSG(test, at, "%s has no %s", file, name);
	return pvio_loop_add_up(at + strlen(line) - 1);
}

static u64 back_count(struct kunit *test, const char *name)
{
	struct bench *b = test->priv;

	return count_of(test, b->back_stats, name);
}

static u64 front_count(struct kunit *test, const char *name)
{
	return count_of(test, front_stats, name);
}

/* All counts of a latency file, of all kinds and queues. */
static u64 measured(struct kunit *test, const char *file)
{
	struct bench *b = test->priv;
	char *line, *at;
	u64 sum = 0;

	KUNIT_ASSERT_EQ(test, pvio_loop_debugfs(file, b->text, ROOM), 0);
	at = b->text;
	strsep(&at, "\n");
	while ((line = strsep(&at, "\n")) && *line) {
		/* Behind the queue and the bucket. */
		line = strchr(line, ' ');
		line = line ? strchr(line + 1, ' ') : NULL;
		KUNIT_ASSERT_NOT_NULL(test, line);
		sum += pvio_loop_add_up(line);
	}
	return sum;
}

static void do_io(struct kunit *test, blk_opf_t opf, unsigned int times)
{
	struct bench *b = test->priv;
	unsigned int i;

	for (i = 0; i < times; i++)
		KUNIT_EXPECT_EQ(test, blk_io_do(b->duo.bdev.bdev, opf, 8 * i,
						b->page, 4096), BLK_STS_OK);
}

/* What both ends count, and by how much it has grown. */
static const char *const both[] = {
	"reads", "writes", "flushes", "discards", "sectors_read",
	"sectors_written", "answers", "errors", "indirect",
};

static void expect_grown(struct kunit *test, const u64 *before,
			 const u64 *expected, u64 (*get)(struct kunit *test,
							 const char *name))
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(both); i++)
		KUNIT_EXPECT_EQ_MSG(test, get(test, both[i]) - before[i],
				    expected[i], "%s", both[i]);
}

static void take_both(struct kunit *test, u64 *front, u64 *back)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(both); i++) {
		front[i] = front_count(test, both[i]);
		back[i] = back_count(test, both[i]);
	}
}

static void every_request_counts_once(struct kunit *test)
{
	static const u64 expected[ARRAY_SIZE(both)] = {
		5, 7, 2, 1, 40, 56, 15, 0, 0,
	};
	u64 front[ARRAY_SIZE(both)], back[ARRAY_SIZE(both)];
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	take_both(test, front, back);
	do_io(test, REQ_OP_READ, 5);
	do_io(test, REQ_OP_WRITE, 7);
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(b->duo.bdev.bdev), 0);
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(b->duo.bdev.bdev), 0);
	KUNIT_EXPECT_EQ(test, blkdev_issue_discard(b->duo.bdev.bdev, 8, 8,
						   GFP_KERNEL), 0);
	expect_grown(test, front, expected, front_count);
	expect_grown(test, back, expected, back_count);
}

static void large_requests_are_indirect(struct kunit *test)
{
	struct bench *b = test->priv;
	u64 front, back;

	blk_duo_start(test, &b->duo, true);
	front = front_count(test, "indirect");
	back = back_count(test, "indirect");
	KUNIT_EXPECT_TRUE(test, blk_io_round_trip(b->duo.bdev.bdev, 64,
						  64 * 1024, 0));
	KUNIT_EXPECT_EQ(test, front_count(test, "indirect") - front, 2);
	KUNIT_EXPECT_EQ(test, back_count(test, "indirect") - back, 2);
}

/* The writes that the backend's file in sysfs tells of; or a negative errno. */
static long read_sysfs(const struct bench *b)
{
	char text[32] = "", path[96];
	struct file *file;
	loff_t pos = 0;
	ssize_t len;
	long value;
	int err;

	snprintf(path, sizeof(path), "/sys/devices/%s/statistics/wr_req",
		 dev_name(b->duo.pair.back.dev));
	file = pvio_loop_open(path, O_RDONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read(file, text, sizeof(text) - 1, &pos);
	filp_close(file, NULL);
	if (len < 0)
		return len;
	err = kstrtol(strim(text), 10, &value);
	return err ?: value;
}

/* The same numbers at the place where the in-tree driver has them. */
static void sysfs_has_the_same_numbers(struct kunit *test)
{
	struct bench *b = test->priv;
	long value;

	blk_duo_start(test, &b->duo, true);
	do_io(test, REQ_OP_WRITE, 3);
	value = read_sysfs(b);
	KUNIT_EXPECT_EQ(test, value, back_count(test, "writes"));
	KUNIT_EXPECT_EQ(test, value, 3);
}

static void errors_count_at_both_ends(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	b->duo.disk.fail[REQ_OP_WRITE] = BLK_STS_IOERR;
	KUNIT_EXPECT_EQ(test, blk_io_do(b->duo.bdev.bdev, REQ_OP_WRITE, 8,
					b->page, 4096), BLK_STS_IOERR);
	b->duo.disk.fail[REQ_OP_WRITE] = BLK_STS_OK;
	do_io(test, REQ_OP_WRITE, 2);
	KUNIT_EXPECT_EQ(test, front_count(test, "errors"), 1);
	KUNIT_EXPECT_EQ(test, back_count(test, "errors"), 1);
	KUNIT_EXPECT_EQ(test, back_count(test, "refused"), 0);
}

/* The second use of a page is a hit, and nothing is copied or mapped. */
static void kept_pages_are_hits(struct kunit *test)
{
	struct bench *b = test->priv;
	u64 hits, misses, made, maps;

	blk_duo_start(test, &b->duo, true);
	do_io(test, REQ_OP_WRITE, 4);
	hits = back_count(test, "persistent_hits");
	misses = back_count(test, "persistent_misses");
	maps = back_count(test, "map_hypercalls");
	made = front_count(test, "persistent_misses");
	KUNIT_EXPECT_GE(test, misses, 1);
	KUNIT_EXPECT_GE(test, maps, 1);
	KUNIT_EXPECT_LE(test, maps, misses);
	do_io(test, REQ_OP_WRITE, 4);
	KUNIT_EXPECT_EQ(test, hits + misses + 4,
			back_count(test, "persistent_hits") +
			back_count(test, "persistent_misses"));
	KUNIT_EXPECT_EQ(test, front_count(test, "persistent_misses"), made);
	KUNIT_EXPECT_EQ(test, front_count(test, "grants"), 0);
	KUNIT_EXPECT_EQ(test, back_count(test, "copies_in"), 0);
	KUNIT_EXPECT_EQ(test, back_count(test, "persistent_full"), 0);
}

static void copies_count_by_direction(struct kunit *test)
{
	struct bench *b = test->priv;
	u64 out, calls;

	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "0");
	blk_duo_start(test, &b->duo, true);
	blk_param_set(test, "pvio_blkback/parameters/feature_persistent", "1");
	out = back_count(test, "copies_out");
	calls = back_count(test, "copy_hypercalls_out");
	do_io(test, REQ_OP_WRITE, 6);
	KUNIT_EXPECT_EQ(test, back_count(test, "copies_in"), 6);
	KUNIT_EXPECT_EQ(test, back_count(test, "copy_hypercalls_in"), 6);
	do_io(test, REQ_OP_READ, 3);
	KUNIT_EXPECT_EQ(test, back_count(test, "copies_out") - out, 3);
	KUNIT_EXPECT_EQ(test, back_count(test, "copy_hypercalls_out") - calls,
			3);
	KUNIT_EXPECT_EQ(test, back_count(test, "persistent_hits"), 0);
	KUNIT_EXPECT_EQ(test, back_count(test, "map_hypercalls"), 0);
	KUNIT_EXPECT_GE(test, front_count(test, "grants"), 9);
}

static void own_pages_are_granted_each_time(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_param_set(test, "pvio_blkfront/parameters/feature_persistent", "0");
	blk_duo_start(test, &b->duo, true);
	blk_param_set(test, "pvio_blkfront/parameters/feature_persistent", "1");
	do_io(test, REQ_OP_WRITE, 3);
	do_io(test, REQ_OP_READ, 3);
	KUNIT_EXPECT_GE(test, front_count(test, "grants"), 6);
	KUNIT_EXPECT_EQ(test, front_count(test, "persistent_hits"), 0);
	KUNIT_EXPECT_EQ(test, back_count(test, "persistent_hits"), 0);
}

/* The first answer has an event, since nobody could say otherwise before. */
static void polled_answers_come_without_events(struct kunit *test)
{
	struct bench *b = test->priv;
	struct blk_io io = { .data = b->page, .bytes = 4096 };
	u64 before;
	int i;

	blk_param_set(test, "pvio_blkback/parameters/max_queues", "16");
	blk_param_set(test, "pvio_blkfront/parameters/poll_queues", "1");
	blk_duo_start(test, &b->duo, true);
	blk_param_set(test, "pvio_blkfront/parameters/poll_queues", "0");
	blk_param_set(test, "pvio_blkback/parameters/max_queues", "0");
	before = back_count(test, "notifies_sent");
	for (i = 0; i < 20; i++) {
		blk_io_send(&io, b->duo.bdev.bdev, REQ_OP_READ | REQ_POLLED);
		KUNIT_EXPECT_EQ(test, blk_io_poll(&io), BLK_STS_OK);
	}
	KUNIT_EXPECT_LE(test, back_count(test, "notifies_sent") - before, 1);
}

/* What one end sends is what the other one can have got. */
static void notifies_of_both_ends_agree(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	KUNIT_ASSERT_EQ(test, blk_load_start(&b->load, b->duo.bdev.bdev), 0);
	KUNIT_EXPECT_TRUE(test, blk_load_go_on(&b->load, 4));
	blk_load_stop(&b->load);
	pvio_loop_settle();
	KUNIT_EXPECT_GE(test, back_count(test, "notifies_sent"), 1);
	KUNIT_EXPECT_LE(test, front_count(test, "events"),
			back_count(test, "notifies_sent"));
	/* The first is for the worker itself: the channel is bound. */
	KUNIT_EXPECT_LE(test, back_count(test, "events"),
			front_count(test, "notifies_sent") + b->duo.queues + 4);
	KUNIT_EXPECT_EQ(test, front_count(test, "answers"),
			back_count(test, "answers"));
	KUNIT_EXPECT_LE(test, back_count(test, "batches"),
			back_count(test, "answers"));
}

static void counters_outlive_a_connection(struct kunit *test)
{
	struct bench *b = test->priv;
	u64 writes;

	blk_duo_start(test, &b->duo, true);
	do_io(test, REQ_OP_WRITE, 5);
	writes = front_count(test, "writes");
	pvio_loop_resume(&b->duo.pair.front);
	pvio_loop_settle();
	KUNIT_ASSERT_TRUE(test, blk_duo_connected(&b->duo));
	do_io(test, REQ_OP_WRITE, 2);
	KUNIT_EXPECT_EQ(test, front_count(test, "writes"), writes + 2);
	KUNIT_EXPECT_EQ(test, back_count(test, "writes"), writes + 2);
}

static void measure(struct kunit *test, const char *on)
{
	blk_param_set(test, "pvio_blkback/parameters/latency", on);
	blk_param_set(test, "pvio_blkfront/parameters/latency", on);
}

/* Each request is in two histograms: as a whole, and the other end's share. */
static void latencies_count_once_each(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	do_io(test, REQ_OP_WRITE, 2);
	KUNIT_EXPECT_EQ(test, measured(test, front_latency), 0);
	KUNIT_EXPECT_EQ(test, measured(test, b->back_latency), 0);
	measure(test, "1");
	do_io(test, REQ_OP_WRITE, 3);
	do_io(test, REQ_OP_READ, 4);
	measure(test, "0");
	KUNIT_EXPECT_EQ(test, measured(test, front_latency), 14);
	KUNIT_EXPECT_EQ(test, measured(test, b->back_latency), 14);
	do_io(test, REQ_OP_WRITE, 2);
	KUNIT_EXPECT_EQ(test, measured(test, front_latency), 14);
	KUNIT_EXPECT_EQ(test, measured(test, b->back_latency), 14);
}

static bool has_number(const char *dir, const char *node, unsigned long value)
{
	unsigned int try;

	for (try = 0; try < 50; try++) {
		if (pvio_loop_number(dir, node) == value)
			return true;
		msleep(100);
	}
	return false;
}

/* The guest goes on without; no error, since no flush is offered any more. */
static void refused_flush_is_offered_no_more(struct kunit *test)
{
	struct bench *b = test->priv;

	blk_duo_start(test, &b->duo, true);
	KUNIT_EXPECT_TRUE(test, has_number(b->duo.pair.back.own,
					   "feature-flush-cache", 1));
	b->duo.disk.fail[REQ_OP_FLUSH] = BLK_STS_NOTSUPP;
	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(b->duo.bdev.bdev), 0);
	b->duo.disk.fail[REQ_OP_FLUSH] = BLK_STS_OK;
	KUNIT_EXPECT_TRUE(test, has_number(b->duo.pair.back.own,
					   "feature-flush-cache", 0));
	KUNIT_EXPECT_EQ(test, back_count(test, "errors"), 1);
	KUNIT_EXPECT_EQ(test, front_count(test, "errors"), 0);
	do_io(test, REQ_OP_WRITE, 1);
}

static const char *slow_line(const char *text)
{
	unsigned int i;
	char line[24];
	const char *at;

	/* From 2^26 ns, 67 ms, to 2^33 ns. */
	for (i = 26; i < 34; i++) {
		snprintf(line, sizeof(line), "\n0 %llu ", 1ULL << i);
		at = strstr(text, line);
		if (at)
			return at;
	}
	return NULL;
}

static void slow_disk_shows_at_both_ends(struct kunit *test)
{
	struct bench *b = test->priv;
	struct blk_io io = { .data = b->page, .bytes = 4096, .sector = 8 };

	b->duo.queues = 1;
	blk_duo_start(test, &b->duo, true);
	measure(test, "1");
	blk_disk_hold(&b->duo.disk);
	blk_io_send(&io, b->duo.bdev.bdev, REQ_OP_WRITE);
	KUNIT_EXPECT_TRUE(test, blk_disk_wait_held(&b->duo.disk, 1));
	msleep(100);
	blk_disk_release(&b->duo.disk);
	KUNIT_EXPECT_EQ(test, blk_io_await(&io), BLK_STS_OK);
	measure(test, "0");
	KUNIT_EXPECT_EQ(test, pvio_loop_debugfs(front_latency, b->text, ROOM), 0);
	KUNIT_EXPECT_NOT_NULL(test, slow_line(b->text));
	KUNIT_EXPECT_EQ(test, pvio_loop_debugfs(b->back_latency, b->text, ROOM), 0);
	KUNIT_EXPECT_NOT_NULL(test, slow_line(b->text));
}

/* Reads all four files again and again; they come and go. */
static int read_on(void *arg)
{
	struct bench *b = arg;
	const char *const files[] = {
		front_stats, front_latency, b->back_stats, b->back_latency,
	};
	unsigned int i = 0, found = 0;
	char *text = kmalloc(ROOM, GFP_KERNEL);

	while (text && !kthread_should_stop()) {
		found += !pvio_loop_debugfs(files[i++ % ARRAY_SIZE(files)],
					    text, ROOM);
		found += read_sysfs(b) >= 0;
		cond_resched();
	}
	kfree(text);
	return found;
}

static void trace_all(bool on)
{
	trace_set_clr_event("pvio", NULL, on);
	trace_set_clr_event("pvio_blkback", NULL, on);
	trace_set_clr_event("pvio_blkfront", NULL, on);
}

static void x09_readers_while_the_device_goes(struct kunit *test)
{
	struct bench *b = test->priv;
	struct task_struct *reader;
	unsigned int i;

	reader = kthread_run(read_on, b, "reader");
	KUNIT_ASSERT_FALSE(test, IS_ERR(reader));
	measure(test, "1");
	trace_all(true);
	for (i = 0; i < 8; i++) {
		blk_duo_start(test, &b->duo, true);
		do_io(test, REQ_OP_WRITE, 4);
		measure(test, i & 1 ? "1" : "0");
		blk_duo_stop(&b->duo);
	}
	trace_all(false);
	measure(test, "0");
	KUNIT_EXPECT_GE(test, kthread_stop(reader), 8);
	KUNIT_EXPECT_LT(test, pvio_loop_debugfs(front_stats, b->text, ROOM), 0);
	KUNIT_EXPECT_LT(test, pvio_loop_debugfs(b->back_stats, b->text, ROOM), 0);
	KUNIT_EXPECT_LT(test, read_sysfs(b), 0);
}

static struct file *open_traces(struct kunit *test, int flags)
{
	struct file *file = pvio_loop_open("/sys/kernel/tracing/trace", flags);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	return file;
}

/* What a request must have passed, in this order. */
static const char *const stations[] = {
	"bf_begin:", "bf_map:", "bf_submit:", "bb_begin:", "bb_map:",
	"bb_submit:", "bb_complete:", "bb_respond:", "bf_complete:",
	"bf_respond:",
};

static void trace_shows_every_station(struct kunit *test)
{
	struct bench *b = test->priv;
	char *text = kunit_kzalloc(test, TRACES, GFP_KERNEL);
	const char *at = text;
	struct file *file;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	b->duo.queues = 1;
	blk_duo_start(test, &b->duo, true);
	filp_close(open_traces(test, O_WRONLY | O_TRUNC), NULL);
	trace_all(true);
	do_io(test, REQ_OP_WRITE, 1);
	trace_all(false);
	file = open_traces(test, O_RDONLY);
	pvio_loop_show_all(file->private_data, text, TRACES);
	filp_close(file, NULL);
	for (i = 0; i < ARRAY_SIZE(stations) && at; i++) {
		at = strstr(at, stations[i]);
		KUNIT_EXPECT_NOT_NULL_MSG(test, at, "%s", stations[i]);
	}
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(every_request_counts_once),
	KUNIT_CASE(large_requests_are_indirect),
	KUNIT_CASE(sysfs_has_the_same_numbers),
	KUNIT_CASE(errors_count_at_both_ends),
	KUNIT_CASE(kept_pages_are_hits),
	KUNIT_CASE(copies_count_by_direction),
	KUNIT_CASE(own_pages_are_granted_each_time),
	KUNIT_CASE(polled_answers_come_without_events),
	KUNIT_CASE(notifies_of_both_ends_agree),
	KUNIT_CASE(counters_outlive_a_connection),
	KUNIT_CASE(latencies_count_once_each),
	KUNIT_CASE(refused_flush_is_offered_no_more),
	KUNIT_CASE(slow_disk_shows_at_both_ends),
	KUNIT_CASE(x09_readers_while_the_device_goes),
	KUNIT_CASE(trace_shows_every_station),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "pvio_blk_pair_stats",
	.init = stats_init,
	.exit = stats_exit,
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);

MODULE_DESCRIPTION("Tests of the pvio block statistics");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
