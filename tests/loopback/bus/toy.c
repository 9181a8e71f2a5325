// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The toy device: a frontend and a backend with one ring, one event channel and
 * one granted page, and what the engine's suites do with a pair of them.
 */
#include "tests/loopback/bus/toy.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "ring/ring.h"

/* The backend's disconnect is not through before this is false again. */
bool toy_busy;
/* A frontend that leaves waits until this is false, or it is to hurry. */
bool toy_waits;
/* A frontend that leaves waits for one of the kernel's works. */
bool toy_flushes;
/* What probing a device says, unless it is 0. */
int toy_fails;
/* A backend that has read its peer's state stops once before it acts. */
bool toy_stops;
bool toy_pauses;
DECLARE_COMPLETION(toy_stopped);
DECLARE_COMPLETION(toy_goes_on);

struct toy_keys {
	u32 ring_ref;
	u32 port;
};

static const struct pvio_key toy_keys[] = {
	PVIO_KEY(U32, "ring-ref", struct toy_keys, ring_ref, .required = true),
	PVIO_KEY(U32, "event-channel", struct toy_keys, port,
		 .required = true, .min = 1),
};

static struct pvio_key_set toy_set(struct toy_keys *values)
{
	return (struct pvio_key_set)PVIO_KEY_SET(toy_keys, values);
}

static irqreturn_t toy_event(int irq, void *arg)
{
	struct toy *toy = arg;

	complete(&toy->heard);
	pvio_event_done(&toy->event, true);
	return IRQ_HANDLED;
}

static int toy_probe(struct pvio_device *pdev)
{
	struct toy *toy;

	if (READ_ONCE(toy_fails))
		return READ_ONCE(toy_fails);
	toy = kzalloc(sizeof(*toy), GFP_KERNEL);
	if (!toy)
		return -ENOMEM;
	toy->pdev = pdev;
	toy->ref = PVIO_NO_GRANT;
	toy->event.handler = toy_event;
	toy->event.arg = toy;
	init_completion(&toy->heard);
	pdev->priv = toy;
	return 0;
}

static void toy_remove(struct pvio_device *pdev)
{
	kfree(pdev->priv);
}

static int toy_grant_page(struct toy *toy)
{
	int err = pvio_grefs_open(toy->pdev, &toy->grefs, 1);

	if (err)
		return err;
	toy->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!toy->page)
		return -ENOMEM;
	toy->ref = pvio_grant(&toy->grefs, toy->page, false);
	return toy->ref == PVIO_NO_GRANT ? -ENOSPC : 0;
}

static int toy_publish(struct pvio_device *pdev)
{
	struct toy *toy = pdev->priv;
	struct toy_keys values;
	struct pvio_key_set set = toy_set(&values);
	int err;

	toy->publishings++;
	err = pvio_shared_grant(pdev, &toy->ring, 1);
	if (!err)
		err = pvio_event_open(pdev, &toy->event);
	if (!err)
		err = toy_grant_page(toy);
	if (err)
		return err;
	values.ring_ref = toy->ring.refs[0];
	values.port = toy->event.port;
	return pvio_keys_write(pdev, &set, 1);
}

static void stop_once(bool *when)
{
	if (!xchg(when, false))
		return;
	complete(&toy_stopped);
	wait_for_completion_timeout(&toy_goes_on,
				    msecs_to_jiffies(TOY_WAIT_MS));
}

static int toy_front_connect(struct pvio_device *pdev)
{
	struct toy *toy = pdev->priv;

	stop_once(&toy_pauses);
	pvio_event_notify(&toy->event);
	return 0;
}

static int toy_back_connect(struct pvio_device *pdev)
{
	struct toy *toy = pdev->priv;
	struct toy_keys values;
	struct pvio_key_set set = toy_set(&values);
	int err;

	err = pvio_keys_read(pdev, PVIO_PEER, &set, 1);
	if (!err)
		err = pvio_shared_map(pdev, &toy->ring, &values.ring_ref, 1);
	if (!err)
		err = pvio_event_bind(pdev, &toy->event, values.port);
	if (!err)
		pvio_event_notify(&toy->event);
	return err;
}

static void toy_free_page(struct toy *toy)
{
	if (toy->ref == PVIO_NO_GRANT) {
		if (toy->page)
			__free_page(toy->page);
	} else if (pvio_ungrant(&toy->grefs, toy->ref)) {
		__free_page(toy->page);
	} else {
		pvio_ungrant_later(&toy->grefs, toy->ref, toy->page);
	}
	toy->page = NULL;
	toy->ref = PVIO_NO_GRANT;
}

static bool toy_disconnect(struct pvio_device *pdev)
{
	struct toy *toy = pdev->priv;

	pvio_event_close(&toy->event);
	pvio_shared_close(pdev, &toy->ring);
	if (toy->page)
		toy_free_page(toy);
	pvio_grefs_close(&toy->grefs);
	return true;
}

static bool toy_closing(struct pvio_device *pdev)
{
	struct toy *toy = pdev->priv;

	toy->closings++;
	return true;
}

