// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Links between real drivers for the network suites, and what is checked
 * after every case: each resource given back, no event unaccounted for, a
 * bounded number of log lines, the bystander alive.
 */
#include "tests/loopback/net/bench.h"

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/addrconf.h>
#include <net/sch_generic.h>

#include "tests/loopback/net/packet.h"

/* Of a file in debugfs. */
#define STATS_ROOM	4096

/* What the limit of a device's lines allows: 10 in any 5 seconds, from 0. */
#define LOG_BURST	10
#define LOG_PERIOD	(5 * HZ)

static struct net_link *bystander;

struct net_link *net_bystander(void)
{
	return bystander;
}
EXPORT_SYMBOL_GPL(net_bystander);

static struct net_device *find_dev(const struct loop_end *end)
{
	struct net_device *dev, *found = NULL;

	ASSERT_RTNL();
	for_each_netdev(&init_net, dev)
		if (dev->dev.parent == end->dev)
			found = dev;
	return found;
}

/* The kernel's own IPv6 packets would be in the way of those we count. */
static void keep_quiet(struct net_device *dev)
{
	struct inet6_dev *in6 = __in6_dev_get(dev);

	if (in6)
		in6->cnf.disable_ipv6 = 1;
}

int net_side_open(struct net_side *side)
{
	int err = -ENODEV;

	rtnl_lock();
	side->dev = find_dev(side->end);
	if (side->dev) {
		keep_quiet(side->dev);
		err = dev_open(side->dev, NULL);
	}
	rtnl_unlock();
	if (!err)
		net_ear_listen(&side->ear, side->dev);
	return err;
}
EXPORT_SYMBOL_GPL(net_side_open);

/* The hotplug script follows the interface, whatever was there before. */
int net_side_plug(struct net_side *side)
{
	int err = pvio_loop_plug(side->end);

	side->plugs++;
	if (!err)
		err = net_side_open(side);
	if (!err && side->end->back)
		err = pvio_loop_put(side->end->own, "hotplug-status",
				    "connected");
	return err;
}
EXPORT_SYMBOL_GPL(net_side_plug);

void net_side_unplug(struct net_side *side)
{
	net_ear_close(&side->ear);
	side->dev = NULL;
	pvio_loop_unplug(side->end);
}
EXPORT_SYMBOL_GPL(net_side_unplug);

bool net_side_ready(const struct net_side *side)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (netif_carrier_ok(side->dev) && !qdisc_tx_is_noop(side->dev))
			return true;
		usleep_range(500, 1000);
	}
	return false;
}
EXPORT_SYMBOL_GPL(net_side_ready);

bool net_connected(struct net_link *link)
{
	return pvio_loop_wait(&link->pair.back, XenbusStateConnected,
			      NET_WAIT_MS) &&
	       pvio_loop_wait(&link->pair.front, XenbusStateConnected,
			      NET_WAIT_MS) &&
	       net_side_ready(&link->back) && net_side_ready(&link->front);
}
EXPORT_SYMBOL_GPL(net_connected);

void net_connect(struct kunit *test)
{
	struct net_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.back), 0);
	KUNIT_ASSERT_EQ(test, net_side_plug(&b->link.front), 0);
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
}
EXPORT_SYMBOL_GPL(net_connect);

/* As a toolstack does. */
static int make_link(struct net_link *link, u16 guest, unsigned int id)
{
	char text[32];
	int err;

	link->front.end = &link->pair.front;
	link->back.end = &link->pair.back;
	err = pvio_loop_make(&link->pair, guest, "vif", id);
	if (err)
		return err;
	snprintf(text, sizeof(text), "00:16:3e:00:00:%02x", id);
	pvio_loop_put(link->pair.front.own, "mac", text);
	pvio_loop_put(link->pair.back.own, "script", NET_SCRIPT);
	pvio_loop_put(link->pair.back.own, "bridge", NET_BRIDGE);
	snprintf(text, sizeof(text), "%u", id);
	return pvio_loop_put(link->pair.back.own, "handle", text);
}

static void drop_link(struct net_link *link)
{
	net_side_unplug(&link->front);
	net_side_unplug(&link->back);
	pvio_loop_drop(&link->pair);
}

int net_suite_init(struct kunit_suite *suite)
{
	int err;

	net_ears_open();
	bystander = kzalloc(sizeof(*bystander), GFP_KERNEL);
	if (!bystander)
		return -ENOMEM;
	err = make_link(bystander, LOOP_OTHER_DOMAIN, 1);
	if (!err)
		err = net_side_plug(&bystander->back);
	if (!err)
		err = net_side_plug(&bystander->front);
	return err;
}
EXPORT_SYMBOL_GPL(net_suite_init);

void net_suite_exit(struct kunit_suite *suite)
{
	if (bystander)
		drop_link(bystander);
	kfree(bystander);
	bystander = NULL;
	net_ears_close();
}
EXPORT_SYMBOL_GPL(net_suite_exit);

void net_log_mark(struct net_bench *b)
{
	char line[256];
	size_t len;

	while (kmsg_dump_get_line(&b->log, false, line, sizeof(line), &len))
		;
	b->began = jiffies;
}
EXPORT_SYMBOL_GPL(net_log_mark);

static bool names_device(const struct net_bench *b, const char *line)
{
	return strstr(line, dev_name(b->link.pair.front.dev)) ||
	       strstr(line, dev_name(b->link.pair.back.dev));
}

