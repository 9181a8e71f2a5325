// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The control ring: a batch of requests goes out at once, and the event's
 * handler takes the answers, in whatever order they come.
 *
 * Only who set something and waits for the outcome waits, and not for long.  A
 * batch that is not answered is in the way of the next one, so that what the
 * backend may still read of the pages does not change.
 */
#include "ctrl.h"

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/mm.h>

#include "netdev.h"
#include "xenbus/device.h"
#include "xenbus/resource.h"

/* How long a backend may take for all of a batch. */
#define PATIENCE	(2 * HZ)

/* Answered once, with its type: else the backend lied. */
static bool accept(struct pvio_nf *nf, const struct xen_netif_ctrl_response *rsp)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	u16 nr = rsp->id - c->first;

	if (nr >= PVIO_NF_CTRL_BATCH || !(c->waiting & BIT(nr)) ||
	    c->type[nr] != rsp->type) {
		pvio_device_fault(nf->pdev,
				  "control ring: answer to request %u of type %u, which is not outstanding",
				  rsp->id, rsp->type);
		return false;
	}
	c->waiting &= ~BIT(nr);
	if (c->heard) {
		c->heard(nf, rsp);
		return true;
	}
	if (rsp->status == XEN_NETIF_CTRL_STATUS_SUCCESS)
		return true;
	c->status = rsp->status;
	pvio_warn(nf->pdev, "backend refuses control request of type %u (status %u)",
		  rsp->type, rsp->status);
	return true;
}

/* False when there was nothing. */
static bool take_some(struct pvio_nf *nf, enum pvio_verdict verdict)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	struct xen_netif_ctrl_response rsp;

	if (verdict == PVIO_BROKEN)
		pvio_device_fault(nf->pdev,
				  "control ring: more answers than requests");
	if (verdict != PVIO_OK)
		return false;
	while (pvio_netctrl_take_answer(&c->ring, &rsp) == PVIO_OK)
		if (!accept(nf, &rsp))
			return false;
	return true;
}

/* There are no more turns than requests. True: the event had a reason. */
static bool take_all(struct pvio_nf *nf)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	bool worked = c->ahead;

	c->ahead = false;
	worked |= take_some(nf, pvio_front_poll(&c->ring));
	while (!pvio_device_broken(nf->pdev) &&
	       take_some(nf, pvio_front_arm(&c->ring, 1)))
		c->ahead = true;
	return worked;
}

static irqreturn_t nf_ctrl_event(int irq, void *arg)
{
	struct pvio_nf *nf = arg;
	struct pvio_nf_ctrl *c = &nf->ctrl;
	unsigned long flags;
	bool worked;

	if (pvio_device_broken(nf->pdev))
		return IRQ_HANDLED;
	spin_lock_irqsave(&c->lock, flags);
	worked = take_all(nf);
	spin_unlock_irqrestore(&c->lock, flags);
	if (!pvio_device_broken(nf->pdev))
		pvio_event_done(&c->event, worked);
	wake_up_all(&c->answered);
	return IRQ_HANDLED;
}

void pvio_nf_ctrl_init(struct pvio_nf *nf)
{
	spin_lock_init(&nf->ctrl.lock);
	init_waitqueue_head(&nf->ctrl.answered);
}

static int start_ring(struct pvio_nf *nf)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	int err;

	err = pvio_shared_grant(nf->pdev, &c->shared, 1);
	if (err)
		return err;
	pvio_front_init(&c->ring, &pvio_netctrl_ring, c->shared.vaddr,
			c->shared.bytes);
	c->waiting = 0;
	c->status = 0;
	c->ahead = false;
	c->event.handler = nf_ctrl_event;
	c->event.arg = nf;
	snprintf(c->event.name, sizeof(c->event.name), "%s-ctrl",
		 dev_name(nf->pdev->dev));
	return pvio_event_open(nf->pdev, &c->event);
}

void pvio_nf_ctrl_start(struct pvio_nf *nf)
{
	int err;

	if (!nf->peer.ctrl)
		return;
	err = start_ring(nf);
	if (!err)
		return;
	pvio_info(nf->pdev, "no control ring (%d)", err);
	pvio_nf_ctrl_stop(nf);
}

