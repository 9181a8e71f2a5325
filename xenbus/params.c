// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Module parameters: numbers with a range, and switches of static keys.
 */
#include "params.h"

#include <linux/export.h>
#include <linux/jump_label.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>

static int params_set(const char *text, const struct kernel_param *kp)
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

static int params_get(char *buffer, const struct kernel_param *kp)
{
	const struct pvio_param *p = kp->arg;

	return sprintf(buffer, "%u\n", READ_ONCE(*p->value));
}

const struct kernel_param_ops pvio_param_ops = {
	.set = params_set,
	.get = params_get,
};
EXPORT_SYMBOL_GPL(pvio_param_ops);

/* The name alone switches on, as with any bool. */
static int params_set_switch(const char *text, const struct kernel_param *kp)
{
	struct static_key *key = kp->arg;
	bool on = true;
	int err = text ? kstrtobool(text, &on) : 0;

	if (err) {
		pr_err("%s: %s must be Y or N\n", module_name(kp->mod),
		       kp->name);
		return err;
	}
	if (on)
		static_key_enable(key);
	else
		static_key_disable(key);
	return 0;
}

static int params_get_switch(char *buffer, const struct kernel_param *kp)
{
	struct static_key *key = kp->arg;

	return sprintf(buffer, "%c\n", static_key_enabled(key) ? 'Y' : 'N');
}

const struct kernel_param_ops pvio_switch_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = params_set_switch,
	.get = params_get_switch,
};
EXPORT_SYMBOL_GPL(pvio_switch_ops);
