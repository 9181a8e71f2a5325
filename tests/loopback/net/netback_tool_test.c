// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The network backend and the toolstack: limits in every form, hotplug scripts
 * and what they are told.
 */
#include <linux/delay.h>
#include <linux/kobject.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "tests/loopback/play/netfront.h"
#include "tests/loopback/says.h"
#include "xenbus/door.h"

static void expect_waits_for(struct kunit *test, const char *what)
{
	struct net_bench *b = test->priv;

	expect_says(test, &b->link.pair.back, "waits_for", what);
}

/* No limit by mistake: neither at first nor later. */
static void b27_malformed_rate_is_not_none(struct kunit *test)
{
	struct net_cut cut = { .nr = 1, .size = { 4000 } };
	struct net_bench *b = test->priv;
	const char *back = b->link.pair.back.own;
	struct net_queue *q;
	int i;

	pvio_loop_put(back, "rate", "10Mb/s");
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_FALSE(test, pvio_loop_wait(&b->link.pair.back,
						XenbusStateConnected, 500));
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "rate is malformed"), 1);
	expect_waits_for(test, "rate limit");
	pvio_loop_put(back, "rate", "100,1000000");
	net_front_join(test);
	q = &b->front->queue[0];
	pvio_loop_put(back, "rate", "10Mb/s");
	pvio_loop_settle();
	for (i = 0; i < 20; i++)
		net_put_packet(q, &cut);
	net_push(q, NET_TX);
	msleep(500);
	KUNIT_EXPECT_LT(test, net_shared(q, NET_TX)->rsp_prod, 3);
	pvio_loop_put(back, "rate", "");
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
}

/* What xl makes of 0Mb/s. */
static void b27_rate_of_nothing(struct kunit *test)
{
	struct net_cut cut = { .nr = 1, .size = { 60 } };
	struct net_bench *b = test->priv;
	struct net_queue *q;

	pvio_loop_put(b->link.pair.back.own, "rate", "0,50000");
	q = net_front_connect(test);
	net_put_packet(q, &cut);
	net_push(q, NET_TX);
	msleep(300);
	KUNIT_EXPECT_EQ(test, net_shared(q, NET_TX)->rsp_prod, 0);
	pvio_loop_put(b->link.pair.back.own, "rate",
		      "100000000000,1000000");
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	net_front_passes(test, q);
}

/* The next refill of the old limit is a minute away. */
static void n13_a_shorter_period_counts_at_once(struct kunit *test)
{
	struct net_cut cut = { .nr = 1, .size = { 4000 } };
	struct net_bench *b = test->priv;
	unsigned long began;
	struct net_queue *q;
	int i;

	pvio_loop_put(b->link.pair.back.own, "rate", "4000,60000000");
	q = net_front_connect(test);
	for (i = 0; i < 100; i++)
		net_put_packet(q, &cut);
	net_push(q, NET_TX);
	msleep(100);
	began = jiffies;
	pvio_loop_put(b->link.pair.back.own, "rate", "20000,50000");
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_GE(test, jiffies_to_msecs(jiffies - began), 500);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, 100));
}

static unsigned int ms_until_connected(struct net_bench *b)
{
	unsigned long began = jiffies;

	pvio_loop_wait(&b->link.pair.back, XenbusStateConnected, NET_WAIT_MS);
	return jiffies_to_msecs(jiffies - began);
}

/* The vif is there and up, and its script says nothing. */
static void plug_silent(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	pvio_loop_remove(b->link.pair.back.own, "hotplug-status");
	pvio_loop_settle();
}

static void b9_script_that_does_not_report(struct kunit *test)
{
	struct net_bench *b = test->priv;

	plug_silent(test);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_FALSE(test, pvio_loop_wait(&b->link.pair.back,
						XenbusStateConnected, 1000));
	expect_waits_for(test, "hotplug script");
	net_front_join(test);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "hotplug-status"), 1);
	net_front_passes(test, &b->front->queue[0]);
	/* Once is enough, for the line and for the wait. */
	net_front_close(b);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_LT(test, ms_until_connected(b), 2000U);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "hotplug-status"), 1);
}

static void set_up_or_down(struct net_device *dev, bool up)
{
	rtnl_lock();
	if (up)
		dev_open(dev, NULL);
	else
		dev_close(dev);
	rtnl_unlock();
}

/* Not before it is up, and not when the script says that it failed. */
static void b9_nothing_to_connect_to(struct kunit *test)
{
	struct net_bench *b = test->priv;

	plug_silent(test);
	set_up_or_down(b->link.back.dev, false);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_FALSE(test, pvio_loop_wait(&b->link.pair.back,
						XenbusStateConnected, 5500));
	pvio_loop_put(b->link.pair.back.own, "hotplug-status", "error");
	set_up_or_down(b->link.back.dev, true);
	KUNIT_EXPECT_FALSE(test, pvio_loop_wait(&b->link.pair.back,
						XenbusStateConnected, 5500));
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
	pvio_loop_put(b->link.pair.back.own, "hotplug-status", "connected");
	net_front_join(test);
}

