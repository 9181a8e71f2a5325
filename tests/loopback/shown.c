// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Reading what sysfs and debugfs show of a device, as programs do.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "tests/loopback/loop.h"

#define SAY_WAIT	(10 * HZ)

/* A kernel thread's own files are none in later kernels. */
struct file *pvio_loop_open(const char *path, int flags)
{
#ifdef scoped_with_init_fs
	scoped_with_init_fs()
		return filp_open(path, flags, 0);
#endif
	return filp_open(path, flags, 0);
}
EXPORT_SYMBOL_GPL(pvio_loop_open);

int pvio_loop_attr(const struct loop_end *end, const char *name, char *text,
		   size_t room)
{
	struct file *file;
	char path[96];
	loff_t pos = 0;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/devices/%s/pvio/%s",
		 dev_name(end->dev), name);
	file = pvio_loop_open(path, O_RDONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read(file, text, room - 1, &pos);
	filp_close(file, NULL);
	if (len <= 0)
		return len ?: -EIO;
	/* Each is a line, and no more. */
	text[len] = '\0';
	if (strchr(text, '\n') != text + len - 1)
		return -EINVAL;
	text[len - 1] = '\0';
	return 0;
}
EXPORT_SYMBOL_GPL(pvio_loop_attr);

const char *pvio_loop_says(const struct loop_end *end, const char *name)
{
	static char text[256];
	int err = pvio_loop_attr(end, name, text, sizeof(text));

	if (err)
		snprintf(text, sizeof(text), "not read (%d)", err);
	return text;
}
EXPORT_SYMBOL_GPL(pvio_loop_says);

const char *pvio_loop_comes_to_say(const struct loop_end *end, const char *name,
				   const char *text)
{
	const unsigned long until = jiffies + SAY_WAIT;

	while (strcmp(pvio_loop_says(end, name), text) &&
	       time_before(jiffies, until))
		msleep(20);
	return pvio_loop_says(end, name);
}
EXPORT_SYMBOL_GPL(pvio_loop_comes_to_say);

/* What a read of it would do, with a buffer of the kernel's. */
void pvio_loop_show_all(struct seq_file *m, char *text, size_t room)
{
	loff_t pos = 0;
	void *at;

	m->buf = text;
	m->size = room;
	at = m->op->start(m, &pos);
	while (!IS_ERR_OR_NULL(at)) {
		m->op->show(m, at);
		at = m->op->next(m, at, &pos);
	}
	m->op->stop(m, at);
	text[min(m->count, room - 1)] = '\0';
	m->buf = NULL;
	m->size = 0;
	m->count = 0;
}
EXPORT_SYMBOL_GPL(pvio_loop_show_all);

int pvio_loop_debugfs(const char *name, char *text, size_t room)
{
	struct file *file;
	char path[112];
	int err;

	snprintf(path, sizeof(path), "/sys/kernel/debug/pvio/%s", name);
	file = pvio_loop_open(path, O_RDONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = debugfs_file_get(file->f_path.dentry);
	if (!err) {
		pvio_loop_show_all(file->private_data, text, room);
		debugfs_file_put(file->f_path.dentry);
	}
	filp_close(file, NULL);
	return err;
}
EXPORT_SYMBOL_GPL(pvio_loop_debugfs);

u64 pvio_loop_add_up(const char *at)
{
	unsigned long long value;
	u64 sum = 0;
	int len;

	while (*at == ' ' && sscanf(at, " %llu%n", &value, &len) == 1) {
		sum += value;
		at += len;
	}
	return sum;
}
EXPORT_SYMBOL_GPL(pvio_loop_add_up);
