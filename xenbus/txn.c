// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Transactions, and keys read and written inside them.
 */
#include "txn.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "door.h"

/*
 * Collisions are with the toolstack and settle within a few.  Who collides for
 * ever, a guest that rewrites its keys without end, is looked at again later.
 */
#define TXN_TRIES	8

/*
 * xenstored lets a domain that is not Dom0 have ten transactions at a time, and
 * all devices of a guest may connect at once; besides, one by one they do not
 * collide with each other.  Innermost but for the bus's own.
 */
static DEFINE_MUTEX(txn_lock);

static int run_locked(int (*body)(u32 txn, void *arg), void *arg)
{
	const struct pvio_door *door = pvio_door();
	u32 txn;
	int err;

	err = door->txn_start(&txn);
	if (err)
		return err;
	err = body(txn, arg);
	if (err) {
		door->txn_end(txn, true);
		return err;
	}
	return door->txn_end(txn, false);
}

static int run_once(int (*body)(u32 txn, void *arg), void *arg)
{
	int err;

	mutex_lock(&txn_lock);
	err = run_locked(body, arg);
	mutex_unlock(&txn_lock);
	return err;
}

int pvio_txn_run(int (*body)(u32 txn, void *arg), void *arg)
{
	int try, err = -EAGAIN;

	for (try = 0; try < TXN_TRIES && err == -EAGAIN; try++) {
		if (try)
			usleep_range(50 * try, 100 * try);
		err = run_once(body, arg);
	}
	return err;
}

/* One reading or writing of key sets; what failed is told after the loop. */
struct key_job {
	struct pvio_device *pdev;
	const char *base;
	const struct pvio_key_set *sets;
	unsigned int nr;
	const struct pvio_key *failed;
};

/* The directory of a set: the side's own, or one below it. */
static const char *set_path(const struct key_job *job,
			    const struct pvio_key_set *set, char **buf)
{
	*buf = NULL;
	if (!*set->dir)
		return job->base;
	*buf = kasprintf(GFP_KERNEL, "%s/%s", job->base, set->dir);
	return *buf;
}

static int txn_read_key(u32 txn, const char *dir, const struct pvio_key *key,
			void *values)
{
	unsigned int len = 0;
	char *text;
	int err;

	text = pvio_door()->read(txn, dir, key->name, &len);
	if (pvio_door_gone(text))
		return pvio_key_parse(key, NULL, 0, values);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = pvio_key_parse(key, text, len, values);
	kfree(text);
	return err;
}

static int write_key(u32 txn, const char *dir, const struct pvio_key *key,
		     const void *values)
{
	char text[PVIO_KEY_TEXT_MAX];

	if (!pvio_key_format(key, values, text, sizeof(text)))
		return 0;
	return pvio_door()->write(txn, dir, key->name, text);
}

static int each_key(u32 txn, struct key_job *job,
		    const struct pvio_key_set *set,
		    int (*op)(u32 txn, const char *dir,
			      const struct pvio_key *key, void *values))
{
	unsigned int i;
	const char *dir;
	int err = 0;
	char *buf;

	dir = set_path(job, set, &buf);
	if (!dir)
		return -ENOMEM;
	for (i = 0; i < set->nr && !err; i++) {
		err = op(txn, dir, &set->keys[i], set->values);
		if (err)
			job->failed = &set->keys[i];
	}
	kfree(buf);
	return err;
}

static int txn_read_all(u32 txn, void *arg)
{
	struct key_job *job = arg;
	unsigned int i;
	int err = 0;

	for (i = 0; i < job->nr && !err; i++)
		err = each_key(txn, job, &job->sets[i], txn_read_key);
	return err;
}

static int txn_put_key(u32 txn, const char *dir, const struct pvio_key *key,
		       void *values)
{
	return write_key(txn, dir, key, values);
}

static int txn_write_all(u32 txn, void *arg)
{
	struct key_job *job = arg;
	unsigned int i;
	int err = 0;

	for (i = 0; i < job->nr && !err; i++)
		err = each_key(txn, job, &job->sets[i], txn_put_key);
	return err;
}

static const char *complaint(int err)
{
	switch (err) {
	case -ENOENT:
		return "is missing";
	case -EINVAL:
		return "is malformed";
	case -ERANGE:
		return "is out of range";
	default:
		return "is not accessible";
	}
}

static bool is_one_key(const struct key_job *job)
{
	return job->nr == 1 && job->sets->nr == 1;
}

/* A transaction costs as much as two keys. */
static int run_job(struct key_job *job, bool together,
		   int (*body)(u32 txn, void *arg))
{
	int err = together ? pvio_txn_run(body, job) : body(0, job);

	if (!err)
		return 0;
	if (job->failed)
		pvio_err(job->pdev, "xenstore key %s %s (%d)",
			 job->failed->name, complaint(err), err);
	else
		pvio_err(job->pdev, "xenstore transaction failed (%d)", err);
	return err;
}

int pvio_keys_read(struct pvio_device *pdev, enum pvio_side side,
		   const struct pvio_key_set *sets, unsigned int nr)
{
	struct key_job job = {
		.pdev = pdev,
		.base = pvio_door()->path(pdev, side),
		.sets = sets,
		.nr = nr,
	};

	/*
	 * One value is of one time by itself, and so is what the toolstack wrote
	 * of this end before there was a device.
	 */
	return run_job(&job, side == PVIO_PEER && !is_one_key(&job),
		       txn_read_all);
}
EXPORT_SYMBOL_GPL(pvio_keys_read);

int pvio_keys_write(struct pvio_device *pdev, const struct pvio_key_set *sets,
		    unsigned int nr)
{
	struct key_job job = {
		.pdev = pdev,
		.base = pvio_door()->path(pdev, PVIO_OWN),
		.sets = sets,
		.nr = nr,
	};

	return run_job(&job, !is_one_key(&job), txn_write_all);
}
EXPORT_SYMBOL_GPL(pvio_keys_write);

int pvio_keys_remove(struct pvio_device *pdev, const char *name)
{
	const struct pvio_door *door = pvio_door();

	if (READ_ONCE(pdev->silent))
		return -ENOENT;
	return door->rm(0, door->path(pdev, PVIO_OWN), name);
}
EXPORT_SYMBOL_GPL(pvio_keys_remove);

/* Asking for each by name would take most of the time that a device connects. */
int pvio_keys_prune(struct pvio_device *pdev,
		    bool (*unwanted)(const char *name))
{
	const struct pvio_door *door = pvio_door();

	if (READ_ONCE(pdev->silent))
		return -ENOENT;
	return door->prune(door->path(pdev, PVIO_OWN), unwanted);
}
EXPORT_SYMBOL_GPL(pvio_keys_prune);
