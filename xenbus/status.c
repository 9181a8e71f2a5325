// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The states of both ends as they stand in xenstore.
 */
#include "status.h"

#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/slab.h>

#include "door.h"
#include "log.h"
#include "trace.h"

/*
 * A node that is not there means that the peer is gone.  One that holds no
 * state, or cannot be read, says nothing: the peer is where it was.
 */
enum xenbus_state pvio_status_peer(struct pvio_device *pdev)
{
	u32 state = pvio_door()->peer_state(pdev);

	if (pvio_state_sane(state) == state)
		return state;
	if (state == PVIO_UNREAD_STATE)
		pvio_device_look_later(pdev);
	else
		pvio_warn(pdev, "its state is none, ignored");
	return pdev->seen ? pdev->seen : XenbusStateInitialising;
}

static int put_state(struct pvio_device *pdev, enum xenbus_state state,
		     enum xenbus_state peer)
{
	int err = 0;

	if (!READ_ONCE(pdev->silent))
		err = pvio_door()->set_state(pdev, state, peer);
	if (err && err != -ESTALE)
		pvio_device_look_later(pdev);
	return err;
}

void pvio_status_rewrite(struct pvio_device *pdev)
{
	pdev->unwritten = put_state(pdev, pdev->state, XenbusStateUnknown);
}

static void note_state(struct pvio_device *pdev, enum xenbus_state state)
{
	trace_state_change(pdev, state);
	pdev->state = state;
}

void pvio_status_write(struct pvio_device *pdev, enum xenbus_state state)
{
	lockdep_assert_held(&pdev->lock);
	if (pdev->state == state)
		return;
	note_state(pdev, state);
	pvio_status_rewrite(pdev);
}

int pvio_status_answer(struct pvio_device *pdev, enum xenbus_state state,
		       enum xenbus_state peer)
{
	int err = put_state(pdev, state, peer);

	if (!err)
		note_state(pdev, state);
	return err;
}

bool pvio_status_removed(struct pvio_device *pdev)
{
	const struct pvio_door *door = pvio_door();
	unsigned int len;
	char *text;

	text = door->read(0, door->path(pdev, PVIO_OWN), "state", &len);
	if (pvio_door_gone(text))
		return true;
	if (!IS_ERR(text))
		kfree(text);
	return false;
}