unsigned int net_log_lines(struct net_bench *b, const char *text)
{
	struct kmsg_dump_iter log = b->log;
	unsigned int lines = 0;
	char line[256];
	size_t len;

	while (kmsg_dump_get_line(&log, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		if (names_device(b, line) && strstr(line, text))
			lines++;
	}
	return lines;
}
EXPORT_SYMBOL_GPL(net_log_lines);

/* Of @link's ends in debugfs, into @file. */
static void back_stats(const struct net_link *link, char *file, size_t room)
{
	snprintf(file, room, "netback/%s/stats", link->back.dev->name);
}

static void front_stats(const struct net_link *link, char *file, size_t room)
{
	snprintf(file, room, "netfront/%s/stats", dev_name(link->pair.front.dev));
}

static u64 count_of(struct kunit *test, const char *file, const char *name)
{
	char *text = kunit_kzalloc(test, STATS_ROOM, GFP_KERNEL), line[40];
	const char *at;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_EQ_MSG(test, pvio_loop_debugfs(file, text, STATS_ROOM), 0, "%s",
			    file);
	snprintf(line, sizeof(line), "\n%s ", name);
	at = strstr(text, line);
	KUNIT_ASSERT_NOT_NULL_MSG(test, at, "%s has no %s", file, name);
	return pvio_loop_add_up(at + strlen(line) - 1);
}

u64 net_back_count(struct kunit *test, const char *name)
{
	struct net_bench *b = test->priv;
	char file[64];

	back_stats(&b->link, file, sizeof(file));
	return count_of(test, file, name);
}
EXPORT_SYMBOL_GPL(net_back_count);

u64 net_front_count(struct kunit *test, const char *name)
{
	struct net_bench *b = test->priv;
	char file[64];

	front_stats(&b->link, file, sizeof(file));
	return count_of(test, file, name);
}
EXPORT_SYMBOL_GPL(net_front_count);

static int write_file(const char *path, const char *value)
{
	struct file *file;
	loff_t pos = 0;
	ssize_t done;

	file = pvio_loop_open(path, O_WRONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	done = kernel_write(file, value, strlen(value), &pos);
	filp_close(file, NULL);
	return done < 0 ? done : 0;
}

int net_param(const char *module, const char *name, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module,
		 name);
	return write_file(path, value);
}
EXPORT_SYMBOL_GPL(net_param);

int net_setting(const struct net_device *dev, const char *name, const char *value)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", dev->name, name);
	/* Where rtnl is taken, a process would find itself calling once more. */
	while ((err = write_file(path, value)) == -ERESTARTNOINTR) {
		clear_thread_flag(TIF_SIGPENDING);
		usleep_range(500, 1000);
	}
	return err;
}
EXPORT_SYMBOL_GPL(net_setting);

/* What it listens to it tells a moment later, for which it needs pages, too. */
static bool has_told(const struct net_link *link)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (pvio_loop_number(link->pair.front.own,
				     "request-multicast-control"))
			return true;
		usleep_range(500, 1000);
	}
	return false;
}

int net_bench_init(struct kunit *test)
{
	struct net_bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	enum pvio_resource res;

	/* Who fails here is ended, too, with what the case before has left. */
	test->priv = NULL;
	if (!b)
		return -ENOMEM;
	/* It makes pages as it needs them; from here on it needs no more. */
	if (!bystander || !net_connected(bystander) || !has_told(bystander) ||
	    !net_ping(bystander))
		return -ENODEV;
	test->priv = b;
	for (res = 0; res < PVIO_RES_NR; res++)
		b->held[res] = pvio_outstanding(res);
	b->grants = pvio_loop_grants_in_use();
	kmsg_dump_rewind(&b->log);
	net_log_mark(b);
	return make_link(&b->link, LOOP_FRONT_DOMAIN, 0);
}
EXPORT_SYMBOL_GPL(net_bench_init);

static void check_book(struct kunit *test)
{
	struct net_bench *b = test->priv;
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		KUNIT_EXPECT_EQ_MSG(test, pvio_outstanding(res), b->held[res],
				    "%s", pvio_resource_name(res));
	KUNIT_EXPECT_EQ(test, pvio_loop_grants_in_use(), b->grants);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
}

static void check_log(struct kunit *test)
{
	struct net_bench *b = test->priv;
	unsigned int ends = b->link.front.plugs + b->link.back.plugs;
	unsigned int periods = (jiffies - b->began) / LOG_PERIOD;

	KUNIT_EXPECT_LE(test, net_log_lines(b, ""),
			LOG_BURST * (ends + 2 * periods));
}

/* Put all that a file in debugfs has into the log. */
static void print_file(struct kunit *test, const char *file)
{
	char *text = kunit_kzalloc(test, STATS_ROOM, GFP_KERNEL), *line;

	if (!text || pvio_loop_debugfs(file, text, STATS_ROOM))
		return;
	kunit_info(test, "%s:\n", file);
	while ((line = strsep(&text, "\n")))
		kunit_info(test, "%s\n", line);
}

/* Nobody lies to it; what its ends count tells where a packet stopped. */
static void check_bystander(struct kunit *test)
{
	bool alive = net_ping(bystander);
	char file[64];

	KUNIT_EXPECT_TRUE(test, alive);
	if (alive)
		return;
	back_stats(bystander, file, sizeof(file));
	print_file(test, file);
	front_stats(bystander, file, sizeof(file));
	print_file(test, file);
}

void net_bench_exit(struct kunit *test)
{
	struct net_bench *b = test->priv;

	if (!b)
		return;
	pvio_loop_flood_off();
	pvio_loop_fail_none();
	pvio_loop_fail_copies_with(0);
	check_log(test);
	net_source_stop(&b->source[0]);
	net_source_stop(&b->source[1]);
	net_reader_stop(&b->reader);
	net_front_close(b);
	net_back_close(b);
	drop_link(&b->link);
	check_bystander(test);
	check_book(test);
}
EXPORT_SYMBOL_GPL(net_bench_exit);

MODULE_DESCRIPTION("What the network suites of pvio share");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("pvio developers");
