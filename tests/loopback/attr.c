// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading what sysfs shows of a device, through the file system as programs do.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "tests/loopback/loop.h"

int pvio_loop_attr(const struct loop_end *end, const char *name, char *text,
		   size_t room)
{
	struct file *file;
	char path[96];
	loff_t pos = 0;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/devices/%s/pvio/%s",
		 dev_name(end->dev), name);
	file = filp_open(path, O_RDONLY, 0);
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