/* As a disk that does not answer. */
static bool toy_back_disconnect(struct pvio_device *pdev)
{
	return !READ_ONCE(toy_busy) && toy_disconnect(pdev);
}

static int toy_back_ready(struct pvio_device *pdev)
{
	stop_once(&toy_stops);
	return 1;
}

static void toy_slow_work(struct work_struct *work)
{
	msleep(100);
}

static DECLARE_WORK(toy_slow, toy_slow_work);

/* As unregistering an interface does whose packets wait on some CPU. */
static void toy_flush(void)
{
	queue_work(system_highpri_wq, &toy_slow);
	flush_work(&toy_slow);
}

/* As a disk whose last requests wait for the backend; but not for ever. */
static void toy_front_retire(struct pvio_device *pdev)
{
	unsigned long end = jiffies + msecs_to_jiffies(TOY_WAIT_MS);

	if (READ_ONCE(toy_flushes))
		toy_flush();
	while (READ_ONCE(toy_waits) && !pvio_device_hurried(pdev) &&
	       time_before(jiffies, end))
		msleep(20);
}

static int toy_show_ref(struct pvio_device *pdev, char *text)
{
	const struct toy *toy = pdev->priv;

	return sysfs_emit(text, "%u\n", READ_ONCE(toy->ref));
}

static struct pvio_attr toy_attrs[] = {
	PVIO_ATTR_SHOW("ref", toy_show_ref, .without = "none"),
	PVIO_ATTR(U32, "closings", struct toy, closings, .stays = true),
	{}
};

struct pvio_driver toy_front = {
	.name = "pvio-toy-front",
	.type = "vif",
	.role = PVIO_FRONT_LATE,
	.owner = THIS_MODULE,
	.probe = toy_probe,
	.publish = toy_publish,
	.connect = toy_front_connect,
	.disconnect = toy_disconnect,
	.closing = toy_closing,
	.retire = toy_front_retire,
	.remove = toy_remove,
	.attrs = toy_attrs,
};

struct pvio_driver toy_back = {
	.name = "pvio-toy-back",
	.type = "vif",
	.role = PVIO_BACK,
	.owner = THIS_MODULE,
	.probe = toy_probe,
	.connect = toy_back_connect,
	.disconnect = toy_back_disconnect,
	.ready = toy_back_ready,
	.remove = toy_remove,
	.attrs = toy_attrs,
};

static void note_held(s64 *held)
{
	enum pvio_resource res;

	for (res = 0; res < PVIO_RES_NR; res++)
		held[res] = pvio_outstanding(res);
}

int toy_init(struct kunit *test)
{
	struct toy_bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	test->priv = b;
	note_held(b->held);
	b->grants = pvio_loop_grants_in_use();
	err = pvio_register_driver(&toy_back);
	if (!err)
		err = pvio_register_driver(&toy_front);
	if (!err)
		err = pvio_loop_make(&b->pair, LOOP_FRONT_DOMAIN, "vif", 0);
	return err;
}

void toy_exit(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	enum pvio_resource res;

	pvio_loop_fail_none();
	pvio_loop_drop(&b->pair);
	pvio_unregister_driver(&toy_front);
	pvio_unregister_driver(&toy_back);
	for (res = 0; res < PVIO_RES_NR; res++)
		KUNIT_EXPECT_EQ_MSG(test, pvio_outstanding(res), b->held[res],
				    "%s", pvio_resource_name(res));
	KUNIT_EXPECT_EQ(test, pvio_loop_grants_in_use(), b->grants);
	KUNIT_EXPECT_EQ(test, pvio_loop_unbalanced(), 0);
}

bool toy_both_connected(struct toy_bench *b)
{
	return pvio_loop_wait(&b->pair.back, XenbusStateConnected, TOY_WAIT_MS) &&
	       pvio_loop_wait(&b->pair.front, XenbusStateConnected, TOY_WAIT_MS);
}

bool toy_both_closed(struct toy_bench *b)
{
	return pvio_loop_wait(&b->pair.back, XenbusStateClosed, TOY_WAIT_MS) &&
	       pvio_loop_wait(&b->pair.front, XenbusStateClosed, TOY_WAIT_MS);
}

void toy_plug_both(struct kunit *test)
{
	struct toy_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.back), 0);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
}

/* A new frontend connects and an event goes each way. */
void toy_expect_heals(struct kunit *test)
{
	struct toy_bench *b = test->priv;
	struct toy *front, *back;

	pvio_loop_fail_none();
	pvio_loop_unplug(&b->pair.front);
	KUNIT_ASSERT_EQ(test, pvio_loop_plug(&b->pair.front), 0);
	KUNIT_ASSERT_TRUE(test, toy_both_connected(b));
	front = b->pair.front.pdev->priv;
	back = b->pair.back.pdev->priv;
	reinit_completion(&front->heard);
	reinit_completion(&back->heard);
	pvio_event_notify(&front->event);
	pvio_event_notify(&back->event);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&back->heard, HZ), 0);
	KUNIT_EXPECT_NE(test, wait_for_completion_timeout(&front->heard, HZ),
			0);
}
