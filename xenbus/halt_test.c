// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * When a wait in the hypervisor begins, and what ends it.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/stat.h>
#include <linux/sched/task.h>
#include <linux/time64.h>
#include <uapi/linux/sched/types.h>

#include "halt.h"
#include "compat/pvio_compat.h"

/* Far more than a tick, and than what an emulated machine takes for one. */
#define LONG_US		3000000

struct bench {
	struct pvio_halt wait;
	struct hrtimer timer;
	bool come;
	s64 lasted;
	ktime_t ran;
	unsigned int slept_through;
	struct completion started;
	struct completion woken;
};

static void judge(struct pvio_halt *w, unsigned int nr, bool good)
{
	while (nr--)
		pvio_halt_judge(w, good);
}

static bool is_enough(const struct pvio_halt *w)
{
	return w->streak >= PVIO_HALT_ENOUGH;
}

static void begins_after_enough_short_waits(struct kunit *test)
{
	struct pvio_halt w = {};

	judge(&w, PVIO_HALT_ENOUGH - 1, true);
	KUNIT_EXPECT_FALSE(test, is_enough(&w));
	judge(&w, 1, true);
	KUNIT_EXPECT_TRUE(test, is_enough(&w));
}

static void one_long_wait_begins_anew(struct kunit *test)
{
	struct pvio_halt w = {};

	judge(&w, PVIO_HALT_ENOUGH, true);
	judge(&w, 1, false);
	judge(&w, PVIO_HALT_ENOUGH - 1, true);
	KUNIT_EXPECT_FALSE(test, is_enough(&w));
	judge(&w, 1, true);
	KUNIT_EXPECT_TRUE(test, is_enough(&w));
}

static void who_does_not_wait_begins_anew(struct kunit *test)
{
	struct pvio_halt w = { .since = 1 };

	judge(&w, PVIO_HALT_ENOUGH, true);
	w.since = 1;
	pvio_halt_spoil(&w);
	KUNIT_EXPECT_FALSE(test, is_enough(&w));
	KUNIT_EXPECT_EQ(test, w.since, 0);
}

static void looks_again_after_a_round(struct kunit *test)
{
	struct pvio_halt w = {};
	unsigned int nr = 0;

	judge(&w, PVIO_HALT_ENOUGH, true);
	for (; is_enough(&w) && nr <= 2 * PVIO_HALT_ROUND; nr++)
		pvio_halt_ended(&w, true);
	KUNIT_EXPECT_EQ(test, nr, PVIO_HALT_ROUND);
	judge(&w, 1, true);
	KUNIT_EXPECT_TRUE(test, is_enough(&w));
}

static void long_wait_costs_many_short_ones(struct kunit *test)
{
	struct pvio_halt w = {};

	judge(&w, PVIO_HALT_ENOUGH, true);
	pvio_halt_ended(&w, false);
	judge(&w, 1, false);
	pvio_halt_spoil(&w);
	judge(&w, PVIO_HALT_PENALTY + PVIO_HALT_ENOUGH - 1, true);
	KUNIT_EXPECT_FALSE(test, is_enough(&w));
	judge(&w, 1, true);
	KUNIT_EXPECT_TRUE(test, is_enough(&w));
}

/* The kernel's own threads may want this CPU, too, but not all the time. */
static bool pays_soon(const struct pvio_halt *w)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		if (pvio_halt_pays(w))
			return true;
		msleep(20);
	}
	return false;
}

/* Elsewhere nothing would end the wait. */
static void pays_where_the_last_event_came(struct kunit *test)
{
	struct pvio_halt w = { .streak = PVIO_HALT_ENOUGH };

	migrate_disable();
	w.cpu = raw_smp_processor_id();
	KUNIT_EXPECT_TRUE(test, pays_soon(&w));
	w.cpu++;
	KUNIT_EXPECT_FALSE(test, pvio_halt_pays(&w));
	migrate_enable();
}

static void busy_cpu_is_no_short_wait(struct kunit *test)
{
	struct pvio_halt w = { .streak = PVIO_HALT_ENOUGH };

	pvio_halt_measure(&w);
	preempt_disable();
	pvio_halt_event(&w, LONG_US);
	KUNIT_EXPECT_EQ(test, w.cpu, smp_processor_id());
	preempt_enable();
	KUNIT_EXPECT_FALSE(test, is_enough(&w));
}