static void b9_no_script_at_all(struct kunit *test)
{
	struct net_bench *b = test->priv;

	pvio_loop_remove(b->link.pair.back.own, "script");
	plug_silent(test);
	KUNIT_ASSERT_EQ(test, net_front_make(b, 1, true, 0), 0);
	net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_LT(test, ms_until_connected(b), 2000U);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

/* Each look at a connected guest asks xenstore for as little as possible. */
static void n9_guest_that_writes_its_state(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int before;
	int i;

	net_front_connect(test);
	pvio_loop_settle();
	before = pvio_loop_calls(LOOP_TXN_END);
	for (i = 0; i < 20; i++)
		net_front_say(b, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_TXN_END), before);
}

static bool env_has(const struct kobj_uevent_env *env, const char *text)
{
	int i;

	for (i = 0; i < env->envp_idx; i++)
		if (!strcmp(env->envp[i], text))
			return true;
	return false;
}

static struct kobj_uevent_env *ask_uevent(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct pvio_device *pdev = b->link.pair.back.pdev;
	struct kobj_uevent_env *env = kunit_kzalloc(test, sizeof(*env),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, env);
	KUNIT_EXPECT_EQ(test, pdev->drv->uevent(pdev, env), 0);
	return env;
}

/* No look at xenstore, where all of it may be gone already. */
static void n8_uevents_say_what_was_and_is(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct kobj_uevent_env *env;
	struct net_device *dev;
	char name[IFNAMSIZ];
	unsigned int reads;

	net_front_connect(test);
	pvio_loop_settle();
	reads = pvio_loop_calls(LOOP_READ);
	pvio_loop_fail(LOOP_READ, 1, 1000);
	dev = b->link.back.dev;
	strscpy(name, dev->name, sizeof(name));
	strscpy(dev->name, "renamed7", sizeof(dev->name));
	env = ask_uevent(test);
	strscpy(dev->name, name, sizeof(dev->name));
	pvio_loop_fail_none();
	KUNIT_EXPECT_TRUE(test, env_has(env, "script=" NET_SCRIPT));
	KUNIT_EXPECT_TRUE(test, env_has(env, "bridge=" NET_BRIDGE));
	KUNIT_EXPECT_TRUE(test, env_has(env, "vif=renamed7"));
	KUNIT_EXPECT_EQ(test, pvio_loop_calls(LOOP_READ), reads);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

static int ask_without_end(void *arg)
{
	struct pvio_device *pdev = arg;
	struct kobj_uevent_env *env = kzalloc(sizeof(*env), GFP_KERNEL);

	while (env && !kthread_should_stop()) {
		env->envp_idx = 0;
		env->buflen = 0;
		pdev->drv->uevent(pdev, env);
		cond_resched();
	}
	while (!kthread_should_stop())
		msleep(20);
	kfree(env);
	return 0;
}

/* Whoever asks holds the device, but not what the driver made of it. */
static void n8_uevents_while_the_vif_goes(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct task_struct *task;
	struct pvio_device *pdev;
	int i;

	for (i = 0; i < 10; i++) {
		KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
		pdev = b->link.pair.back.pdev;
		pvio_device_get(pdev);
		task = kthread_run(ask_without_end, pdev, "uevents");
		net_side_unplug(&b->link.back);
		if (!IS_ERR(task))
			kthread_stop(task);
		pvio_device_put(pdev);
		KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	}
}

/* Removed by the toolstack, all of it at once: no error, nothing is left. */
static void n8_removal_is_no_error(struct kunit *test)
{
	struct net_bench *b = test->priv;

	net_front_connect(test);
	net_log_mark(b);
	pvio_loop_store_clear(b->link.pair.back.own);
	net_side_unplug(&b->link.back);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, ""), 0);
}

static struct kunit_case tool_cases[] = {
	KUNIT_CASE(b27_malformed_rate_is_not_none),
	KUNIT_CASE(b27_rate_of_nothing),
	KUNIT_CASE(n13_a_shorter_period_counts_at_once),
	KUNIT_CASE(b9_script_that_does_not_report),
	KUNIT_CASE(b9_nothing_to_connect_to),
	KUNIT_CASE(b9_no_script_at_all),
	KUNIT_CASE(n9_guest_that_writes_its_state),
	KUNIT_CASE(n8_uevents_say_what_was_and_is),
	KUNIT_CASE(n8_uevents_while_the_vif_goes),
	KUNIT_CASE(n8_removal_is_no_error),
	{}
};

static struct kunit_suite tool_suite = {
	.name = "pvio_netback_tool",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = net_bench_exit,
	.test_cases = tool_cases,
};

kunit_test_suite(tool_suite);
