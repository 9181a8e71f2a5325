// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters with a range.
 */
#include "params.h"

#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>

static int set(const char *text, const struct kernel_param *kp)
{
	const struct pvio_param *p = kp->arg;
	unsigned int value;
	int err;

	err = kstrtouint(text, 0, &value);
	if (!err && (value < p->min || value > p->max))
		err = -ERANGE;
	if (err) {
		pr_err("%s: %s must be a number from %u to %u\n",
		       module_name(kp->mod), kp->name, p->min, p->max);
		return err;
	}
	WRITE_ONCE(*p->value, value);
	return 0;
}

static int get(char *buffer, const struct kernel_param *kp)
{
	const struct pvio_param *p = kp->arg;

	return sprintf(buffer, "%u\n", READ_ONCE(*p->value));
}

const struct kernel_param_ops pvio_param_ops = {
	.set = set,
	.get = get,
};
EXPORT_SYMBOL_GPL(pvio_param_ops);
