// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The loopback's xenstore: a list of nodes, and watches that fire one at a
 * time from one worker, as the kernel's xenwatch thread does.
 */
#include "tests/loopback/loop.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "xenbus/door.h"

struct node {
	struct list_head list;
	char path[96];
	unsigned int len;
	char *data;
};

/* Of a directory. */
struct store_watch {
	struct list_head list;
	char path[96];
	struct pvio_device *pdev;
	struct work_struct work;
};

static LIST_HEAD(nodes);
static LIST_HEAD(watches);
static DEFINE_MUTEX(store_lock);	/* covers both lists */

static struct node *find_node(const char *path)
{
	struct node *n;

	lockdep_assert_held(&store_lock);
	list_for_each_entry(n, &nodes, list)
		if (!strcmp(n->path, path))
			return n;
	return NULL;
}

static void free_node(struct node *n)
{
	list_del(&n->list);
	kfree(n->data);
	kfree(n);
}

static bool concerns(const struct store_watch *sw, const char *path)
{
	size_t len = strlen(sw->path);

	return !strncmp(path, sw->path, len) && path[len] == '/' &&
	       pvio_device_node_fired(sw->pdev, path + len + 1);
}

static void fire_watches(const char *path)
{
	struct store_watch *sw;

	mutex_lock(&store_lock);
	list_for_each_entry(sw, &watches, list)
		if (concerns(sw, path))
			pvio_loop_queue(&sw->work);
	mutex_unlock(&store_lock);
	pvio_loop_changed(path);
}

static struct node *make_node(const char *path)
{
	struct node *n = kzalloc(sizeof(*n), GFP_KERNEL);

	if (!n)
		return NULL;
	strscpy(n->path, path, sizeof(n->path));
	list_add(&n->list, &nodes);
	return n;
}

static int set_node(const char *path, const void *data, unsigned int len)
{
	char *copy = kmemdup_nul(data, len, GFP_KERNEL);
	struct node *n;

	if (!copy)
		return -ENOMEM;
	n = find_node(path) ?: make_node(path);
	if (!n) {
		kfree(copy);
		return -ENOMEM;
	}
	kfree(n->data);
	n->data = copy;
	n->len = len;
	return 0;
}

int pvio_loop_put_bytes(const char *dir, const char *node, const void *data,
			unsigned int len)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	mutex_lock(&store_lock);
	err = set_node(path, data, len);
	mutex_unlock(&store_lock);
	if (!err)
		fire_watches(path);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_loop_put_bytes);

int pvio_loop_put(const char *dir, const char *node, const char *text)
{
	return pvio_loop_put_bytes(dir, node, text, strlen(text));
}
EXPORT_SYMBOL_GPL(pvio_loop_put);

int pvio_loop_put_again(const char *dir, const char *node, const char *text)
{
	char path[96];
	int err = -ENOENT;

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	mutex_lock(&store_lock);
	if (find_node(path))
		err = set_node(path, text, strlen(text));
	mutex_unlock(&store_lock);
	if (!err)
		fire_watches(path);
	return err;
}

/* And all below it. */
static bool free_tree(const char *path)
{
	size_t len = strlen(path);
	struct node *n, *next;
	bool found = false;

	lockdep_assert_held(&store_lock);
	list_for_each_entry_safe(n, next, &nodes, list) {
		if (strncmp(n->path, path, len) ||
		    (n->path[len] && n->path[len] != '/'))
			continue;
		free_node(n);
		found = true;
	}
	return found;
}

