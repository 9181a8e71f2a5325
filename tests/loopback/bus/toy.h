/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * The toy device, through which the handshake engine is tested against itself.
 */
#ifndef PVIO_TESTS_TOY_H
#define PVIO_TESTS_TOY_H

#include <kunit/test.h>
#include <linux/completion.h>

#include "tests/loopback/loop.h"
#include "xenbus/channel.h"
#include "xenbus/grants.h"
#include "xenbus/resource.h"

/* Long enough for any handshake here, unless it hangs. */
#define TOY_WAIT_MS	2000

/**
 * struct toy - one end of the toy device
 * @pdev: its device
 * @ring: the ring's page
 * @event: the event channel
 * @grefs: frontend: one reference
 * @page: frontend: a page granted with it
 * @ref: the reference, or PVIO_NO_GRANT
 * @heard: an event came
 * @closings: times that the frontend was told to take no new work
 * @publishings: times that it published
 */
struct toy {
	struct pvio_device *pdev;
	struct pvio_shared ring;
	struct pvio_event event;
	struct pvio_grefs grefs;
	struct page *page;
	u32 ref;
	struct completion heard;
	unsigned int closings;
	unsigned int publishings;
};

/**
 * struct toy_bench - a pair, and what was held before there was one
 * @pair: the pair
 * @held: of each resource
 * @grants: in the loopback's table
 */
struct toy_bench {
	struct loop_pair pair;
	s64 held[PVIO_RES_NR];
	unsigned int grants;
};

extern struct pvio_driver toy_front;
extern struct pvio_driver toy_back;
/* While it is true a backend's disconnect is not through. */
extern bool toy_busy;
/* While it is true a frontend that leaves waits until it is to hurry. */
extern bool toy_waits;
/* A frontend that leaves waits for one of the kernel's works. */
extern bool toy_flushes;
/* What probing a device says, unless it is 0. */
extern int toy_fails;
/* When it is true a backend that has read its peer's state stops, once. */
extern bool toy_stops;
/* When it is true a frontend that connects stops, once. */
extern bool toy_pauses;
/* Either has, and: it may go on. */
extern struct completion toy_stopped;
extern struct completion toy_goes_on;

/* A suite's init and exit: at the end what is held is what was held. */
int toy_init(struct kunit *test);
void toy_exit(struct kunit *test);

void toy_plug_both(struct kunit *test);
bool toy_both_connected(struct toy_bench *b);
bool toy_both_closed(struct toy_bench *b);
/* A new frontend connects and an event goes each way. */
void toy_expect_heals(struct kunit *test);

#endif /* PVIO_TESTS_TOY_H */