static enum hrtimer_restart ring(struct hrtimer *timer)
{
	struct bench *b = container_of(timer, struct bench, timer);

	WRITE_ONCE(b->come, true);
	complete(&b->woken);
	return HRTIMER_NORESTART;
}

/* In the place of the hypervisor: until the next interrupt, or a tick. */
static void give_up_cpu(struct bench *b)
{
	unsigned long end = jiffies + 1;

	while (!READ_ONCE(b->come) && time_before(jiffies, end))
		cpu_relax();
}

static bool has_come(void *arg)
{
	struct bench *b = arg;

	give_up_cpu(b);
	return READ_ONCE(b->come);
}

static bool never(void *arg)
{
	give_up_cpu(arg);
	return false;
}

static void ring_after_us(struct bench *b, unsigned int us)
{
	hrtimer_setup(&b->timer, ring, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&b->timer, ns_to_ktime(us * NSEC_PER_USEC), HRTIMER_MODE_REL_PINNED_HARD);
}

static s64 us_since(ktime_t begin)
{
	return ktime_us_delta(ktime_get(), begin);
}

static int set_up(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	if (!b)
		return -ENOMEM;
	init_completion(&b->started);
	init_completion(&b->woken);
	test->priv = b;
	return 0;
}

/*
 * Waits anew as long as somebody else wanted this CPU meanwhile.  What comes after 0 us
 * is there before.
 */
static bool wait_alone(struct bench *b, unsigned int us, unsigned int ring_us,
		       bool (*next)(void *arg))
{
	unsigned int i;
	ktime_t begin;
	bool found;

	for (i = 0; i < 100; i++) {
		b->come = !ring_us;
		b->wait = (struct pvio_halt){};
		migrate_disable();
		begin = ktime_get();
		ring_after_us(b, ring_us);
		found = pvio_halt_wait(&b->wait, us, next, b);
		b->lasted = us_since(begin);
		migrate_enable();
		hrtimer_cancel(&b->timer);
		if (b->wait.streak)
			return found;
		msleep(20);
	}
	return false;
}

static void interrupt_ends_the_wait(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, wait_alone(b, LONG_US, 1000, has_come));
	KUNIT_EXPECT_EQ(test, b->wait.streak, 1);
	KUNIT_EXPECT_GE(test, b->lasted, 1000);
	KUNIT_EXPECT_LT(test, b->lasted, LONG_US);
}

static void what_has_come_is_not_waited_for(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_TRUE(test, wait_alone(b, LONG_US, 0, has_come));
	KUNIT_EXPECT_EQ(test, b->wait.streak, 1);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static void wait_ends_when_nothing_comes(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_FALSE(test, wait_alone(b, 100, LONG_US, never));
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
	KUNIT_EXPECT_GE(test, b->lasted, 100);
	KUNIT_EXPECT_LT(test, b->lasted, LONG_US);
	KUNIT_EXPECT_EQ(test, b->wait.streak, -PVIO_HALT_PENALTY);
}

static int run_when_woken(void *arg)
{
	struct bench *b = arg;

	complete(&b->started);
	wait_for_completion(&b->woken);
	b->ran = ktime_get();
	while (!kthread_should_stop())
		cond_resched();
	return 0;
}

/*
 * Another task of this CPU, that sleeps until the timer rings, and then wants the
 * CPU until it is stopped: on a busy host the timer may ring before the wait has
 * begun, and a tick may come at once with it.
 */
static struct task_struct *start_other(struct kunit *test, int policy)
{
	struct sched_attr attr = { .size = sizeof(attr), .sched_policy = policy };
	struct bench *b = test->priv;
	struct task_struct *task;

	task = kthread_create(run_when_woken, b, "pvio-other");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	kthread_bind(task, raw_smp_processor_id());
	KUNIT_EXPECT_EQ(test, sched_setattr_nocheck(task, &attr), 0);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&b->started);
	return task;
}

static void others_run_meanwhile(struct kunit *test)
{
	struct bench *b = test->priv;
	struct task_struct *task;
	ktime_t begin;

	migrate_disable();
	task = start_other(test, SCHED_NORMAL);
	begin = ktime_get();
	ring_after_us(b, 1000);
	pvio_halt_wait(&b->wait, LONG_US, never, b);
	migrate_enable();
	kthread_stop(task);
	put_task_struct(task);
	hrtimer_cancel(&b->timer);
	KUNIT_EXPECT_LT(test, ktime_us_delta(b->ran, begin), LONG_US / 2);
}