int pvio_loop_remove(const char *dir, const char *node)
{
	char path[96];
	bool found;

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	mutex_lock(&store_lock);
	found = free_tree(path);
	mutex_unlock(&store_lock);
	if (found)
		fire_watches(path);
	return found ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(pvio_loop_remove);

/* A directory has no node of its own here. */
static bool prune_one(const char *dir, bool (*unwanted)(const char *node),
		      char *path, size_t size)
{
	size_t len = strlen(dir);
	char name[96];
	struct node *n;

	lockdep_assert_held(&store_lock);
	list_for_each_entry(n, &nodes, list) {
		if (strncmp(n->path, dir, len) || n->path[len] != '/')
			continue;
		strscpy(name, n->path + len + 1, sizeof(name));
		*strchrnul(name, '/') = '\0';
		if (!unwanted(name))
			continue;
		snprintf(path, size, "%s/%s", dir, name);
		return free_tree(path);
	}
	return false;
}

void pvio_loop_prune(const char *dir, bool (*unwanted)(const char *node))
{
	char path[96];
	bool found;

	do {
		mutex_lock(&store_lock);
		found = prune_one(dir, unwanted, path, sizeof(path));
		mutex_unlock(&store_lock);
		if (found)
			fire_watches(path);
	} while (found);
}
EXPORT_SYMBOL_GPL(pvio_loop_prune);

char *pvio_loop_get(const char *dir, const char *node, unsigned int *len)
{
	char *copy = NULL;
	struct node *n;
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", dir, node);
	mutex_lock(&store_lock);
	n = find_node(path);
	if (n) {
		copy = kmemdup_nul(n->data, n->len, GFP_KERNEL);
		*len = n->len;
	}
	mutex_unlock(&store_lock);
	if (!n)
		return ERR_PTR(-ENOENT);
	return copy ?: ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(pvio_loop_get);

unsigned long pvio_loop_number(const char *dir, const char *node)
{
	unsigned long value = 0;
	unsigned int len;
	char *text;

	text = pvio_loop_get(dir, node, &len);
	if (IS_ERR(text))
		return 0;
	if (kstrtoul(text, 10, &value))
		value = 0;
	kfree(text);
	return value;
}
EXPORT_SYMBOL_GPL(pvio_loop_number);

/* Remove a directory with all below it; the state watches see it go. */
void pvio_loop_store_clear(const char *dir)
{
	size_t len = strlen(dir);
	struct node *n, *next;
	char path[96];

	mutex_lock(&store_lock);
	list_for_each_entry_safe(n, next, &nodes, list)
		if (!strncmp(n->path, dir, len) && n->path[len] == '/')
			free_node(n);
	mutex_unlock(&store_lock);
	snprintf(path, sizeof(path), "%s/online", dir);
	fire_watches(path);
	snprintf(path, sizeof(path), "%s/state", dir);
	fire_watches(path);
}
EXPORT_SYMBOL_GPL(pvio_loop_store_clear);

static void watch_work(struct work_struct *work)
{
	struct store_watch *sw = container_of(work, struct store_watch, work);

	pvio_loop_watch_begin();
	pvio_device_look(sw->pdev);
	pvio_loop_watch_end();
}

int pvio_loop_store_watch(struct pvio_device *pdev, const char *dir)
{
	struct store_watch *sw = kzalloc(sizeof(*sw), GFP_KERNEL);

	if (!sw)
		return -ENOMEM;
	strscpy(sw->path, dir, sizeof(sw->path));
	sw->pdev = pdev;
	INIT_WORK(&sw->work, watch_work);
	pdev->watch = sw;
	mutex_lock(&store_lock);
	list_add(&sw->list, &watches);
	mutex_unlock(&store_lock);
	/* As in Xen, a new watch fires once by itself. */
	pvio_device_node_fired(pdev, "");
	pvio_loop_queue(&sw->work);
	return 0;
}

/*
 * A device is unregistered inside one of its watches; as these run one at a
 * time, none of its others runs then.
 */
void pvio_loop_store_unwatch(struct pvio_device *pdev)
{
	struct store_watch *sw = pdev->watch;

	mutex_lock(&store_lock);
	list_del(&sw->list);
	mutex_unlock(&store_lock);
	if (pvio_loop_in_watch())
		cancel_work(&sw->work);
	else
		cancel_work_sync(&sw->work);
	kfree(sw);
}
