// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a guest tells its toolstack about its drivers.
 */
#include "advert.h"

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "door.h"
#include "state.h"

#define DIR	"drivers"
/* Other drivers' entries may be there; more than so many are not looked through. */
#define PLACES	16

/* Two drivers do not take the same place. */
static DEFINE_MUTEX(advert_lock);

/* 1: @text stands there; 0: nothing does; or an error. */
static int look_at(const char *place, const char *text)
{
	unsigned int len;
	char *found;
	int err;

	found = pvio_door()->read(0, DIR, place, &len);
	if (IS_ERR(found))
		return PTR_ERR(found) == -ENOENT ? 0 : PTR_ERR(found);
	err = strcmp(found, text) ? -EEXIST : 1;
	kfree(found);
	return err;
}

/* A place for @text, which may be there: 1, or 0; or an error. */
static int find_place(const char *text, char *place, size_t size)
{
	unsigned int i;
	int found;

	for (i = 0; i < PLACES; i++) {
		snprintf(place, size, "%u", i);
		found = look_at(place, text);
		if (found != -EEXIST)
			return found;
	}
	return -ENOSPC;
}

static void say(const struct pvio_driver *drv, bool show)
{
	char text[64], place[12];
	int found;

	snprintf(text, sizeof(text), "pvio %s %s", drv->name, PVIO_RELEASE);
	mutex_lock(&advert_lock);
	found = find_place(text, place, sizeof(place));
	if (show && !found)
		pvio_door()->write(0, DIR, place, text);
	else if (!show && found == 1)
		pvio_door()->rm(0, DIR, place);
	mutex_unlock(&advert_lock);
}

void pvio_advert_show(const struct pvio_driver *drv)
{
	say(drv, true);
}

void pvio_advert_hide(const struct pvio_driver *drv)
{
	if (drv->role != PVIO_BACK)
		say(drv, false);
}