/* The hypervisor, which the interrupt has left already, does so at a tick only. */
static bool never_again(void *arg)
{
	struct bench *b = arg;
	unsigned long end = jiffies + 1;

	b->slept_through += READ_ONCE(b->come);
	while (!READ_ONCE(b->come) && time_before(jiffies, end))
		cpu_relax();
	return false;
}

/*
 * Who does not preempt is woken, and the hypervisor not asked again; but where
 * the interrupt came just before it was asked.
 */
static void who_does_not_preempt_runs(struct kunit *test)
{
	struct bench *b = test->priv;
	struct task_struct *task;

	migrate_disable();
	task = start_other(test, SCHED_BATCH);
	while (!single_task_running())
		msleep(20);
	ring_after_us(b, 1000);
	pvio_halt_wait(&b->wait, LONG_US, never_again, b);
	migrate_enable();
	kthread_stop(task);
	put_task_struct(task);
	hrtimer_cancel(&b->timer);
	KUNIT_EXPECT_LE(test, b->slept_through, 1);
	KUNIT_EXPECT_GT(test, b->wait.streak, -PVIO_HALT_PENALTY);
}

/* The time would be taken off what a real-time task may use. */
static void real_time_tasks_do_not_wait(struct kunit *test)
{
	struct pvio_halt w = { .streak = PVIO_HALT_ENOUGH };

	migrate_disable();
	w.cpu = raw_smp_processor_id();
	KUNIT_EXPECT_TRUE(test, pays_soon(&w));
	sched_set_fifo_low(current);
	KUNIT_EXPECT_FALSE(test, pays_soon(&w));
	sched_set_normal(current, 0);
	KUNIT_EXPECT_TRUE(test, pays_soon(&w));
	migrate_enable();
}

static void send(struct pvio_halt *w)
{
	preempt_disable();
	pvio_halt_sent(w);
	preempt_enable();
}

/* A stripe sends to its disks by turns, each of which answers soon. */
static void two_queues_by_turns_do_not_wait(struct kunit *test)
{
	struct pvio_halt one = {}, other = {};
	unsigned int i;

	migrate_disable();
	for (i = 0; i < 2 * PVIO_HALT_ENOUGH; i++) {
		send(&one);
		judge(&one, 1, true);
		send(&other);
		judge(&other, 1, true);
	}
	migrate_enable();
	KUNIT_EXPECT_FALSE(test, is_enough(&one));
	KUNIT_EXPECT_FALSE(test, is_enough(&other));
}

/* Who waited, though, and found that there was more to send, is punished. */
static void another_queue_ends_waiting_for_long(struct kunit *test)
{
	struct pvio_halt one = {}, other = {};

	migrate_disable();
	send(&one);
	judge(&one, PVIO_HALT_ENOUGH, true);
	send(&one);
	KUNIT_EXPECT_TRUE(test, is_enough(&one));
	send(&other);
	send(&one);
	migrate_enable();
	KUNIT_EXPECT_EQ(test, one.streak, -PVIO_HALT_PENALTY);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(begins_after_enough_short_waits),
	KUNIT_CASE(one_long_wait_begins_anew),
	KUNIT_CASE(who_does_not_wait_begins_anew),
	KUNIT_CASE(looks_again_after_a_round),
	KUNIT_CASE(long_wait_costs_many_short_ones),
	KUNIT_CASE(pays_where_the_last_event_came),
	KUNIT_CASE(busy_cpu_is_no_short_wait),
	KUNIT_CASE(interrupt_ends_the_wait),
	KUNIT_CASE(what_has_come_is_not_waited_for),
	KUNIT_CASE(wait_ends_when_nothing_comes),
	KUNIT_CASE(others_run_meanwhile),
	KUNIT_CASE(who_does_not_preempt_runs),
	KUNIT_CASE(real_time_tasks_do_not_wait),
	KUNIT_CASE(two_queues_by_turns_do_not_wait),
	KUNIT_CASE(another_queue_ends_waiting_for_long),
	{}
};

static struct kunit_suite suite = {
	.name = "pvio_halt",
	.init = set_up,
	.test_cases = cases,
};

kunit_test_suite(suite);
