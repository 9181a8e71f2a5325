// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The control ring: taken, served and answered by a work item.
 *
 * A run serves what was there when it began, a ring full at most, and then
 * makes room for others.  An event while it runs does nothing: the channel is
 * masked from the first one until nothing is left.
 */
#include "ctrl.h"

#include <linux/bitops.h>
#include <linux/kernel.h>

#include "compat/pvio_compat.h"
#include "gref_map.h"
#include "hash.h"
#include "ring/netctrl.h"
#include "vif.h"
#include "xenbus/device.h"

static void serve_again(struct pvio_nb_ctrl *ctrl)
{
	queue_work(system_dfl_wq, &ctrl->work);
}

static irqreturn_t nb_ctrl_event(int irq, void *arg)
{
	struct pvio_nb_ctrl *ctrl = arg;

	set_bit(0, &ctrl->events.raised);
	serve_again(ctrl);
	return IRQ_HANDLED;
}

static bool saw(struct pvio_nb_vif *vif, enum pvio_verdict verdict)
{
	if (verdict == PVIO_OK)
		pvio_nb_events_met(&vif->ctrl.events);
	else if (verdict == PVIO_BROKEN)
		pvio_device_fault(vif->pdev,
				  "control ring: impossible request index");
	return verdict == PVIO_OK;
}

static u32 serve_type(struct pvio_nb_vif *vif,
		      const struct pvio_netctrl_request *req, u32 *data)
{
	switch (req->type) {
	case PVIO_NETCTRL_GET_GREF_MAPPING_SIZE:
	case PVIO_NETCTRL_ADD_GREF_MAPPING:
	case PVIO_NETCTRL_DEL_GREF_MAPPING:
		return pvio_nb_gref_map_serve(vif, req, data);
	default:
		return pvio_nb_hash_serve(vif, req, data);
	}
}

/* The one place where control requests are answered. */
static bool serve_one(struct pvio_nb_vif *vif)
{
	struct pvio_back_ring *ring = &vif->ctrl.ring;
	struct pvio_netctrl_request req;
	u32 status, data = 0;

	switch (pvio_netctrl_take(ring, &req)) {
	case PVIO_OK:
		status = serve_type(vif, &req, &data);
		break;
	case PVIO_BAD:
		status = req.status;
		break;
	default:
		return false;
	}
	pvio_netctrl_answer(ring, &req, status, data);
	return true;
}

static void serve_all(struct pvio_nb_vif *vif)
{
	struct pvio_nb_ctrl *ctrl = &vif->ctrl;

	while (!READ_ONCE(ctrl->stopped) && serve_one(vif))
		;
	if (pvio_back_push(&ctrl->ring))
		pvio_event_notify(&ctrl->events.channel);
}

static void finish_event(struct pvio_nb_events *events)
{
	if (!test_and_clear_bit(0, &events->raised))
		return;
	pvio_event_done(&events->channel, pvio_nb_events_take_due(events));
}

static void nb_ctrl_work(struct work_struct *work)
{
	struct pvio_nb_ctrl *ctrl = container_of(work, struct pvio_nb_ctrl,
						 work);
	struct pvio_nb_vif *vif = container_of(ctrl, struct pvio_nb_vif, ctrl);

	if (READ_ONCE(ctrl->stopped) || pvio_device_broken(vif->pdev))
		return;
	if (saw(vif, pvio_back_poll(&ctrl->ring)))
		serve_all(vif);
	if (READ_ONCE(ctrl->stopped) || pvio_device_broken(vif->pdev))
		return;
	pvio_nb_events_arm(&ctrl->events);
	if (saw(vif, pvio_back_arm(&ctrl->ring, 1)))
		serve_again(ctrl);
	else if (!pvio_device_broken(vif->pdev))
		finish_event(&ctrl->events);
}

void pvio_nb_ctrl_init(struct pvio_nb_ctrl *ctrl)
{
	INIT_WORK(&ctrl->work, nb_ctrl_work);
}

static int bind_channel(struct pvio_nb_vif *vif, u32 port)
{
	struct pvio_event *ev = &vif->ctrl.events.channel;

	ev->arg = &vif->ctrl;
	ev->handler = nb_ctrl_event;
	snprintf(ev->name, sizeof(ev->name), "%s-ctrl", vif->dev->name);
	return pvio_event_bind(vif->pdev, ev, port);
}

static int start_ring(struct pvio_nb_vif *vif, u32 ref, u32 port)
{
	struct pvio_nb_ctrl *ctrl = &vif->ctrl;
	int err;

	pvio_nb_events_reset(&ctrl->events);
	ctrl->stopped = false;
	err = pvio_shared_map(vif->pdev, &ctrl->shared, &ref, 1);
	if (!err)
		err = pvio_back_attach(&ctrl->ring, &pvio_netctrl_ring,
				       ctrl->shared.vaddr, ctrl->shared.bytes);
	if (!err)
		err = bind_channel(vif, port);
	if (err)
		pvio_err(vif->pdev, "control ring: cannot start (%d)", err);
	else
		serve_again(ctrl);
	return err;
}

int pvio_nb_ctrl_start(struct pvio_nb_vif *vif, u32 ref, u32 port)
{
	if (!ref && !port)
		return 0;
	if (ref && port)
		return start_ring(vif, ref, port);
	pvio_err(vif->pdev, "control ring: %s is missing",
		 ref ? "event-channel-ctrl" : "ctrl-ring-ref");
	return -EINVAL;
}

/*
 * Who runs between the first wait and the closing of the channel sees that it
 * is not to, and uses neither.
 */
void pvio_nb_ctrl_stop(struct pvio_nb_vif *vif)
{
	struct pvio_nb_ctrl *ctrl = &vif->ctrl;

	WRITE_ONCE(ctrl->stopped, true);
	cancel_work_sync(&ctrl->work);
	pvio_event_close(&ctrl->events.channel);
	cancel_work_sync(&ctrl->work);
	pvio_shared_close(vif->pdev, &ctrl->shared);
	pvio_nb_hash_reset(vif);
}