void pvio_nf_ctrl_halt(struct pvio_nf *nf)
{
	WRITE_ONCE(nf->ctrl.open, false);
	wake_up_all(&nf->ctrl.answered);
}

/* The backend may still read them, and nobody complains. */
static void free_page_of(struct pvio_nf_ctrl *c, unsigned int which)
{
	if (!c->page[which])
		return;
	pvio_ungrant_later(&c->refs, c->ref[which], c->page[which]);
	c->page[which] = NULL;
	pvio_destroyed(PVIO_RES_PAGE, 1);
}

void pvio_nf_ctrl_stop(struct pvio_nf *nf)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	unsigned int i;

	pvio_event_close(&c->event);
	for (i = 0; i < PVIO_NF_CTRL_PAGES; i++)
		free_page_of(c, i);
	pvio_grefs_close(&c->refs);
	pvio_shared_close(nf->pdev, &c->shared);
}

static bool make_page(struct pvio_nf *nf, unsigned int which)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	struct page *page;

	if (!c->refs.pdev &&
	    pvio_grefs_open(nf->pdev, &c->refs, PVIO_NF_CTRL_PAGES))
		return false;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return false;
	c->ref[which] = pvio_grant(&c->refs, page,
				   which != PVIO_NF_CTRL_GREFS);
	if (c->ref[which] == PVIO_NO_GRANT) {
		__free_page(page);
		return false;
	}
	c->page[which] = page;
	pvio_created(PVIO_RES_PAGE, 1);
	return true;
}

void *pvio_nf_ctrl_page(struct pvio_nf *nf, enum pvio_nf_ctrl_page which)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;

	if (!c->page[which] && !make_page(nf, which))
		return NULL;
	return page_address(c->page[which]);
}

static bool put_all(struct pvio_nf_ctrl *c,
		    const struct xen_netif_ctrl_request *reqs, unsigned int nr)
{
	struct xen_netif_ctrl_request req;
	unsigned int i;

	c->first += PVIO_NF_CTRL_BATCH;
	c->status = 0;
	for (i = 0; i < nr; i++) {
		req = reqs[i];
		req.id = c->first + i;
		c->type[i] = req.type;
		c->waiting |= BIT(i);
		pvio_netctrl_put(&c->ring, &req);
	}
	return pvio_front_push(&c->ring);
}

int pvio_nf_ctrl_send(struct pvio_nf *nf,
		      const struct xen_netif_ctrl_request *reqs,
		      unsigned int nr,
		      void (*heard)(struct pvio_nf *nf,
				    const struct xen_netif_ctrl_response *rsp))
{
	struct pvio_nf_ctrl *c = &nf->ctrl;
	unsigned long flags;
	bool notify = false;
	int err = 0;

	if (pvio_device_broken(nf->pdev))
		return -EIO;
	spin_lock_irqsave(&c->lock, flags);
	if (c->waiting)
		err = -EBUSY;
	else
		notify = put_all(c, reqs, nr);
	if (!err)
		c->heard = heard;
	spin_unlock_irqrestore(&c->lock, flags);
	if (notify)
		pvio_event_notify(&c->event);
	return err;
}

static bool is_over(struct pvio_nf *nf)
{
	return !READ_ONCE(nf->ctrl.waiting) || !READ_ONCE(nf->ctrl.open) ||
	       pvio_device_broken(nf->pdev);
}

int pvio_nf_ctrl_wait(struct pvio_nf *nf)
{
	struct pvio_nf_ctrl *c = &nf->ctrl;

	if (!wait_event_timeout(c->answered, is_over(nf), PATIENCE))
		return -ETIMEDOUT;
	if (!READ_ONCE(c->open) || pvio_device_broken(nf->pdev))
		return -EIO;
	switch (READ_ONCE(c->status)) {
	case XEN_NETIF_CTRL_STATUS_SUCCESS:
		return 0;
	case XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}
