// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Where a frontend's backend is: a backend's domain that was started anew has
 * another id, and the toolstack writes that, and the new path, into the
 * frontend's directory.
 */
#include "peer.h"

#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "door.h"
#include "keys.h"
#include "log.h"
#include "txn.h"

/**
 * struct place - what the frontend's directory says
 * @pdev: the device
 * @domain: the backend's
 * @path: its directory
 */
struct place {
	struct pvio_device *pdev;
	u32 domain;
	char path[PVIO_KEY_TEXT_MAX];
};

static const struct pvio_key place_keys[] = {
	PVIO_KEY(U32, "backend-id", struct place, domain, .max = U16_MAX),
	PVIO_KEY(STRING, "backend", struct place, path),
};

static int read_key(u32 txn, const struct pvio_key *key, struct place *place)
{
	const struct pvio_door *door = pvio_door();
	unsigned int len;
	char *text;
	int err;

	text = door->read(txn, door->path(place->pdev, PVIO_OWN), key->name,
			  &len);
	if (IS_ERR(text))
		return pvio_door_gone(text) ? -ENOENT : PTR_ERR(text);
	err = pvio_key_parse(key, text, len, place);
	kfree(text);
	return err;
}

/*
 * A backend's directory says whose it is, by the whole path.  The frontend's own
 * belongs to this domain, any program of which may have written there.
 */
static int check_back(u32 txn, const struct place *place)
{
	const char *own = pvio_door()->path(place->pdev, PVIO_OWN);
	size_t own_len = strlen(own);
	unsigned int len;
	char *text;
	int err = 0;

	text = pvio_door()->read(txn, place->path, "frontend", &len);
	if (IS_ERR(text))
		return pvio_door_gone(text) ? -ENOENT : PTR_ERR(text);
	if (len < own_len || strcmp(text + len - own_len, own))
		err = -ENOENT;
	kfree(text);
	return err;
}

static int read_keys(u32 txn, struct place *place)
{
	int i, err = 0;

	for (i = 0; i < ARRAY_SIZE(place_keys) && !err; i++)
		err = read_key(txn, &place_keys[i], place);
	return err;
}

/* All of one time: the new backend would be granted to the old one's domain. */
static int peer_read_place(u32 txn, void *arg)
{
	struct place *place = arg;
	int err = read_keys(txn, place);

	if (!err && !*place->path)
		err = -ENOENT;
	return err ?: check_back(txn, place);
}

/*
 * The usual case, each time that a device is probed.  Keys of two times are not
 * both what they were.
 */
static bool is_where_it_was(struct place *place)
{
	struct pvio_device *pdev = place->pdev;

	return !read_keys(0, place) && place->domain == pdev->peer_id &&
	       !strcmp(place->path, pvio_door()->path(pdev, PVIO_PEER));
}

/* What is no place leaves the backend where it was. */
static bool is_none(int err)
{
	return err == -ENOENT || err == -EINVAL || err == -ERANGE;
}

bool pvio_peer_moved(struct pvio_device *pdev)
{
	struct place place = { .pdev = pdev };
	int err;

	lockdep_assert_held(&pdev->lock);
	err = is_where_it_was(&place) ? 0 :
					pvio_txn_run(peer_read_place, &place);
	/* A directory that is being removed, or is nobody's backend, is no news. */
	if (is_none(err)) {
		if (err != -ENOENT)
			pvio_warn(pdev, "its directory names no backend (%d)",
				  err);
		return false;
	}
	if (!err)
		err = pvio_door()->move(pdev, place.domain, place.path);
	if (err < 0) {
		pvio_device_node_fired(pdev, "backend");
		pvio_device_look_later(pdev);
	}
	if (err > 0)
		pvio_info(pdev, "its backend is %s now", place.path);
	return err > 0;
}
